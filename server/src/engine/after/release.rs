//! The end of a task on its way to those who wait for it, a few hundred of them a transaction.
//!
//! It is kept in the store until it has reached all of them, so the next transaction goes on, or the
//! next start of the server. Whom it has reached waits for it no more, so it needs no place to go on
//! from.

use super::reach;
use crate::{
    domain::{Moment, Task, TaskId, after::Release},
    engine::{batch::Batch, family},
    store::{Store, StoreError},
};

/// How many waiting tasks one transaction looks at.
const DEPENDENTS_A_BATCH: usize = 500;
/// How many ends that are left over one sweep takes up.
const ENDS_A_SWEEP: usize = 16;

/// Takes up ends that an earlier transaction left.
pub fn take_up(store: &mut dyn Store, batch: &mut Batch) -> Result<(), StoreError> {
    store.releases(ENDS_A_SWEEP)?.into_iter().for_each(|end| batch.release_by(end));
    Ok(())
}

/// Reaches the next tasks that wait for each end. Returns whether more are to be reached.
pub fn release(store: &mut dyn Store, batch: &mut Batch, now: &Moment) -> Result<bool, StoreError> {
    let mut left = DEPENDENTS_A_BATCH;
    while let Some(end) = batch.take_release() {
        loop {
            if left == 0 {
                return Ok(true);
            }
            // The store must see who waits since this batch, and who does no more.
            store.write(&batch.take_changes())?;
            let page = store.dependents(end.dependency, end.at, left)?;
            left -= page.len();
            if !reach_all(store, batch, &end, page, now)? {
                break;
            }
        }
        batch.end_release(end.at);
    }
    Ok(false)
}

/// Whether any of them did wait; else the same ones would be found again.
fn reach_all(
    store: &mut dyn Store,
    batch: &mut Batch,
    end: &Release,
    page: Vec<Task>,
    now: &Moment,
) -> Result<bool, StoreError> {
    family::learn_ancestors(store, batch, page.iter())?;
    let ids: Vec<TaskId> = page.iter().map(|task| task.id.clone()).collect();
    page.into_iter().for_each(|task| batch.absorb_task(task));
    Ok(ids.iter().filter(|id| reach(batch, id, end, now)).count() > 0)
}
