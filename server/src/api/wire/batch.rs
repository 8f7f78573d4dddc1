//! Many tasks, or many reports, in one request.

use poem_openapi::{Object, Union, types::Example};
use serde::{Deserialize, Deserializer, Serialize, de::IgnoredAny};

use super::{
    declared_as,
    report::{
        ReportAnswer, ReportedError, ReportedLine, ReportedProgress, TaskFailure, TaskReport,
    },
    stage::StageDefinition,
    submit::TaskSubmission,
};
use crate::{
    api::{
        parse::parse,
        problem::{Problem, ProblemBody},
        strict,
    },
    domain::{LeaseToken, NewTask, RawJson, Refusal, Shown, State, checks::Errors},
    engine::{Outcome, Report},
};

/// Tasks to be made, all of them or none.
#[derive(Debug, Object, Deserialize)]
#[oai(example)]
#[serde(deny_unknown_fields)]
pub struct TaskBatch {
    /// The tasks, 1 to 1000. What is wrong with one is named with its place, e.g. `tasks[3].kind`.
    #[oai(validator(min_items = 1, max_items = 1000))]
    #[serde(deserialize_with = "strict::objects")]
    pub tasks: Vec<TaskSubmission>,
}

/// The tasks that were made.
#[derive(Debug, Object, Serialize)]
pub struct TaskBatchResult {
    /// In the order of the request.
    pub tasks: Vec<Shown>,
}

impl Example for TaskBatch {
    fn example() -> Self {
        TaskBatch { tasks: vec![TaskSubmission::example()] }
    }
}

impl TaskBatch {
    /// The tasks it asks for; what else is wrong with them, the engine says.
    pub fn into_tasks(self) -> Result<Vec<NewTask>, Refusal> {
        let mut errors = Errors::default();
        let mut tasks = Vec::with_capacity(self.tasks.len());
        for (at, submission) in self.tasks.into_iter().enumerate() {
            match submission.into_task(None) {
                Ok(task) => tasks.push(task),
                Err(Refusal::Invalid(wrong)) => {
                    let mut of_task = Errors::default();
                    of_task.take_all(wrong);
                    errors.take_under(&format!("tasks[{at}]"), of_task);
                }
                Err(other) => return Err(other),
            }
        }
        errors.none_or(tasks)
    }
}

declared_as!(ItemText, ReportItem);

/// An item as it came: what is wrong with one is told of that one.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ItemText(RawJson);

/// What workers say of many tasks.
#[derive(Debug, Object, Deserialize)]
#[oai(example)]
#[serde(deny_unknown_fields)]
pub struct ReportBatch {
    /// The items, 1 to 1000, each as the operation of its type takes it, with the task's id.
    #[oai(validator(min_items = 1, max_items = 1000))]
    pub items: Vec<ItemText>,
}

impl Example for ReportBatch {
    fn example() -> Self {
        let task_id = "0196f3c2-8a51-7d3e-9c00-5b1f6f1d2a43";
        let lease = "lease_0a7e4b1c9d2f4e6fa1b2c3d4e5f60718";
        let item = format!(
            r#"{{"type":"report","task_id":"{task_id}","lease":"{lease}","sequence":1,"progress":{{"percent":25}}}}"#
        );
        ReportBatch { items: RawJson::parse(item).map(ItemText).into_iter().collect() }
    }
}

/// What a worker says of one task. `type` says which of the four it is.
#[derive(Debug, Union)]
#[oai(one_of, discriminator_name = "type")]
pub enum ReportItem {
    #[oai(mapping = "report")]
    Report(ReportOfTask),
    #[oai(mapping = "complete")]
    Complete(CompletionOfTask),
    #[oai(mapping = "fail")]
    Fail(FailureOfTask),
    #[oai(mapping = "release")]
    Release(ReleaseOfTask),
}

/// The `type` of an item, which is looked at before the rest.
#[derive(Debug, Default)]
pub struct Tag;

impl<'de> Deserialize<'de> for Tag {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(from).map(|_| Tag)
    }
}

