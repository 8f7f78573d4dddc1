//! What is set for queues.

use poem_openapi::{Object, types::Example};
use serde::{Deserialize, Serialize};

use super::settable::{self, Settable};
use crate::{
    api::strict,
    domain::{
        queue::{self, QueueSettings},
        retention,
    },
};

fn default_paused() -> Option<bool> {
    Some(false)
}

fn default_per_key() -> Option<u32> {
    Some(QueueSettings::default().max_concurrency_per_key)
}

/// All that is set for a queue. What is left out returns to its default; `null` is the same as
/// leaving a field out.
#[derive(Debug, Object, Deserialize)]
#[oai(example, skip_serializing_if_is_none)]
#[serde(deny_unknown_fields)]
pub struct QueueDefinition {
    /// `true`: no task of it is leased; what runs goes on.
    #[oai(default = "default_paused")]
    pub paused: Option<bool>,
    /// At most so many of its tasks run at once: 1 to 1000000. Without it, any number.
    #[oai(validator(minimum(value = "1"), maximum(value = "1000000")))]
    pub max_concurrency: Option<u32>,
    /// At most so many of its tasks with one `concurrency_key` run at once: 1 to 1000000.
    #[oai(
        default = "default_per_key",
        validator(minimum(value = "1"), maximum(value = "1000000"))
    )]
    pub max_concurrency_per_key: Option<u32>,
    /// At most so many attempts begin in a time. Without it, any number.
    #[serde(default, deserialize_with = "strict::optional_object")]
    pub rate_limit: Option<RateLimit>,
    /// What its tasks get where their submission does not say.
    #[serde(default, deserialize_with = "strict::optional_object")]
    pub defaults: Option<TaskDefaults>,
    /// What of its done tasks goes by itself, and when.
    #[serde(default, deserialize_with = "strict::optional_object")]
    pub retention: Option<Retention>,
}

/// What may change about a queue; what is left out stays as it is.
#[derive(Debug, Object, Deserialize)]
#[oai(example, skip_serializing_if_is_none)]
#[serde(deny_unknown_fields)]
pub struct QueueChange {
    /// `true`: no task of it is leased; what runs goes on.
    pub paused: Option<bool>,
    /// At most so many of its tasks run at once: 1 to 1000000. `null` takes the limit away.
    #[oai(validator(minimum(value = "1"), maximum(value = "1000000")))]
    #[serde(default)]
    pub max_concurrency: Settable<u32>,
    /// At most so many of its tasks with one `concurrency_key` run at once: 1 to 1000000.
    #[oai(validator(minimum(value = "1"), maximum(value = "1000000")))]
    pub max_concurrency_per_key: Option<u32>,
    /// At most so many attempts begin in a time; replaced as a whole. `null` takes the limit away.
    #[serde(default, deserialize_with = "settable::object")]
    pub rate_limit: Settable<RateLimit>,
    /// What its tasks get where their submission does not say; replaced as a whole, so `{}` takes
    /// all defaults away.
    #[serde(default, deserialize_with = "strict::optional_object")]
    pub defaults: Option<TaskDefaults>,
    /// What of its done tasks goes by itself, and when; replaced as a whole, so `{}` keeps everything.
    #[serde(default, deserialize_with = "strict::optional_object")]
    pub retention: Option<Retention>,
}

/// A token bucket: `limit` attempts begin in each `period_seconds`, and after a rest up to `burst`
/// at once.
#[derive(Clone, Debug, PartialEq, Object, Deserialize, Serialize)]
#[oai(example, skip_serializing_if_is_none)]
#[serde(deny_unknown_fields)]
pub struct RateLimit {
    /// How many attempts begin in a period: 1 to 1000000.
    #[oai(validator(minimum(value = "1"), maximum(value = "1000000")))]
    pub limit: u32,
    /// How long a period is, in seconds: 1 to 86400 (a day).
    #[oai(validator(minimum(value = "1"), maximum(value = "86400")))]
    pub period_seconds: u64,
    /// How many may begin at once after a rest: 1 to 1000000. Without it as many as `limit`.
    #[oai(validator(minimum(value = "1"), maximum(value = "1000000")))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub burst: Option<u32>,
}

/// What tasks of a queue, or of a kind, get where their submission does not say. It is copied when a
/// task is submitted: a later change is for later tasks. What a kind does not say, the queue says.
#[derive(Clone, Debug, Default, Object, Deserialize, Serialize)]
#[oai(example, skip_serializing_if_is_none)]
#[serde(deny_unknown_fields)]
pub struct TaskDefaults {
    /// How often a task may be tried: 1 to 100. Without it, 3.
    #[oai(validator(minimum(value = "1"), maximum(value = "100")))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_attempts: Option<u32>,
    /// How long one attempt may take, in seconds: 1 to 31536000 (a year). Without it, as long as its
    /// worker reports.
    #[oai(validator(minimum(value = "1"), maximum(value = "31536000")))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout_seconds: Option<u64>,
    /// A failed attempt waits for the next one any time up to this, doubled with every further
    /// attempt, in seconds: 0 to 2592000 (30 days). Without it, 1.
    #[oai(validator(maximum(value = "2592000")))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backoff_base_seconds: Option<u64>,
    /// The longest a failed attempt waits for the next one, in seconds: 0 to 2592000 (30 days).
    /// Without it, 300.
    #[oai(validator(maximum(value = "2592000")))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backoff_max_seconds: Option<u64>,
    /// After so long without more than a heartbeat a task's progress is shown as `stalled`, in
    /// seconds: 1 to 86400 (a day). Without it, 60.
    #[oai(validator(minimum(value = "1"), maximum(value = "86400")))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stalled_after_seconds: Option<u64>,
    /// How long a task is kept once it is done, in seconds: 0 to 315360000 (ten years). Without it,
    /// for good.
    #[oai(validator(maximum(value = "315360000")))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retention_seconds: Option<u64>,
}

