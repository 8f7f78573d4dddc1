//! How attempts end: completed, failed, released, or taken away by time.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::{
    batch::{Batch, Happened},
    command::{Outcome, Reply},
    family,
    report::holder,
};
use crate::{
    domain::{
        Ending, LeaseToken, Moment, RawJson, Refusal, State, Task, TaskError, TaskId, Timestamp,
        checks::{self, Errors},
        progress::DEFAULT_SILENCE_SECONDS,
        submission::Backoff,
        task::Ended,
    },
    store::Slot,
};

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
                Some(task) => Ok(Reply::Task(batch.shown(task))),
                None => Err(refusal),
            };
        }
    };
    if let Outcome::Fail { error, retry_after_seconds, .. } = outcome {
        let mut errors = Errors::default();
        errors.take(error.check());
        let seconds = retry_after_seconds.unwrap_or(0);
        errors.take(checks::range("retry_after_seconds", seconds, 0, Backoff::MAX_SECONDS));
        errors.none_or(())?;
    }
    let mut task = task;
    task.ended = Some(Ended { token: token.clone(), hash });
    let task = match outcome {
        Outcome::Complete { output } => succeed(batch, task, output.clone(), now),
        Outcome::Fail { error, retryable, retry_after_seconds } => {
            fail(batch, task, error.clone(), *retryable, *retry_after_seconds, now)
        }
        Outcome::Release => release(batch, task, now),
    };
    Ok(Reply::Task(batch.shown(&task)))
}

/// A lease nobody received: the attempt never began for anybody, so it does not count.
pub fn give_back(batch: &mut Batch, id: &TaskId, token: &LeaseToken, now: &Moment) {
    if let Ok(task) = holder(batch, id, token) {
        let task = task.clone();
        release(batch, task, now);
    }
}

/// Takes the lease away and notes in the task's history how its attempt ended.
fn leave(mut task: Task, ending: Ending, error: Option<&TaskError>, now: &Moment) -> Task {
    task.remember_attempt(ending, now.wall, error);
    // Nobody is expected to say anything any more; the event that follows tells so.
    if let Some(progress) = &mut task.progress {
        progress.stalled = false;
    }
    task.lease = None;
    task.due_at = None;
    task
}

/// Ends the task, with all that time may still have to do with it. Unless it succeeded, it takes its
/// children along.
fn finish(batch: &Batch, mut task: Task, state: State, now: &Moment) -> Task {
    if state != State::Succeeded {
        family::take_along(&mut task, batch.next_position());
    }
    task.state = state;
    task.finished_at = Some(now.wall);
    // The event that tells of it is the next one.
    task.kept.end = Some(batch.next_position());
    task.cancel_requested_at = None;
    task.due_at = task.retention_seconds.map(|seconds| now.wall.plus_seconds(seconds));
    task
}

pub fn succeed(batch: &mut Batch, task: Task, output: Option<RawJson>, now: &Moment) -> Arc<Task> {
    let task = leave(task, Ending::Succeeded, None, now);
    let mut task = finish(batch, task, State::Succeeded, now);
    if let Some(progress) = &mut task.progress {
        progress.complete();
    }
    let output = output.unwrap_or_else(RawJson::empty_object);
    batch.set_body(task.seq, Slot::Output, Some(output));
    batch.record(task, Happened::Succeeded, now)
}

fn release(batch: &mut Batch, task: Task, now: &Moment) -> Arc<Task> {
    if task.cancel_requested_at.is_some() {
        return cancel(batch, task, now);
    }
    let mut task = leave(task, Ending::Released, None, now);
    task.state = State::Queued;
    task.attempt = task.attempt.saturating_sub(1);
    // It keeps `ready_at`, its place in the line.
    batch.record(task, Happened::Queued, now)
}

/// An attempt that failed by time.
pub fn fail_attempt(batch: &mut Batch, task: Task, error: TaskError, now: &Moment) -> Arc<Task> {
    fail(batch, task, error, true, None, now)
}

