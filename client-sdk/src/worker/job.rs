//! What a handler is given: its input, and a way to speak while it works.

use std::{
    ops::Deref,
    sync::{Arc, Mutex, PoisonError},
};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use tokio::sync::{Notify, watch};

use super::{buffer::Buffer, failure::Failure, hold::Outcome, progress::Progress, report::Batch};
use crate::types::{self, LogLevel, StageDefinition};

/// Why a job should end early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stop {
    /// Somebody cancelled the task. A job that ends with a failure now is cancelled; one that
    /// finishes all the same has succeeded.
    Cancelled,
    /// The worker is shutting down. A job that ends with a failure now is given back, and another
    /// worker goes on from its checkpoint.
    ShuttingDown,
    /// The lease is lost: the attempt is somebody else's, and whatever this job still does counts
    /// for nothing.
    LeaseLost,
}

/// The side of a lease that the job sees. Cheap to clone, and usable from any thread: nothing here
/// waits for the server.
#[derive(Clone)]
pub struct Reporter {
    shared: Arc<Shared>,
}

pub(crate) struct Shared {
    said: Mutex<Said>,
    /// Something was said, or the end was.
    pub wake: Notify,
    pub stop: watch::Sender<Option<Stop>>,
}

struct Said {
    buffer: Buffer,
    outcome: Option<Outcome>,
}

impl Reporter {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Reporter { shared }
    }

    /// How far the job is: a percentage, or a [`Progress`]. Say it as often as you like; the newest
    /// word is what is sent.
    pub fn progress(&self, progress: impl Into<Progress>) {
        self.shared.say(|buffer| buffer.progress(progress.into()));
    }

    /// Declares the parts of the work, in order, at most 32, replacing those the task has: by name, or
    /// as name and weight, which is how much of the whole a part is, relative to the others.
    ///
    /// What is counted after [`Reporter::stage`] named one of them counts within it, and the whole
    /// follows from the weights.
    ///
    /// ```
    /// # use milepost_client::worker::{Job, Failure};
    /// # async fn handler(job: Job<Vec<String>>) -> Result<(), Failure> {
    /// job.stages([("fetch", 1.0), ("encode", 8.0), ("upload", 1.0)]);
    /// job.stage("fetch");
    /// job.progress(50.0); // 5 % of the whole
    /// job.stage("encode");
    /// job.progress(50.0); // 50 % of the whole
    /// # Ok(())
    /// # }
    /// ```
    pub fn stages<S: Into<StageDefinition>>(&self, stages: impl IntoIterator<Item = S>) {
        let stages = stages.into_iter().map(Into::into).collect();
        self.shared.say(|buffer| buffer.stages(stages));
    }

    /// Begins a part of the work: one of the task's stages, or any other word, which is shown and
    /// counts nothing.
    pub fn stage(&self, name: impl Into<String>) {
        self.progress(Progress::default().stage(name));
    }

    /// A line for the task's log.
    pub fn log(&self, text: impl Into<String>) {
        self.log_at(LogLevel::Info, text);
    }

    /// A line for the task's log, at a level.
    pub fn log_at(&self, level: LogLevel, text: impl Into<String>) {
        self.shared.say(|buffer| buffer.line(level, text.into()));
    }

    /// What the next attempt is to begin with, should this one be lost: any JSON, replacing the last
    /// one. The newest is sent with the next report, a moment later.
    pub fn checkpoint<C: Serialize>(&self, checkpoint: C) -> Result<(), Failure> {
        let checkpoint = serde_json::to_value(checkpoint)?;
        self.shared.say(|buffer| buffer.checkpoint(checkpoint));
        Ok(())
    }

    /// Waits until the job should end early.
    pub async fn cancelled(&self) -> Stop {
        let mut stop = self.shared.stop.subscribe();
        match stop.wait_for(Option::is_some).await.map(|stop| *stop) {
            Ok(Some(stop)) => stop,
            // The sender lives in `self`, so this cannot happen; without a lease there is nothing to
            // go on for.
            Ok(None) | Err(_) => Stop::LeaseLost,
        }
    }

    /// Whether the job should end early, and why. For loops that do not wait.
    pub fn stop(&self) -> Option<Stop> {
        *self.shared.stop.borrow()
    }

    /// Ends the job with a failure if it should end early: `job.check()?` in a loop.
    pub fn check(&self) -> Result<(), Failure> {
        match self.stop() {
            None => Ok(()),
            Some(Stop::Cancelled) => Err(Failure::new("cancelled", "the task was cancelled")),
            Some(Stop::ShuttingDown) => Err(Failure::new("stopped", "the worker is shutting down")),
            Some(Stop::LeaseLost) => Err(Failure::new("lease-lost", "the lease is lost")),
        }
    }
}

