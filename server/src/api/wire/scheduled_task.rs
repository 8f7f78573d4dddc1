//! What each run of a schedule submits.

use std::collections::BTreeMap;

use poem_openapi::{Object, types::Example};
use serde::{Deserialize, Serialize};

use super::stage::{StageDefinition, into_stages};
use crate::{
    api::strict,
    domain::{NewTask, RawJson, submission::Backoff},
};

/// What each run of a schedule submits: a task, but for what differs from run to run. Only `kind` is
/// required; but for `input`, `null` is the same as leaving a field out.
#[derive(Clone, Debug, Default, Object, Deserialize, Serialize)]
#[oai(skip_serializing_if_is_none)]
#[serde(deny_unknown_fields)]
pub struct ScheduledTask {
    /// What is to be done: 1 to 128 characters, no control characters.
    #[oai(validator(min_length = 1, max_length = 128))]
    pub kind: String,
    /// Where it waits: 1 to 128 characters, no control characters. Without it, `default`.
    #[oai(validator(min_length = 1, max_length = 128))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue: Option<String>,
    /// What the worker is given: any JSON, or what the `input_schema` of its kind says; handed on as
    /// the text it came as.
    #[serde(
        default,
        deserialize_with = "strict::present",
        skip_serializing_if = "Option::is_none"
    )]
    pub input: Option<RawJson>,
    /// Up to 32 words to find it by; keys and values have at most 128 characters, and no `=` in a
    /// key.
    #[oai(validator(max_properties = 32))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub labels: Option<BTreeMap<String, String>>,
    /// From -100 to 100; higher goes first. Without it, 0.
    #[oai(validator(minimum(value = "-100"), maximum(value = "100")))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<i32>,
    /// How often it may be tried: 1 to 100. Without it as the `defaults` of its kind or queue say,
    /// else 3.
    #[oai(validator(minimum(value = "1"), maximum(value = "100")))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_attempts: Option<u32>,
    /// How long one attempt may take, in seconds: 1 to 31536000 (a year). Without it as the
    /// `defaults` of its kind or queue say, else as long as its worker reports.
    #[oai(validator(minimum(value = "1"), maximum(value = "31536000")))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout_seconds: Option<u64>,
    /// How long a worker has to end after a cancel, in seconds, before the server ends the task: 0
    /// to 3600. Without it, 30.
    #[oai(validator(maximum(value = "3600")))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancel_grace_seconds: Option<u64>,
    /// How long after its submission it must be done, in seconds: 1 to 31536000 (a year).
    #[oai(validator(minimum(value = "1"), maximum(value = "31536000")))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline_seconds: Option<u64>,
    /// Of the tasks of its queue that share this word, only one runs at a time, or as many as the
    /// queue's `max_concurrency_per_key` says: 1 to 128 characters, no control characters.
    #[oai(validator(min_length = 1, max_length = 128))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub concurrency_key: Option<String>,
    /// A failed attempt waits for the next one any time up to this, doubled with every further
    /// attempt, in seconds: 0 to 2592000 (30 days). Without it as the `defaults` of its kind or
    /// queue say, else 1.
    #[oai(validator(maximum(value = "2592000")))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backoff_base_seconds: Option<u64>,
    /// The longest a failed attempt waits for the next one, in seconds: 0 to 2592000 (30 days).
    /// Without it as the `defaults` of its kind or queue say, else 300.
    #[oai(validator(maximum(value = "2592000")))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backoff_max_seconds: Option<u64>,
    /// The parts of the work, in order, at most 32.
    #[oai(validator(max_items = 32))]
    #[serde(
        default,
        deserialize_with = "strict::optional_objects",
        skip_serializing_if = "Option::is_none"
    )]
    pub stages: Option<Vec<StageDefinition>>,
    /// After so long without more than a heartbeat its progress is shown as `stalled`, in seconds:
    /// 1 to 86400 (a day). Without it as the `defaults` of its kind or queue say, else 60.
    #[oai(validator(minimum(value = "1"), maximum(value = "86400")))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stalled_after_seconds: Option<u64>,
    /// How long it is kept once it is done, in seconds: 0 to 315360000 (ten years). Without it as
    /// the `defaults` of its kind or queue say, else for good.
    #[oai(validator(maximum(value = "315360000")))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retention_seconds: Option<u64>,
    /// A W3C `traceparent`, e.g. `00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01`, handed on
    /// to the worker.
    #[oai(validator(max_length = 128))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trace_parent: Option<String>,
}

impl Example for ScheduledTask {
    fn example() -> Self {
        ScheduledTask {
            kind: "report".to_owned(),
            input: RawJson::parse(r#"{"of":"yesterday"}"#.to_owned()).ok(),
            ..ScheduledTask::default()
        }
    }
}

impl ScheduledTask {
    /// The task; what is wrong with it, the engine says.
    pub fn into_task(self) -> NewTask {
        let default = NewTask::of(self.kind);
        NewTask {
            queue: self.queue.unwrap_or(default.queue),
            input: self.input,
            labels: self.labels.unwrap_or_default(),
            priority: self.priority.unwrap_or(default.priority),
            max_attempts: self.max_attempts,
            timeout_seconds: self.timeout_seconds,
            cancel_grace_seconds: self.cancel_grace_seconds.unwrap_or(default.cancel_grace_seconds),
            deadline_seconds: self.deadline_seconds,
            concurrency_key: self.concurrency_key,
            backoff: Backoff {
                base_seconds: self.backoff_base_seconds,
                max_seconds: self.backoff_max_seconds,
            },
            stages: self.stages.map(into_stages).unwrap_or_default(),
            stalled_after_seconds: self.stalled_after_seconds,
            retention_seconds: self.retention_seconds,
            trace_parent: self.trace_parent,
            ..NewTask::of(default.kind)
        }
    }
}

impl From<NewTask> for ScheduledTask {
    fn from(task: NewTask) -> Self {
        let stages: Vec<_> = task.stages.iter().map(StageDefinition::from).collect();
        ScheduledTask {
            kind: task.kind,
            queue: Some(task.queue),
            input: task.input,
            labels: Some(task.labels),
            priority: Some(task.priority),
            max_attempts: task.max_attempts,
            timeout_seconds: task.timeout_seconds,
            cancel_grace_seconds: Some(task.cancel_grace_seconds),
            deadline_seconds: task.deadline_seconds,
            concurrency_key: task.concurrency_key,
            backoff_base_seconds: task.backoff.base_seconds,
            backoff_max_seconds: task.backoff.max_seconds,
            stages: (!stages.is_empty()).then_some(stages),
            stalled_after_seconds: task.stalled_after_seconds,
            retention_seconds: task.retention_seconds,
            trace_parent: task.trace_parent,
        }
    }
}
