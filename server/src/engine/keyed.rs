//! Concurrency keys: at most so many tasks of one key in a queue are ready or running.
//!
//! A task with a key is parked when it is queued, outside the index that leases are taken from, so
//! no lease ever looks at what it may not take. When everything else of a batch is decided, each key
//! whose tasks moved gives out its free places: to the highest priority first, then to who waits
//! longest. A ready task holds a place as a running one does, so a key's tasks begin in that order.

use std::collections::BTreeSet;

use super::batch::Batch;
use crate::{
    domain::QueueSettings,
    store::{Needs, Store, StoreError},
};

/// How many keys of a queue one sweep looks at after the queue's limit was raised.
const KEYS_A_SWEEP: usize = 64;

/// Gives out the free places of every key that moved.
pub fn give_places(store: &mut dyn Store, batch: &mut Batch) -> Result<(), StoreError> {
    let moved = batch.take_moved_keys();
    if moved.is_empty() {
        return Ok(());
    }
    learn_queues(store, batch, moved.iter().map(|(queue, _)| &**queue))?;
    // The store counts, so it must see what was decided.
    store.write(&batch.take_changes())?;
    for (queue, key) in moved {
        let QueueSettings { max_concurrency_per_key, .. } = batch.queue_settings(&queue);
        let places = max_concurrency_per_key as usize;
        let free = places - store.taken(&queue, &key, places)?.min(places);
        if free > 0 {
            for task in store.parked(&queue, &key, free)? {
                batch.absorb_task(task.clone());
                batch.unpark(task);
            }
        }
    }
    Ok(())
}

/// After a limit was raised: looks at the next keys of that queue. Returns whether more wait.
pub fn look_at_raised(store: &mut dyn Store, batch: &mut Batch) -> Result<bool, StoreError> {
    let Some(stored) = store.unparking()? else { return Ok(false) };
    learn_queues(store, batch, std::iter::once(stored.name.as_str()))?;
    let Some(mut queue) = batch.queue(&stored.name).cloned() else { return Ok(false) };
    let Some(after) = queue.unparking.take() else { return Ok(true) };
    let keys = store.parked_keys(&queue.name, &after, KEYS_A_SWEEP)?;
    if keys.len() == KEYS_A_SWEEP {
        queue.unparking = keys.last().cloned();
    }
    for key in keys {
        batch.move_key(&queue.name, key);
    }
    batch.save_queue(queue);
    Ok(true)
}

/// Loads the settings of queues that the batch does not know yet.
pub fn learn_queues<'a>(
    store: &mut dyn Store,
    batch: &mut Batch,
    names: impl Iterator<Item = &'a str>,
) -> Result<(), StoreError> {
    let unknown: BTreeSet<String> =
        names.filter(|name| !batch.knows_queue(name)).map(str::to_owned).collect();
    if unknown.is_empty() {
        return Ok(());
    }
    let needs = Needs { queues: unknown, ..Needs::default() };
    let found = store.load(&needs)?;
    batch.absorb(needs, found);
    Ok(())
}
