//! The protocol written a second time: what each deed must be answered, and what it must leave.

use std::collections::BTreeMap;

use super::{
    deviation::{Deviation, holds, same},
    expected::{Expected, Looks},
    flaws::{Flaw, is},
    rig::{Deed, GRACE, Seen, What},
};
use crate::{
    domain::{LeaseToken, Refusal, State, TaskError, TaskId},
    engine::{Acquire, Command, Outcome, Reply},
};

/// The longest a task waits for its next attempt when its worker does not say how long.
const LONGEST_BACKOFF: i64 = 300_000;

#[derive(Default)]
pub struct Model {
    tasks: BTreeMap<TaskId, Expected>,
    step: usize,
    now: i64,
    /// The one rule that this model has wrong.
    flaw: Option<Flaw>,
}

impl Deed {
    /// That it was allowed, or not; a refusal has written nothing.
    fn was(&self, allowed: bool) -> Result<(), Deviation> {
        same("whether it is allowed", self.answer.is_ok(), allowed)?;
        if allowed { Ok(()) } else { self.wrote_nothing() }
    }

    fn wrote_nothing(&self) -> Result<(), Deviation> {
        same("events where nothing changes", self.events.unwrap_or(0), 0)
    }

    /// The same of a call that shows a token: it is refused in one way only.
    fn was_by_holder(&self, allowed: bool) -> Result<(), Deviation> {
        self.was(allowed)?;
        let lost =
            |refusal: &Refusal| matches!(refusal, Refusal::LeaseLost(_) | Refusal::TaskNotFound(_));
        holds("a lost lease is called so", self.answer.as_ref().err().is_none_or(lost))
    }
}

impl Model {
    pub fn with(flaw: Flaw) -> Self {
        Model { flaw: Some(flaw), ..Model::default() }
    }

    /// How many terminal events each task must have.
    pub fn rounds(&self) -> BTreeMap<TaskId, usize> {
        let ended = |task: &Expected| task.rounds - usize::from(!task.state.is_done());
        self.tasks.iter().map(|(id, task)| (id.clone(), ended(task))).collect()
    }

    /// Does the deeds of one step to the model, and holds it against what came of them.
    pub fn hold(&mut self, deeds: &[Deed], seen: &Seen) -> Result<(), Deviation> {
        for deed in deeds {
            self.step += 1;
            self.now = deed.now;
            self.play(deed, seen).map_err(|it| it.at(format!("step {}", self.step)))?;
        }
        self.compare(seen).map_err(|it| it.at(format!("after step {}", self.step)))
    }

    fn play(&mut self, deed: &Deed, seen: &Seen) -> Result<(), Deviation> {
        match &deed.what {
            What::Command(command) => {
                let place = || format!("{command:?}, answered {:?}", deed.answer);
                self.command(command, deed).map_err(|deviation| deviation.at(place()))
            }
            What::TimePassed => self.time_passed(seen),
            What::Restart => {
                self.restart();
                Ok(())
            }
        }
    }

    fn compare(&self, seen: &Seen) -> Result<(), Deviation> {
        same("the tasks there are", seen.keys().collect(), self.tasks.keys().collect::<Vec<_>>())?;
        for (expected, task) in self.tasks.values().zip(seen.values()) {
            same("a task's row", Looks::from(task), expected.looks())
                .map_err(|it| it.at(task.id.to_string()))?;
        }
        Ok(())
    }

    fn command(&mut self, command: &Command, deed: &Deed) -> Result<(), Deviation> {
        match command {
            Command::Submit { task: new, .. } => {
                deed.was(true)?;
                let Ok(Reply::Task(task)) = &deed.answer else { return Ok(()) };
                let expected = Expected::new(new, self.now, self.step, self.flaw);
                self.tasks.insert(task.id.clone(), expected);
                Ok(())
            }
            Command::Acquire(wish) => self.lease(wish, deed),
            Command::Report { id, token, report } => {
                self.report(id, token, report.sequence.unwrap_or(0), deed)
            }
            Command::End { id, token, outcome } => self.end(id, token, outcome, deed),
            Command::Cancel { id, .. } => self.cancel(id, deed),
            Command::Retry { id, .. } => self.retry(id, deed),
            Command::Delete { id } => self.delete(id, deed),
            other => Err(Deviation(format!("the model does not know {other:?}"))),
        }
    }

    fn lease(&mut self, wish: &Acquire, deed: &Deed) -> Result<(), Deviation> {
        deed.was(true)?;
        let Ok(Reply::Leases(given)) = &deed.answer else { return Ok(()) };
        let flaw = self.flaw;
        let ready = self.tasks.values().filter(|task| task.may_go_to(&wish.worker, flaw));
        let mut ready: Vec<_> = ready.map(|task| task.rank(flaw)).collect();
        ready.sort_unstable();
        ready.truncate(wish.max_tasks as usize);
        let mut ranks = Vec::new();
        for lease in given {
            let task = self.tasks.get(&lease.task.id);
            let task = task.filter(|task| task.may_go_to(&wish.worker, flaw));
            holds("only a task that is ready is leased", task.is_some())?;
            ranks.extend(task.map(|task| task.rank(flaw)));
        }
        same("the best ready tasks, in their order", ranks, ready)?;
        for lease in given {
            let Some(task) = self.tasks.get_mut(&lease.task.id) else { continue };
            task.start(lease.token.clone(), wish.lease_seconds, self.now, flaw);
            same("the fence", lease.fence, task.fence)?;
            let expires = task.lease.as_ref().map(|held| held.expires);
            same("the lease's end", Some(lease.expires_at.0), expires)?;
        }
        Ok(())
    }

