//! Families as the protocol says they are: what goes down from a parent, what goes up from children,
//! and who has a unique key.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    deviation::{Deviation, holds, same},
    expected::Expected,
    flaws::{Flaw, is},
    model::Model,
    seen::Seen,
};
use crate::domain::{Children, Family, NewTask, State, TaskError, TaskId, family::MAX_DEPTH};

/// What goes down from a task to these children, by the end of its round.
#[derive(Clone, Debug)]
pub struct Mark {
    task: TaskId,
    down: Down,
    children: Vec<TaskId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Down {
    Cancel,
    Retry,
}

/// State, whether it is asked to end, and which round it is in.
pub type Standing = BTreeMap<TaskId, (State, bool, usize)>;

impl Model {
    pub fn standing(&self) -> Standing {
        let of = |task: &Expected| (task.state, task.cancel_at.is_some(), task.rounds);
        self.tasks.iter().map(|(id, task)| (id.clone(), of(task))).collect()
    }

    /// Whether a new task may name its parent.
    pub fn takes_child(&self, new: &NewTask) -> bool {
        let Some(parent) = &new.parent_id else { return true };
        let Some(parent) = self.tasks.get(parent) else { return false };
        let takes = match parent.state {
            State::Failed | State::Cancelled => is(self.flaw, Flaw::LostParentTakesChildren),
            State::Succeeded => parent.group.is_none(),
            _ => parent.cancel_at.is_none() || is(self.flaw, Flaw::LostParentTakesChildren),
        };
        takes && parent.depth < MAX_DEPTH
    }

    /// The open task that has the key.
    pub fn holder(&self, queue: &str, key: Option<&String>) -> Option<TaskId> {
        let key = key.filter(|_| !is(self.flaw, Flaw::UniqueKeysIgnored))?;
        let open =
            |task: &Expected| !task.state.is_done() || is(self.flaw, Flaw::UniqueKeyNeverFree);
        let has = |task: &Expected| task.queue == queue && task.unique.as_ref() == Some(key);
        self.tasks.iter().find(|(_, task)| has(task) && open(task)).map(|(id, _)| id.clone())
    }

    /// Whether another open task has its key.
    pub fn key_is_taken(&self, task: &Expected) -> bool {
        let holder = self.holder(&task.queue, task.unique.as_ref());
        holder.is_some() && !is(self.flaw, Flaw::RetryTakesTheKey)
    }

    /// A new task has come into its family.
    pub fn enter(&mut self, id: TaskId, mut task: Expected) {
        if let Some(parent) = task.parent.as_ref().and_then(|parent| self.tasks.get_mut(parent)) {
            parent.parented = true;
            task.depth = parent.depth + 1;
        }
        self.tasks.insert(id, task);
    }

    /// A task is gone; its parent goes on counting it.
    pub fn remove(&mut self, id: &TaskId) -> Option<Expected> {
        let task = self.tasks.remove(id)?;
        if !is(self.flaw, Flaw::DeletedForgottenAtOnce) {
            self.graves.insert(id.clone(), self.now);
        }
        self.note_end(id, task.state);
        if let Some(parent) = task.parent.clone() {
            let one = |state| u64::from(task.state == state);
            let weight = (task.weight * 1000.0) as u64;
            let share = Family {
                total: 1,
                succeeded: one(State::Succeeded),
                failed: one(State::Failed),
                cancelled: one(State::Cancelled),
                weight,
                reached: weight * 100_000,
            };
            if !is(self.flaw, Flaw::DeletedChildForgotten) {
                self.gone.push((parent, share));
            }
        }
        Some(task)
    }

    /// Those that have a child which is not done.
    pub fn waited_for(&self) -> BTreeSet<TaskId> {
        let open = self.tasks.values().filter(|task| !task.state.is_done());
        open.filter_map(|task| task.parent.clone()).collect()
    }

    /// What the last deed means for families.
    pub fn note_families(&mut self, before: &Standing) {
        self.note_marks(before);
        loop {
            let before = self.standing();
            let Some((id, failed)) = self.over() else { return };
            let (now, flaw) = (self.now, self.flaw);
            let Some(group) = self.tasks.get_mut(&id) else { return };
            match failed {
                false => group.succeed(now, flaw),
                true => group.fail(TaskError::CHILDREN_FAILED, false, None, now, flaw),
            }
            let ended = group.state.is_done();
            self.note_marks(&before);
            // A model with a rule wrong may leave it open, and would come to it for ever.
            if !ended {
                return;
            }
        }
    }

    fn note_marks(&mut self, before: &Standing) {
        let waited_for = self.waited_for();
        for (id, (state, asked, rounds)) in self.standing() {
            let Some(was) = before.get(&id) else { continue };
            if state.is_done() && !was.0.is_done() {
                self.note_end(&id, state);
            }
            let lost = |state| matches!(state, State::Failed | State::Cancelled);
            let reopened = rounds > was.2;
            let group = self.tasks.get(&id).is_some_and(|task| task.group.is_some());
            let down = match () {
                () if reopened && group && !is(self.flaw, Flaw::GroupRetriedAlone) => Down::Retry,
                () if reopened => continue,
                () if lost(state) && !lost(was.0) => Down::Cancel,
                () if asked && !was.1 => Down::Cancel,
                () => continue,
            };
            let forgotten = match state {
                State::Failed => Flaw::FailureStaysAbove,
                _ => Flaw::CancelStaysAbove,
            };
            self.marks.retain(|mark| mark.task != id);
            let reaches =
                down == Down::Retry || (waited_for.contains(&id) && !is(self.flaw, forgotten));
            let of_it = self.tasks.iter().filter(|(_, task)| task.parent.as_ref() == Some(&id));
            let mut children: Vec<_> = of_it.collect();
            children.sort_by_key(|(_, task)| task.born);
            let children = children.into_iter().map(|(id, _)| id.clone()).collect();
            if reaches {
                self.marks.push(Mark { task: id, down, children });
            }
        }
    }

