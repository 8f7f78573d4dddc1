//! Schedules: how they come to be, and what happens at their time.

use std::sync::Arc;

use super::{
    batch::Batch,
    change,
    command::{IdempotencyKey, Reply},
    kinds,
    submit::{self, Origin, known_ids},
};
use crate::domain::{
    Moment, NewTask, Refusal, Schedule, ScheduleId, Task, TaskId, Timestamp,
    checks::Errors,
    schedule::{Overlap, ScheduleChange, ScheduleSpec},
};

pub fn create(
    batch: &mut Batch,
    id: Option<&ScheduleId>,
    spec: &ScheduleSpec,
    key: Option<&IdempotencyKey>,
    now: &Moment,
) -> Result<Reply, Refusal> {
    if let Some(known) = known_ids(batch, key, now)?.and_then(|ids| ids.first()) {
        let schedule = find(batch, known)?.clone();
        return Ok(Reply::Schedule(Box::new(schedule), false));
    }
    if let Some(taken) = id.filter(|id| batch.schedule(id).is_some()) {
        return Err(Refusal::ScheduleExists(taken.clone()));
    }
    if let Some(inspect) = kinds::uninspected(batch, [&spec.task]) {
        return Ok(inspect);
    }
    check(batch, spec, now)?;
    let id = id.cloned().unwrap_or_else(TaskId::random);
    let schedule = fresh(id, spec.clone(), now);
    submit::remember(batch, key, std::slice::from_ref(&schedule.id), now);
    batch.save_schedule(schedule.clone());
    Ok(Reply::Schedule(Box::new(schedule), true))
}

/// Creates it, or replaces its rule; what it ran stays known.
pub fn put(
    batch: &mut Batch,
    id: &ScheduleId,
    spec: &ScheduleSpec,
    now: &Moment,
) -> Result<Reply, Refusal> {
    if let Some(inspect) = kinds::uninspected(batch, [&spec.task]) {
        return Ok(inspect);
    }
    check(batch, spec, now)?;
    let (schedule, created) = match batch.schedule(id) {
        Some(schedule) => (with(schedule.clone(), spec.clone(), now), false),
        None => (fresh(id.clone(), spec.clone(), now), true),
    };
    batch.save_schedule(schedule.clone());
    Ok(Reply::Schedule(Box::new(schedule), created))
}

pub fn change(
    batch: &mut Batch,
    id: &ScheduleId,
    change: &ScheduleChange,
    now: &Moment,
) -> Result<Reply, Refusal> {
    let schedule = find(batch, id)?.clone();
    // A task that stays is not looked at again: its input passed when it was said.
    if let Some(inspect) = kinds::uninspected(batch, &change.task) {
        return Ok(inspect);
    }
    let spec = schedule.spec.changed_by(change.clone());
    check(batch, &spec, now)?;
    let schedule = with(schedule, spec, now);
    batch.save_schedule(schedule.clone());
    Ok(Reply::Schedule(Box::new(schedule), false))
}

/// Its tasks stay.
pub fn delete(batch: &mut Batch, id: &ScheduleId) -> Result<Reply, Refusal> {
    find(batch, id)?;
    batch.delete_schedule(id);
    Ok(Reply::Done)
}

/// Submits the task at somebody's word: whatever the overlap, and though the schedule is paused.
pub fn run(
    batch: &mut Batch,
    id: &ScheduleId,
    key: Option<&IdempotencyKey>,
    now: &Moment,
) -> Result<Reply, Refusal> {
    if let Some(task) = submit::known(batch, key, now)? {
        return Ok(Reply::Task(task));
    }
    let mut schedule = find(batch, id)?.clone();
    let task = submit_run(batch, &mut schedule, now.wall, now);
    batch.save_schedule(schedule);
    submit::remember(batch, key, std::slice::from_ref(&task.id), now);
    Ok(Reply::Task(batch.shown(&task)))
}

/// Its time has come. However many runs were missed, this is one: the next is the first one after
/// now. The last run's task and the queue must be in the batch.
pub fn fire(batch: &mut Batch, id: &ScheduleId, now: &Moment) {
    let Some(mut schedule) = batch.schedule(id).cloned() else { return };
    let Some(at) = schedule.next_run_at.filter(|at| *at <= now.wall) else { return };
    let last = schedule.last_task_id.as_ref().and_then(|id| batch.task(id));
    let running = last.filter(|task| !task.state.is_done()).map(|task| task.id.clone());
    match (schedule.spec.overlap, running) {
        (Overlap::Skip, Some(_)) => schedule.last_skipped_at = Some(at),
        (Overlap::Cancel, Some(last)) => {
            if let Err(refusal) = change::cancel(batch, &last, None, now) {
                tracing::warn!(schedule = %id, %refusal, "the run before is not cancelled");
            }
            submit_run(batch, &mut schedule, at, now);
        }
        _ => {
            submit_run(batch, &mut schedule, at, now);
        }
    }
    schedule.next_run_at = schedule.spec.next_after(now.wall);
    batch.save_schedule(schedule);
}

/// `at` is the moment the run is for: its worker sees it as `run_at`.
fn submit_run(
    batch: &mut Batch,
    schedule: &mut Schedule,
    at: Timestamp,
    now: &Moment,
) -> Arc<Task> {
    let new = NewTask { run_at: Some(at), ..schedule.spec.task.clone() };
    let origin = Origin { schedule_id: Some(schedule.id.clone()), ..Origin::default() };
    let task = submit::create(batch, &new, origin, now);
    schedule.last_run_at = Some(at);
    schedule.last_task_id = Some(task.id.clone());
    task
}

fn find<'a>(batch: &'a Batch, id: &ScheduleId) -> Result<&'a Schedule, Refusal> {
    batch.schedule(id).ok_or_else(|| Refusal::ScheduleNotFound(id.clone()))
}

fn check(batch: &Batch, spec: &ScheduleSpec, now: &Moment) -> Result<(), Refusal> {
    let mut errors = Errors::default();
    spec.check(now.wall, &mut errors);
    let mut of_input = Errors::default();
    kinds::find_errors(batch, &spec.task, &mut of_input);
    errors.take_under("task", of_input);
    errors.none_or(())?;
    submit::refuse_reserved(&spec.task)
}

fn fresh(id: ScheduleId, spec: ScheduleSpec, now: &Moment) -> Schedule {
    Schedule {
        next_run_at: next_run(&spec, now),
        id,
        spec,
        revision: now.random,
        created_at: now.wall,
        updated_at: now.wall,
        last_run_at: None,
        last_task_id: None,
        last_skipped_at: None,
    }
}

/// A run that is due already stays due where the rule is the same.
fn with(mut schedule: Schedule, spec: ScheduleSpec, now: &Moment) -> Schedule {
    let same = |spec: &ScheduleSpec| (spec.cron.clone(), spec.time_zone.clone(), spec.paused);
    if same(&schedule.spec) != same(&spec) {
        schedule.next_run_at = next_run(&spec, now);
    }
    schedule.spec = spec;
    schedule.revision = now.random;
    schedule.updated_at = now.wall;
    schedule
}

fn next_run(spec: &ScheduleSpec, now: &Moment) -> Option<Timestamp> {
    if spec.paused { None } else { spec.next_after(now.wall) }
}
