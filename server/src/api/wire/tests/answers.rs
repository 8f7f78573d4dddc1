use std::{collections::BTreeSet, sync::Arc};

use serde_json::{Value, json};

use super::{keys, properties, required, schema, shaped_as_declared, written_as_declared};
use crate::{
    api::{
        problem::{FieldProblem, Problem, ProblemBody, ProblemType},
        wire::{
            event::{
                DeclaredLine, Event as DeclaredEvent, EventPage, EventText, LogLines, ResetReason,
            },
            lease::{Lease, LeaseList},
            report::ReportAnswer,
            stage::DeclaredStage,
            task::{
                DeclaredAfterFailure, DeclaredChildFailure, DeclaredChildren, DeclaredError,
                DeclaredLinks, DeclaredProgress, DeclaredTask, TaskList, TaskState,
            },
        },
    },
    domain::{
        AfterFailure, ChildFailure, Children, Cursor, Epoch, Event, EventBody, EventType,
        FieldError, Labels, LeaseToken, LogLevel, LogLine, Progress, RawJson, Shown, Stage, State,
        TaskError, TaskId, TaskLinks, TaskView, Timestamp,
    },
    engine::Leased,
    stream::{notice::Notice, resume::Reset},
};

const AT: Timestamp = Timestamp(1_769_851_800_000);
const CURSOR: Cursor = Cursor { epoch: Epoch(0x5f0c_31aa), position: 1042 };

fn id() -> TaskId {
    TaskId::parse("a.task").expect("an id")
}

fn json_text(text: &str) -> Option<RawJson> {
    Some(RawJson::parse(text.to_owned()).expect("JSON"))
}

fn full_error() -> TaskError {
    let detail = Some("all that is known".to_owned());
    TaskError { detail, ..TaskError::new("disk-full", "No space left") }
}

fn full_progress() -> Progress {
    let text = |text: &str| Some(text.to_owned());
    Progress {
        percent: Some(25.0),
        current: Some(3.0),
        total: Some(12.0),
        unit: text("files"),
        message: text("a\u{0}b"),
        stage: text("copying"),
        rate_per_second: Some(0.5),
        stage_percent: Some(50.0),
        eta_seconds: Some(18.0),
        stalled: true,
        updated_at: AT,
    }
}

fn children() -> Children {
    Children { total: 6, done: 3, succeeded: 1, failed: 1, cancelled: 1 }
}

fn bare_task() -> TaskView {
    TaskView {
        id: id(),
        kind: "copy".into(),
        queue: "default".into(),
        state: State::Queued,
        done: false,
        input: None,
        labels: Arc::default(),
        priority: 0,
        progress: None,
        output: None,
        error: None,
        output_omitted: false,
        bodies_dropped: false,
        attempt: 0,
        max_attempts: 3,
        timeout_seconds: None,
        cancel_grace_seconds: 30,
        cancel_requested: false,
        backoff_base_seconds: None,
        backoff_max_seconds: None,
        stalled_after_seconds: None,
        retention_seconds: None,
        concurrency_key: None,
        stages: Vec::new(),
        run_at: None,
        deadline_at: None,
        created_at: AT,
        started_at: None,
        updated_at: AT,
        finished_at: None,
        parent_id: None,
        weight: None,
        children: None,
        complete_when_children_done: false,
        child_failure: None,
        unique_key: None,
        after: Vec::new(),
        after_failure: None,
        waiting_for: None,
        schedule_id: None,
        trace_parent: None,
        worker: None,
        cursor: CURSOR,
        links: bare_links(),
    }
}

