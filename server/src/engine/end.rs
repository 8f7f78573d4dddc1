//! How attempts end: completed, failed, released, or taken away by time.

use sha2::{Digest, Sha256};

use super::{
    batch::{Batch, Happened},
    command::{Outcome, Reply},
    report::holder,
};
use crate::{
    domain::{
        LeaseToken, Moment, RawJson, Refusal, State, Task, TaskError, TaskId, Timestamp,
        checks::{self, Errors},
        task::Ended,
    },
    store::Slot,
};

/// The first retry waits up to this long; each further one up to twice as long.
const BACKOFF_BASE_MS: u64 = 1000;
/// And none longer than this.
const BACKOFF_CAP_MS: u64 = 5 * 60 * 1000;
/// The longest wait a worker may ask for: 30 days.
const MAX_RETRY_AFTER_SECONDS: u64 = 30 * 24 * 3600;

/// The worker's own word. Said again with the same token, it is answered again and changes nothing.
pub fn end(
    batch: &mut Batch,
    id: &TaskId,
    token: &LeaseToken,
    outcome: &Outcome,
    now: &Moment,
) -> Result<Reply, Refusal> {
    let hash = hash(outcome);
    let task = match holder(batch, id, token) {
        Ok(task) => task.clone(),
        Err(refusal) => {
            let said = Ended { token: token.clone(), hash };
            return match batch.task(id).filter(|task| task.ended.as_ref() == Some(&said)) {
                Some(task) => Ok(Reply::Task(Box::new(batch.view(task)))),
                None => Err(refusal),
            };
        }
    };
    if let Outcome::Fail { error, retry_after_seconds, .. } = outcome {
        let mut errors = Errors::default();
        errors.take(error.check());
        let seconds = retry_after_seconds.unwrap_or(0);
        errors.take(checks::range("retry_after_seconds", seconds, 0, MAX_RETRY_AFTER_SECONDS));
        errors.none_or(())?;
    }
    let mut task = leave(task);
    task.ended = Some(Ended { token: token.clone(), hash });
    let task = match outcome {
        Outcome::Complete { output } => succeed(batch, task, output.clone(), now),
        Outcome::Fail { error, retryable, retry_after_seconds } => {
            fail(batch, task, error.clone(), *retryable, *retry_after_seconds, now)
        }
        Outcome::Release => release(batch, task, now),
    };
    Ok(Reply::Task(Box::new(batch.view(&task))))
}

/// A lease nobody received: the attempt never began for anybody, so it does not count.
pub fn give_back(batch: &mut Batch, id: &TaskId, token: &LeaseToken, now: &Moment) {
    if let Ok(task) = holder(batch, id, token) {
        let task = leave(task.clone());
        release(batch, task, now);
    }
}

/// Takes the lease away.
fn leave(mut task: Task) -> Task {
    task.lease = None;
    task.due_at = None;
    task
}

fn succeed(batch: &mut Batch, mut task: Task, output: Option<RawJson>, now: &Moment) -> Task {
    task.state = State::Succeeded;
    task.finished_at = Some(now.wall);
    task.cancel_requested_at = None;
    if let Some(progress) = task.progress.as_mut().filter(|progress| progress.percent.is_some()) {
        progress.percent = Some(100.0);
        progress.eta_seconds = Some(0.0);
    }
    let output = output.unwrap_or_else(RawJson::empty_object);
    batch.set_body(task.seq, Slot::Output, Some(output));
    batch.record(task, Happened::Succeeded, now)
}

fn release(batch: &mut Batch, mut task: Task, now: &Moment) -> Task {
    if task.cancel_requested_at.is_some() {
        return cancel(batch, task, now);
    }
    task.state = State::Queued;
    task.attempt = task.attempt.saturating_sub(1);
    // It keeps `ready_at`, its place in the line.
    batch.record(task, Happened::Queued, now)
}

/// An attempt that failed, by its worker's word or by time.
pub fn fail_attempt(batch: &mut Batch, task: Task, error: TaskError, now: &Moment) -> Task {
    fail(batch, leave(task), error, true, None, now)
}

fn fail(
    batch: &mut Batch,
    mut task: Task,
    error: TaskError,
    retryable: bool,
    retry_after_seconds: Option<u64>,
    now: &Moment,
) -> Task {
    if task.cancel_requested_at.is_some() {
        return cancel(batch, task, now);
    }
    if retryable && task.attempt < task.max_attempts {
        let wait = match retry_after_seconds {
            Some(seconds) => seconds.saturating_mul(1000),
            None => backoff(&task, now.random),
        };
        let at = now.wall.plus_milliseconds(wait as i64);
        task.state = State::Retrying;
        task.run_at = Some(at);
        task.due_at = Some(at);
        return batch.record(task, Happened::Retrying(error), now);
    }
    task.state = State::Failed;
    task.finished_at = Some(now.wall);
    set_error(batch, &task, &error);
    batch.record(task, Happened::Failed, now)
}

/// The end of a task somebody cancelled.
pub fn cancel(batch: &mut Batch, task: Task, now: &Moment) -> Task {
    let mut task = leave(task);
    task.state = State::Cancelled;
    task.finished_at = Some(now.wall);
    task.cancel_requested_at = None;
    set_error(batch, &task, &TaskError::new(TaskError::CANCELLED, "The task was cancelled"));
    batch.record(task, Happened::Cancelled, now)
}

fn set_error(batch: &mut Batch, task: &Task, error: &TaskError) {
    batch.set_body(task.seq, Slot::Error, RawJson::of(error).ok());
}

/// Exponential with full jitter: any wait up to the cap of this try, so that what failed together
/// does not come back together.
fn backoff(task: &Task, random: u64) -> u64 {
    let begun = task.max_attempts.saturating_sub(task.attempts_per_round);
    let tries = task.attempt.saturating_sub(begun).clamp(1, 32);
    let cap = BACKOFF_BASE_MS.saturating_mul(1 << (tries - 1)).min(BACKOFF_CAP_MS);
    random % (cap + 1)
}

fn hash(outcome: &Outcome) -> String {
    let mut hasher = Sha256::new();
    match outcome {
        Outcome::Complete { output } => {
            hasher.update(b"complete\0");
            hasher.update(output.as_ref().map_or("{}", |output| output.get()));
        }
        Outcome::Fail { error, retryable, retry_after_seconds } => {
            hasher.update(format!("fail\0{retryable}\0{retry_after_seconds:?}\0"));
            hasher.update(serde_json::to_string(error).unwrap_or_default());
        }
        Outcome::Release => hasher.update(b"release"),
    }
    hasher.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// When an attempt's time is over, on the steady clock: the lease, the timeout, a cancel's grace.
pub fn ends_at(task: &Task) -> Option<(Timestamp, Timestamp, Timestamp)> {
    let lease = task.lease.as_ref()?;
    let never = Timestamp::MAX;
    let timeout = task.timeout_seconds.map_or(never, |seconds| lease.since.plus_seconds(seconds));
    let grace =
        task.cancel_requested_at.map_or(never, |at| at.plus_seconds(task.cancel_grace_seconds));
    Some((lease.expires_at, timeout, grace))
}
