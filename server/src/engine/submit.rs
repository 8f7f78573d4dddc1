//! createTask, putTask and the Quickstart's start: how tasks come to be.

use std::sync::Arc;

use super::{
    after::{self, Plan, Target},
    batch::{Batch, Happened},
    command::{IdempotencyKey, Reply},
    family, kinds, unique,
};
use crate::{
    domain::{
        FieldError, Kept, Kin, Moment, NewTask, Refusal, ScheduleId, Shown, State, Task, TaskId,
        Timestamp,
        checks::{self, Errors},
        name::is_reserved,
        submission::Backoff,
    },
    store::{KeyEntry, KeyName, Slot},
};

/// How long an Idempotency-Key is remembered.
const KEY_SECONDS: u64 = 24 * 3600;
/// Where countdowns wait, and what they are.
pub const COUNTDOWN_QUEUE: &str = "quickstart";
pub const COUNTDOWN_KIND: &str = "quickstart.countdown";
/// The most tasks one createTasks may bring.
pub const MAX_TASKS: usize = 1000;

pub fn submit(
    batch: &mut Batch,
    new: &NewTask,
    key: Option<&IdempotencyKey>,
    now: &Moment,
) -> Result<Reply, Refusal> {
    if let Some(task) = known(batch, key, now)? {
        return Ok(Reply::Task(task));
    }
    if let Some(inspect) = kinds::uninspected(batch, [new]) {
        return Ok(inspect);
    }
    check(batch, new, now)?;
    if let Some(task) = unique::holder(batch, new) {
        let (id, task) = (task.id.clone(), batch.shown(task));
        remember(batch, key, std::slice::from_ref(&id), now);
        return Ok(Reply::Put { task, created: false });
    }
    let task = create(batch, new, Origin::default(), now);
    remember(batch, key, std::slice::from_ref(&task.id), now);
    Ok(Reply::Task(batch.shown(&task)))
}

/// All of them or none.
pub fn submit_many(
    batch: &mut Batch,
    tasks: &[NewTask],
    key: Option<&IdempotencyKey>,
    now: &Moment,
) -> Result<Reply, Refusal> {
    if let Some(ids) = known_ids(batch, key, now)? {
        // Those that were deleted since are left out: the others must still be found.
        let tasks = ids.iter().filter_map(|id| batch.task(id));
        return Ok(Reply::Tasks(tasks.map(|task| batch.shown(task)).collect()));
    }
    if let Some(inspect) = kinds::uninspected(batch, tasks) {
        return Ok(inspect);
    }
    let mut errors = Errors::default();
    errors.take(
        checks::range("tasks", tasks.len(), 1, MAX_TASKS).map_err(|_| {
            FieldError::new("tasks", format!("must have from 1 to {MAX_TASKS} entries"))
        }),
    );
    let tasks = &tasks[..tasks.len().min(MAX_TASKS)];
    let plan = Plan::of(batch, tasks);
    for ((at, new), mut of_task) in tasks.iter().enumerate().zip(plan.find_errors()) {
        find_errors(batch, new, now, &mut of_task);
        errors.take_under(&format!("tasks[{at}]"), of_task);
    }
    errors.none_or(())?;
    tasks.iter().try_for_each(refuse_reserved)?;
    let ids = create_all(batch, tasks, now);
    remember(batch, key, &ids, now);
    let tasks = ids.iter().filter_map(|id| batch.task(id));
    Ok(Reply::Tasks(tasks.map(|task| batch.shown(task)).collect()))
}

/// Makes tasks that were checked, each behind those it is after. Returns their ids in the order given.
fn create_all(batch: &mut Batch, tasks: &[NewTask], now: &Moment) -> Vec<TaskId> {
    let plan = Plan::of(batch, tasks);
    let stand: Vec<Target> = (0..tasks.len()).map(|at| plan.stand(at).clone()).collect();
    let after = |new: &NewTask| new.after.iter().filter_map(|id| plan.target(id)).collect();
    let after: Vec<Vec<Target>> = tasks.iter().map(after).collect();
    let order = plan.order().unwrap_or_default();
    let mut made: Vec<Option<TaskId>> = vec![None; tasks.len()];
    for at in order {
        let id_of = |target: &Target| match target {
            Target::Known(id) => Some(id.clone()),
            Target::New(at) => made[*at].clone(),
        };
        let resolved: Vec<TaskId> = after[at].iter().filter_map(id_of).collect();
        let task = if resolved == tasks[at].after {
            create(batch, &tasks[at], Origin::default(), now)
        } else {
            let new = NewTask { after: resolved, ..tasks[at].clone() };
            create(batch, &new, Origin::default(), now)
        };
        made[at] = Some(task.id.clone());
    }
    let id_of = |target: Target| match target {
        Target::Known(id) => Some(id),
        Target::New(at) => made[at].clone(),
    };
    stand.into_iter().filter_map(id_of).collect()
}

