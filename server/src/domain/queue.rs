//! Where tasks of several kinds wait: how many may run, how fast they start, what they begin with.

use serde::{Deserialize, Serialize};

use super::{
    Revision, Timestamp,
    checks::{self, Errors},
    name::RESERVED,
    progress::MAX_SILENCE_SECONDS,
    retention::{Retention, Walked},
    submission::{Backoff, NewTask},
};

/// What is set for one queue. The defaults are those of a queue nobody has set anything for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct QueueSettings {
    /// No task of it is leased; what runs goes on.
    pub paused: bool,
    /// At most so many of its tasks run at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_concurrency: Option<u32>,
    /// At most so many of its tasks with one `concurrency_key` run at once.
    pub max_concurrency_per_key: u32,
    /// At most so many attempts begin in a time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate_limit: Option<RateLimit>,
    /// What its tasks get where they do not say.
    pub defaults: TaskDefaults,
    /// What of its done tasks goes by itself.
    #[serde(skip_serializing_if = "Retention::is_none")]
    pub retention: Retention,
}

impl Default for QueueSettings {
    fn default() -> Self {
        QueueSettings {
            paused: false,
            max_concurrency: None,
            max_concurrency_per_key: 1,
            rate_limit: None,
            defaults: TaskDefaults::default(),
            retention: Retention::default(),
        }
    }
}

/// What a task gets from its kind or its queue where its submission does not say; copied when it is
/// submitted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TaskDefaults {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_attempts: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout_seconds: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backoff_base_seconds: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backoff_max_seconds: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stalled_after_seconds: Option<u64>,
    /// How long a task is kept once it is done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retention_seconds: Option<u64>,
}

/// A token bucket: `limit` attempts begin in each `period_seconds`, and after a rest up to `burst`
/// at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RateLimit {
    pub limit: u32,
    pub period_seconds: u64,
    /// As many as `limit`, where it is not given.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub burst: Option<u32>,
}

/// The tokens left at a moment of the steady clock.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bucket {
    pub tokens: f64,
    pub at: Timestamp,
}

/// A queue somebody has set something for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Queue {
    pub name: String,
    pub settings: QueueSettings,
    /// Another with every change of the settings; not moved by what the queue does.
    #[serde(default)]
    pub revision: Revision,
    pub updated_at: Timestamp,
    /// Absent until the first attempt under the limit begins.
    pub bucket: Option<Bucket>,
    /// After the limit of a key was raised: keys beyond this one are still to be looked at.
    pub unparking: Option<String>,
    /// How far its retention has come.
    #[serde(default)]
    pub walked: Walked,
}

impl Queue {
    /// The revision of a queue that nothing was set for.
    pub const UNSET: Revision = 0;
}

/// updateQueue: `None` stays, `Some(None)` returns to the default.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct QueueChange {
    pub paused: Option<bool>,
    pub max_concurrency: Option<Option<u32>>,
    pub max_concurrency_per_key: Option<u32>,
    pub rate_limit: Option<Option<RateLimit>>,
    pub defaults: Option<TaskDefaults>,
    pub retention: Option<Retention>,
}

/// The most that any limit of a queue may be.
pub const MAX_LIMIT: u32 = 1_000_000;
/// The longest period of a rate: a day.
pub const MAX_PERIOD_SECONDS: u64 = 24 * 3600;

impl QueueSettings {
    /// How many deliveries to one webhook run at once: one slow receiver leaves room for the others.
    const DELIVERIES_AT_ONCE: u32 = 4;

    /// What holds for a queue while nobody has said anything of it.
    pub fn unset(name: &str) -> Self {
        let default = QueueSettings::default();
        let max_concurrency_per_key = match name {
            RESERVED => Self::DELIVERIES_AT_ONCE,
            _ => default.max_concurrency_per_key,
        };
        QueueSettings { max_concurrency_per_key, ..default }
    }

    pub fn check(&self, errors: &mut Errors) {
        if let Some(limit) = self.max_concurrency {
            errors.take(checks::range("max_concurrency", limit, 1, MAX_LIMIT));
        }
        let per_key = self.max_concurrency_per_key;
        errors.take(checks::range("max_concurrency_per_key", per_key, 1, MAX_LIMIT));
        if let Some(rate) = &self.rate_limit {
            errors.take(checks::range("rate_limit.limit", rate.limit, 1, MAX_LIMIT));
            let period = rate.period_seconds;
            errors.take(checks::range("rate_limit.period_seconds", period, 1, MAX_PERIOD_SECONDS));
            if let Some(burst) = rate.burst {
                errors.take(checks::range("rate_limit.burst", burst, 1, MAX_LIMIT));
            }
        }
        self.defaults.check(errors);
        self.retention.check(errors);
    }