/// A task whose deadline has come, whatever it is doing.
pub fn miss_deadline(batch: &mut Batch, task: Task, now: &Moment) -> Arc<Task> {
    let title = "The task was not done by its deadline";
    fail_for_good(batch, task, TaskError::new(TaskError::DEADLINE, title), now)
}

/// No attempt follows.
pub fn fail_for_good(batch: &mut Batch, task: Task, error: TaskError, now: &Moment) -> Arc<Task> {
    fail(batch, task, error, false, None, now)
}

fn fail(
    batch: &mut Batch,
    task: Task,
    error: TaskError,
    retryable: bool,
    retry_after_seconds: Option<u64>,
    now: &Moment,
) -> Arc<Task> {
    if task.cancel_requested_at.is_some() {
        return cancel(batch, task, now);
    }
    let mut task = leave(task, Ending::Failed, Some(&error), now);
    if retryable && task.attempt < task.max_attempts {
        let wait = match retry_after_seconds {
            Some(seconds) => seconds.saturating_mul(1000),
            None => backoff(&task, now.random),
        };
        let at = now.wall.plus_milliseconds(wait as i64);
        task.state = State::Retrying;
        task.run_at = Some(at);
        task.due_at = Some(at);
        if let Some(attempt) = task.attempts.last_mut() {
            attempt.retry_at = Some(at);
        }
        return batch.record(task, Happened::Retrying(error), now);
    }
    let mut task = finish(batch, task, State::Failed, now);
    set_error(batch, &mut task, &error);
    batch.record(task, Happened::Failed, now)
}

/// The end of a task somebody cancelled.
pub fn cancel(batch: &mut Batch, task: Task, now: &Moment) -> Arc<Task> {
    let error = TaskError::new(TaskError::CANCELLED, "The task was cancelled");
    cancel_because(batch, task, error, now)
}

/// The same for another reason.
pub fn cancel_because(batch: &mut Batch, task: Task, error: TaskError, now: &Moment) -> Arc<Task> {
    let task = leave(task, Ending::Cancelled, None, now);
    let mut task = finish(batch, task, State::Cancelled, now);
    set_error(batch, &mut task, &error);
    batch.record(task, Happened::Cancelled, now)
}

fn set_error(batch: &mut Batch, task: &mut Task, error: &TaskError) {
    task.error_type = Some(error.kind.clone());
    batch.set_body(task.seq, Slot::Error, RawJson::of(error).ok());
}

fn backoff(task: &Task, random: u64) -> u64 {
    let begun = task.max_attempts.saturating_sub(task.attempts_per_round);
    task.backoff.wait(task.attempt.saturating_sub(begun), random)
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

/// When an attempt's time is over, on the steady clock, and when its silence shows.
#[derive(Clone, Copy)]
pub struct Ends {
    pub lease: Timestamp,
    pub timeout: Timestamp,
    /// Of a cancel.
    pub grace: Timestamp,
    pub stall: Timestamp,
}

impl Ends {
    pub fn of(task: &Task) -> Option<Self> {
        let lease = task.lease.as_ref()?;
        let never = Timestamp::MAX;
        let silence = task.stalled_after_seconds.unwrap_or(DEFAULT_SILENCE_SECONDS);
        let stalled = task.progress.as_ref().is_some_and(|progress| progress.stalled);
        let heard_at = lease.heard_at.unwrap_or(lease.since);
        Some(Ends {
            lease: lease.expires_at,
            timeout: task
                .timeout_seconds
                .map_or(never, |seconds| lease.since.plus_seconds(seconds)),
            grace: task
                .cancel_requested_at
                .map_or(never, |at| at.plus_seconds(task.cancel_grace_seconds)),
            stall: if stalled { never } else { heard_at.plus_seconds(silence) },
        })
    }

    /// When the attempt ends, if nothing is heard.
    pub fn attempt(&self) -> Timestamp {
        self.lease.min(self.timeout).min(self.grace)
    }

    pub fn next(&self) -> Timestamp {
        self.attempt().min(self.stall)
    }
}
