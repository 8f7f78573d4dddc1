//! What a worker says while it runs, and how it ends.

use poem_openapi::{Object, types::Example};
use serde::{Deserialize, Serialize};

use super::stage::{StageDefinition, into_stages};
use crate::{
    api::strict,
    domain::{
        Cursor, Epoch, LeaseToken, LogLevel, RawJson, TaskError, Timestamp, lease::Reported,
        progress::ProgressReport,
    },
    engine::{NewLine, Outcome, Report},
};

fn default_level() -> Option<LogLevel> {
    Some(LogLevel::Info)
}

fn default_retryable() -> Option<bool> {
    Some(true)
}

/// What a worker says while it runs. All but `lease` may be absent: then it only keeps the lease.
/// But for `checkpoint`, `null` is the same as leaving a field out.
#[derive(Debug, Object, Deserialize)]
#[oai(example, skip_serializing_if_is_none)]
#[serde(deny_unknown_fields)]
pub struct TaskReport {
    /// The lease's token.
    pub lease: LeaseToken,
    /// Makes sending it again harmless: the same number as the last report's is answered the same,
    /// and nothing is written; a lower one is refused; gaps are fine.
    pub sequence: Option<u64>,
    /// How far the task is.
    #[serde(default, deserialize_with = "strict::optional_object")]
    pub progress: Option<ReportedProgress>,
    /// The parts of the work, in order, at most 32; replaces those the task had. For a worker that
    /// learns only now what there is to do.
    #[oai(validator(max_items = 32))]
    #[serde(default, deserialize_with = "strict::optional_objects")]
    pub stages: Option<Vec<StageDefinition>>,
    /// Lines for the task's log, at most 1000.
    #[oai(validator(max_items = 1000))]
    #[serde(default, deserialize_with = "strict::optional_objects")]
    pub logs: Option<Vec<ReportedLine>>,
    /// What the next attempt should find, should this one be lost: any JSON. Replaces the last one.
    #[serde(default, deserialize_with = "strict::present")]
    pub checkpoint: Option<RawJson>,
}

/// How far the task is: `percent`, or `current` with `total`, not both. What is left out stays as it
/// was.
#[derive(Debug, Object, Deserialize)]
#[oai(skip_serializing_if_is_none)]
#[serde(deny_unknown_fields)]
pub struct ReportedProgress {
    /// 0 to 100. What watchers see never falls within an attempt.
    #[oai(validator(minimum(value = "0"), maximum(value = "100")))]
    pub percent: Option<f64>,
    /// How much is done, in `unit`.
    #[oai(validator(minimum(value = "0")))]
    pub current: Option<f64>,
    /// How much there is to do, in `unit`.
    #[oai(validator(minimum(value = "0")))]
    pub total: Option<f64>,
    /// What `current` and `total` count, e.g. `files`.
    #[oai(validator(max_length = 128))]
    pub unit: Option<String>,
    /// What is happening, for people.
    #[oai(validator(max_length = 4096))]
    pub message: Option<String>,
    /// The part of the work that is under way. If it is one of the task's `stages`, what is counted
    /// here counts within it, and the task's `percent` follows from the weights.
    #[oai(validator(max_length = 128))]
    pub stage: Option<String>,
}

/// A line for the task's log; the server adds the time.
#[derive(Debug, Object, Deserialize)]
#[oai(skip_serializing_if_is_none)]
#[serde(deny_unknown_fields)]
pub struct ReportedLine {
    /// How much it matters.
    #[oai(default = "default_level")]
    #[serde(default, deserialize_with = "strict::optional_word")]
    pub level: Option<LogLevel>,
    /// The line.
    pub text: String,
}

/// The end of a task, with what came out.
#[derive(Debug, Object, Deserialize)]
#[oai(example, skip_serializing_if_is_none)]
#[serde(deny_unknown_fields)]
pub struct TaskCompletion {
    /// The lease's token.
    pub lease: LeaseToken,
    /// What came out: any JSON. Without it the task's output is `{}`.
    #[serde(default, deserialize_with = "strict::present")]
    pub output: Option<RawJson>,
}

/// The end of an attempt, with what went wrong.
#[derive(Debug, Object, Deserialize)]
#[oai(example, skip_serializing_if_is_none)]
#[serde(deny_unknown_fields)]
pub struct TaskFailure {
    /// The lease's token.
    pub lease: LeaseToken,
    /// What went wrong.
    #[serde(deserialize_with = "strict::object")]
    pub error: ReportedError,
    /// Whether another attempt may follow, if any are left.
    #[oai(default = "default_retryable")]
    pub retryable: Option<bool>,
    /// How long the next attempt should wait, in seconds, at most 30 days; without it the server's
    /// backoff decides.
    #[oai(validator(maximum(value = "2592000")))]
    pub retry_after_seconds: Option<u64>,
}

