//! Dependencies: a task that is `after` others waits until all of them are done.
//!
//! Who waits is `scheduled` without a time that is due, so nothing but the end of its last dependency
//! queues it. Its row says what it waits for; the store keeps the same the other way round, and the end
//! of a task goes through those who wait for it in pages (`release`).

mod cycle;
mod plan;
pub mod release;

use std::sync::Arc;

pub use self::{
    cycle::{Waiters, learn, learn_again},
    plan::{Plan, Target},
};
use super::{
    batch::{Batch, Happened},
    end, sweep,
};
use crate::domain::{
    After, Moment, NewTask, State, Task, TaskError, TaskId,
    after::{Dependency, Release},
};

/// What a new task that was checked waits for. What is done already counts at once.
pub fn of_new(batch: &Batch, new: &NewTask) -> After {
    let mut after = After::default();
    for id in &new.after {
        // Two names may stand for the same task, where it has the unique key that both ask for.
        if let Some(task) = batch.task(id).filter(|task| after.ids().all(|id| *id != task.id)) {
            let open = !task.state.is_done();
            after.tasks.push(Dependency { id: id.clone(), seq: task.seq, open });
        }
    }
    if !after.tasks.is_empty() {
        after.failure = Some(new.after_failure.unwrap_or_default());
        after.since = batch.next_position();
    }
    after
}

/// A dependency whose end has cancelled the task before it was made.
pub fn lost(batch: &Batch, after: &After) -> Option<(TaskId, State)> {
    let done = after.tasks.iter().filter(|dependency| !dependency.open);
    let mut ends = done.filter_map(|dependency| batch.task(&dependency.id));
    let lost = ends.find(|task| after.is_cancelled_by(task.state))?;
    Some((lost.id.clone(), lost.state))
}

/// Notes at those that a task waits for that somebody does.
pub fn note_wait(batch: &mut Batch, task: &Task) {
    for dependency in task.after.tasks.iter().filter(|dependency| dependency.open) {
        let known = batch.task(&dependency.id).filter(|known| known.seq == dependency.seq);
        if let Some(known) = known.filter(|known| !known.after.awaited) {
            let mut known = known.clone();
            known.after.awaited = true;
            batch.save(known);
        }
    }
}

/// A new round: it waits for those that are not done, and what is done counts, however it ended. One
/// that waits for this task by now is not waited for: neither would ever end.
pub fn wait_again(batch: &Batch, task: &mut Task) {
    let waiting = batch.waiters().all_of(&task.id);
    for dependency in &mut task.after.tasks {
        let known = batch.task(&dependency.id).filter(|known| known.seq == dependency.seq);
        let open = known.is_some_and(|known| !known.state.is_done());
        dependency.open = open && waiting.as_ref().is_some_and(|all| !all.contains(&dependency.id));
    }
    task.after.since = batch.next_position();
}

/// With the event of a task's end: it is to reach those who wait for it, and the task itself waits for
/// nobody any more.
pub fn note_end(task: &mut Task) -> Option<Release> {
    if !task.state.is_done() {
        return None;
    }
    task.after.stop();
    std::mem::take(&mut task.after.awaited).then(|| Release {
        at: task.cursor,
        dependency: task.seq,
        id: task.id.clone(),
        state: task.state,
    })
}

/// The end of a dependency reaches a task that waits for it. Whether it did wait comes back.
pub fn reach(batch: &mut Batch, id: &TaskId, end: &Release, now: &Moment) -> bool {
    let Some(mut task) = batch.task(id).cloned() else { return false };
    let mut open = task.after.tasks.iter_mut().filter(|dependency| dependency.open);
    let Some(dependency) = open.find(|dependency| dependency.seq == end.dependency) else {
        return false;
    };
    dependency.open = false;
    if task.after.is_cancelled_by(end.state) {
        cancel(batch, task, &end.id, end.state, now);
    } else if task.after.open() == 0 {
        go(batch, task, now);
    } else {
        batch.record(task, Happened::Updated, now);
    }
    true
}

/// Nothing is waited for any more but the task's own time.
fn go(batch: &mut Batch, mut task: Task, now: &Moment) {
    match task.run_at.filter(|run_at| *run_at > now.wall) {
        Some(run_at) => {
            task.due_at = Some(run_at);
            batch.record(task, Happened::Updated, now);
        }
        None => drop(sweep::enqueue(batch, task, now)),
    }
}

/// Cancels a task because of a dependency's end.
pub fn cancel(
    batch: &mut Batch,
    task: Task,
    dependency: &TaskId,
    state: State,
    now: &Moment,
) -> Arc<Task> {
    let ended = if state == State::Cancelled { "was cancelled" } else { "has failed" };
    let title = format!("Task {dependency}, which it was after, {ended}");
    end::cancel_because(batch, task, TaskError::new(TaskError::DEPENDENCY_FAILED, &title), now)
}
