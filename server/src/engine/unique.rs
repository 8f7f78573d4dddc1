//! Unique keys: of the tasks of a queue that share one, at most one is not done.
//!
//! A remembered key names the task that has it. It holds for as long as that task is open; the task's
//! end gives it free, and lets it be forgotten.

use super::batch::Batch;
use crate::{
    domain::{Moment, NewTask, Refusal, Task},
    store::{KeyEntry, KeyName},
};

fn key_name(queue: &str, key: &str) -> KeyName {
    KeyName { scope: format!("unique:{queue}"), name: key.to_owned() }
}

/// Under which name a new task's key is remembered.
pub fn key_of_new(new: &NewTask) -> Option<KeyName> {
    new.unique_key.as_ref().map(|key| key_name(&new.queue, key))
}

/// Under which name a task's key is remembered.
pub fn key_of(task: &Task) -> Option<KeyName> {
    task.unique_key.as_ref().map(|key| key_name(&task.queue, key))
}

/// The open task that has the key a new one asks for. The key and its task must be in the batch.
pub fn holder<'a>(batch: &'a Batch, new: &NewTask) -> Option<&'a Task> {
    open(batch, &key_of_new(new)?)
}

/// The other task that has the key of one that is done.
pub fn taken<'a>(batch: &'a Batch, task: &Task) -> Option<&'a Task> {
    open(batch, &key_of(task)?).filter(|holder| holder.seq != task.seq)
}

fn open<'a>(batch: &'a Batch, name: &KeyName) -> Option<&'a Task> {
    let id = batch.key(name)?.tasks.first()?;
    // An id may be used again, by a task that never had the key.
    batch.task(id).filter(|task| !task.state.is_done() && key_of(task).as_ref() == Some(name))
}

/// The key is somebody else's.
pub fn refuse_taken(holder: Option<&Task>) -> Result<(), Refusal> {
    match holder {
        Some(holder) => Err(Refusal::UniqueKeyTaken {
            key: holder.unique_key.clone().unwrap_or_default(),
            holder: holder.id.clone(),
        }),
        None => Ok(()),
    }
}

/// Notes a task's step: while it is open, its key is its own.
pub fn note(batch: &mut Batch, was: Option<&Task>, task: &Task, now: &Moment) {
    let Some(name) = key_of(task) else { return };
    let open = !task.state.is_done();
    if was.is_some_and(|was| was.state.is_done() != open) {
        return;
    }
    let entry = KeyEntry {
        request_hash: String::new(),
        tasks: vec![task.id.clone()],
        at: now.wall,
        expires_at: (!open).then_some(now.wall),
    };
    batch.set_key(name, entry);
}
