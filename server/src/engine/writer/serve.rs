//! The line of those who wait for work, and what lets them have it.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use super::Work;
use crate::{
    domain::{
        Moment, Task, TaskId, Timestamp,
        queue::{Bucket, RateLimit},
    },
    engine::{
        batch::{Batch, Ready, Wake},
        command::{Acquire, Leased},
        family::learn_ancestors,
        keyed::learn_queues,
        lease,
    },
    store::{Needs, Slot, Store, StoreError},
};

/// What a queue's limits leave, in this transaction.
struct Opening {
    /// How many more of its tasks may be leased now.
    room: usize,
    /// Under a rate: the tokens before anything is taken.
    bucket: Option<Bucket>,
    /// Under a rate that is used up: when the next token comes.
    refill_at: Option<Timestamp>,
}

/// What the line was given, and what to wait for.
#[derive(Default)]
pub(super) struct Served {
    /// Places in the line, and what they are given.
    pub leases: Vec<(usize, Vec<Leased>)>,
    /// Queues for which somebody waits, and when their rate gives the next token.
    pub refills: Vec<(String, Timestamp)>,
}

impl Work {
    /// Serves the line: n ready tasks go to the first callers that want them.
    pub(super) fn lease_out(
        &mut self,
        batch: &mut Batch,
        wake: &Wake,
    ) -> Result<Served, StoreError> {
        let mut served = Served::default();
        let mut openings = HashMap::new();
        for (place, waiting) in self.waiting.iter().enumerate() {
            let wish = &waiting.wish;
            if !(waiting.fresh || is_wanted(wish, wake)) || waiting.answer.is_closed() {
                continue;
            }
            let mut given = if waiting.fresh { lease::given_before(batch, wish) } else { vec![] };
            if given.is_empty() {
                let now = self.clock.now();
                given = take(self.store.as_mut(), batch, wish, &mut openings, &now)?;
            }
            if given.is_empty() {
                continue;
            }
            load_bodies(self.store.as_mut(), batch, &given)?;
            let leases = given.iter().filter_map(|id| lease::leased(batch, id)).collect();
            served.leases.push((place, leases));
        }
        for (name, opening) in openings {
            if let Some(at) = opening.refill_at {
                served.refills.push((name, at));
            }
        }
        Ok(served)
    }
}

/// Begins attempts of the best tasks that the wish and the queues' limits allow.
fn take(
    store: &mut dyn Store,
    batch: &mut Batch,
    wish: &Acquire,
    openings: &mut HashMap<String, Opening>,
    now: &Moment,
) -> Result<Vec<TaskId>, StoreError> {
    // The store must see what this batch queued and leased so far.
    store.write(&batch.take_changes())?;
    let names: BTreeSet<&String> = wish.queues.iter().collect();
    let most = wish.max_tasks as usize;
    for &name in &names {
        if !openings.contains_key(name) {
            let opening = Opening::of(store, batch, name, now)?;
            openings.insert(name.clone(), opening);
        }
    }
    let mut given = Vec::new();
    let mut keys = HashMap::new();
    loop {
        let left = most - given.len();
        let room = |name: &String| openings.get(name).map_or(0, |opening| opening.room).min(left);
        let open: Vec<_> = names.iter().map(|&name| (name.clone(), room(name))).collect();
        let open: Vec<_> = open.into_iter().filter(|(_, room)| *room > 0).collect();
        if open.is_empty() {
            break;
        }
        let mut parked = false;
        let ready = store.ready(&open, &wish.kinds, &wish.worker, left)?;
        learn_ancestors(store, batch, ready.iter().map(Arc::as_ref))?;
        for task in ready {
            // A child that was leased just now may have changed its parent, which is ready too.
            if !batch.knows_task(&task.id) {
                batch.absorb_task(task.clone());
            }
            let Some(task) = batch.shared(&task.id) else { continue };
            if !has_place(store, batch, &task, &mut keys)? {
                parked = true;
                batch.park(Arc::unwrap_or_clone(task));
                continue;
            }
            if let Some(opening) = openings.get_mut(&*task.queue) {
                opening.give(batch, &task.queue);
            }
            lease::begin(batch, &task.id, wish, now);
            given.push(task.id.clone());
        }
        if !parked {
            break;
        }
        // Behind those that were parked others may stand.
        store.write(&batch.take_changes())?;
    }
    // What was found behind a parked task of one queue may go before what another queue gave.
    given.sort_by_key(|id| batch.task(id).map(|task| (-task.priority, task.ready_at)));
    lease::remember(batch, wish, &given, now);
    Ok(given)
}

