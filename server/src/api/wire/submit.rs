//! What a submitter sends.

use std::collections::BTreeMap;

use poem_openapi::{Object, types::Example};
use serde::Deserialize;

use super::stage::{StageDefinition, into_stages};
use crate::{
    api::strict,
    domain::{
        AfterFailure, ChildFailure, Labels, RawJson, Refusal, TaskId, Timestamp,
        checks::{self, Errors},
        submission::Backoff,
    },
    engine::{Change, NewTask},
};

fn default_queue() -> Option<String> {
    Some(NewTask::DEFAULT_QUEUE.to_owned())
}

fn default_priority() -> Option<i32> {
    Some(0)
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
    /// What the worker is given: any JSON, or what the `input_schema` of its kind says; handed on as
    /// the text it came as.
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
    /// How often it may be tried: 1 to 100. Without it as the `defaults` of its kind or queue say,
    /// else 3.
    #[oai(validator(minimum(value = "1"), maximum(value = "100")))]
    pub max_attempts: Option<u32>,
    /// How long one attempt may take, in seconds: 1 to 31536000 (a year). Without it as the
    /// `defaults` of its kind or queue say, else as long as its worker reports.
    #[oai(validator(minimum(value = "1"), maximum(value = "31536000")))]
    pub timeout_seconds: Option<u64>,
    /// How long a worker has to end after a cancel, in seconds, before the server ends the task: 0
    /// to 3600.
    #[oai(default = "default_cancel_grace_seconds", validator(maximum(value = "3600")))]
    pub cancel_grace_seconds: Option<u64>,
    /// When it becomes due; a time that has passed means at once. Not together with
    /// `delay_seconds`.
    pub run_at: Option<Timestamp>,
    /// How long from now it becomes due, in seconds: 0 to 31536000 (a year). Not together with
    /// `run_at`.
    #[oai(validator(maximum(value = "31536000")))]
    pub delay_seconds: Option<u64>,
    /// When it must be done: at that time it fails with `deadline-exceeded`, wherever it is, and
    /// is not tried again. Not together with `deadline_seconds`.
    pub deadline_at: Option<Timestamp>,
    /// How long from now it must be done, in seconds: 1 to 31536000 (a year). Not together with
    /// `deadline_at`.
    #[oai(validator(minimum(value = "1"), maximum(value = "31536000")))]
    pub deadline_seconds: Option<u64>,
    /// Of the tasks of its queue that share this word, only one runs at a time, or as many as the
    /// queue's `max_concurrency_per_key` says: 1 to 128 characters, no control characters. The others
    /// wait, and hold nobody else up.
    #[oai(validator(min_length = 1, max_length = 128))]
    pub concurrency_key: Option<String>,
    /// A failed attempt waits for the next one any time up to this, doubled with every further
    /// attempt, in seconds: 0 to 2592000 (30 days). Without it as the `defaults` of its kind or
    /// queue say, else 1.
    #[oai(validator(maximum(value = "2592000")))]
    pub backoff_base_seconds: Option<u64>,
    /// The longest a failed attempt waits for the next one, in seconds: 0 to 2592000 (30 days).
    /// Without it as the `defaults` of its kind or queue say, else 300.
    #[oai(validator(maximum(value = "2592000")))]
    pub backoff_max_seconds: Option<u64>,
    /// The parts of the work, in order, at most 32. A report that names one of them as its `stage`
    /// counts within that stage, and the task's `percent` follows from the weights.
    #[oai(validator(max_items = 32))]
    #[serde(default, deserialize_with = "strict::optional_objects")]
    pub stages: Option<Vec<StageDefinition>>,
    /// After so long without more than a heartbeat its progress is shown as `stalled`, in seconds:
    /// 1 to 86400 (a day). Without it as the `defaults` of its kind or queue say, else 60.
    #[oai(validator(minimum(value = "1"), maximum(value = "86400")))]
    pub stalled_after_seconds: Option<u64>,
    /// How long it is kept once it is done, in seconds: 0 to 315360000 (ten years). Without it as
    /// the `defaults` of its kind or queue say, else for good.
    #[oai(validator(maximum(value = "315360000")))]
    pub retention_seconds: Option<u64>,
    /// The task it is a part of; it must exist, have at most 7 tasks above it, and take children: one
    /// that failed or was cancelled does not. It counts this one, its progress follows, and its end by
    /// failure or cancel reaches this one.
    pub parent_id: Option<String>,
    /// How much of its parent it is, relative to its siblings: more than 0, at most 1000000. Without it,
    /// 1.
    #[oai(validator(minimum(value = "0", exclusive), maximum(value = "1000000")))]
    pub weight: Option<f64>,
    /// Makes it a task that no worker takes: it runs from the start, and is done once it has children
    /// and all of them are. It then has their counts as its output.
    pub complete_when_children_done: Option<bool>,
    /// What a task with `complete_when_children_done` does about a child that failed. Without it,
    /// `fail_fast`.
    #[serde(default, deserialize_with = "strict::optional_word")]
    pub child_failure: Option<ChildFailure>,
    /// While a task of its queue with the same key is not done, no other one is made; 1 to 255
    /// characters, no control characters. createTask and createTasks then answer with that task.
    #[oai(validator(min_length = 1, max_length = 255))]
    pub unique_key: Option<String>,
    /// The tasks that must be done before this one may begin, by their ids: at most 50, each once. An
    /// empty list is the same as none. Until then it is `scheduled`; one that is done already counts at once. In createTasks also the `alias`
    /// of a task of the same request, wherever it stands there. Tasks that would wait for each other are
    /// refused. Not together with `complete_when_children_done`.
    #[oai(validator(max_items = 50))]
    pub after: Option<Vec<String>>,
    /// What a task of `after` that fails or is cancelled does to this one. Without it, `cancel`.
    #[serde(default, deserialize_with = "strict::optional_word")]
    pub after_failure: Option<AfterFailure>,
    /// Only in createTasks: a word by which other tasks of the same request name this one in `after`. It
    /// is written like an id, wins over a task with that id, and is forgotten after the request.
    #[oai(validator(min_length = 1, max_length = 128))]
    pub alias: Option<String>,
    /// A W3C `traceparent`, e.g. `00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01`, handed on
    /// to the worker.
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
            max_attempts: Some(NewTask::DEFAULT_MAX_ATTEMPTS),
            timeout_seconds: Some(600),
            cancel_grace_seconds: default_cancel_grace_seconds(),
            run_at: None,
            delay_seconds: None,
            deadline_at: None,
            deadline_seconds: None,
            concurrency_key: None,
            backoff_base_seconds: None,
            backoff_max_seconds: None,
            stages: None,
            stalled_after_seconds: None,
            retention_seconds: None,
            parent_id: None,
            weight: None,
            complete_when_children_done: None,
            child_failure: None,
            unique_key: None,
            after: None,
            after_failure: None,
            alias: None,
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
            max_attempts: self.max_attempts,
            timeout_seconds: self.timeout_seconds,
            cancel_grace_seconds: self.cancel_grace_seconds.unwrap_or(default.cancel_grace_seconds),
            run_at: self.run_at,
            parent_id: checks::optional_id("parent_id", self.parent_id.as_deref())?,
            trace_parent: self.trace_parent,
            worker: self.worker,
            delay_seconds: self.delay_seconds,
            deadline_at: self.deadline_at,
            deadline_seconds: self.deadline_seconds,
            concurrency_key: self.concurrency_key,
            backoff: Backoff {
                base_seconds: self.backoff_base_seconds,
                max_seconds: self.backoff_max_seconds,
            },
            stages: self.stages.map(into_stages).unwrap_or_default(),
            stalled_after_seconds: self.stalled_after_seconds,
            retention_seconds: self.retention_seconds,
            weight: self.weight,
            complete_when_children_done: self.complete_when_children_done.unwrap_or_default(),
            child_failure: self.child_failure,
            unique_key: self.unique_key,
            after: ids("after", self.after.unwrap_or_default())?,
            after_failure: self.after_failure,
            alias: checks::optional_id("alias", self.alias.as_deref())?,
            inspected: None,
            kind: default.kind,
        })
    }
}

fn ids(field: &str, texts: Vec<String>) -> Result<Vec<TaskId>, Refusal> {
    let mut errors = Errors::default();
    let mut ids = Vec::with_capacity(texts.len());
    for (at, text) in texts.iter().enumerate() {
        match checks::id(&format!("{field}[{at}]"), text) {
            Ok(id) => ids.push(id),
            Err(error) => errors.take(Err(error)),
        }
    }
    errors.none_or(ids)
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
    pub fn into_change(self) -> Change {
        Change { labels: self.labels, priority: self.priority, run_at: self.run_at }
    }
}
