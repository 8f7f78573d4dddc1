//! Queues, schedules, workers, attempts and batches: what is declared is what is written.

use std::collections::BTreeMap;

use super::{shaped_as_declared, written_as_declared};
use crate::{
    api::{
        problem::Problem,
        wire::{
            attempt::{AttemptList, AttemptState, DeclaredAttempt},
            batch::{ReportBatchResult, ReportItemResult},
            kind::{Kind, KindLinks, KindList},
            queue::{Queue, QueueCounts, QueueLinks, QueueList},
            queue_settings::{RateLimit, TaskDefaults},
            report::ReportAnswer,
            schedule::{DeclaredOverlap, Schedule, ScheduleLinks, ScheduleList},
            scheduled_task::ScheduledTask,
            worker::{Worker, WorkerList, WorkerTask, workers},
        },
    },
    domain::{
        self, Attempt, Cursor, Ending, Epoch, KindSpec, NewTask, QueueSettings, RawJson, Stage,
        State, TaskError, TaskId, Timestamp,
        queue::{RateLimit as Rate, TaskDefaults as Defaults},
        schedule::{Overlap, ScheduleSpec},
        submission::Backoff,
    },
    engine::presence::Seen,
    store::{QueueStatus, RunningTask},
};

const AT: Timestamp = Timestamp(1_769_851_800_000);

fn id(text: &str) -> TaskId {
    TaskId::parse(text).expect("an id")
}

fn bare_queue() -> QueueStatus {
    QueueStatus {
        name: "a/b ü".to_owned(),
        queue: None,
        counts: BTreeMap::from([(State::Queued, 3)]),
        parked: 1,
        oldest_queued_at: None,
    }
}

fn full_queue() -> QueueStatus {
    let settings = QueueSettings {
        paused: true,
        max_concurrency: Some(5),
        max_concurrency_per_key: 2,
        rate_limit: Some(Rate { limit: 10, period_seconds: 60, burst: Some(3) }),
        defaults: Defaults {
            max_attempts: Some(5),
            timeout_seconds: Some(60),
            backoff_base_seconds: Some(1),
            backoff_max_seconds: Some(10),
            stalled_after_seconds: Some(30),
            retention_seconds: Some(3600),
        },
        retention: domain::Retention {
            task_seconds: Some(4),
            body_seconds: Some(3),
            event_seconds: Some(2),
            progress_seconds: Some(1),
        },
    };
    let queue = domain::Queue {
        name: "a/b ü".to_owned(),
        settings,
        revision: 1,
        updated_at: AT,
        bucket: None,
        unparking: None,
        walked: Default::default(),
    };
    QueueStatus { queue: Some(queue), oldest_queued_at: Some(AT), ..bare_queue() }
}

#[test]
fn a_queue_and_its_parts_are_written_as_declared() {
    let (full, bare) = (Queue::from(full_queue()), Queue::from(bare_queue()));
    shaped_as_declared::<Queue>(&full, &bare);
    shaped_as_declared::<QueueCounts>(&full.counts, &bare.counts);
    shaped_as_declared::<QueueLinks>(&full.links, &bare.links);
    shaped_as_declared::<TaskDefaults>(&full.defaults, &bare.defaults);
    let rate = full.rate_limit.clone().expect("a rate");
    let bare_rate = RateLimit { burst: None, ..rate.clone() };
    shaped_as_declared::<RateLimit>(&rate, &bare_rate);
    assert_eq!((bare.counts.queued, bare.counts.running, bare.parked), (3, 0, 1));
    assert_eq!(full.links.itself, "/api/v1/queues/a%2Fb%20%C3%BC");
    assert_eq!(full.links.tasks, "/api/v1/tasks?queue=a%2Fb%20%C3%BC");
    let list = |next_page: Option<&str>| QueueList {
        items: vec![full_queue().into()],
        next_page: next_page.map(str::to_owned),
    };
    shaped_as_declared::<QueueList>(&list(Some("ff")), &list(None));
}

#[test]
fn a_kind_and_its_parts_are_written_as_declared() {
    let spec = KindSpec {
        description: Some("words".to_owned()),
        input_schema: RawJson::parse("{\"b\":1.50}".to_owned()).ok(),
        defaults: full_queue().queue.expect("settings").settings.defaults,
    };
    let full = domain::Kind {
        name: "a/b ü".to_owned(),
        spec,
        revision: 7,
        created_at: AT,
        updated_at: AT,
    };
    let bare = domain::Kind { spec: KindSpec::default(), ..full.clone() };
    let (whole, bare) = (Kind::from(full.clone()), Kind::from(bare));
    shaped_as_declared::<Kind>(&whole, &bare);
    shaped_as_declared::<KindLinks>(&whole.links, &bare.links);
    assert_eq!((whole.checks_input, bare.checks_input), (true, false));
    assert_eq!(whole.links.itself, "/api/v1/kinds/a%2Fb%20%C3%BC");
    assert_eq!(whole.links.tasks, "/api/v1/tasks?kind=a%2Fb%20%C3%BC");
    let listed = Kind::listed(full.clone());
    assert!(listed.input_schema.is_none() && listed.checks_input);
    let list = |next_page: Option<&str>| KindList {
        items: vec![Kind::listed(full.clone())],
        next_page: next_page.map(str::to_owned),
    };
    shaped_as_declared::<KindList>(&list(Some("ff")), &list(None));
}

