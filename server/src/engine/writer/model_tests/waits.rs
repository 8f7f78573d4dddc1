//! Dependencies as the protocol says they are: who waits for whom, and what an end means to them.

use std::collections::BTreeSet;

use super::{
    expected::Expected,
    flaws::{Flaw, is},
    model::Model,
    seen::Seen,
};
use crate::domain::{NewTask, State, TaskError, TaskId};

fn is_lost(state: State) -> bool {
    matches!(state, State::Failed | State::Cancelled)
}

impl Expected {
    /// A new round that waits for these first.
    pub fn wait_for(&mut self, open: BTreeSet<TaskId>) {
        if !open.is_empty() {
            self.state = State::Scheduled;
            self.parked = false;
            self.due = None;
        }
        self.open = open;
    }
}

impl Model {
    /// Whether a new task may be after what it names.
    pub fn takes_dependencies(&self, new: &NewTask) -> bool {
        let names: BTreeSet<&TaskId> = new.after.iter().collect();
        let groups = self.groups_above(new.parent_id.as_ref());
        let good = |id: &&TaskId| self.tasks.contains_key(*id) && !self.waits_for(id, &groups);
        names.len() == new.after.len() && new.after.iter().all(|id| good(&id))
    }

    /// The groups that wait for a child of this one.
    fn groups_above(&self, parent: Option<&TaskId>) -> BTreeSet<TaskId> {
        let mut groups = BTreeSet::new();
        let mut above = parent;
        while let Some(id) = above {
            let Some(task) = self.tasks.get(id).filter(|task| task.group.is_some()) else { break };
            groups.insert(id.clone());
            above = task.parent.as_ref();
        }
        groups
    }

    /// Whether a task is one of these, or waits for one of them.
    fn waits_for(&self, id: &TaskId, these: &BTreeSet<TaskId>) -> bool {
        let mut next = vec![id.clone()];
        let mut passed = BTreeSet::new();
        while let Some(id) = next.pop().filter(|_| !these.is_empty()) {
            if these.contains(&id) {
                return true;
            }
            if !passed.insert(id.clone()) {
                continue;
            }
            let Some(task) = self.tasks.get(&id) else { continue };
            next.extend(task.open.iter().cloned());
            if task.group.is_some() {
                let of_it = |it: &(&TaskId, &Expected)| it.1.parent.as_ref() == Some(&id);
                next.extend(self.tasks.iter().filter(of_it).map(|(id, _)| id.clone()));
            }
        }
        false
    }

    /// What a task waits for in a new round.
    pub fn opens(&self, id: &TaskId) -> BTreeSet<TaskId> {
        let Some(task) = self.tasks.get(id) else { return BTreeSet::new() };
        let ignored = [Flaw::DependenciesIgnored, Flaw::RetryWaitsForNobody];
        if task.group.is_some() || ignored.into_iter().any(|flaw| is(self.flaw, flaw)) {
            return BTreeSet::new();
        }
        let mut these = self.groups_above(task.parent.as_ref());
        these.insert(id.clone());
        let open = |id: &&TaskId| self.tasks.get(*id).is_some_and(|task| !task.state.is_done());
        let after = task.after.iter().filter(open);
        after.filter(|id| !self.waits_for(id, &these)).cloned().collect()
    }

    /// A new task begins to wait, or is cancelled by what has ended before.
    pub fn begin_waiting(&self, task: &mut Expected) {
        if is(self.flaw, Flaw::DependenciesIgnored) {
            return;
        }
        let named = |id: &TaskId| self.tasks.get(id).map(|task| (id.clone(), task.state));
        let named: Vec<_> = task.after.iter().filter_map(named).collect();
        if named.iter().any(|(_, state)| is_lost(*state)) && self.is_cancelled_by_loss(task) {
            task.cancel(self.now, self.flaw);
            task.error = Some(TaskError::DEPENDENCY_FAILED.to_owned());
            return;
        }
        let open = named.into_iter().filter(|(_, state)| !state.is_done());
        let open: BTreeSet<TaskId> = open.map(|(id, _)| id).collect();
        if !open.is_empty() {
            (task.state, task.parked) = (State::Scheduled, false);
            task.open = open;
        }
    }

    fn is_cancelled_by_loss(&self, task: &Expected) -> bool {
        let anyway = task.anyway && !is(self.flaw, Flaw::AfterFailureIgnored);
        !anyway && !is(self.flaw, Flaw::LostDependencyWillDo)
    }

    /// A task is done: those who wait for it are told by the end of the round.
    pub fn note_end(&mut self, id: &TaskId, state: State) {
        if let Some(task) = self.tasks.get_mut(id) {
            (task.open, task.ends) = (BTreeSet::new(), Vec::new());
        }
        for task in self.tasks.values_mut() {
            if task.open.remove(id) {
                task.ends.push(is_lost(state));
            }
        }
    }

    /// What has ended reaches those who waited for it. Whether anybody was reached comes back.
    pub fn end_waits(&mut self, seen: &Seen) -> bool {
        let (now, step, flaw) = (self.now, self.step, self.flaw);
        let told = |task: &Expected| !task.ends.is_empty();
        let ids = self.tasks.iter().filter(|(_, task)| told(task)).map(|(id, _)| id.clone());
        let ids: Vec<TaskId> = ids.collect();
        for id in &ids {
            let before = self.standing();
            let queued = (step, seen.tasks.get(id).map_or(0, |sight| sight.row.ready_at));
            let Some(task) = self.tasks.get(id) else { continue };
            let cancelled = task.ends.contains(&true) && self.is_cancelled_by_loss(task);
            let Some(task) = self.tasks.get_mut(id) else { continue };
            if std::mem::take(&mut task.ends).is_empty() {
                // Something that ended before it has ended this one as well.
                continue;
            }
            if cancelled {
                task.cancel(now, flaw);
                task.error = Some(TaskError::DEPENDENCY_FAILED.to_owned());
            } else if task.open.is_empty() || is(flaw, Flaw::FirstEndWillDo) {
                task.open.clear();
                if task.due.is_none_or(|due| due <= now) {
                    task.queued = queued;
                    task.wait();
                }
            }
            self.note_families(&before);
        }
        !ids.is_empty()
    }
}