fn full_task() -> TaskView {
    TaskView {
        input: json_text(r#"{"b":1,"a":[null,true]}"#),
        labels: Arc::new(Labels::from([("key".to_owned(), "value".to_owned())])),
        progress: Some(full_progress()),
        output: json_text("[1,2.5]"),
        error: Some(full_error()),
        output_omitted: true,
        bodies_dropped: true,
        timeout_seconds: Some(60),
        cancel_requested: true,
        backoff_base_seconds: Some(2),
        backoff_max_seconds: Some(60),
        stalled_after_seconds: Some(30),
        retention_seconds: Some(3600),
        concurrency_key: Some("disk-1".to_owned()),
        stages: vec![Stage { name: "copying".to_owned(), weight: 2.0 }],
        deadline_at: Some(AT),
        schedule_id: Some(id()),
        weight: Some(0.5),
        children: Some(children()),
        complete_when_children_done: true,
        child_failure: Some(ChildFailure::Collect),
        unique_key: Some("order-7".to_owned()),
        after: vec![id()],
        after_failure: Some(AfterFailure::Run),
        waiting_for: Some(1),
        run_at: Some(AT),
        started_at: Some(AT),
        finished_at: Some(AT),
        parent_id: Some(id()),
        trace_parent: Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned()),
        worker: Some("worker-1".to_owned()),
        links: full_links(),
        ..bare_task()
    }
}

fn bare_links() -> TaskLinks {
    let (parent, schedule) = (None, None);
    TaskLinks { id: id(), parent, schedule, cancel: false, retry: false, delete: false }
}

fn full_links() -> TaskLinks {
    let (parent, schedule) = (Some(id()), Some(id()));
    TaskLinks { id: id(), parent, schedule, cancel: true, retry: true, delete: true }
}

fn line() -> LogLine {
    LogLine { at: AT, level: LogLevel::Warn, text: "a\r\nb".to_owned() }
}

#[test]
fn a_task_and_its_parts_are_written_as_declared() {
    shaped_as_declared::<DeclaredTask>(&full_task(), &bare_task());
    // Not required, because events that version 0.1 wrote are without it; of today's, all have it.
    let attempts = Some("attempts".to_owned());
    let always: BTreeSet<_> = required::<DeclaredLinks>().into_iter().chain(attempts).collect();
    assert_eq!(keys(&written_as_declared::<DeclaredLinks>(&bare_links())), always);
    let full = keys(&written_as_declared::<DeclaredLinks>(&full_links()));
    assert_eq!(full, properties::<DeclaredLinks>());
    let bare_error = TaskError { title: None, ..TaskError::new("timeout", "") };
    shaped_as_declared::<DeclaredError>(&full_error(), &bare_error);
    let bare_progress = Progress { updated_at: AT, ..Progress::default() };
    shaped_as_declared::<DeclaredProgress>(&full_progress(), &bare_progress);
    shaped_as_declared::<DeclaredLine>(&line(), &line());
    let stage = Stage { name: "copying".to_owned(), weight: 2.0 };
    shaped_as_declared::<DeclaredStage>(&stage, &stage);
    shaped_as_declared::<DeclaredChildren>(&children(), &children());
}

#[test]
fn every_state_and_level_is_declared() {
    for state in State::ALL {
        written_as_declared::<TaskState>(&state);
    }
    let declared = |schema: Vec<Value>| schema.len();
    assert_eq!(declared(schema::<TaskState>().enum_items), State::ALL.len());
    for level in [LogLevel::Debug, LogLevel::Info, LogLevel::Warn, LogLevel::Error] {
        written_as_declared::<super::super::event::DeclaredLevel>(&level);
    }
    for policy in [ChildFailure::FailFast, ChildFailure::Collect] {
        written_as_declared::<DeclaredChildFailure>(&policy);
    }
    for policy in [AfterFailure::Cancel, AfterFailure::Run] {
        written_as_declared::<DeclaredAfterFailure>(&policy);
    }
    for reset in [Reset::Garbage, Reset::Epoch, Reset::Future, Reset::Trimmed] {
        let written = written_as_declared::<ResetReason>(&reset);
        assert_eq!(serde_json::to_value(ResetReason::from(reset)).ok(), Some(written));
    }
}

fn body(kind: EventType) -> EventBody {
    let task = Shown::of(full_task().carried());
    match kind {
        EventType::Scheduled => EventBody::Scheduled { task },
        EventType::Queued => EventBody::Queued { task },
        EventType::Started => EventBody::Started { task },
        EventType::Progress => {
            EventBody::Progress { progress: full_progress(), children: Some(children()) }
        }
        EventType::Log => EventBody::Log { lines: vec![line(), line()] },
        EventType::CancelRequested => EventBody::CancelRequested { task },
        EventType::Retrying => EventBody::Retrying { error: full_error(), task },
        EventType::Succeeded => EventBody::Succeeded { task },
        EventType::Failed => EventBody::Failed { task },
        EventType::Cancelled => EventBody::Cancelled { task },
        EventType::Updated => EventBody::Updated { task },
        EventType::Deleted => EventBody::Deleted { task },
    }
}