/// Whether one more task of the key may run. It may not be so for a ready one only after its queue's
/// limit was lowered.
fn has_place(
    store: &mut dyn Store,
    batch: &Batch,
    task: &Task,
    running: &mut HashMap<(Arc<str>, String), usize>,
) -> Result<bool, StoreError> {
    let Some(key) = &task.concurrency_key else { return Ok(true) };
    let place = (task.queue.clone(), key.clone());
    let most = batch.queue_settings(&task.queue).max_concurrency_per_key as usize;
    if !running.contains_key(&place) {
        running.insert(place.clone(), store.running_of(&task.queue, key)?);
    }
    let now = running.entry(place).or_default();
    let free = *now < most;
    *now += usize::from(free);
    Ok(free)
}

impl Opening {
    /// The store must have seen all changes of the batch: it counts what runs.
    fn of(
        store: &mut dyn Store,
        batch: &mut Batch,
        name: &str,
        now: &Moment,
    ) -> Result<Self, StoreError> {
        learn_queues(store, batch, std::iter::once(name))?;
        let mut opening = Opening { room: usize::MAX, bucket: None, refill_at: None };
        let Some(queue) = batch.queue(name) else { return Ok(opening) };
        let settings = &queue.settings;
        if settings.paused {
            opening.room = 0;
            return Ok(opening);
        }
        if let Some(max) = settings.max_concurrency {
            opening.room = u64::from(max).saturating_sub(store.running_in(name)?) as usize;
        }
        if let Some(rate) = settings.rate_limit.as_ref().filter(|_| opening.room > 0) {
            let bucket = rate.filled(queue.bucket, now.steady);
            opening.room = opening.room.min(bucket.tokens as usize);
            opening.bucket = Some(bucket);
            opening.look_ahead(rate);
        }
        Ok(opening)
    }

    /// One more of the queue's tasks is leased.
    fn give(&mut self, batch: &mut Batch, name: &str) {
        self.room = self.room.saturating_sub(1);
        let Some(bucket) = self.bucket.as_mut() else { return };
        bucket.tokens -= 1.0;
        if let Some(mut queue) = batch.queue(name).cloned() {
            queue.bucket = self.bucket;
            if let Some(rate) = &queue.settings.rate_limit {
                self.look_ahead(rate);
            }
            batch.save_queue(queue);
        }
    }

    fn look_ahead(&mut self, rate: &RateLimit) {
        let used_up = self.bucket.filter(|bucket| bucket.tokens < 1.0);
        self.refill_at = used_up.map(|bucket| rate.next_token(bucket));
    }
}

fn is_wanted(wish: &Acquire, wake: &Wake) -> bool {
    wake.ready.iter().any(|ready| wants(wish, ready))
        || (!wake.opened.is_empty()
            && wish.queues.iter().any(|queue| wake.opened.contains(queue.as_str())))
}

fn wants(wish: &Acquire, ready: &Ready) -> bool {
    let names = |wished: &[String], name: &str| wished.iter().any(|one| one == name);
    names(&wish.queues, &ready.queue)
        && (wish.kinds.is_empty() || names(&wish.kinds, &ready.kind))
        && ready.only_worker.as_ref().is_none_or(|only| *only == wish.worker)
}

fn load_bodies(
    store: &mut dyn Store,
    batch: &mut Batch,
    given: &[TaskId],
) -> Result<(), StoreError> {
    let mut needs = Needs::default();
    for task in given.iter().filter_map(|id| batch.task(id)) {
        for slot in [Slot::Input, Slot::Checkpoint] {
            if !batch.knows_body(task.seq, slot) {
                needs.bodies.insert((task.seq, slot));
            }
        }
    }
    if needs.is_empty() {
        return Ok(());
    }
    let found = store.load(&needs)?;
    batch.absorb(needs, found);
    Ok(())
}
