//! A task that is to be made.

use serde::{Deserialize, Serialize};

use super::{
    FieldError, Labels, RawJson, TaskId, Timestamp,
    after::{AfterFailure, MAX_AFTER},
    checks::{self, Errors},
    family::{ChildFailure, MAX_WEIGHT},
    kind::Inspected,
    progress::{MAX_SILENCE_SECONDS, Stage},
    trace::TraceParent,
};

/// A task to be made. What is `None` the defaults of its kind say, else those of its queue, and else
/// the documentation.
///
/// Its JSON is stored (as a schedule's task, and hashed where the client chose the id), so a field
/// that a later version adds must be skipped while it is not set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NewTask {
    /// Chosen by the client; else the server makes one.
    pub id: Option<TaskId>,
    pub kind: String,
    pub queue: String,
    pub input: Option<RawJson>,
    pub labels: Labels,
    pub priority: i32,
    pub max_attempts: Option<u32>,
    pub timeout_seconds: Option<u64>,
    pub cancel_grace_seconds: u64,
    pub run_at: Option<Timestamp>,
    pub parent_id: Option<TaskId>,
    pub trace_parent: Option<String>,
    /// Who alone may lease it.
    pub worker: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay_seconds: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline_at: Option<Timestamp>,
    /// Counted from its submission.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline_seconds: Option<u64>,
    /// Of the tasks of its queue that share this, only so many run at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concurrency_key: Option<String>,
    #[serde(default, skip_serializing_if = "Backoff::is_default")]
    pub backoff: Backoff,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<Stage>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stalled_after_seconds: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention_seconds: Option<u64>,
    /// How much of its parent it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<f64>,
    /// Makes it a group: nobody leases it, it is done when its children are.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub complete_when_children_done: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub child_failure: Option<ChildFailure>,
    /// While a task of its queue with the same key is not done, no other one is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unique_key: Option<String>,
    /// The tasks that must be done before it may begin.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<TaskId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_failure: Option<AfterFailure>,
    /// By which others of the same request name it in `after`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alias: Option<TaskId>,
    /// How its input was found; nothing of the request itself.
    #[serde(skip)]
    pub inspected: Option<Inspected>,
}

/// How long a failed attempt waits for the next: any time up to `base * 2^(tries - 1)`, and up to
/// `max` at most (full jitter, so that what failed together does not come back together).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backoff {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_seconds: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_seconds: Option<u64>,
}

impl Backoff {
    pub const DEFAULT_BASE_SECONDS: u64 = 1;
    pub const DEFAULT_MAX_SECONDS: u64 = 5 * 60;
    /// The longest wait between two attempts: 30 days.
    pub const MAX_SECONDS: u64 = 30 * 24 * 3600;

    pub fn is_default(&self) -> bool {
        *self == Backoff::default()
    }

    /// What is not set here is as in `other`.
    pub fn or(self, other: Backoff) -> Self {
        Backoff {
            base_seconds: self.base_seconds.or(other.base_seconds),
            max_seconds: self.max_seconds.or(other.max_seconds),
        }
    }

    /// The milliseconds to wait after that many tries of a round.
    pub fn wait(&self, tries: u32, random: u64) -> u64 {
        let base = self.base_seconds.unwrap_or(Self::DEFAULT_BASE_SECONDS) * 1000;
        let max = self.max_seconds.unwrap_or(Self::DEFAULT_MAX_SECONDS) * 1000;
        let cap = base.saturating_mul(1 << tries.saturating_sub(1).min(32)).min(max);
        random % (cap + 1)
    }
}

impl NewTask {
    pub const DEFAULT_QUEUE: &str = "default";
    pub const DEFAULT_MAX_ATTEMPTS: u32 = 3;
    pub const MAX_ATTEMPTS: u32 = 100;
    /// The longest timeout, delay or deadline: a year.
    pub const MAX_SECONDS: u64 = 365 * 24 * 3600;
    pub const MAX_GRACE_SECONDS: u64 = 3600;
    pub const DEFAULT_CANCEL_GRACE_SECONDS: u64 = 30;
    /// The longest a done task is kept by a setting; without one it is kept for good.
    pub const MAX_RETENTION_SECONDS: u64 = 10 * 365 * 24 * 3600;
    pub const MAX_STAGES: usize = 32;
    /// The longest `trace_parent`, in bytes.
    pub const MAX_TRACE_PARENT: usize = 128;
    /// The longest `unique_key`, in characters.
    pub const MAX_UNIQUE_KEY: usize = 255;

