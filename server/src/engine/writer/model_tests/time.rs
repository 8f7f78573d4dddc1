//! What the model says that time makes happen.

use super::{
    deviation::{Deviation, holds},
    expected::{Expected, Queued},
    flaws::{Flaw, is},
    limits::Limited,
    model::Model,
    rig::GRACE,
    seen::{Seen, Sight},
    told::Told,
};
use crate::domain::{State, TaskError};

/// The longest a task waits for its next attempt when its worker does not say how long.
const LONGEST_BACKOFF: i64 = 300_000;

impl Model {
    pub fn time_passed(&mut self, seen: &Seen) -> Result<(), Deviation> {
        let (now, step, flaw) = (self.now, self.step, self.flaw);
        let ids: Vec<_> = self.tasks.keys().cloned().collect();
        let waited_for = self.waited_for();
        self.drop_parts(seen);
        let must_go = self.must_go(&waited_for, seen);
        let mut late_groups = Vec::new();
        for id in &ids {
            if must_go.contains(id) {
                self.go(id, seen);
                continue;
            }
            let Some(task) = self.tasks.get_mut(id) else { continue };
            if task.group.is_some() && task.is_late(now, flaw) {
                late_groups.push(id.clone());
                continue;
            }
            move_on(task, seen.tasks.get(id), now, step, flaw)
                .map_err(|it| it.at(id.to_string()))?;
        }
        self.miss_deadlines(&late_groups, seen);
        let before = self.standing();
        self.note_families(&before);
        // Where nothing is kept, a task may go in the same sweep as it ends, or in the next.
        let waited_for = self.waited_for();
        for id in ids.iter().filter(|id| !seen.tasks.contains_key(*id)) {
            if self
                .tasks
                .get(id)
                .is_some_and(|task| self.is_outlived(task) && !waited_for.contains(id))
                && let Some(gone) = self.go(id, seen)
                && let Some(key) = gone.key
            {
                self.moved.insert((gone.queue, key));
            }
        }
        self.note_outstayed(seen);
        self.run_schedules(seen)?;
        self.look_at_raised();
        Ok(())
    }

    /// A restart gives every lease its whole time again, every cancelled worker its grace, and every
    /// silence begins anew.
    pub fn restart(&mut self) {
        let flaw = self.flaw;
        for task in self.tasks.values_mut() {
            if let Some(held) = task.lease.as_mut()
                && !is(flaw, Flaw::RestartKeepsLeases)
            {
                held.expires = self.now + held.seconds as i64 * 1000;
            }
            if let Some(held) = task.lease.as_mut()
                && !is(flaw, Flaw::RestartKeepsSilence)
            {
                held.heard = self.now;
            }
            task.cancel_at = task.cancel_at.map(|_| self.now);
            if is(flaw, Flaw::RestartForgetsParked) {
                task.parked = false;
            }
        }
        if is(flaw, Flaw::RestartFillsBucket) {
            self.queues.values_mut().for_each(Limited::forget_bucket);
        }
        if is(flaw, Flaw::RestartForgetsMissedRuns) {
            self.schedules.values_mut().for_each(|rule| rule.aim(self.now));
        }
    }
}

impl Expected {
    /// Whether its deadline has come.
    fn is_late(&self, now: i64, flaw: Option<Flaw>) -> bool {
        let late = self.deadline.is_some_and(|deadline| deadline <= now) && !self.state.is_done();
        let counts = self.state == State::Running || !is(flaw, Flaw::DeadlineOfWaitingIgnored);
        late && counts && !is(flaw, Flaw::DeadlineIgnored)
    }
}

/// What has become of a task that is not gone.
fn move_on(
    task: &mut Expected,
    sight: Option<&Sight>,
    now: i64,
    step: usize,
    flaw: Option<Flaw>,
) -> Result<(), Deviation> {
    // The model does not say in which order those are queued who are due in the same sweep.
    let queued: Queued = (step, sight.map_or(0, |sight| sight.row.ready_at));
    // How long a task waits for its next attempt is drawn by lot; the model only knows the bounds.
    let due = sight.and_then(|sight| sight.view.run_at).map(|due| due.0);
    if task.is_late(now, flaw) {
        task.fail(TaskError::DEADLINE, is(flaw, Flaw::DeadlineRetried), due, now, flaw);
    } else if let State::Scheduled | State::Retrying = task.state
        && task.due.is_some_and(|due| due <= now)
        && task.open.is_empty()
    {
        task.queued = queued;
        task.wait();
    } else if let Some(why) = task.over(now, GRACE, flaw) {
        task.fail(why, true, due, now, flaw);
        if is(flaw, Flaw::ExpiryCostsNothing) && why == TaskError::LEASE_EXPIRED {
            task.attempt -= 1;
        }
        if task.state == State::Retrying {
            let wait = task.due.map_or(-1, |due| due - now);
            holds("the backoff has bounds", (0..=LONGEST_BACKOFF).contains(&wait))?;
        }
    } else if let Some(held) = &task.lease
        && held.heard + task.silence as i64 * 1000 <= now
        && !is(flaw, Flaw::SilenceIgnored)
    {
        task.told.get_or_insert_with(Told::default).stalled = true;
    }
    Ok(())
}
