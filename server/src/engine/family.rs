//! Parents and children: a parent's counters, when they are told, and when a group is done.
//!
//! Whatever happens to a child, its parent's counters change by the difference, in the same batch: a
//! parent of ten thousand costs no more than one of two. What everybody sees of them changes only with
//! an event, and such events come at most every 50 ms a parent; one that has to wait is kept in the row,
//! so it is never lost.

use super::{
    batch::{Batch, Happened},
    end,
};
use crate::{
    domain::{
        ChildFailure, Family, Moment, NewTask, Progress, RawJson, State, Task, TaskError, TaskId,
        Timestamp,
        checks::{self, Errors},
        family::{Ancestor, MAX_DEPTH, Spread, Spreading},
    },
    store::{Needs, Slot, Store, StoreError},
};

/// Milliseconds from one word about a task's children to the next, at least.
const PACE: i64 = 50;

/// What is wrong with the parent a new task names.
pub fn check_parent(batch: &Batch, new: &NewTask, errors: &mut Errors) {
    let Some(id) = &new.parent_id else { return };
    let message = match batch.task(id) {
        None => "there is no such task".to_owned(),
        Some(parent) if parent.kin.ancestors.len() >= MAX_DEPTH => {
            format!("has {MAX_DEPTH} tasks above it already, and no task may have more")
        }
        Some(parent) if takes_children(parent) => return,
        Some(parent) if parent.state.is_done() => {
            format!("takes no more children: it has {}", parent.state)
        }
        Some(_) => "takes no more children: it is being cancelled".to_owned(),
    };
    errors.take(checks::error("parent_id", message));
}

/// A task that is cancelled or has failed takes its children with it, and a group that is done is done
/// because they are. Another task may have children after its end: its worker did not wait for them.
fn takes_children(parent: &Task) -> bool {
    match parent.state {
        State::Failed | State::Cancelled => false,
        State::Succeeded => parent.kin.group.is_none(),
        _ => parent.cancel_requested_at.is_none(),
    }
}

/// Who stands above a task with this parent, nearest first. The parent must be in the batch.
pub fn ancestors_under(batch: &Batch, parent: Option<&TaskId>) -> Vec<Ancestor> {
    let Some(parent) = parent.and_then(|id| batch.task(id)) else { return Vec::new() };
    let nearest = Ancestor { id: parent.id.clone(), seq: parent.seq };
    std::iter::once(nearest).chain(parent.kin.ancestors.iter().cloned()).collect()
}

/// With every event of a parent, but for one that carries only lines: what is seen of its children is
/// what is so.
pub fn show(task: &mut Task, now: &Moment) {
    let Some(family) = task.kin.family else { return };
    task.kin.told = Some(family.children());
    task.kin.told_at = Some(now.steady);
    task.kin.tell_at = None;
    if !task.state.is_done() {
        roll_up(task, now.wall);
    }
}

/// The percent of the children is the parent's, unless its own worker counts. It never falls within an
/// attempt, not even when children are added: it then stands until they have caught up.
fn roll_up(task: &mut Task, at: Timestamp) {
    let Some(percent) = rolled_up(task) else { return };
    let last = task.progress.get_or_insert(Progress { updated_at: at, ..Progress::default() });
    last.percent = Some(percent);
    last.updated_at = at;
}

/// The percent that the children make, where it differs from what is told.
fn rolled_up(task: &Task) -> Option<f64> {
    let counts_itself = task
        .lease
        .as_ref()
        .is_some_and(|lease| lease.percent_pace.is_some() || lease.current_pace.is_some());
    // A new round begins with children that are still to be opened again.
    let reopens = task.kin.spread.is_some_and(|spread| spread.what == Spreading::Retry);
    let family = task.kin.family.filter(|_| !counts_itself && !reopens)?;
    let told = task.progress.as_ref().and_then(|progress| progress.percent);
    Some(family.percent()).filter(|percent| told.is_none_or(|told| *percent > told))
}

/// A child is not as it was: its parent counts anew. The parent must be in the batch.
pub fn child_moved(batch: &mut Batch, was: Option<&Task>, child: &Task, now: &Moment) {
    let Some(above) = child.kin.parent() else { return };
    let (before, after) = (was.map(Family::of_one), Family::of_one(child));
    if before == Some(after) {
        return;
    }
    let Some(parent) = batch.task(&above.id).filter(|parent| parent.seq == above.seq) else {
        return;
    };
    let mut parent = parent.clone();
    let family = parent.kin.family.unwrap_or_default();
    let family = before.map_or(family, |before| family.minus(before)).plus(after);
    parent.kin.family = Some(family);
    if parent.state.is_done() && parent.due_at.is_none() && family.open() == 0 {
        // It had to stay for its children.
        let kept = parent.retention_seconds.zip(parent.finished_at);
        parent.due_at = match kept {
            Some((seconds, end)) => Some(end.plus_seconds(seconds)),
            None => parent.kept.outstayed.then_some(now.wall),
        };
    }
    if is_over(&parent) {
        return settle(batch, parent, now);
    }
    tell_in_time(batch, parent, now);
}