    /// A task of `kind` with everything else as the documentation says it is by default.
    pub fn of(kind: impl Into<String>) -> Self {
        NewTask {
            id: None,
            kind: kind.into(),
            queue: Self::DEFAULT_QUEUE.to_owned(),
            input: None,
            labels: Labels::new(),
            priority: 0,
            max_attempts: None,
            timeout_seconds: None,
            cancel_grace_seconds: Self::DEFAULT_CANCEL_GRACE_SECONDS,
            run_at: None,
            parent_id: None,
            trace_parent: None,
            worker: None,
            delay_seconds: None,
            deadline_at: None,
            deadline_seconds: None,
            concurrency_key: None,
            backoff: Backoff::default(),
            stages: Vec::new(),
            stalled_after_seconds: None,
            retention_seconds: None,
            weight: None,
            complete_when_children_done: false,
            child_failure: None,
            unique_key: None,
            after: Vec::new(),
            after_failure: None,
            alias: None,
            inspected: None,
        }
    }

    /// The trace that a request's header names, unless the task names one itself. What is no
    /// `traceparent` is passed over, as the standard has it.
    pub fn traced_by(mut self, header: Option<&str>) -> Self {
        let header = header.map(str::trim).filter(|text| is_trace_parent(text));
        self.trace_parent = self.trace_parent.or_else(|| header.map(str::to_owned));
        self
    }

    /// What tells this request from another, however its JSON was spelled.
    ///
    /// Before queues had defaults an absent `max_attempts` was written as what it meant; a request's
    /// hash must not change by that.
    pub fn fingerprint(&self) -> String {
        let attempts = self.max_attempts.unwrap_or(Self::DEFAULT_MAX_ATTEMPTS);
        let said = NewTask { max_attempts: Some(attempts), ..self.clone() };
        // A struct of ours with string keys is always JSON.
        serde_json::to_string(&said).unwrap_or_default()
    }

    /// About how many bytes it holds while it waits.
    pub fn size(&self) -> usize {
        512 + self.after.len() * 64 + self.input.as_ref().map_or(0, |input| input.get().len())
    }

    /// What is wrong with it by itself; whether its parent exists and its queue is free to use, the
    /// engine says.
    pub fn check(&self, errors: &mut Errors) {
        errors.take(checks::name("kind", &self.kind));
        errors.take(checks::name("queue", &self.queue));
        errors.take(checks::labels(&self.labels));
        errors.take(check_priority(self.priority));
        if let Some(attempts) = self.max_attempts {
            errors.take(checks::range("max_attempts", attempts, 1, Self::MAX_ATTEMPTS));
        }
        let grace = self.cancel_grace_seconds;
        errors.take(checks::range("cancel_grace_seconds", grace, 0, Self::MAX_GRACE_SECONDS));
        for (field, value, min, max) in [
            ("timeout_seconds", self.timeout_seconds, 1, Self::MAX_SECONDS),
            ("delay_seconds", self.delay_seconds, 0, Self::MAX_SECONDS),
            ("deadline_seconds", self.deadline_seconds, 1, Self::MAX_SECONDS),
            ("backoff_base_seconds", self.backoff.base_seconds, 0, Backoff::MAX_SECONDS),
            ("backoff_max_seconds", self.backoff.max_seconds, 0, Backoff::MAX_SECONDS),
            ("stalled_after_seconds", self.stalled_after_seconds, 1, MAX_SILENCE_SECONDS),
            ("retention_seconds", self.retention_seconds, 0, Self::MAX_RETENTION_SECONDS),
        ] {
            if let Some(value) = value {
                errors.take(checks::range(field, value, min, max));
            }
        }
        if self.trace_parent.as_deref().is_some_and(|text| !is_trace_parent(text)) {
            let message = "is no traceparent of W3C, e.g. \
                           00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
            errors.take(checks::error("trace_parent", message));
        }
        for (field, name) in [("worker", &self.worker), ("concurrency_key", &self.concurrency_key)]
        {
            if let Some(name) = name {
                errors.take(checks::name(field, name));
            }
        }
        if self.run_at.is_some() && self.delay_seconds.is_some() {
            errors.take(checks::error("delay_seconds", "give either run_at or delay_seconds"));
        }
        if self.deadline_at.is_some() && self.deadline_seconds.is_some() {
            let message = "give either deadline_at or deadline_seconds";
            errors.take(checks::error("deadline_seconds", message));
        }
        errors.take(check_stages("stages", &self.stages));
        if let Some(key) = &self.unique_key {
            errors.take(checks::word("unique_key", key, Self::MAX_UNIQUE_KEY));
        }
        self.check_family(errors);
        self.check_after(errors);
    }

