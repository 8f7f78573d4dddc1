//! One task as the protocol says it must be.

use std::collections::BTreeSet;

use super::{
    flaws::{Flaw, is},
    told::Told,
};
use crate::{
    domain::{
        AfterFailure, ChildFailure, Ending, LeaseToken, State, TaskError, TaskId, lease::Reported,
        progress,
    },
    engine::{NewTask, Report},
};

/// Where a task stands in line: the step at which it was queued, and its place among those that
/// were queued in that step.
pub type Queued = (usize, u64);

#[derive(Clone, Debug)]
pub struct Expected {
    pub state: State,
    pub queue: String,
    pub key: Option<String>,
    /// It waits for a place of its key.
    pub parked: bool,
    pub priority: i32,
    pub only: Option<String>,
    pub attempt: u32,
    pub max_attempts: u32,
    pub per_round: u32,
    pub fence: u64,
    pub timeout: Option<u64>,
    pub silence: u64,
    pub staged: bool,
    pub retention: Option<u64>,
    /// Its queue would keep it no longer, but it still had children at work.
    pub outstayed: bool,
    pub bodies_dropped: bool,
    pub deadline: Option<i64>,
    pub lease: Option<Held>,
    pub cancel_at: Option<i64>,
    pub due: Option<i64>,
    pub done_at: Option<i64>,
    pub told: Option<Told>,
    /// The attempts that have ended: their numbers, how they ended, and with which error.
    pub attempts: Vec<(u32, Ending, Option<String>)>,
    /// The type of the error of a task that failed or was cancelled.
    pub error: Option<String>,
    /// How its worker ended its last attempt.
    pub ended: Option<(LeaseToken, String)>,
    /// Who was queued earlier goes first.
    pub queued: Queued,
    pub rounds: usize,
    /// When it was made.
    pub born: Queued,
    pub parent: Option<TaskId>,
    /// How many stand above it.
    pub depth: usize,
    pub weight: f64,
    /// It has, or had, a child.
    pub parented: bool,
    /// It waits for its children; whether for all of them, though one has failed.
    pub group: Option<bool>,
    pub unique: Option<String>,
    /// What it is after, and what of that it waits for.
    pub after: Vec<TaskId>,
    pub open: BTreeSet<TaskId>,
    /// What has ended since and is still to reach it: whether that was lost.
    pub ends: Vec<bool>,
    /// It runs however those end.
    pub anyway: bool,
}

#[derive(Clone, Debug)]
pub struct Held {
    pub token: LeaseToken,
    pub seconds: u64,
    pub expires: i64,
    pub since: i64,
    /// When more than a heartbeat came last.
    pub heard: i64,
    /// The last report's number and answer.
    pub last: Option<(u64, Reported)>,
}

impl Expected {
    pub fn new(new: &NewTask, now: i64, queued: Queued, flaw: Option<Flaw>) -> Self {
        let due = new.run_at.map(|at| at.0).filter(|at| *at > now);
        let due = due.filter(|_| !is(flaw, Flaw::RunAtIgnored));
        let mut task = Expected {
            state: State::Scheduled,
            queue: new.queue.clone(),
            key: new.concurrency_key.clone().filter(|_| !is(flaw, Flaw::KeysIgnored)),
            parked: false,
            priority: new.priority,
            only: new.worker.clone(),
            attempt: 0,
            max_attempts: new.max_attempts.unwrap_or(NewTask::DEFAULT_MAX_ATTEMPTS),
            per_round: new.max_attempts.unwrap_or(NewTask::DEFAULT_MAX_ATTEMPTS),
            fence: 0,
            timeout: new.timeout_seconds,
            silence: new.stalled_after_seconds.unwrap_or(progress::DEFAULT_SILENCE_SECONDS),
            staged: !new.stages.is_empty(),
            retention: new.retention_seconds,
            outstayed: false,
            bodies_dropped: false,
            deadline: new.deadline_at.map(|at| at.0),
            lease: None,
            cancel_at: None,
            due,
            done_at: None,
            told: None,
            attempts: Vec::new(),
            error: None,
            ended: None,
            queued,
            rounds: 1,
            born: queued,
            parent: new.parent_id.clone(),
            depth: 0,
            weight: new.weight.unwrap_or(1.0),
            parented: false,
            group: None,
            unique: new.unique_key.clone(),
            after: new.after.clone(),
            open: BTreeSet::new(),
            ends: Vec::new(),
            anyway: new.after_failure == Some(AfterFailure::Run),
        };
        if new.complete_when_children_done {
            task.group = Some(new.child_failure == Some(ChildFailure::Collect));
            task.state = State::Running;
        } else if due.is_none() {
            task.wait();
        }
        task
    }

    /// Puts it into the line; with a key it waits for a place first.
    pub fn wait(&mut self) {
        self.state = State::Queued;
        self.parked = self.key.is_some();
    }

    pub fn may_go_to(&self, worker: &str, flaw: Option<Flaw>) -> bool {
        let anybody = is(flaw, Flaw::OnlyWorkerIgnored);
        self.state == State::Queued
            && (!self.parked || is(flaw, Flaw::ParkedLeased))
            && (anybody || self.only.as_ref().is_none_or(|only| only == worker))
    }

