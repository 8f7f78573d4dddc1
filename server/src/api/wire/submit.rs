//! What a submitter sends.

use std::collections::BTreeMap;

use poem_openapi::{Object, types::Example};
use serde::Deserialize;

use crate::{
    api::strict,
    domain::{Labels, RawJson, Refusal, TaskId, Timestamp, checks},
    engine::{Change, NewTask},
};

fn default_queue() -> Option<String> {
    Some(NewTask::DEFAULT_QUEUE.to_owned())
}

fn default_priority() -> Option<i32> {
    Some(0)
}

fn default_max_attempts() -> Option<u32> {
    Some(NewTask::DEFAULT_MAX_ATTEMPTS)
}

fn default_cancel_grace_seconds() -> Option<u64> {
    Some(NewTask::DEFAULT_CANCEL_GRACE_SECONDS)
}

/// A task to be made. Only `kind` is required; but for `input`, `null` is the same as leaving a
/// field out.
#[derive(Debug, Object, Deserialize)]
#[oai(example, skip_serializing_if_is_none)]
#[serde(deny_unknown_fields)]
pub struct TaskSubmission {
    /// What is to be done: 1 to 128 characters, no control characters. Kinds that begin with
    /// `milepost.` are the server's own.
    #[oai(validator(min_length = 1, max_length = 128))]
    pub kind: String,
    /// Where it waits: 1 to 128 characters, no control characters.
    #[oai(default = "default_queue", validator(min_length = 1, max_length = 128))]
    pub queue: Option<String>,
    /// What the worker is given: any JSON, handed on as the text it came as.
    #[serde(default, deserialize_with = "strict::present")]
    pub input: Option<RawJson>,
    /// Up to 32 words to find it by; keys and values have at most 128 characters, and no `=` in a
    /// key.
    #[oai(validator(max_properties = 32))]
    pub labels: Option<BTreeMap<String, String>>,
    /// From -100 to 100; higher goes first.
    #[oai(
        default = "default_priority",
        validator(minimum(value = "-100"), maximum(value = "100"))
    )]
    pub priority: Option<i32>,
    /// How often it may be tried: 1 to 100.
    #[oai(
        default = "default_max_attempts",
        validator(minimum(value = "1"), maximum(value = "100"))
    )]
    pub max_attempts: Option<u32>,
    /// How long one attempt may take, in seconds: 1 to 31536000 (a year). Without it, as long as its
    /// worker reports.
    #[oai(validator(minimum(value = "1"), maximum(value = "31536000")))]
    pub timeout_seconds: Option<u64>,
    /// How long a worker has to end after a cancel, in seconds, before the server ends the task: 0
    /// to 3600.
    #[oai(default = "default_cancel_grace_seconds", validator(maximum(value = "3600")))]
    pub cancel_grace_seconds: Option<u64>,
    /// When it becomes due; a time that has passed means at once.
    pub run_at: Option<Timestamp>,
    /// The task it is a part of; it must exist.
    pub parent_id: Option<String>,
    /// A W3C `traceparent`, handed on to the worker.
    #[oai(validator(max_length = 128))]
    pub trace_parent: Option<String>,
    /// The only worker that may lease it, by name.
    #[oai(validator(min_length = 1, max_length = 128))]
    pub worker: Option<String>,
}

impl Example for TaskSubmission {
    fn example() -> Self {
        TaskSubmission {
            kind: "thumbnails".to_owned(),
            queue: default_queue(),
            input: RawJson::parse(r#"{"album":"summer","size":256}"#.to_owned()).ok(),
            labels: Some(BTreeMap::from([("album".to_owned(), "summer".to_owned())])),
            priority: default_priority(),
            max_attempts: default_max_attempts(),
            timeout_seconds: Some(600),
            cancel_grace_seconds: default_cancel_grace_seconds(),
            run_at: None,
            parent_id: None,
            trace_parent: None,
            worker: None,
        }
    }
}

impl TaskSubmission {
    /// The task it asks for; what is wrong with it, the engine says.
    pub fn into_task(self, id: Option<TaskId>) -> Result<NewTask, Refusal> {
        let default = NewTask::of(self.kind);
        Ok(NewTask {
            id,
            queue: self.queue.unwrap_or(default.queue),
            input: self.input,
            labels: self.labels.unwrap_or_default(),
            priority: self.priority.unwrap_or(default.priority),
            max_attempts: self.max_attempts.unwrap_or(default.max_attempts),
            timeout_seconds: self.timeout_seconds,
            cancel_grace_seconds: self.cancel_grace_seconds.unwrap_or(default.cancel_grace_seconds),
            run_at: self.run_at,
            parent_id: checks::optional_id("parent_id", self.parent_id.as_deref())?,
            trace_parent: self.trace_parent,
            worker: self.worker,
            kind: default.kind,
        })
    }
}

/// What may change about a task; what is left out stays as it is.
#[derive(Debug, Object, Deserialize)]
#[oai(example, skip_serializing_if_is_none)]
#[serde(deny_unknown_fields)]
pub struct TaskChange {
    /// Replaces all labels.
    #[oai(validator(max_properties = 32))]
    pub labels: Option<BTreeMap<String, String>>,
    /// From -100 to 100; higher goes first. Only while the task waits.
    #[oai(validator(minimum(value = "-100"), maximum(value = "100")))]
    pub priority: Option<i32>,
    /// When it becomes due. Only while the task waits.
    pub run_at: Option<Timestamp>,
}

impl Example for TaskChange {
    fn example() -> Self {
        TaskChange {
            labels: Some(Labels::from([("album".to_owned(), "summer".to_owned())])),
            priority: Some(10),
            run_at: None,
        }
    }
}

impl TaskChange {
    /// `if_match` is the revision the task must still have.
    pub fn into_change(self, if_match: Option<u64>) -> Change {
        Change { labels: self.labels, priority: self.priority, run_at: self.run_at, if_match }
    }
}
