//! putQueue and updateQueue: limits, pauses and defaults of a queue.

use super::{batch::Batch, command::Reply};
use crate::domain::{
    Moment, Queue, QueueSettings, Refusal,
    checks::{self, Errors},
    name::is_reserved,
    queue::QueueChange,
};

/// Replaces all that is set for a queue.
pub fn set(
    batch: &mut Batch,
    name: &str,
    settings: QueueSettings,
    now: &Moment,
) -> Result<Reply, Refusal> {
    let mut errors = Errors::default();
    errors.take(checks::name("name", name));
    settings.check(&mut errors);
    errors.none_or(())?;
    if is_reserved(name) {
        return Err(Refusal::Reserved(name.to_owned()));
    }
    let before = batch.queue(name).cloned();
    let had = before.as_ref().map(|queue| queue.settings.clone()).unwrap_or_default();
    if let Some(queue) = before.as_ref().filter(|queue| queue.settings == settings) {
        return Ok(Reply::Queue(Box::new(queue.clone())));
    }
    let bucket = before.as_ref().and_then(|queue| queue.bucket);
    let raised = settings.max_concurrency_per_key > had.max_concurrency_per_key;
    let walked = before.as_ref().map(|queue| queue.walked).unwrap_or_default();
    let unparking = before.and_then(|queue| queue.unparking);
    let queue = Queue {
        name: name.to_owned(),
        revision: now.random,
        updated_at: now.wall,
        // A new limit begins with a full bucket, a lifted one leaves none behind.
        bucket: bucket.filter(|_| settings.rate_limit == had.rate_limit),
        // More places a key: every key that has parked tasks is to be looked at, from the first.
        unparking: if raised { Some(String::new()) } else { unparking },
        walked,
        settings,
    };
    batch.save_queue(queue.clone());
    batch.open(&name.into());
    Ok(Reply::Queue(Box::new(queue)))
}

/// Changes what is named, and leaves the rest.
pub fn change(
    batch: &mut Batch,
    name: &str,
    change: &QueueChange,
    now: &Moment,
) -> Result<Reply, Refusal> {
    let settings = batch.queue_settings(name).changed_by(change);
    set(batch, name, settings, now)
}