/// What of a queue's done tasks goes by itself, and how long after their end. It holds for all of them,
/// also for those that were done before it was set. What is left out is kept for good.
#[derive(Clone, Debug, Default, Object, Deserialize, Serialize)]
#[oai(example, skip_serializing_if_is_none)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// When the task itself is deleted, in seconds: 0 to 315360000 (ten years). The task's own
    /// `retention_seconds` wins.
    #[oai(validator(maximum(value = "315360000")))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task_seconds: Option<u64>,
    /// When its input, output and checkpoint go, in seconds: 0 to 315360000 (ten years). The task then
    /// says `bodies_dropped`, and cannot be retried.
    #[oai(validator(maximum(value = "315360000")))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_seconds: Option<u64>,
    /// When its events go, but for the one that ended it and those after that, in seconds: 0 to
    /// 315360000 (ten years). Log lines are events.
    #[oai(validator(maximum(value = "315360000")))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_seconds: Option<u64>,
    /// When progress events are thinned to at most 100 of each attempt, in seconds: 0 to 315360000 (ten
    /// years).
    #[oai(validator(maximum(value = "315360000")))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub progress_seconds: Option<u64>,
}

impl Example for Retention {
    fn example() -> Self {
        Retention {
            task_seconds: Some(30 * 86_400),
            body_seconds: Some(7 * 86_400),
            event_seconds: None,
            progress_seconds: Some(86_400),
        }
    }
}

impl Example for RateLimit {
    fn example() -> Self {
        RateLimit { limit: 100, period_seconds: 60, burst: Some(10) }
    }
}

impl Example for TaskDefaults {
    fn example() -> Self {
        TaskDefaults { max_attempts: Some(5), timeout_seconds: Some(600), ..Self::default() }
    }
}

impl Example for QueueDefinition {
    fn example() -> Self {
        QueueDefinition {
            paused: default_paused(),
            max_concurrency: Some(20),
            max_concurrency_per_key: default_per_key(),
            rate_limit: Some(RateLimit::example()),
            defaults: Some(TaskDefaults::example()),
            retention: Some(Retention::example()),
        }
    }
}

impl Example for QueueChange {
    fn example() -> Self {
        QueueChange {
            paused: Some(true),
            max_concurrency: Settable::Value(50),
            max_concurrency_per_key: None,
            rate_limit: Settable::Null,
            defaults: None,
            retention: None,
        }
    }
}

impl QueueDefinition {
    /// What it sets; what is wrong with it, the engine says.
    pub fn into_settings(self) -> QueueSettings {
        let default = QueueSettings::default();
        QueueSettings {
            paused: self.paused.unwrap_or(default.paused),
            max_concurrency: self.max_concurrency,
            max_concurrency_per_key: self
                .max_concurrency_per_key
                .unwrap_or(default.max_concurrency_per_key),
            rate_limit: self.rate_limit.map(RateLimit::into_domain),
            defaults: self.defaults.map(TaskDefaults::into_domain).unwrap_or_default(),
            retention: self.retention.map(Retention::into_domain).unwrap_or_default(),
        }
    }
}

impl QueueChange {
    /// What it changes; what is wrong with it, the engine says.
    pub fn into_change(self) -> queue::QueueChange {
        queue::QueueChange {
            paused: self.paused,
            max_concurrency: self.max_concurrency.into_change(),
            max_concurrency_per_key: self.max_concurrency_per_key,
            rate_limit: self.rate_limit.into_change().map(|rate| rate.map(RateLimit::into_domain)),
            defaults: self.defaults.map(TaskDefaults::into_domain),
            retention: self.retention.map(Retention::into_domain),
        }
    }
}

impl RateLimit {
    fn into_domain(self) -> queue::RateLimit {
        let RateLimit { limit, period_seconds, burst } = self;
        queue::RateLimit { limit, period_seconds, burst }
    }
}

impl Retention {
    fn into_domain(self) -> retention::Retention {
        let Retention { task_seconds, body_seconds, event_seconds, progress_seconds } = self;
        retention::Retention { task_seconds, body_seconds, event_seconds, progress_seconds }
    }
}

impl TaskDefaults {
    pub(super) fn into_domain(self) -> queue::TaskDefaults {
        queue::TaskDefaults {
            max_attempts: self.max_attempts,
            timeout_seconds: self.timeout_seconds,
            backoff_base_seconds: self.backoff_base_seconds,
            backoff_max_seconds: self.backoff_max_seconds,
            stalled_after_seconds: self.stalled_after_seconds,
            retention_seconds: self.retention_seconds,
        }
    }
}

impl From<queue::RateLimit> for RateLimit {
    fn from(rate: queue::RateLimit) -> Self {
        let queue::RateLimit { limit, period_seconds, burst } = rate;
        RateLimit { limit, period_seconds, burst }
    }
}

impl From<retention::Retention> for Retention {
    fn from(kept: retention::Retention) -> Self {
        let retention::Retention { task_seconds, body_seconds, event_seconds, progress_seconds } =
            kept;
        Retention { task_seconds, body_seconds, event_seconds, progress_seconds }
    }
}

impl From<queue::TaskDefaults> for TaskDefaults {
    fn from(defaults: queue::TaskDefaults) -> Self {
        TaskDefaults {
            max_attempts: defaults.max_attempts,
            timeout_seconds: defaults.timeout_seconds,
            backoff_base_seconds: defaults.backoff_base_seconds,
            backoff_max_seconds: defaults.backoff_max_seconds,
            stalled_after_seconds: defaults.stalled_after_seconds,
            retention_seconds: defaults.retention_seconds,
        }
    }
}
