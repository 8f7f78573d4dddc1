//! updateTask, cancelTask, retryTask, deleteTask: what people do to a task.

use std::sync::Arc;

use super::{
    after,
    batch::{Batch, Happened},
    command::{Change, IdempotencyKey, Reply},
    end, family, submit, sweep, unique,
};
use crate::{
    domain::{
        Moment, Refusal, State, Task, TaskId, checks,
        family::{Spread, Spreading},
        submission::check_priority,
    },
    store::Slot,
};

fn find<'a>(batch: &'a Batch, id: &TaskId) -> Result<&'a Task, Refusal> {
    batch.task(id).ok_or_else(|| batch.missing(id))
}

fn task_reply(batch: &Batch, task: &Task) -> Reply {
    Reply::Task(batch.shown(task))
}

pub fn update(
    batch: &mut Batch,
    id: &TaskId,
    change: &Change,
    now: &Moment,
) -> Result<Reply, Refusal> {
    let before = find(batch, id)?;
    let mut task = before.clone();
    if let Some(labels) = &change.labels {
        checks::labels(labels)?;
        task.labels = Arc::new(labels.clone());
    }
    if let Some(priority) = change.priority {
        check_priority(priority)?;
        task.priority = priority;
    }
    if change.run_at.is_some() {
        task.run_at = change.run_at;
    }
    let waits = matches!(task.state, State::Scheduled | State::Queued | State::Retrying);
    for (field, changed) in
        [("priority", task.priority != before.priority), ("run_at", task.run_at != before.run_at)]
    {
        if changed && !waits {
            return Err(Refusal::NotWaiting { id: id.clone(), state: task.state, field });
        }
    }
    if task == *before {
        return Ok(task_reply(batch, &task));
    }
    let task = match change.run_at.filter(|_| task.run_at != before.run_at) {
        Some(run_at) => reschedule(batch, task, run_at, now),
        None => batch.record(task, Happened::Updated, now),
    };
    Ok(task_reply(batch, &task))
}

/// A new `run_at` may move a waiting task between its waiting states.
fn reschedule(
    batch: &mut Batch,
    mut task: Task,
    run_at: crate::domain::Timestamp,
    now: &Moment,
) -> Arc<Task> {
    if task.after.open() > 0 {
        // It is the time for when the wait is over.
        return batch.record(task, Happened::Updated, now);
    }
    if run_at <= now.wall {
        if task.state == State::Queued {
            return batch.record(task, Happened::Updated, now);
        }
        return sweep::enqueue(batch, task, now);
    }
    task.due_at = Some(run_at);
    if task.state == State::Queued {
        task.state = State::Scheduled;
        return batch.record(task, Happened::Scheduled, now);
    }
    batch.record(task, Happened::Updated, now)
}

pub fn cancel(
    batch: &mut Batch,
    id: &TaskId,
    key: Option<&IdempotencyKey>,
    now: &Moment,
) -> Result<Reply, Refusal> {
    if let Some(task) = submit::known(batch, key, now)? {
        return Ok(Reply::Task(task));
    }
    let task = find(batch, id)?.clone();
    let task = match task.state {
        State::Succeeded | State::Failed => {
            return Err(Refusal::TaskDone { id: id.clone(), state: task.state });
        }
        State::Cancelled => task.into(),
        _ => stop(batch, task, now),
    };
    submit::remember(batch, key, std::slice::from_ref(id), now);
    Ok(task_reply(batch, &task))
}

/// Cancels a task that is not done: at once, unless a worker has it, who is asked to end first. Its
/// children are not waited for.
pub fn stop(batch: &mut Batch, mut task: Task, now: &Moment) -> Arc<Task> {
    if task.lease.is_none() {
        return end::cancel(batch, task, now);
    }
    if task.cancel_requested_at.is_some() {
        return task.into();
    }
    task.cancel_requested_at = Some(now.steady);
    family::take_along(&mut task, batch.next_position());
    sweep::arm(&mut task);
    batch.record(task, Happened::CancelRequested, now)
}

pub fn retry(
    batch: &mut Batch,
    id: &TaskId,
    key: Option<&IdempotencyKey>,
    now: &Moment,
) -> Result<Reply, Refusal> {
    if let Some(task) = submit::known(batch, key, now)? {
        return Ok(Reply::Task(task));
    }
    let task = find(batch, id)?.clone();
    if !matches!(task.state, State::Failed | State::Cancelled) {
        return Err(Refusal::NotRetryable { id: id.clone(), state: task.state });
    }
    if !task.is_retryable() {
        return Err(Refusal::InputDropped(id.clone()));
    }
    unique::refuse_taken(unique::taken(batch, &task))?;
    let task = reopen(batch, task, now);
    submit::remember(batch, key, std::slice::from_ref(id), now);
    Ok(task_reply(batch, &task))
}

/// Opens a new round: as many attempts again, the outcome cleared, the fence going on. A group opens one
/// for those of its children that failed or were cancelled.
pub fn reopen(batch: &mut Batch, mut task: Task, now: &Moment) -> Arc<Task> {
    task.max_attempts = task.attempt.saturating_add(task.attempts_per_round);
    task.finished_at = None;
    task.kept.end = None;
    task.kept.outstayed = false;
    // A deadline that has passed would end the new round at once.
    task.deadline_at = task.deadline_at.filter(|deadline| *deadline > now.wall);
    task.run_at = None;
    task.progress = None;
    task.ended = None;
    task.error_type = None;
    for slot in [Slot::Output, Slot::Error] {
        batch.set_body(task.seq, slot, None);
    }
    if task.kin.group.is_none() {
        after::wait_again(batch, &mut task);
        if task.after.open() == 0 {
            return sweep::enqueue(batch, task, now);
        }
        task.state = State::Scheduled;
        task.due_at = None;
        after::note_wait(batch, &task);
        return batch.record(task, Happened::Scheduled, now);
    }
    task.state = State::Running;
    task.started_at = Some(now.wall);
    task.due_at = None;
    task.kin.spread = task.kin.family.map(|_| Spread {
        what: Spreading::Retry,
        after: 0,
        before: batch.next_position(),
    });
    batch.record(task, Happened::Started, now)
}

pub fn delete(batch: &mut Batch, id: &TaskId, now: &Moment) -> Result<Reply, Refusal> {
    let task = find(batch, id)?.clone();
    if !task.state.is_done() {
        return Err(Refusal::TaskNotDone { id: id.clone(), state: task.state });
    }
    if let Some(family) = task.kin.family.filter(|family| family.open() > 0) {
        return Err(Refusal::ChildrenNotDone { id: id.clone(), open: family.open() });
    }
    batch.record(task, Happened::Deleted, now);
    Ok(Reply::Done)
}