impl Shared {
    pub fn new(log_limit: Option<usize>, lease: &types::Lease) -> Arc<Self> {
        let buffer = Buffer::new(log_limit, &lease.task.stages);
        let stop = lease.cancel_requested.then_some(Stop::Cancelled);
        Arc::new(Shared {
            said: Mutex::new(Said { buffer, outcome: None }),
            wake: Notify::new(),
            stop: watch::Sender::new(stop),
        })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Said> {
        // A poisoned buffer is still a whole one: every change to it is a single push.
        self.said.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn say(&self, what: impl FnOnce(&mut Buffer)) {
        what(&mut self.lock().buffer);
        self.wake.notify_one();
    }

    pub fn warn(&self, text: String) {
        self.say(|buffer| buffer.line(LogLevel::Warn, text));
    }

    pub fn end(&self, outcome: Outcome) {
        self.lock().outcome = Some(outcome);
        self.wake.notify_one();
    }

    /// Whether there is anything to say, and whether the end was said.
    pub fn waiting(&self) -> (bool, bool) {
        let said = self.lock();
        (!said.buffer.is_empty(), said.outcome.is_some())
    }

    pub fn take(&self) -> Batch {
        self.lock().buffer.take()
    }

    pub fn outcome(&self) -> Option<Outcome> {
        self.lock().outcome.clone()
    }

    /// Tells the job to stop. A cancel is not hidden by a shutdown, and nothing hides a lost lease.
    pub fn tell_to_stop(&self, reason: Stop) {
        self.stop.send_if_modified(|stop| {
            let news = match (*stop, reason) {
                (None, _) => true,
                (Some(known), Stop::LeaseLost) => known != Stop::LeaseLost,
                (Some(Stop::ShuttingDown), Stop::Cancelled) => true,
                _ => false,
            };
            if news {
                *stop = Some(reason);
            }
            news
        });
    }
}

/// One attempt at one task, with its input read as `I`.
///
/// Everything a [`Reporter`] can do, a job can.
pub struct Job<I = Value> {
    /// What the submitter gave; `null` when that was nothing.
    pub input: I,
    /// The task's id.
    pub id: String,
    /// The task's kind.
    pub kind: String,
    /// Which attempt this is, from 1.
    pub attempt: u32,
    /// How many there may be.
    pub max_attempts: u32,
    /// Rises with every lease of the task: a place the job writes to can refuse a lower one.
    pub fence: u64,
    /// The task's labels.
    pub labels: std::collections::BTreeMap<String, String>,
    /// The W3C `traceparent` for spans of the job's own: of this attempt where the server exports traces,
    /// else what the submitter gave.
    pub trace_parent: Option<String>,
    last_checkpoint: Option<Value>,
    reporter: Reporter,
}

impl<I> Deref for Job<I> {
    type Target = Reporter;

    fn deref(&self) -> &Reporter {
        &self.reporter
    }
}

impl<I> Job<I> {
    /// What an earlier attempt left behind with [`Reporter::checkpoint`].
    pub fn last_checkpoint<C: DeserializeOwned>(&self) -> Result<Option<C>, Failure> {
        self.last_checkpoint.clone().map(serde_json::from_value).transpose().map_err(Failure::from)
    }

    /// The means to report from elsewhere, e.g. from threads the job starts.
    pub fn reporter(&self) -> Reporter {
        self.reporter.clone()
    }
}

impl Job<Value> {
    pub(crate) fn new(lease: types::Lease, reporter: Reporter) -> Self {
        let task = lease.task;
        Job {
            input: task.input.unwrap_or(Value::Null),
            id: task.id,
            kind: task.kind,
            attempt: task.attempt,
            max_attempts: task.max_attempts,
            fence: lease.fence,
            labels: task.labels,
            trace_parent: lease.trace_parent.or(task.trace_parent),
            last_checkpoint: lease.checkpoint,
            reporter,
        }
    }

    /// The same job with its input read. An input that does not fit will not fit next time either.
    pub(crate) fn read<I: DeserializeOwned>(self) -> Result<Job<I>, Failure> {
        let input = serde_json::from_value(self.input).map_err(|error| {
            Failure::new("invalid-input", "the input is not what the worker expects")
                .detail(error.to_string())
                .permanent()
        })?;
        Ok(Job {
            input,
            id: self.id,
            kind: self.kind,
            attempt: self.attempt,
            max_attempts: self.max_attempts,
            fence: self.fence,
            labels: self.labels,
            trace_parent: self.trace_parent,
            last_checkpoint: self.last_checkpoint,
            reporter: self.reporter,
        })
    }
}
