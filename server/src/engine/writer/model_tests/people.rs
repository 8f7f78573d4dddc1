//! What people do to tasks, as the protocol says it.

use super::{
    deviation::{Deviation, holds, same},
    expected::Expected,
    flaws::{Flaw, is},
    model::Model,
    seen::Deed,
};
use crate::{
    domain::{NewTask, State, TaskId},
    engine::Reply,
};

impl Expected {
    /// At somebody's word: at once while it waits; a worker is asked to end.
    pub fn ask_to_end(&mut self, now: i64, flaw: Option<Flaw>) {
        match self.state {
            State::Running if self.group.is_none() => self.cancel_at = self.cancel_at.or(Some(now)),
            State::Scheduled | State::Queued | State::Running | State::Retrying
                if !is(flaw, Flaw::CancelOfWaitingForgotten) =>
            {
                self.cancel(now, flaw);
            }
            _ => {}
        }
    }
}

impl Model {
    /// All of them or none.
    pub fn submit(&mut self, new: &[NewTask], deed: &Deed) -> Result<(), Deviation> {
        let now = self.now;
        let good = |new: &&NewTask| {
            let begins = new.run_at.map_or(now, |at| at.0.max(now));
            let in_time = new.deadline_at.is_none_or(|deadline| deadline.0 > begins);
            let good = in_time && (-100..=100).contains(&new.priority);
            good && self.takes_child(new) && self.takes_dependencies(new)
        };
        let bad = new.iter().filter(|new| !good(new)).count();
        let some_will_do = is(self.flaw, Flaw::BadOnesLeftOut) && bad < new.len();
        deed.was(bad == 0 || some_will_do)?;
        let made: Vec<_> = match &deed.answer {
            Ok(Reply::Task(task) | Reply::Put { task, .. }) => vec![task.id.clone()],
            Ok(Reply::Tasks(tasks)) => tasks.iter().map(|task| task.id.clone()).collect(),
            _ => return Ok(()),
        };
        same("how many are made", made.len(), new.len())?;
        for (place, (id, new)) in made.into_iter().zip(new).enumerate() {
            if let Some(holder) = self.holder(&new.queue, new.unique_key.as_ref()) {
                same("who has the key", id, holder)?;
                continue;
            }
            holds("a new task is a new one", !self.tasks.contains_key(&id))?;
            let mut expected = Expected::new(new, now, (self.step, place as u64), self.flaw);
            self.begin_waiting(&mut expected);
            self.enter(id, expected);
        }
        Ok(())
    }

    pub fn cancel(&mut self, id: &TaskId, deed: &Deed) -> Result<(), Deviation> {
        let Some(task) = self.tasks.get_mut(id) else { return deed.was(false) };
        deed.was(!matches!(task.state, State::Succeeded | State::Failed))?;
        task.ask_to_end(self.now, self.flaw);
        Ok(())
    }

    pub fn retry(&mut self, id: &TaskId, deed: &Deed) -> Result<(), Deviation> {
        let Some(task) = self.tasks.get(id) else { return deed.was(false) };
        let success = task.state == State::Succeeded && is(self.flaw, Flaw::SuccessRetried);
        let over = matches!(task.state, State::Failed | State::Cancelled) || success;
        let whole = !task.bodies_dropped || is(self.flaw, Flaw::DroppedInputRetried);
        let allowed = over && whole && !self.key_is_taken(task);
        deed.was(allowed)?;
        let open = self.opens(id);
        if let Some(task) = self.tasks.get_mut(id).filter(|_| allowed) {
            task.retry((self.step, 0), self.now, self.flaw);
            task.wait_for(open);
        }
        Ok(())
    }

    pub fn delete(&mut self, id: &TaskId, deed: &Deed) -> Result<(), Deviation> {
        let task = self.tasks.get(id);
        let alive = is(self.flaw, Flaw::AliveDeleted);
        let waits = self.waited_for().contains(id) && !is(self.flaw, Flaw::ParentDeletedEarly);
        let allowed = task.is_some_and(|task| alive || task.state.is_done()) && !waits;
        deed.was(allowed)?;
        if allowed {
            self.remove(id);
        }
        Ok(())
    }
}