#[test]
fn every_event_of_the_log_is_written_as_declared() {
    for kind in EventType::ALL {
        let event = Event { body: body(kind), cursor: CURSOR, task_id: id(), at: AT, attempt: 1 };
        let written = written_as_declared::<DeclaredEvent>(&event);
        assert_eq!(written["type"], kind.as_str());
        // The text is passed through, and reads as the same event.
        let text = EventText(RawJson::of(&event).expect("JSON"));
        assert_eq!(serde_json::to_value(text).ok(), Some(written));
    }
}

#[test]
fn every_frame_of_a_stream_is_written_as_declared() {
    let tasks = [RawJson::of(&full_task().carried()).expect("JSON")];
    let notices = [
        Notice::Snapshot { tasks: &tasks, more: true, cursor: None, fresh: true },
        Notice::Snapshot { tasks: &tasks, more: false, cursor: Some(CURSOR), fresh: false },
        Notice::Reset { reason: Reset::Trimmed },
        Notice::Left { task_id: &id(), cursor: CURSOR },
        Notice::End {},
        Notice::Draining {},
    ];
    for notice in &notices {
        let written = written_as_declared::<DeclaredEvent>(notice);
        assert_eq!(written["type"], notice.name());
    }
    let variants = schema::<DeclaredEvent>().one_of.len();
    let frames = notices.len() - 1;
    assert_eq!(variants, EventType::ALL.len() + frames, "every declared variant is written");
}

#[test]
fn lists_and_pages_are_written_as_declared() {
    let list = |next_page: Option<&str>| TaskList {
        items: vec![bare_task()],
        next_page: next_page.map(str::to_owned),
    };
    shaped_as_declared::<TaskList>(&list(Some("ff")), &list(None));
    let event =
        Event { body: body(EventType::Log), cursor: CURSOR, task_id: id(), at: AT, attempt: 1 };
    let page = |reset| EventPage {
        items: vec![EventText(RawJson::of(&event).expect("JSON"))],
        cursor: CURSOR,
        reset,
    };
    shaped_as_declared::<EventPage>(&page(Some(ResetReason::Epoch)), &page(None));
    let lines = |next: Option<&str>, reset| LogLines {
        lines: vec![line()],
        next: next.map(str::to_owned),
        reset,
    };
    let full = lines(Some("5f0c31aa.1042.3"), Some(ResetReason::Epoch));
    shaped_as_declared::<LogLines>(&full, &lines(None, None));
}

#[test]
fn what_a_worker_gets_is_written_as_declared() {
    let lease = |checkpoint: Option<RawJson>| {
        let full = checkpoint.is_some();
        let leased = Leased {
            token: LeaseToken::new("lease_1"),
            fence: 7,
            expires_at: AT,
            task: full_task(),
            checkpoint,
            cancel_requested: false,
        };
        Lease::of(leased, full)
    };
    shaped_as_declared::<Lease>(&lease(json_text("{\"at\":3}")), &lease(None));
    let list = LeaseList { leases: vec![lease(None)] };
    shaped_as_declared::<LeaseList>(&list, &list);
    let answer = ReportAnswer { lease_expires_at: AT, cancel_requested: true, cursor: CURSOR };
    shaped_as_declared::<ReportAnswer>(&answer, &answer);
}

#[test]
fn a_problem_is_written_as_declared() {
    let full = Problem::invalid(vec![FieldError::new("kind", "is required")]).at("/x").body();
    let bare = Problem::new(ProblemType::Internal, "It failed.").body();
    shaped_as_declared::<ProblemBody>(&full, &bare);
    let field = FieldProblem { field: "a".to_owned(), message: "b".to_owned() };
    assert_eq!(keys(&json!(field)), properties::<FieldProblem>());
    assert_eq!(required::<FieldProblem>(), properties::<FieldProblem>());
}