    fn check_after(&self, errors: &mut Errors) {
        if self.after.len() > MAX_AFTER {
            errors.take(checks::error("after", format!("must have at most {MAX_AFTER} entries")));
        }
        for (at, id) in self.after.iter().enumerate().take(MAX_AFTER) {
            if self.after[..at].contains(id) {
                errors.take(checks::error(&format!("after[{at}]"), "stands here twice"));
            }
        }
        if self.after_failure.is_some() && self.after.is_empty() {
            errors.take(checks::error("after_failure", "says nothing without after"));
        }
    }

    fn check_family(&self, errors: &mut Errors) {
        let weight = self.weight.unwrap_or(1.0);
        if !weight.is_finite() || weight <= 0.0 || weight > MAX_WEIGHT {
            errors.take(checks::error("weight", "must be more than 0 and at most 1000000"));
        }
        if !self.complete_when_children_done {
            if self.child_failure.is_some() {
                let message = "says nothing without complete_when_children_done";
                errors.take(checks::error("child_failure", message));
            }
            return;
        }
        for (field, set) in [
            ("run_at", self.run_at.is_some()),
            ("delay_seconds", self.delay_seconds.is_some()),
            ("worker", self.worker.is_some()),
            ("timeout_seconds", self.timeout_seconds.is_some()),
            ("concurrency_key", self.concurrency_key.is_some()),
            ("stages", !self.stages.is_empty()),
            ("after", !self.after.is_empty()),
        ] {
            if set {
                let message = "is for tasks that a worker takes, and nobody takes one with \
                               complete_when_children_done";
                errors.take(checks::error(field, message));
            }
        }
    }
}

/// Later versions may add to the end, so what stands there is bounded here.
fn is_trace_parent(text: &str) -> bool {
    let fits = text.len() <= NewTask::MAX_TRACE_PARENT && !text.chars().any(char::is_control);
    fits && TraceParent::parse(text).is_some()
}

pub fn check_priority(priority: i32) -> Result<(), FieldError> {
    checks::range("priority", priority, -100, 100)
}

/// Stages have names of their own and weights above 0.
pub fn check_stages(field: &str, stages: &[Stage]) -> Result<(), FieldError> {
    if stages.len() > NewTask::MAX_STAGES {
        return checks::error(field, format!("must have at most {} entries", NewTask::MAX_STAGES));
    }
    for (at, stage) in stages.iter().enumerate() {
        checks::name(&format!("{field}[{at}].name"), &stage.name)?;
        if !stage.weight.is_finite() || stage.weight <= 0.0 || stage.weight > 1e6 {
            let message = "must be more than 0 and at most 1000000";
            return checks::error(&format!("{field}[{at}].weight"), message);
        }
        if stages[..at].iter().any(|other| other.name == stage.name) {
            return checks::error(&format!("{field}[{at}].name"), "stands here twice");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_cap_and_are_random_below_it() {
        let backoff = Backoff { base_seconds: Some(2), max_seconds: Some(10) };
        assert_eq!(backoff.wait(1, 2000), 2000);
        assert_eq!(backoff.wait(1, 2001), 0);
        assert_eq!(backoff.wait(2, 4000), 4000);
        assert_eq!(backoff.wait(9, 10_000), 10_000);
        assert_eq!(backoff.wait(100, 10_001), 0);
        assert_eq!(Backoff { base_seconds: Some(0), max_seconds: None }.wait(5, 77), 0);
    }

    #[test]
    fn what_a_queue_may_decide_does_not_change_a_requests_fingerprint() {
        let new = NewTask::of("k");
        assert!(new.fingerprint().contains("\"max_attempts\":3"));
        assert!(!new.fingerprint().contains("backoff"));
    }
}
