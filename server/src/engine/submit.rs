//! createTask, putTask and the Quickstart's start: how tasks come to be.

use super::{
    batch::{Batch, Happened},
    command::{IdempotencyKey, NewTask, Reply},
};
use crate::{
    domain::{
        FieldError, Moment, Refusal, State, Task, TaskId, TaskView,
        checks::{self, Errors},
        name::is_reserved,
    },
    store::{KeyEntry, KeyName, Slot},
};

/// How long an Idempotency-Key is remembered.
const KEY_SECONDS: u64 = 24 * 3600;

pub fn submit(
    batch: &mut Batch,
    new: &NewTask,
    key: Option<&IdempotencyKey>,
    now: &Moment,
) -> Result<Reply, Refusal> {
    if let Some(task) = known(batch, key, now)? {
        return Ok(Reply::Task(Box::new(task)));
    }
    check(batch, new)?;
    let task = create(batch, new, None, now);
    remember(batch, key, &task.id, now);
    Ok(Reply::Task(Box::new(batch.view(&task))))
}

pub fn put(batch: &mut Batch, new: &NewTask, hash: &str, now: &Moment) -> Result<Reply, Refusal> {
    let existing = new.id.as_ref().and_then(|id| batch.task(id));
    if let Some(task) = existing {
        if task.request_hash.as_deref() != Some(hash) {
            return Err(Refusal::TaskExists(task.id.clone()));
        }
        return Ok(Reply::Put { task: Box::new(batch.view(task)), created: false });
    }
    check(batch, new)?;
    let task = create(batch, new, Some(hash.to_owned()), now);
    Ok(Reply::Put { task: Box::new(batch.view(&task)), created: true })
}

/// At most one countdown of a name is not done; its newest run is found again by the same key.
pub fn start_countdown(batch: &mut Batch, name: &str, now: &Moment) -> Result<Reply, Refusal> {
    let key = KeyName::countdown(name);
    let newest = batch.key(&key).and_then(|entry| entry.tasks.first());
    if newest.and_then(|id| batch.task(id)).is_some_and(|task| !task.state.is_done()) {
        return Err(Refusal::CountdownRunning(name.to_owned()));
    }
    let new = NewTask {
        queue: "quickstart".to_owned(),
        labels: [("quickstart".to_owned(), name.to_owned())].into(),
        // The server itself is its worker: a restart must not use the countdown up.
        max_attempts: NewTask::MAX_ATTEMPTS,
        ..NewTask::of("quickstart.countdown")
    };
    check(batch, &new)?;
    let task = create(batch, &new, None, now);
    let entry = KeyEntry {
        request_hash: String::new(),
        tasks: vec![task.id.clone()],
        at: now.wall,
        expires_at: None,
    };
    batch.set_key(key, entry);
    Ok(Reply::Task(Box::new(batch.view(&task))))
}

/// The task an Idempotency-Key stands for, if it came before with the same request.
pub fn known(
    batch: &Batch,
    key: Option<&IdempotencyKey>,
    now: &Moment,
) -> Result<Option<TaskView>, Refusal> {
    let Some(key) = key else { return Ok(None) };
    let entry = match batch.key(&key_name(key)) {
        Some(entry) if entry.expires_at.is_none_or(|end| end > now.wall) => entry,
        _ => return Ok(None),
    };
    if entry.request_hash != key.request_hash {
        return Err(Refusal::KeyReused);
    }
    let Some(id) = entry.tasks.first() else { return Ok(None) };
    match batch.task(id) {
        Some(task) => Ok(Some(batch.view(task))),
        None => Err(Refusal::TaskNotFound(id.clone())),
    }
}

pub fn remember(batch: &mut Batch, key: Option<&IdempotencyKey>, task: &TaskId, now: &Moment) {
    if let Some(key) = key {
        let entry = KeyEntry {
            request_hash: key.request_hash.clone(),
            tasks: vec![task.clone()],
            at: now.wall,
            expires_at: Some(now.wall.plus_seconds(KEY_SECONDS)),
        };
        batch.set_key(key_name(key), entry);
    }
}

pub fn key_name(key: &IdempotencyKey) -> KeyName {
    KeyName { scope: key.scope.clone(), name: key.key.clone() }
}

fn check(batch: &Batch, new: &NewTask) -> Result<(), Refusal> {
    let mut errors = Errors::default();
    errors.take(checks::name("kind", &new.kind));
    errors.take(checks::name("queue", &new.queue));
    errors.take(checks::labels(&new.labels));
    errors.take(check_priority(new.priority));
    errors.take(checks::range("max_attempts", new.max_attempts, 1, NewTask::MAX_ATTEMPTS));
    if let Some(seconds) = new.timeout_seconds {
        errors.take(checks::range("timeout_seconds", seconds, 1, NewTask::MAX_SECONDS));
    }
    let grace = new.cancel_grace_seconds;
    errors.take(checks::range("cancel_grace_seconds", grace, 0, NewTask::MAX_GRACE_SECONDS));
    if let Some(worker) = &new.worker {
        errors.take(checks::name("worker", worker));
    }
    if let Some(trace_parent) = &new.trace_parent {
        errors.take(checks::name("trace_parent", trace_parent));
    }
    if new.parent_id.as_ref().is_some_and(|parent| batch.task(parent).is_none()) {
        errors.take(checks::error("parent_id", "there is no such task"));
    }
    errors.none_or(())?;
    match [&new.kind, &new.queue].into_iter().find(|name| is_reserved(name)) {
        Some(name) => Err(Refusal::Reserved(name.clone())),
        None => Ok(()),
    }
}

pub fn check_priority(priority: i32) -> Result<(), FieldError> {
    checks::range("priority", priority, -100, 100)
}

fn create(batch: &mut Batch, new: &NewTask, hash: Option<String>, now: &Moment) -> Task {
    let later = new.run_at.filter(|run_at| *run_at > now.wall);
    let task = Task {
        seq: 0,
        id: new.id.clone().unwrap_or_else(TaskId::random),
        kind: new.kind.clone(),
        queue: new.queue.clone(),
        state: if later.is_some() { State::Scheduled } else { State::Queued },
        labels: new.labels.clone(),
        priority: new.priority,
        only_worker: new.worker.clone(),
        attempt: 0,
        max_attempts: new.max_attempts,
        attempts_per_round: new.max_attempts,
        timeout_seconds: new.timeout_seconds,
        cancel_grace_seconds: new.cancel_grace_seconds,
        run_at: new.run_at,
        created_at: now.wall,
        started_at: None,
        updated_at: now.wall,
        finished_at: None,
        parent_id: new.parent_id.clone(),
        trace_parent: new.trace_parent.clone(),
        progress: None,
        cursor: 0,
        ready_at: 0,
        fence: 0,
        lease: None,
        cancel_requested_at: None,
        ended: None,
        due_at: later,
        request_hash: hash,
    };
    let happened = if later.is_some() { Happened::Scheduled } else { Happened::Queued };
    let task = batch.record(task, happened, now);
    if let Some(input) = &new.input {
        batch.set_body(task.seq, Slot::Input, Some(input.clone()));
    }
    task
}