/// What went wrong.
#[derive(Debug, Object, Deserialize)]
#[oai(skip_serializing_if_is_none)]
#[serde(deny_unknown_fields)]
pub struct ReportedError {
    /// For programs: a short stable word, 1 to 128 characters.
    #[oai(rename = "type", validator(min_length = 1, max_length = 128))]
    #[serde(rename = "type")]
    pub kind: String,
    /// For people: one line.
    pub title: Option<String>,
    /// For people: all that is known.
    pub detail: Option<String>,
}

/// A task given back.
#[derive(Debug, Object, Deserialize)]
#[oai(example)]
#[serde(deny_unknown_fields)]
pub struct TaskRelease {
    /// The lease's token.
    pub lease: LeaseToken,
}

/// What a report is answered.
#[derive(Debug, Object, Serialize)]
pub struct ReportAnswer {
    /// When the lease ends now, unless another report renews it.
    pub lease_expires_at: Timestamp,
    /// Whether the worker should end: somebody asked for the task to be cancelled.
    pub cancel_requested: bool,
    /// The task's last event when the report was written.
    pub cursor: Cursor,
}

impl ReportAnswer {
    pub fn of(reported: &Reported, epoch: Epoch) -> Self {
        ReportAnswer {
            lease_expires_at: reported.lease_expires_at,
            cancel_requested: reported.cancel_requested,
            cursor: Cursor { epoch, position: reported.position },
        }
    }
}

fn example_token() -> LeaseToken {
    LeaseToken::new("lease_0a7e4b1c9d2f4e6fa1b2c3d4e5f60718")
}

impl Example for TaskReport {
    fn example() -> Self {
        TaskReport {
            lease: example_token(),
            sequence: Some(1),
            progress: Some(ReportedProgress {
                percent: None,
                current: Some(3.0),
                total: Some(12.0),
                unit: Some("images".to_owned()),
                message: Some("beach.jpg".to_owned()),
                stage: None,
            }),
            stages: None,
            logs: Some(vec![ReportedLine {
                level: default_level(),
                text: "wrote beach-256.jpg".to_owned(),
            }]),
            checkpoint: RawJson::parse(r#"{"done":3}"#.to_owned()).ok(),
        }
    }
}

impl Example for TaskCompletion {
    fn example() -> Self {
        TaskCompletion {
            lease: example_token(),
            output: RawJson::parse(r#"{"thumbnails":12}"#.to_owned()).ok(),
        }
    }
}

impl Example for TaskFailure {
    fn example() -> Self {
        TaskFailure {
            lease: example_token(),
            error: ReportedError {
                kind: "unreadable-image".to_owned(),
                title: Some("beach.jpg is not an image".to_owned()),
                detail: None,
            },
            retryable: default_retryable(),
            retry_after_seconds: Some(10),
        }
    }
}

impl Example for TaskRelease {
    fn example() -> Self {
        TaskRelease { lease: example_token() }
    }
}

impl TaskReport {
    /// The token and what is reported; what is wrong with it, the engine says.
    pub fn into_report(self) -> (LeaseToken, Report) {
        let line =
            |line: ReportedLine| NewLine { level: line.level.unwrap_or_default(), text: line.text };
        let report = Report {
            sequence: self.sequence,
            progress: self.progress.map(ProgressReport::from),
            stages: self.stages.map(into_stages),
            logs: self.logs.unwrap_or_default().into_iter().map(line).collect(),
            checkpoint: self.checkpoint,
        };
        (self.lease, report)
    }
}

impl From<ReportedProgress> for ProgressReport {
    fn from(progress: ReportedProgress) -> Self {
        ProgressReport {
            percent: progress.percent,
            current: progress.current,
            total: progress.total,
            unit: progress.unit,
            message: progress.message,
            stage: progress.stage,
        }
    }
}

impl TaskFailure {
    /// The token and how the attempt ends; what is wrong with it, the engine says.
    pub fn into_outcome(self) -> (LeaseToken, Outcome) {
        let ReportedError { kind, title, detail } = self.error;
        let outcome = Outcome::Fail {
            error: TaskError { kind, title, detail },
            retryable: self.retryable.unwrap_or(true),
            retry_after_seconds: self.retry_after_seconds,
        };
        (self.lease, outcome)
    }
}