fn full_schedule(task: NewTask) -> domain::Schedule {
    domain::Schedule {
        id: id("s"),
        spec: ScheduleSpec {
            cron: "* * * * *".to_owned(),
            time_zone: "UTC".to_owned(),
            overlap: Overlap::Cancel,
            paused: false,
            task,
        },
        revision: 1,
        created_at: AT,
        updated_at: AT,
        next_run_at: Some(AT),
        last_run_at: Some(AT),
        last_task_id: Some(id("t")),
        last_skipped_at: Some(AT),
    }
}

#[test]
fn a_schedule_and_its_parts_are_written_as_declared() {
    let task = NewTask {
        input: RawJson::parse("{\"b\":1}".to_owned()).ok(),
        max_attempts: Some(2),
        timeout_seconds: Some(1),
        deadline_seconds: Some(2),
        concurrency_key: Some("k".to_owned()),
        backoff: Backoff { base_seconds: Some(1), max_seconds: Some(2) },
        stages: vec![Stage { name: "s".to_owned(), weight: 1.0 }],
        stalled_after_seconds: Some(1),
        retention_seconds: Some(1),
        trace_parent: Some("00-1".to_owned()),
        ..NewTask::of("kind")
    };
    let full = full_schedule(task.clone());
    let bare = domain::Schedule {
        next_run_at: None,
        last_run_at: None,
        last_task_id: None,
        last_skipped_at: None,
        ..full.clone()
    };
    let bare_task = ScheduledTask { kind: "kind".to_owned(), ..ScheduledTask::default() };
    shaped_as_declared::<ScheduledTask>(&ScheduledTask::from(task.clone()), &bare_task);
    assert_eq!(ScheduledTask::from(task.clone()).into_task(), task, "what is got can be put");
    let (full, bare) = (Schedule::from(full), Schedule::from(bare));
    shaped_as_declared::<Schedule>(&full, &bare);
    shaped_as_declared::<ScheduleLinks>(&full.links, &bare.links);
    for overlap in [Overlap::Skip, Overlap::Allow, Overlap::Cancel] {
        written_as_declared::<DeclaredOverlap>(&overlap);
    }
    let list = |next_page: Option<&str>| ScheduleList {
        items: vec![full_schedule(task.clone()).into()],
        next_page: next_page.map(str::to_owned),
    };
    shaped_as_declared::<ScheduleList>(&list(Some("ff")), &list(None));
}

fn attempt(worker: &str) -> Attempt {
    Attempt {
        number: 1,
        worker: worker.to_owned(),
        state: Ending::Failed,
        started_at: AT,
        finished_at: Some(AT),
        error: Some(TaskError::new("timeout", "too long")),
        retry_at: Some(AT),
    }
}

#[test]
fn attempts_are_written_as_declared() {
    let bare = Attempt { finished_at: None, error: None, retry_at: None, ..attempt("w") };
    shaped_as_declared::<DeclaredAttempt>(&attempt("w"), &bare);
    for ending in
        [Ending::Running, Ending::Succeeded, Ending::Failed, Ending::Released, Ending::Cancelled]
    {
        written_as_declared::<AttemptState>(&ending);
    }
    let list = AttemptList { items: vec![attempt("w")] };
    shaped_as_declared::<AttemptList>(&list, &list);
}

#[test]
fn workers_are_those_who_ask_and_those_who_run_and_not_the_servers_own() {
    let seen = |queue: &str, at| Seen {
        queues: vec![queue.to_owned()],
        kinds: Vec::new(),
        at,
        waiting: 1,
    };
    let running = |name: &str, worker: &str, queue: &str| RunningTask {
        id: id(name),
        kind: "k".to_owned(),
        queue: queue.to_owned(),
        attempt: attempt(worker),
        percent: Some(5.0),
        stalled: true,
        reported_at: AT,
    };
    let asking = vec![
        ("both".to_owned(), seen("q", Timestamp(0))),
        ("own".to_owned(), seen("milepost", AT)),
    ];
    let mut tasks = vec![running("c", "quiet", "q"), running("own", "own", "milepost")];
    tasks.extend((0..25).map(|n| running(&format!("t{n}"), "both", "q")));
    let found = workers(asking, tasks);
    assert_eq!(found.keys().collect::<Vec<_>>(), ["both", "quiet"]);
    let both = &found["both"];
    assert_eq!((both.waiting, both.running, both.tasks.len()), (1, 25, 20));
    assert_eq!(both.last_seen_at, AT);
    assert_eq!((found["quiet"].waiting, found["quiet"].queues.len()), (0, 0));
    shaped_as_declared::<Worker>(both, &found["quiet"]);
    let bare = RunningTask { percent: None, stalled: false, ..running("c", "w", "q") };
    let full = WorkerTask::from(running("c", "w", "q"));
    shaped_as_declared::<WorkerTask>(&full, &WorkerTask::from(bare));
    let list = |next_page: Option<&str>| WorkerList {
        items: Vec::new(),
        next_page: next_page.map(str::to_owned),
    };
    shaped_as_declared::<WorkerList>(&list(Some("ff")), &list(None));
}

#[test]
fn the_results_of_a_batch_are_written_as_declared() {
    let cursor = Cursor { epoch: Epoch(1), position: 2 };
    let result = |full: bool| ReportItemResult {
        task_id: "t".to_owned(),
        status: 200,
        report: full.then_some(ReportAnswer {
            lease_expires_at: AT,
            cancel_requested: false,
            cursor,
        }),
        state: full.then_some(State::Succeeded),
        problem: full.then(|| Problem::internal().body()),
    };
    shaped_as_declared::<ReportItemResult>(&result(true), &result(false));
    let list = ReportBatchResult { items: vec![result(false)] };
    shaped_as_declared::<ReportBatchResult>(&list, &list);
}