/// As reportTask takes it: progress, lines, a checkpoint, or nothing but the lease.
#[derive(Debug, Object, Deserialize)]
#[oai(skip_serializing_if_is_none)]
#[serde(deny_unknown_fields)]
pub struct ReportOfTask {
    #[oai(skip)]
    #[serde(rename = "type", default)]
    pub tag: Tag,
    /// The task.
    pub task_id: String,
    /// The lease's token.
    pub lease: LeaseToken,
    /// Makes sending it again harmless: the same number as the last report's is answered the same,
    /// and nothing is written; a lower one is refused; gaps are fine.
    pub sequence: Option<u64>,
    /// How far the task is.
    #[serde(default, deserialize_with = "strict::optional_object")]
    pub progress: Option<ReportedProgress>,
    /// The parts of the work, in order, at most 32; replaces those the task had.
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

/// As completeTask takes it: the end of a task, with what came out.
#[derive(Debug, Object, Deserialize)]
#[oai(skip_serializing_if_is_none)]
#[serde(deny_unknown_fields)]
pub struct CompletionOfTask {
    #[oai(skip)]
    #[serde(rename = "type", default)]
    pub tag: Tag,
    /// The task.
    pub task_id: String,
    /// The lease's token.
    pub lease: LeaseToken,
    /// What came out: any JSON. Without it the task's output is `{}`.
    #[serde(default, deserialize_with = "strict::present")]
    pub output: Option<RawJson>,
}

/// As failTask takes it: the end of an attempt, with what went wrong.
#[derive(Debug, Object, Deserialize)]
#[oai(skip_serializing_if_is_none)]
#[serde(deny_unknown_fields)]
pub struct FailureOfTask {
    #[oai(skip)]
    #[serde(rename = "type", default)]
    pub tag: Tag,
    /// The task.
    pub task_id: String,
    /// The lease's token.
    pub lease: LeaseToken,
    /// What went wrong.
    #[serde(deserialize_with = "strict::object")]
    pub error: ReportedError,
    /// Whether another attempt may follow, if any are left; without it, it may.
    pub retryable: Option<bool>,
    /// How long the next attempt should wait, in seconds, at most 30 days; without it the server's
    /// backoff decides.
    #[oai(validator(maximum(value = "2592000")))]
    pub retry_after_seconds: Option<u64>,
}

/// As releaseTask takes it: a task given back.
#[derive(Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReleaseOfTask {
    #[oai(skip)]
    #[serde(rename = "type", default)]
    pub tag: Tag,
    /// The task.
    pub task_id: String,
    /// The lease's token.
    pub lease: LeaseToken,
}

/// What became of each item.
#[derive(Debug, Object, Serialize)]
pub struct ReportBatchResult {
    /// In the order of the request.
    pub items: Vec<ReportItemResult>,
}

/// What became of one item. `report`, `state` or `problem` is there, as its `type` and `status` say.
#[derive(Debug, Object, Serialize)]
#[oai(skip_serializing_if_is_none)]
pub struct ReportItemResult {
    /// The task, as the item named it; empty where it named none.
    pub task_id: String,
    /// The HTTP status that the operation of its type would have answered.
    pub status: u16,
    /// For a report that was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report: Option<ReportAnswer>,
    /// For an attempt that was ended: where the task is now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<State>,
    /// For an item that was refused: what the operation of its type would have answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<ProblemBody>,
}

/// What one item asks for.
pub enum Asked {
    Report(Report),
    End(Outcome),
}

/// What an item says first. What else it says is read once this is known.
#[derive(Deserialize)]
struct Head {
    #[serde(rename = "type", deserialize_with = "strict::word")]
    kind: Kind,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Report,
    Complete,
    Fail,
    Release,
}

impl ItemText {
    /// The task it names, if it names one, however wrong the rest is.
    pub fn task_id(&self) -> Option<String> {
        #[derive(Deserialize)]
        struct Named {
            task_id: String,
        }
        serde_json::from_str::<Named>(self.0.get()).ok().map(|named| named.task_id)
    }

    /// The task's id, the lease and what is asked; what else is wrong with it, the engine says.
    pub fn read(&self) -> Result<(String, LeaseToken, Asked), Problem> {
        let text = self.0.get().as_bytes();
        Ok(match parse::<Head>(text)?.kind {
            Kind::Report => {
                let ReportOfTask {
                    tag: Tag,
                    task_id,
                    lease,
                    sequence,
                    progress,
                    stages,
                    logs,
                    checkpoint,
                } = parse(text)?;
                let report = TaskReport { lease, sequence, progress, stages, logs, checkpoint };
                let (lease, report) = report.into_report();
                (task_id, lease, Asked::Report(report))
            }
            Kind::Complete => {
                let CompletionOfTask { tag: Tag, task_id, lease, output } = parse(text)?;
                (task_id, lease, Asked::End(Outcome::Complete { output }))
            }
            Kind::Fail => {
                let FailureOfTask {
                    tag: Tag,
                    task_id,
                    lease,
                    error,
                    retryable,
                    retry_after_seconds,
                } = parse(text)?;
                let failure = TaskFailure { lease, error, retryable, retry_after_seconds };
                let (lease, outcome) = failure.into_outcome();
                (task_id, lease, Asked::End(outcome))
            }
            Kind::Release => {
                let ReleaseOfTask { tag: Tag, task_id, lease } = parse(text)?;
                (task_id, lease, Asked::End(Outcome::Release))
            }
        })
    }
}