    fn report(
        &mut self,
        id: &TaskId,
        token: &LeaseToken,
        sequence: u64,
        deed: &Deed,
    ) -> Result<(), Deviation> {
        let flaw = self.flaw;
        let task = self.tasks.get_mut(id).filter(|task| task.held_by(token, flaw));
        let Some(task) = task else { return deed.was_by_holder(false) };
        let asked = task.cancel_at.is_some();
        let Some(held) = task.lease.as_mut() else { return deed.was_by_holder(false) };
        let renewed = self.now + held.seconds as i64 * 1000;
        match held.last.as_ref() {
            Some((last, _)) if sequence < *last && !is(flaw, Flaw::SequenceIgnored) => {
                let low = matches!(deed.answer, Err(Refusal::SequenceTooLow { .. }));
                holds("a lower sequence is refused as that", low)?;
                return deed.was(false);
            }
            Some((last, first)) if sequence == *last => {
                deed.was(true)?;
                deed.wrote_nothing()?;
                let Ok(Reply::Reported(again)) = &deed.answer else { return Ok(()) };
                if is(flaw, Flaw::RepeatedReportRenews) {
                    held.expires = renewed;
                }
                return same("the first answer again", again, first);
            }
            _ => deed.was(true)?,
        }
        let Ok(Reply::Reported(answer)) = &deed.answer else { return Ok(()) };
        same("a cancel is told", answer.cancel_requested, asked)?;
        same("the lease's new end", answer.lease_expires_at.0, renewed)?;
        if !is(flaw, Flaw::ReportDoesNotRenew) {
            held.expires = renewed;
        }
        held.last = Some((sequence, answer.clone()));
        Ok(())
    }

    fn end(
        &mut self,
        id: &TaskId,
        token: &LeaseToken,
        outcome: &Outcome,
        deed: &Deed,
    ) -> Result<(), Deviation> {
        let (flaw, now, step) = (self.flaw, self.now, self.step);
        let said = (token.clone(), format!("{outcome:?}"));
        let Some(task) = self.tasks.get_mut(id) else { return deed.was_by_holder(false) };
        if !task.held_by(token, flaw) {
            let again = task.ended.as_ref() == Some(&said);
            deed.was_by_holder(again && !is(flaw, Flaw::RepeatedEndRefused))?;
            return deed.wrote_nothing();
        }
        deed.was_by_holder(true)?;
        task.ended = Some(said);
        match outcome {
            Outcome::Complete { .. } => task.succeed(flaw),
            Outcome::Release => task.release(step, flaw),
            Outcome::Fail { error, retryable, retry_after_seconds } => {
                let wait = retry_after_seconds.unwrap_or(0) as i64 * 1000;
                let wait = if is(flaw, Flaw::RetryAfterIgnored) { 0 } else { wait };
                task.fail(&error.kind, *retryable, Some(now + wait), flaw);
            }
        }
        Ok(())
    }

    fn cancel(&mut self, id: &TaskId, deed: &Deed) -> Result<(), Deviation> {
        let Some(task) = self.tasks.get_mut(id) else { return deed.was(false) };
        deed.was(!matches!(task.state, State::Succeeded | State::Failed))?;
        match task.state {
            State::Running => task.cancel_at = task.cancel_at.or(Some(self.now)),
            State::Scheduled | State::Queued | State::Retrying
                if !is(self.flaw, Flaw::CancelOfWaitingForgotten) =>
            {
                task.cancel();
            }
            _ => {}
        }
        Ok(())
    }

    fn retry(&mut self, id: &TaskId, deed: &Deed) -> Result<(), Deviation> {
        let Some(task) = self.tasks.get_mut(id) else { return deed.was(false) };
        let success = task.state == State::Succeeded && is(self.flaw, Flaw::SuccessRetried);
        let allowed = matches!(task.state, State::Failed | State::Cancelled) || success;
        deed.was(allowed)?;
        if allowed {
            task.retry(self.step, self.flaw);
        }
        Ok(())
    }

    fn delete(&mut self, id: &TaskId, deed: &Deed) -> Result<(), Deviation> {
        let task = self.tasks.get(id);
        let alive = is(self.flaw, Flaw::AliveDeleted);
        let allowed = task.is_some_and(|task| alive || task.state.is_done());
        deed.was(allowed)?;
        if allowed {
            self.tasks.remove(id);
        }
        Ok(())
    }

    /// What must have happened by itself.
    fn time_passed(&mut self, seen: &Seen) -> Result<(), Deviation> {
        let (now, step, flaw) = (self.now, self.step, self.flaw);
        for (id, task) in &mut self.tasks {
            if let State::Scheduled | State::Retrying = task.state
                && task.due.is_some_and(|due| due <= now)
            {
                task.state = State::Queued;
                task.queued_in = step;
            } else if let Some(why) = task.over(now, GRACE, flaw) {
                // How long it waits is drawn by lot; the model only knows the bounds.
                let due = seen.get(id).and_then(|task| task.run_at).map(|due| due.0);
                task.fail(why, true, due, flaw);
                if is(flaw, Flaw::ExpiryCostsNothing) && why == TaskError::LEASE_EXPIRED {
                    task.attempt -= 1;
                }
                if task.state == State::Retrying {
                    let wait = task.due.map_or(-1, |due| due - now);
                    holds("the backoff has bounds", (0..=LONGEST_BACKOFF).contains(&wait))?;
                }
            }
        }
        Ok(())
    }

    /// A restart gives every lease its whole time again, and every cancelled worker its grace.
    fn restart(&mut self) {
        for task in self.tasks.values_mut() {
            if let Some(held) = task.lease.as_mut()
                && !is(self.flaw, Flaw::RestartKeepsLeases)
            {
                held.expires = self.now + held.seconds as i64 * 1000;
            }
            task.cancel_at = task.cancel_at.map(|_| self.now);
        }
    }
}
