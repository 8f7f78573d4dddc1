//! From events to spans: what has ended with each, and when it began.

use std::{
    collections::HashMap,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use opentelemetry::{
    InstrumentationScope, KeyValue, SpanId, TraceFlags, TraceId,
    trace::{SpanContext, SpanKind, Status, TraceState},
};
use opentelemetry_sdk::trace::{SpanData, SpanEvents, SpanLinks};
use serde::Deserialize;

use crate::domain::{
    EventType, State, TaskError, TaskId, Timestamp,
    trace::{TaskTrace, TraceParent},
};

/// Tasks whose last step is remembered at most. Of one beyond that, the row says enough for its
/// attempts, and how long it waited stays unsaid.
const MAX_TASKS: usize = 100_000;

/// What an event says, as far as spans go.
#[derive(Debug, Deserialize)]
pub struct Told {
    at: Timestamp,
    task: Seen,
    /// Of an attempt that is tried again.
    error: Option<TaskError>,
}

#[derive(Debug, Deserialize)]
struct Seen {
    id: TaskId,
    kind: String,
    queue: String,
    state: State,
    attempt: u32,
    created_at: Timestamp,
    run_at: Option<Timestamp>,
    started_at: Option<Timestamp>,
    worker: Option<String>,
    parent_id: Option<TaskId>,
    trace_parent: Option<String>,
    error: Option<TaskError>,
}

/// What a task that is not done did last.
#[derive(Debug)]
enum Step {
    Waits(Timestamp),
    Runs { since: Timestamp, number: u32, worker: Option<String> },
}

/// Follows the log. It may be forgotten at any time: spans that were under way then are told from what
/// their last event says.
#[derive(Debug, Default)]
pub struct Spans {
    steps: HashMap<TaskId, Step>,
    scope: InstrumentationScope,
}

impl Spans {
    pub fn new() -> Self {
        let scope = InstrumentationScope::builder("milepost")
            .with_version(env!("CARGO_PKG_VERSION"))
            .build();
        Spans { steps: HashMap::new(), scope }
    }

    /// The spans that ended with an event.
    pub fn ended_with(&mut self, event_type: EventType, told: &Told) -> Vec<SpanData> {
        let task = &told.task;
        let trace = TaskTrace::of(&task.id, task.created_at, task.trace_parent.as_deref());
        let mut ended = Vec::new();
        if !trace.is_sampled() {
            return ended;
        }
        match event_type {
            EventType::Queued => {
                ended.extend(self.attempt(&trace, told, "released"));
                self.remember(&task.id, Step::Waits(told.at));
            }
            // A group begins without a worker; there is no attempt to it.
            EventType::Started if task.attempt > 0 => {
                ended.extend(self.wait(&trace, told));
                let (number, worker) = (task.attempt, task.worker.clone());
                self.remember(&task.id, Step::Runs { since: told.at, number, worker });
            }
            EventType::Retrying => ended.extend(self.attempt(&trace, told, "failed")),
            EventType::Succeeded | EventType::Failed | EventType::Cancelled => {
                ended.extend(self.attempt(&trace, told, task.state.as_str()));
                ended.push(self.task(&trace, told));
            }
            EventType::Deleted => drop(self.steps.remove(&task.id)),
            _ => {}
        }
        ended
    }

    fn remember(&mut self, id: &TaskId, step: Step) {
        if self.steps.len() < MAX_TASKS || self.steps.contains_key(id) {
            self.steps.insert(id.clone(), step);
        }
    }

    /// From the time the task was ready, to its worker's lease.
    fn wait(&self, trace: &TaskTrace, told: &Told) -> Option<SpanData> {
        let task = &told.task;
        let since = match self.steps.get(&task.id) {
            Some(Step::Waits(since)) => *since,
            // Nothing was heard of it yet: its first attempt came with what it was submitted with.
            None if task.attempt == 1 => {
                task.run_at.unwrap_or(task.created_at).max(task.created_at)
            }
            _ => return None,
        };
        let own = trace.wait(told.at);
        let span = self.span(own, trace.task().span, "queue wait", (since, told.at), told);
        Some(SpanData { span_kind: SpanKind::Internal, ..span })
    }

    /// An attempt that ended now, if one was under way.
    fn attempt(
        &mut self,
        trace: &TaskTrace,
        told: &Told,
        outcome: &'static str,
    ) -> Option<SpanData> {
        let task = &told.task;
        let (since, number, worker) = match self.steps.remove(&task.id) {
            Some(Step::Runs { since, number, worker }) => (since, number, worker),
            Some(Step::Waits(_)) => return None,
            // It began before anybody listened, in an earlier process perhaps. What is cancelled or
            // has missed its deadline may have been waiting.
            None => {
                let missed =
                    task.error.as_ref().is_some_and(|error| error.kind == TaskError::DEADLINE);
                let ran = matches!(task.state, State::Retrying | State::Succeeded)
                    || (task.state == State::Failed && !missed);
                let since = task.started_at.filter(|_| ran && task.attempt > 0)?;
                (since, task.attempt, None)
            }
        };
        let own = trace.attempt(since);
        let mut span = self.span(own, trace.task().span, "attempt", (since, told.at), told);
        span.span_kind = SpanKind::Consumer;
        span.attributes.push(KeyValue::new("milepost.attempt", i64::from(number)));
        span.attributes.push(KeyValue::new("milepost.outcome", outcome));
        span.attributes.extend(worker.map(|worker| KeyValue::new("milepost.worker", worker)));
        Some(span)
    }

    /// The whole task, which is done now.
    fn task(&self, trace: &TaskTrace, told: &Told) -> SpanData {
        let task = &told.task;
        let above = trace.parent.map_or([0; 8], |parent| parent.span);
        let name = format!("task {}", task.kind);
        let mut span = self.span(trace.task(), above, name, (task.created_at, told.at), told);
        span.span_kind = SpanKind::Producer;
        span.parent_span_is_remote = trace.parent.is_some();
        let parent = task.parent_id.as_ref();
        span.attributes
            .extend(parent.map(|parent| KeyValue::new("milepost.task.parent", parent.to_string())));
        span
    }

    fn span(
        &self,
        own: TraceParent,
        parent: [u8; 8],
        name: impl Into<std::borrow::Cow<'static, str>>,
        (start, end): (Timestamp, Timestamp),
        told: &Told,
    ) -> SpanData {
        let task = &told.task;
        let status = match told.error.as_ref().or(task.error.as_ref()) {
            Some(error) if error.kind != TaskError::CANCELLED => {
                Status::error(error.title.clone().unwrap_or_else(|| error.kind.clone()))
            }
            _ => Status::Unset,
        };
        SpanData {
            span_context: SpanContext::new(
                TraceId::from_bytes(own.trace),
                SpanId::from_bytes(own.span),
                TraceFlags::new(own.flags),
                false,
                TraceState::default(),
            ),
            parent_span_id: SpanId::from_bytes(parent),
            parent_span_is_remote: false,
            span_kind: SpanKind::Internal,
            name: name.into(),
            start_time: time(start),
            // A clock that was set back must not make a span end before it began.
            end_time: time(end.max(start)),
            attributes: vec![
                KeyValue::new("milepost.task.id", task.id.to_string()),
                KeyValue::new("milepost.task.kind", task.kind.clone()),
                KeyValue::new("milepost.queue", task.queue.clone()),
            ],
            dropped_attributes_count: 0,
            events: SpanEvents::default(),
            links: SpanLinks::default(),
            status,
            instrumentation_scope: self.scope.clone(),
        }
    }
}

fn time(at: Timestamp) -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(u64::try_from(at.0).unwrap_or(0))
}