    /// Its place in the line: lower goes first.
    pub fn rank(&self, flaw: Option<Flaw>) -> (i32, i64, i64) {
        let priority = if is(flaw, Flaw::PriorityIgnored) { 0 } else { self.priority };
        let (step, place) = (self.queued.0 as i64, self.queued.1 as i64);
        let newest = is(flaw, Flaw::NewestFirst);
        let (step, place) = if newest { (-step, -place) } else { (step, place) };
        (-priority, step, place)
    }

    pub fn held_by(&self, token: &LeaseToken, flaw: Option<Flaw>) -> bool {
        let any = is(flaw, Flaw::StaleTokenAccepted);
        self.lease.as_ref().is_some_and(|held| any || held.token == *token)
    }

    pub fn start(&mut self, token: LeaseToken, seconds: u64, now: i64, flaw: Option<Flaw>) {
        self.fence += u64::from(!is(flaw, Flaw::FenceStays));
        self.state = State::Running;
        self.parked = false;
        self.attempt += 1;
        self.ended = None;
        if !is(flaw, Flaw::PercentStaysForTheNext) {
            self.told = None;
        }
        let expires = now + seconds as i64 * 1000;
        self.lease = Some(Held { token, seconds, expires, since: now, heard: now, last: None });
    }

    /// A report that counts, at this time.
    pub fn hear(&mut self, report: &Report, now: i64, flaw: Option<Flaw>) {
        self.told = Told::after(self.told.as_ref(), report, self.staged, flaw);
        if !report.says_something() && !is(flaw, Flaw::HeartbeatSaysSomething) {
            return;
        }
        if let Some(held) = &mut self.lease {
            held.heard = now;
        }
        if let Some(told) = self.told.as_mut().filter(|_| !is(flaw, Flaw::StallStays)) {
            told.stalled = false;
        }
    }

    /// The attempt is over; its history keeps how.
    fn leave(&mut self, ending: Ending, error: Option<&str>, flaw: Option<Flaw>) {
        let forgotten = ending == Ending::Released && is(flaw, Flaw::ReleasedAttemptForgotten);
        if self.lease.take().is_some() && !forgotten {
            self.attempts.push((self.attempt, ending, error.map(str::to_owned)));
        }
        self.parked = false;
    }

    pub fn succeed(&mut self, now: i64, flaw: Option<Flaw>) {
        let asked = self.cancel_at.take().is_some();
        if asked && is(flaw, Flaw::CancelUndoesSuccess) {
            return self.cancel(now, flaw);
        }
        self.leave(Ending::Succeeded, None, flaw);
        self.state = State::Succeeded;
        self.done_at = Some(now);
        self.told.iter_mut().for_each(Told::complete);
    }

    pub fn cancel(&mut self, now: i64, flaw: Option<Flaw>) {
        self.leave(Ending::Cancelled, None, flaw);
        self.cancel_at = None;
        self.state = State::Cancelled;
        self.done_at = Some(now);
        self.error = Some(TaskError::CANCELLED.to_owned());
    }

    pub fn release(&mut self, queued: Queued, now: i64, flaw: Option<Flaw>) {
        if self.cancel_at.take().is_some() && !is(flaw, Flaw::CancelForgottenByRelease) {
            return self.cancel(now, flaw);
        }
        self.leave(Ending::Released, None, flaw);
        self.wait();
        self.attempt -= u32::from(!is(flaw, Flaw::ReleaseCounts));
        if is(flaw, Flaw::ReleaseLosesItsPlace) {
            self.queued = queued;
        }
    }

    /// An attempt that failed with an error of this type; its next one begins at `due`.
    pub fn fail(
        &mut self,
        error: &str,
        retryable: bool,
        due: Option<i64>,
        now: i64,
        flaw: Option<Flaw>,
    ) {
        if self.cancel_at.take().is_some() && !is(flaw, Flaw::CancelForgottenByFailure) {
            return self.cancel(now, flaw);
        }
        self.leave(Ending::Failed, Some(error), flaw);
        let left = self.attempt < self.max_attempts || is(flaw, Flaw::AttemptsNeverEnd);
        if left && (retryable || is(flaw, Flaw::LastWordIgnored)) {
            self.due = due;
            self.state = State::Retrying;
        } else {
            self.state = State::Failed;
            self.done_at = Some(now);
            self.error = Some(error.to_owned());
        }
    }

    pub fn retry(&mut self, queued: Queued, now: i64, flaw: Option<Flaw>) {
        if !is(flaw, Flaw::RetryGrantsNothing) {
            self.max_attempts = self.attempt + self.per_round;
        }
        let passed = |deadline: &i64| *deadline <= now && !is(flaw, Flaw::RetryKeepsDeadline);
        self.deadline = self.deadline.filter(|deadline| !passed(deadline));
        self.queued = queued;
        (self.error, self.ended, self.told, self.done_at) = (None, None, None, None);
        self.outstayed = false;
        self.rounds += 1;
        match self.group {
            Some(_) => self.state = State::Running,
            None => self.wait(),
        }
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
}