    /// A group that has nothing more to wait for, and whether it fails.
    fn over(&self) -> Option<(TaskId, bool)> {
        let flaw = self.flaw;
        let waits = |(id, task): &(&TaskId, &Expected)| {
            let reopens =
                self.marks.iter().any(|mark| mark.task == **id && mark.down == Down::Retry);
            task.group.is_some() && !task.state.is_done() && !reopens
        };
        for (id, group) in self.tasks.iter().filter(waits) {
            let Children { total, done, failed, cancelled, .. } = self.children(id);
            let failed = failed + if is(flaw, Flaw::CancelledChildFails) { cancelled } else { 0 };
            let at_once = group.group == Some(false) && !is(flaw, Flaw::FirstFailureWaits);
            let all = total > 0 && done == total && !is(flaw, Flaw::GroupNeverEnds);
            let fails = failed > 0 && !is(flaw, Flaw::CollectedFailureForgotten);
            if all || (at_once && failed > 0) {
                return Some((id.clone(), fails || at_once && failed > 0));
            }
        }
        None
    }

    fn children(&self, id: &TaskId) -> Children {
        let gone = self.gone.iter().filter(|(parent, _)| parent == id).map(|(_, share)| *share);
        let mut family = gone.fold(Family::default(), Family::plus);
        for child in self.tasks.values().filter(|task| task.parent.as_ref() == Some(id)) {
            family.total += 1;
            family.succeeded += u64::from(child.state == State::Succeeded);
            family.failed += u64::from(child.state == State::Failed);
            family.cancelled += u64::from(child.state == State::Cancelled);
        }
        family.children()
    }

    /// At the end of a round, all that is marked goes down.
    pub fn spread(&mut self, seen: &Seen) {
        let (now, step, flaw) = (self.now, self.step, self.flaw);
        while !self.marks.is_empty() || self.end_waits(seen) {
            if self.marks.is_empty() {
                continue;
            }
            let mark = self.marks.remove(0);
            for id in &mark.children {
                let before = self.standing();
                let queued = (step, seen.tasks.get(id).map_or(0, |sight| sight.row.ready_at));
                let Some(task) = self.tasks.get(id) else { continue };
                let lost = matches!(task.state, State::Failed | State::Cancelled);
                let free = !self.key_is_taken(task);
                let whole = !task.bodies_dropped || is(self.flaw, Flaw::GroupRetriesDropped);
                let open = self.opens(id);
                let Some(task) = self.tasks.get_mut(id) else { continue };
                match mark.down {
                    Down::Cancel => task.ask_to_end(now, flaw),
                    Down::Retry if lost && free && whole => {
                        task.retry(queued, now, flaw);
                        task.wait_for(open);
                    }
                    Down::Retry => {}
                }
                self.note_marks(&before);
            }
            let before = self.standing();
            self.note_families(&before);
        }
    }

    /// A group whose deadline came in the same sweep as the end of its children: whichever was looked
    /// at first decides, and only the error tells.
    pub fn miss_deadlines(&mut self, late: &[TaskId], seen: &Seen) {
        let missed = |id: &TaskId| {
            let error = seen.tasks.get(id).and_then(|sight| sight.view.error.as_ref());
            error.is_some_and(|error| error.kind == TaskError::DEADLINE)
        };
        self.miss(late.iter().filter(|id| missed(id)));
        let before = self.standing();
        self.note_families(&before);
        self.miss(late.iter());
    }

    fn miss<'a>(&mut self, late: impl Iterator<Item = &'a TaskId>) {
        for id in late {
            if let Some(group) = self.tasks.get_mut(id).filter(|it| !it.state.is_done()) {
                group.fail(TaskError::DEADLINE, false, None, self.now, self.flaw);
            }
        }
    }

    /// The counters of every parent are what its children come to, and percent does not fall.
    pub fn compare_families(&mut self, seen: &Seen) -> Result<(), Deviation> {
        let mut families: BTreeMap<&TaskId, Family> = BTreeMap::new();
        for (parent, share) in &self.gone {
            let family = families.entry(parent).or_default();
            *family = family.plus(*share);
        }
        for row in seen.tasks.values().map(|sight| &sight.row) {
            if let Some(parent) = &row.parent_id {
                let family = families.entry(parent).or_default();
                *family = family.plus(Family::of_one(row));
            }
        }
        for (id, task) in &self.tasks {
            let Some(row) = seen.tasks.get(id).map(|sight| &sight.row) else { continue };
            same("its children", row.kin.family, families.get(id).copied())
                .map_err(|it| it.at(id.to_string()))?;
            let percent = row.progress.as_ref().and_then(|progress| progress.percent);
            let attempt = (row.fence, task.rounds);
            let last = self.percents.get(id).filter(|last| last.0 == attempt);
            let falls = last.is_some_and(|last| last.1 > percent.unwrap_or(0.0));
            holds("percent does not fall", !falls).map_err(|it| it.at(id.to_string()))?;
            self.percents.insert(id.clone(), (attempt, percent.unwrap_or(0.0)));
        }
        Ok(())
    }
}
