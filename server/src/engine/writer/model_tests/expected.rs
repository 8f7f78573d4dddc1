//! One task as the protocol says it must be.

use super::flaws::{Flaw, is};
use crate::{
    domain::{LeaseToken, State, TaskError, TaskView, lease::Reported},
    engine::NewTask,
};

#[derive(Clone, Debug)]
pub struct Expected {
    pub state: State,
    pub priority: i32,
    pub only: Option<String>,
    pub attempt: u32,
    pub max_attempts: u32,
    pub per_round: u32,
    pub fence: u64,
    pub timeout: Option<u64>,
    pub lease: Option<Held>,
    pub cancel_at: Option<i64>,
    pub due: Option<i64>,
    /// The type of the error of a task that failed or was cancelled.
    pub error: Option<String>,
    /// How its worker ended its last attempt.
    pub ended: Option<(LeaseToken, String)>,
    /// The step at which it was queued: who was queued in an earlier one goes first.
    pub queued_in: usize,
    pub rounds: usize,
}

#[derive(Clone, Debug)]
pub struct Held {
    pub token: LeaseToken,
    pub seconds: u64,
    pub expires: i64,
    pub since: i64,
    /// The last report's number and answer.
    pub last: Option<(u64, Reported)>,
}

impl Expected {
    pub fn new(new: &NewTask, now: i64, step: usize, flaw: Option<Flaw>) -> Self {
        let due = new.run_at.map(|at| at.0).filter(|at| *at > now);
        let due = due.filter(|_| !is(flaw, Flaw::RunAtIgnored));
        Expected {
            state: if due.is_some() { State::Scheduled } else { State::Queued },
            priority: new.priority,
            only: new.worker.clone(),
            attempt: 0,
            max_attempts: new.max_attempts.unwrap_or(NewTask::DEFAULT_MAX_ATTEMPTS),
            per_round: new.max_attempts.unwrap_or(NewTask::DEFAULT_MAX_ATTEMPTS),
            fence: 0,
            timeout: new.timeout_seconds,
            lease: None,
            cancel_at: None,
            due,
            error: None,
            ended: None,
            queued_in: step,
            rounds: 1,
        }
    }

    pub fn may_go_to(&self, worker: &str, flaw: Option<Flaw>) -> bool {
        let anybody = is(flaw, Flaw::OnlyWorkerIgnored);
        self.state == State::Queued
            && (anybody || self.only.as_ref().is_none_or(|only| only == worker))
    }

    /// Its place in the line: lower goes first.
    pub fn rank(&self, flaw: Option<Flaw>) -> (i32, i64) {
        let priority = if is(flaw, Flaw::PriorityIgnored) { 0 } else { self.priority };
        let place = self.queued_in as i64;
        (-priority, if is(flaw, Flaw::NewestFirst) { -place } else { place })
    }

    pub fn held_by(&self, token: &LeaseToken, flaw: Option<Flaw>) -> bool {
        let any = is(flaw, Flaw::StaleTokenAccepted);
        self.lease.as_ref().is_some_and(|held| any || held.token == *token)
    }

    pub fn start(&mut self, token: LeaseToken, seconds: u64, now: i64, flaw: Option<Flaw>) {
        self.fence += u64::from(!is(flaw, Flaw::FenceStays));
        self.state = State::Running;
        self.attempt += 1;
        self.ended = None;
        let expires = now + seconds as i64 * 1000;
        self.lease = Some(Held { token, seconds, expires, since: now, last: None });
    }

    pub fn succeed(&mut self, flaw: Option<Flaw>) {
        self.lease = None;
        let asked = self.cancel_at.take().is_some();
        if asked && is(flaw, Flaw::CancelUndoesSuccess) {
            return self.cancel();
        }
        self.state = State::Succeeded;
    }

    pub fn cancel(&mut self) {
        self.lease = None;
        self.cancel_at = None;
        self.state = State::Cancelled;
        self.error = Some(TaskError::CANCELLED.to_owned());
    }

    pub fn release(&mut self, step: usize, flaw: Option<Flaw>) {
        self.lease = None;
        if self.cancel_at.take().is_some() && !is(flaw, Flaw::CancelForgottenByRelease) {
            return self.cancel();
        }
        self.state = State::Queued;
        self.attempt -= u32::from(!is(flaw, Flaw::ReleaseCounts));
        if is(flaw, Flaw::ReleaseLosesItsPlace) {
            self.queued_in = step;
        }
    }

    /// An attempt that failed with an error of this type; its next one begins at `due`.
    pub fn fail(&mut self, error: &str, retryable: bool, due: Option<i64>, flaw: Option<Flaw>) {
        self.lease = None;
        if self.cancel_at.take().is_some() && !is(flaw, Flaw::CancelForgottenByFailure) {
            return self.cancel();
        }
        let left = self.attempt < self.max_attempts || is(flaw, Flaw::AttemptsNeverEnd);
        if left && (retryable || is(flaw, Flaw::LastWordIgnored)) {
            self.due = due;
            self.state = State::Retrying;
        } else {
            self.state = State::Failed;
            self.error = Some(error.to_owned());
        }
    }

    pub fn retry(&mut self, step: usize, flaw: Option<Flaw>) {
        self.state = State::Queued;
        if !is(flaw, Flaw::RetryGrantsNothing) {
            self.max_attempts = self.attempt + self.per_round;
        }
        self.queued_in = step;
        self.error = None;
        self.ended = None;
        self.rounds += 1;
    }

    /// Why its attempt is over at this time, if it is; the cancel's grace has the first word.
    pub fn over(&self, now: i64, grace: u64, flaw: Option<Flaw>) -> Option<&'static str> {
        let held = self.lease.as_ref()?;
        let passed = |since: i64, seconds: u64| since + seconds as i64 * 1000 <= now;
        let late = self.timeout.is_some_and(|seconds| passed(held.since, seconds));
        if self.cancel_at.is_some_and(|at| passed(at, grace)) && !is(flaw, Flaw::GraceIgnored) {
            Some(TaskError::CANCELLED)
        } else if late && !is(flaw, Flaw::TimeoutIgnored) {
            Some(TaskError::TIMEOUT)
        } else if held.expires <= now && !is(flaw, Flaw::ExpiryIgnored) {
            Some(TaskError::LEASE_EXPIRED)
        } else {
            None
        }
    }

    /// The task must look like this.
    pub fn looks(&self) -> Looks {
        Looks {
            state: self.state,
            attempt: self.attempt,
            max_attempts: self.max_attempts,
            cancel_requested: self.cancel_at.is_some(),
            error: self.error.clone(),
            held: self.lease.is_some(),
        }
    }
}

/// What the model says of a task that everybody may see.
#[derive(Debug, PartialEq)]
pub struct Looks {
    state: State,
    attempt: u32,
    max_attempts: u32,
    cancel_requested: bool,
    error: Option<String>,
    held: bool,
}

impl From<&TaskView> for Looks {
    fn from(task: &TaskView) -> Self {
        Looks {
            state: task.state,
            attempt: task.attempt,
            max_attempts: task.max_attempts,
            cancel_requested: task.cancel_requested,
            error: task.error.as_ref().map(|error| error.kind.clone()),
            held: task.worker.is_some() && task.state == State::Running,
        }
    }
}