pub fn put(batch: &mut Batch, new: &NewTask, hash: &str, now: &Moment) -> Result<Reply, Refusal> {
    let existing = new.id.as_ref().and_then(|id| batch.task(id));
    if let Some(task) = existing {
        if task.request_hash.as_deref() != Some(hash) {
            return Err(Refusal::TaskExists(task.id.clone()));
        }
        return Ok(Reply::Put { task: batch.shown(task), created: false });
    }
    if let Some(inspect) = kinds::uninspected(batch, [new]) {
        return Ok(inspect);
    }
    check(batch, new, now)?;
    unique::refuse_taken(unique::holder(batch, new))?;
    let origin = Origin { request_hash: Some(hash.to_owned()), ..Origin::default() };
    let task = create(batch, new, origin, now);
    Ok(Reply::Put { task: batch.shown(&task), created: true })
}

/// At most one countdown of a name is not done; its newest run is found again by the same key.
pub fn start_countdown(batch: &mut Batch, name: &str, now: &Moment) -> Result<Reply, Refusal> {
    let key = KeyName::countdown(name);
    let newest = batch.key(&key).and_then(|entry| entry.tasks.first());
    if newest.and_then(|id| batch.task(id)).is_some_and(|task| !task.state.is_done()) {
        return Err(Refusal::CountdownRunning(name.to_owned()));
    }
    let new = NewTask {
        queue: COUNTDOWN_QUEUE.to_owned(),
        labels: [("quickstart".to_owned(), name.to_owned())].into(),
        // The server itself is its worker: a restart must not use the countdown up.
        max_attempts: Some(NewTask::MAX_ATTEMPTS),
        ..NewTask::of(COUNTDOWN_KIND)
    };
    check(batch, &new, now)?;
    let task = create(batch, &new, Origin::default(), now);
    let entry = KeyEntry {
        request_hash: String::new(),
        tasks: vec![task.id.clone()],
        at: now.wall,
        expires_at: None,
    };
    batch.set_key(key, entry);
    Ok(Reply::Task(batch.shown(&task)))
}

/// The task an Idempotency-Key stands for, if it came before with the same request.
pub fn known(
    batch: &Batch,
    key: Option<&IdempotencyKey>,
    now: &Moment,
) -> Result<Option<Shown>, Refusal> {
    let Some(id) = known_ids(batch, key, now)?.and_then(|ids| ids.first()) else { return Ok(None) };
    match batch.task(id) {
        Some(task) => Ok(Some(batch.shown(task))),
        None => Err(batch.missing(id)),
    }
}

/// What an Idempotency-Key stands for, if it came before with the same request.
pub fn known_ids<'a>(
    batch: &'a Batch,
    key: Option<&IdempotencyKey>,
    now: &Moment,
) -> Result<Option<&'a [TaskId]>, Refusal> {
    let Some(key) = key else { return Ok(None) };
    let entry = match batch.key(&key_name(key)) {
        Some(entry) if entry.expires_at.is_none_or(|end| end > now.wall) => entry,
        _ => return Ok(None),
    };
    if entry.request_hash != key.request_hash {
        return Err(Refusal::KeyReused);
    }
    Ok(Some(&entry.tasks))
}

pub fn remember(batch: &mut Batch, key: Option<&IdempotencyKey>, ids: &[TaskId], now: &Moment) {
    if let Some(key) = key {
        let entry = KeyEntry {
            request_hash: key.request_hash.clone(),
            tasks: ids.to_vec(),
            at: now.wall,
            expires_at: Some(now.wall.plus_seconds(KEY_SECONDS)),
        };
        batch.set_key(key_name(key), entry);
    }
}

pub fn key_name(key: &IdempotencyKey) -> KeyName {
    KeyName { scope: key.scope.clone(), name: key.key.clone() }
}

fn check(batch: &Batch, new: &NewTask, now: &Moment) -> Result<(), Refusal> {
    let plan = Plan::of(batch, std::slice::from_ref(new));
    let mut errors = plan.find_errors().pop().unwrap_or_default();
    find_errors(batch, new, now, &mut errors);
    if new.alias.is_some() {
        errors.take(checks::error("alias", "is for tasks that are submitted together"));
    }
    errors.none_or(())?;
    refuse_reserved(new)
}