    pub fn changed_by(&self, change: &QueueChange) -> Self {
        QueueSettings {
            paused: change.paused.unwrap_or(self.paused),
            max_concurrency: change.max_concurrency.unwrap_or(self.max_concurrency),
            max_concurrency_per_key: change
                .max_concurrency_per_key
                .unwrap_or(self.max_concurrency_per_key),
            rate_limit: change.rate_limit.clone().unwrap_or_else(|| self.rate_limit.clone()),
            defaults: change.defaults.clone().unwrap_or_else(|| self.defaults.clone()),
            retention: change.retention.clone().unwrap_or_else(|| self.retention.clone()),
        }
    }
}

impl TaskDefaults {
    /// What is not set here is as in `other`.
    pub fn or(&self, other: &TaskDefaults) -> Self {
        TaskDefaults {
            max_attempts: self.max_attempts.or(other.max_attempts),
            timeout_seconds: self.timeout_seconds.or(other.timeout_seconds),
            backoff_base_seconds: self.backoff_base_seconds.or(other.backoff_base_seconds),
            backoff_max_seconds: self.backoff_max_seconds.or(other.backoff_max_seconds),
            stalled_after_seconds: self.stalled_after_seconds.or(other.stalled_after_seconds),
            retention_seconds: self.retention_seconds.or(other.retention_seconds),
        }
    }

    pub(super) fn check(&self, errors: &mut Errors) {
        if let Some(attempts) = self.max_attempts {
            let max = NewTask::MAX_ATTEMPTS;
            errors.take(checks::range("defaults.max_attempts", attempts, 1, max));
        }
        let seconds = [
            ("defaults.timeout_seconds", self.timeout_seconds, 1, NewTask::MAX_SECONDS),
            ("defaults.backoff_base_seconds", self.backoff_base_seconds, 0, Backoff::MAX_SECONDS),
            ("defaults.backoff_max_seconds", self.backoff_max_seconds, 0, Backoff::MAX_SECONDS),
            ("defaults.stalled_after_seconds", self.stalled_after_seconds, 1, MAX_SILENCE_SECONDS),
            (
                "defaults.retention_seconds",
                self.retention_seconds,
                0,
                NewTask::MAX_RETENTION_SECONDS,
            ),
        ];
        for (field, value, min, max) in seconds {
            if let Some(value) = value {
                errors.take(checks::range(field, value, min, max));
            }
        }
    }
}

impl RateLimit {
    fn burst(&self) -> f64 {
        f64::from(self.burst.unwrap_or(self.limit))
    }

    /// Milliseconds one token takes to come.
    fn interval(&self) -> f64 {
        self.period_seconds as f64 * 1000.0 / f64::from(self.limit.max(1))
    }

    /// The bucket at `now`; a fresh one is full.
    pub fn filled(&self, bucket: Option<Bucket>, now: Timestamp) -> Bucket {
        let Some(bucket) = bucket else { return Bucket { tokens: self.burst(), at: now } };
        // A clock that went back across a restart fills nothing and takes nothing away.
        let passed = (now.0 - bucket.at.0).max(0) as f64;
        let tokens = (bucket.tokens + passed / self.interval()).min(self.burst());
        Bucket { tokens, at: now }
    }

    /// When the next whole token is there.
    pub fn next_token(&self, bucket: Bucket) -> Timestamp {
        let missing = (1.0 - bucket.tokens).max(0.0);
        bucket.at.plus_milliseconds((missing * self.interval()).ceil() as i64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_starts_full_and_fills_no_further() {
        let rate = RateLimit { limit: 10, period_seconds: 1, burst: Some(3) };
        let full = rate.filled(None, Timestamp(0));
        assert_eq!(full.tokens, 3.0);
        assert_eq!(rate.filled(Some(full), Timestamp(60_000)).tokens, 3.0);
        let empty = Bucket { tokens: 0.0, at: Timestamp(1000) };
        assert_eq!(rate.filled(Some(empty), Timestamp(1150)).tokens, 1.5);
        assert_eq!(rate.next_token(empty), Timestamp(1100));
    }

    #[test]
    fn a_clock_that_went_back_neither_fills_nor_empties() {
        let rate = RateLimit { limit: 1, period_seconds: 1, burst: None };
        let bucket = Bucket { tokens: 0.25, at: Timestamp(5000) };
        assert_eq!(rate.filled(Some(bucket), Timestamp(0)).tokens, 0.25);
    }
}
