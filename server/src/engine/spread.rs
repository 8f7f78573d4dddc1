//! What of a task's fate reaches its children: a cancel, a failure, a group's new round.
//!
//! The task is marked with it, and the mark goes through its children in pages, a few hundred of them
//! a transaction. The mark is kept with the task until it is through, so the next transaction goes on,
//! or the next start of the server. A child that has children is marked in its turn.

use super::{after, batch::Batch, change, family, unique};
use crate::{
    domain::{
        Moment, Task, TaskId,
        family::{Spread, Spreading},
    },
    store::{Needs, Store, StoreError},
};

/// How many children one transaction looks at.
const CHILDREN_A_BATCH: usize = 500;
/// How many marks that are left over one sweep takes up.
const MARKS_A_SWEEP: usize = 16;

/// Takes up marks that an earlier transaction left.
pub fn take_up(store: &mut dyn Store, batch: &mut Batch) -> Result<(), StoreError> {
    let marked = store.spreading(MARKS_A_SWEEP)?;
    family::learn_shown(store, batch, &marked)?;
    for task in marked {
        batch.spread_from(&task.id);
        if !batch.knows_task(&task.id) {
            batch.absorb_task(task);
        }
    }
    Ok(())
}

/// Reaches the next children of each task that is marked. Returns whether more are to be reached.
pub fn spread(store: &mut dyn Store, batch: &mut Batch, now: &Moment) -> Result<bool, StoreError> {
    let mut left = CHILDREN_A_BATCH;
    while let Some(id) = batch.take_spreading() {
        let Some(spread) = batch.task(&id).and_then(|task| task.kin.spread) else { continue };
        if left == 0 {
            return Ok(true);
        }
        // The store must see what this batch did to the children.
        store.write(&batch.take_changes())?;
        let page = store.children(&id, &spread, left)?;
        let full = page.len() == left;
        left -= page.len();
        let last = page.last().map(|child| child.seq);
        reach(store, batch, (&id, spread), page, now)?;
        let Some(mut task) = batch.task(&id).cloned() else { continue };
        match last.filter(|_| full) {
            Some(after) => {
                task.kin.spread = Some(Spread { after, ..spread });
                batch.save(task);
            }
            None => family::spread_is_over(batch, task, now),
        }
    }
    Ok(false)
}

fn reach(
    store: &mut dyn Store,
    batch: &mut Batch,
    (parent, spread): (&TaskId, Spread),
    page: Vec<Task>,
    now: &Moment,
) -> Result<(), StoreError> {
    let seq = batch.task(parent).map(|parent| parent.seq);
    // Children of an earlier task under the same id, or of a time before parents counted, are not its.
    let own = |child: &Task| child.kin.parent().map(|above| above.seq) == seq;
    let children: Vec<TaskId> =
        page.iter().filter(|child| own(child)).map(|child| child.id.clone()).collect();
    page.into_iter().for_each(|child| batch.absorb_task(child));
    if spread.what == Spreading::Retry {
        learn_keys(store, batch, &children)?;
    }
    for id in children {
        let Some(child) = batch.task(&id).cloned() else { continue };
        let lost = child.is_retryable();
        // A key that somebody else has meanwhile is not taken away for that.
        let free = unique::taken(batch, &child).is_none();
        match spread.what {
            Spreading::Cancel if !child.state.is_done() => drop(change::stop(batch, child, now)),
            Spreading::Retry if lost && free => {
                after::learn_again(store, batch, &id)?;
                change::reopen(batch, child, now);
            }
            _ => {}
        }
    }
    Ok(())
}

/// Who has the unique keys of these tasks now.
fn learn_keys(
    store: &mut dyn Store,
    batch: &mut Batch,
    children: &[TaskId],
) -> Result<(), StoreError> {
    let names: Vec<_> =
        children.iter().filter_map(|id| batch.task(id)).filter_map(unique::key_of).collect();
    let keys = names.iter().filter(|name| !batch.knows_key(name)).cloned().collect();
    family::load(store, batch, Needs { keys, ..Needs::default() })?;
    let holders = names.iter().filter_map(|name| batch.key(name)).flat_map(|entry| &entry.tasks);
    let tasks = holders.filter(|id| !batch.knows_task(id)).cloned().collect();
    family::load(store, batch, Needs { tasks, ..Needs::default() })
}