fn find_errors(batch: &Batch, new: &NewTask, now: &Moment, errors: &mut Errors) {
    new.check(errors);
    kinds::find_errors(batch, new, errors);
    family::check_parent(batch, new, errors);
    let begins = run_at(new, now).map_or(now.wall, |run_at| run_at.max(now.wall));
    // A deadline of no seconds is named already.
    let named = new.deadline_seconds == Some(0);
    if !named && deadline(new, now).is_some_and(|deadline| deadline <= begins) {
        let field = if new.deadline_at.is_some() { "deadline_at" } else { "deadline_seconds" };
        errors.take(checks::error(field, "must end after the task is due to begin"));
    }
}

/// Kinds and queues of the server's own are not for others to fill.
pub fn refuse_reserved(new: &NewTask) -> Result<(), Refusal> {
    match [&new.kind, &new.queue].into_iter().find(|name| is_reserved(name)) {
        Some(name) => Err(Refusal::Reserved(name.clone())),
        None => Ok(()),
    }
}

fn run_at(new: &NewTask, now: &Moment) -> Option<Timestamp> {
    new.run_at.or(new.delay_seconds.map(|seconds| now.wall.plus_seconds(seconds)))
}

fn deadline(new: &NewTask, now: &Moment) -> Option<Timestamp> {
    new.deadline_at.or(new.deadline_seconds.map(|seconds| now.wall.plus_seconds(seconds)))
}

/// Where a task comes from, beside its submission.
#[derive(Default)]
pub struct Origin {
    pub request_hash: Option<String>,
    pub schedule_id: Option<ScheduleId>,
}

/// Makes a task that was checked.
pub fn create(batch: &mut Batch, new: &NewTask, origin: Origin, now: &Moment) -> Arc<Task> {
    let defaults = kinds::defaults(batch, new);
    let run_at = run_at(new, now);
    let later = run_at.filter(|run_at| *run_at > now.wall);
    let max_attempts =
        new.max_attempts.or(defaults.max_attempts).unwrap_or(NewTask::DEFAULT_MAX_ATTEMPTS);
    let backoff = Backoff {
        base_seconds: defaults.backoff_base_seconds,
        max_seconds: defaults.backoff_max_seconds,
    };
    let mut after = after::of_new(batch, new);
    let lost = after::lost(batch, &after);
    if lost.is_some() {
        after.stop();
    }
    let waits = after.open() > 0;
    let group = new.complete_when_children_done;
    let (state, happened) = match later {
        // Nobody takes it, so it is under way from the start.
        _ if group => (State::Running, Happened::Started),
        _ if waits || lost.is_some() => (State::Scheduled, Happened::Scheduled),
        Some(_) => (State::Scheduled, Happened::Scheduled),
        None => (State::Queued, Happened::Queued),
    };
    let kin = Kin {
        ancestors: family::ancestors_under(batch, new.parent_id.as_ref()),
        weight: new.weight,
        group: group.then(|| new.child_failure.unwrap_or_default()),
        ..Kin::default()
    };
    let task = Task {
        seq: 0,
        id: new.id.clone().unwrap_or_else(TaskId::random),
        kind: new.kind.as_str().into(),
        queue: new.queue.as_str().into(),
        state,
        labels: Arc::new(new.labels.clone()),
        priority: new.priority,
        only_worker: new.worker.clone(),
        attempt: 0,
        max_attempts,
        attempts_per_round: max_attempts,
        timeout_seconds: new.timeout_seconds.or(defaults.timeout_seconds).filter(|_| !group),
        cancel_grace_seconds: new.cancel_grace_seconds,
        run_at,
        created_at: now.wall,
        started_at: group.then_some(now.wall),
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
        due_at: later.filter(|_| !waits),
        request_hash: origin.request_hash,
        queued_at: None,
        concurrency_key: new.concurrency_key.clone(),
        parked: false,
        deadline_at: deadline(new, now),
        backoff: new.backoff.or(backoff),
        stages: new.stages.clone(),
        stalled_after_seconds: new.stalled_after_seconds.or(defaults.stalled_after_seconds),
        retention_seconds: new.retention_seconds.or(defaults.retention_seconds),
        schedule_id: origin.schedule_id,
        attempts: Vec::new(),
        kin,
        unique_key: new.unique_key.clone(),
        kept: Kept::default(),
        after,
        error_type: None,
    };
    let task = batch.record(task, happened, now);
    if let Some(input) = &new.input {
        batch.set_body(task.seq, Slot::Input, Some(input.clone()));
    }
    if let Some((id, state)) = lost {
        return after::cancel(batch, Arc::unwrap_or_clone(task), &id, state, now);
    }
    after::note_wait(batch, &task);
    task
}