/// Tells a change of the counters at once, or notes when.
fn tell_in_time(batch: &mut Batch, mut parent: Task, now: &Moment) {
    let children = parent.kin.family.map(|family| family.children());
    let percent = if parent.state.is_done() { None } else { rolled_up(&parent) };
    if children == parent.kin.told && percent.is_none() {
        return batch.save(parent);
    }
    // A time to come is one of a clock that has gone back since.
    let told_at = parent.kin.told_at.filter(|at| *at <= now.steady);
    match told_at.map(|at| at.plus_milliseconds(PACE)).filter(|next| *next > now.steady) {
        Some(next) => {
            parent.kin.tell_at = parent.kin.tell_at.or(Some(next));
            batch.save(parent);
        }
        None => record(batch, parent, now),
    }
}

/// Tells what had to wait, if it still does.
pub fn tell(batch: &mut Batch, id: &TaskId, now: &Moment) {
    let waits = batch.task(id).filter(|task| task.kin.tell_at.is_some());
    if let Some(task) = waits.cloned() {
        record(batch, task, now);
    }
}

fn record(batch: &mut Batch, mut task: Task, now: &Moment) {
    // A progress event does not belong behind a task's end, and would not be looked for there.
    if task.state.is_done() {
        batch.record(task, Happened::Updated, now);
        return;
    }
    let nothing = Progress { updated_at: now.wall, ..Progress::default() };
    task.progress.get_or_insert(nothing);
    batch.record(task, Happened::Progress, now);
}

/// Whether a group has nothing more to wait for.
fn is_over(task: &Task) -> bool {
    let (Some(policy), Some(family)) = (task.kin.group, task.kin.family) else { return false };
    let waits = !task.state.is_done() && task.kin.spread.is_none() && family.total > 0;
    waits && (family.open() == 0 || (policy == ChildFailure::FailFast && family.failed > 0))
}

/// Ends a group as its children say: it fails if any of them failed. One that was cancelled was not
/// wanted any more, and fails nobody.
fn settle(batch: &mut Batch, mut group: Task, now: &Moment) {
    let children = group.kin.family.unwrap_or_default().children();
    roll_up(&mut group, now.wall);
    if children.failed == 0 {
        end::succeed(batch, group, RawJson::of(&children).ok(), now);
        return;
    }
    let title = match children.failed {
        1 => format!("One of {} children failed", children.total),
        many => format!("{many} of {} children failed", children.total),
    };
    end::fail_for_good(batch, group, TaskError::new(TaskError::CHILDREN_FAILED, &title), now);
}

/// What a task's end or cancel means for its open children; they are reached by `spread`.
pub fn take_along(task: &mut Task, before: u64) {
    let spread = Spread { what: Spreading::Cancel, after: 0, before };
    // A new round that was still on its way to them is over.
    task.kin.spread = task.kin.has_open_children().then_some(spread);
}

/// Everything of a task has reached its children.
pub fn spread_is_over(batch: &mut Batch, mut task: Task, now: &Moment) {
    task.kin.spread = None;
    if is_over(&task) { settle(batch, task, now) } else { tell_in_time(batch, task, now) }
}

/// Loads whose counters change with these tasks, where the batch does not know them yet.
pub fn learn_ancestors<'a>(
    store: &mut dyn Store,
    batch: &mut Batch,
    tasks: impl Iterator<Item = &'a Task>,
) -> Result<(), StoreError> {
    let above: Vec<&TaskId> =
        tasks.flat_map(|task| &task.kin.ancestors).map(|above| &above.id).collect();
    let unknown = above.iter().filter(|id| !batch.knows_task(id));
    let tasks = unknown.map(|id| (*id).clone()).collect();
    load(store, batch, Needs { tasks, ..Needs::default() })?;
    let known = above.iter().filter_map(|id| batch.task(id));
    let bodies = outcomes(batch, known);
    load(store, batch, bodies)
}

/// The same for tasks that will have an event themselves, though they are done.
pub fn learn_shown(
    store: &mut dyn Store,
    batch: &mut Batch,
    tasks: &[Task],
) -> Result<(), StoreError> {
    learn_ancestors(store, batch, tasks.iter())?;
    let bodies = outcomes(batch, tasks.iter());
    load(store, batch, bodies)
}

/// What events of done tasks show, and the batch does not know yet.
fn outcomes<'a>(batch: &Batch, tasks: impl Iterator<Item = &'a Task>) -> Needs {
    let done = tasks.filter(|task| task.state.is_done());
    let places = done.flat_map(|task| [Slot::Output, Slot::Error].map(|slot| (task.seq, slot)));
    let bodies = places.filter(|(seq, slot)| !batch.knows_body(*seq, *slot)).collect();
    Needs { bodies, ..Needs::default() }
}

pub fn load(store: &mut dyn Store, batch: &mut Batch, needs: Needs) -> Result<(), StoreError> {
    if needs.is_empty() {
        return Ok(());
    }
    let found = store.load(&needs)?;
    batch.absorb(needs, found);
    Ok(())
}
