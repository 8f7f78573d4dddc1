//! The engine on a real SQLite file, through its public surface.

use std::{sync::Arc, time::Duration};

use milepost_server::{
    domain::{
        Filter, Filters, LeaseToken, LogLevel, Precondition, RawJson, Refusal, State, TaskError,
        TaskId, Verdict,
        precondition::{Tags, Unmet},
        progress::ProgressReport,
    },
    engine::{
        Acquire, Change, Engine, IdempotencyKey, Leased, NewLine, NewTask, Outcome, Report,
        clock::Clock,
        tally::Commit,
        writer::{self, Writer},
    },
    store::{ListQuery, Reads, Selection, sqlite},
    stream::hub::Hub,
};
use tempfile::TempDir;

struct Bench {
    engine: Engine,
    reads: Arc<dyn Reads>,
    writer: Option<Writer>,
    directory: Option<TempDir>,
}

impl Bench {
    fn new() -> Self {
        Bench::on(tempfile::tempdir().expect("a temporary directory"))
    }

    fn on(directory: TempDir) -> Self {
        let opened = sqlite::open(directory.path()).expect("a database");
        let hub = Hub::new(opened.reads.log_end().expect("the log's end"));
        let wake = Box::new(move |commit: &Commit<'_>| {
            hub.forget(commit.dropped_to);
            hub.committed(commit.tail, commit.touched, commit.events);
        });
        let (engine, writer) =
            writer::start(opened.store, Clock::start(), 60, wake).expect("a writer");
        Bench { engine, reads: opened.reads, writer: Some(writer), directory: Some(directory) }
    }

    fn restart(mut self) -> Self {
        self.writer.take().expect("running").stop();
        Bench::on(self.directory.take().expect("a directory"))
    }

    async fn submit(&self, task: NewTask) -> TaskId {
        self.engine.submit(task, None).await.expect("submitted").id.clone()
    }

    async fn lease(&self) -> Leased {
        let mut leases = self.engine.acquire(wish("w1")).await.expect("leases");
        assert_eq!(leases.len(), 1, "one task is ready");
        leases.remove(0)
    }

    fn state(&self, id: &TaskId) -> State {
        self.reads.task(id).expect("read").expect("there").1.state
    }

    fn types(&self, id: &TaskId) -> Vec<String> {
        let everything =
            Selection::Filters(Filter { tasks: [id.clone()].into(), ..Filter::default() }.into());
        let page = self.reads.log(&everything, 0, 1000).expect("the log");
        page.entries.iter().map(|(entry, _)| entry.event_type.to_string()).collect()
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        if let Some(writer) = self.writer.take() {
            writer.stop();
        }
    }
}

fn wish(worker: &str) -> Acquire {
    Acquire {
        worker: worker.to_owned(),
        request_id: None,
        queues: vec!["default".to_owned()],
        kinds: vec![],
        max_tasks: 1,
        lease_seconds: 30,
        wait_seconds: 0,
        embedded: false,
    }
}

fn json(text: &str) -> RawJson {
    RawJson::parse(text.to_owned()).expect("JSON")
}

fn failure() -> Outcome {
    let error = TaskError::new("boom", "It broke");
    Outcome::Fail { error, retryable: true, retry_after_seconds: Some(0) }
}

async fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    for _ in 0..200 {
        if holds() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("{what}: not within 5 s");
}

#[tokio::test]
async fn a_task_lives_from_submit_to_success() {
    let bench = Bench::new();
    let input = Some(json(r#"{"n":  12345678901234567890123}"#));
    let id = bench.submit(NewTask { input, ..NewTask::of("k") }).await;
    let lease = bench.lease().await;
    assert_eq!(lease.task.id, id);
    assert_eq!(lease.task.input.expect("input").get(), r#"{"n":  12345678901234567890123}"#);
    let report = Report {
        sequence: Some(1),
        progress: Some(ProgressReport { percent: Some(50.0), ..Default::default() }),
        logs: vec![NewLine { level: LogLevel::Info, text: "half\r\n\0".into() }],
        checkpoint: Some(json("[7]")),
        ..Report::default()
    };
    let first = bench.engine.report(id.clone(), lease.token.clone(), report.clone()).await;
    let again = bench.engine.report(id.clone(), lease.token.clone(), report).await;
    assert_eq!(first, again, "the same sequence is answered the same");
    let outcome = Outcome::Complete { output: Some(json(r#"{"ok":true}"#)) };
    let done = bench.engine.end(id.clone(), lease.token.clone(), outcome.clone()).await;
    let done = done.expect("completed");
    assert_eq!((done.state, done.done), (State::Succeeded, true));
    let repeated = bench.engine.end(id.clone(), lease.token.clone(), outcome).await.expect("again");
    assert_eq!(repeated, done);
    let other = Outcome::Complete { output: Some(json("1")) };
    let refused = bench.engine.end(id.clone(), lease.token, other).await;
    assert_eq!(refused, Err(Refusal::LeaseLost(id.clone())));
    assert_eq!(
        bench.types(&id),
        ["task.queued", "task.started", "task.log", "task.progress", "task.succeeded"]
    );
}

#[tokio::test]
async fn failed_attempts_retry_until_none_is_left_and_a_retry_opens_a_new_round() {
    let bench = Bench::new();
    let id = bench.submit(NewTask { max_attempts: Some(2), ..NewTask::of("k") }).await;
    let mut fences = vec![];
    for round in 0..2 {
        for _ in 0..2 {
            eventually("queued", || bench.state(&id) == State::Queued).await;
            let lease = bench.lease().await;
            fences.push(lease.fence);
            bench.engine.end(id.clone(), lease.token, failure()).await.expect("failed");
        }
        assert_eq!(bench.state(&id), State::Failed);
        if round == 0 {
            let task = bench.engine.retry(id.clone(), None).await.expect("retried");
            assert_eq!((task.attempt, task.max_attempts, task.error.clone()), (2, 4, None));
        }
    }
    assert_eq!(fences, [1, 2, 3, 4]);
}

#[tokio::test]
async fn an_expired_lease_is_retried_once_and_its_token_is_worthless() {
    let bench = Bench::new();
    let id = bench.submit(NewTask::of("k")).await;
    let wish = Acquire { lease_seconds: 1, ..wish("w1") };
    let lease = bench.engine.acquire(wish).await.expect("leases").remove(0);
    eventually("expired", || bench.state(&id) != State::Running).await;
    let late = bench.engine.end(id.clone(), lease.token, Outcome::Complete { output: None }).await;
    assert_eq!(late, Err(Refusal::LeaseLost(id.clone())));
    let retrying = bench.types(&id).iter().filter(|name| *name == "task.retrying").count();
    assert_eq!(retrying, 1);
}

#[tokio::test]
async fn leases_are_served_first_come_first_served_and_only_to_whom_they_are_meant() {
    let bench = Bench::new();
    let call = |worker: &'static str| {
        let engine = bench.engine.clone();
        tokio::spawn(async move {
            let wish = Acquire { wait_seconds: 5, ..wish(worker) };
            engine.acquire(wish).await.expect("leases").pop().map(|lease| lease.task.id)
        })
    };
    let first = call("first");
    tokio::time::sleep(Duration::from_millis(50)).await;
    let second = call("second");
    tokio::time::sleep(Duration::from_millis(50)).await;
    let meant = NewTask { worker: Some("second".to_owned()), ..NewTask::of("k") };
    let for_second = bench.submit(meant).await;
    let for_anybody = bench.submit(NewTask::of("k")).await;
    assert_eq!(second.await.expect("joined"), Some(for_second));
    assert_eq!(first.await.expect("joined"), Some(for_anybody));
}

#[tokio::test]
async fn higher_priority_goes_first_and_a_release_keeps_its_place() {
    let bench = Bench::new();
    let low = bench.submit(NewTask::of("a")).await;
    let next = bench.submit(NewTask::of("b")).await;
    let high = bench.submit(NewTask { priority: 5, ..NewTask::of("c") }).await;
    assert_eq!(bench.lease().await.task.id, high);
    let lease = bench.lease().await;
    assert_eq!(lease.task.id, low);
    let released = bench.engine.end(low.clone(), lease.token, Outcome::Release).await;
    assert_eq!(released.expect("released").attempt, 0);
    assert_eq!(bench.lease().await.task.id, low);
    assert_eq!(bench.lease().await.task.id, next);
}

#[tokio::test]
async fn the_same_lease_request_gets_the_same_leases() {
    let bench = Bench::new();
    bench.submit(NewTask::of("k")).await;
    bench.submit(NewTask::of("k")).await;
    let wish = Acquire { request_id: Some("r1".into()), ..wish("w1") };
    let first = bench.engine.acquire(wish.clone()).await.expect("leases");
    let bench = bench.restart();
    let again = bench.engine.acquire(wish).await.expect("leases");
    assert_eq!(first.len(), 1);
    assert_eq!(first[0].token, again[0].token);
}

#[tokio::test]
async fn a_caller_that_is_gone_costs_no_attempt() {
    let bench = Bench::new();
    let engine = bench.engine.clone();
    let wish = Acquire { wait_seconds: 30, ..wish("gone") };
    let call = tokio::spawn(async move { engine.acquire(wish).await });
    tokio::time::sleep(Duration::from_millis(50)).await;
    call.abort();
    let id = bench.submit(NewTask::of("k")).await;
    let lease = bench.lease().await;
    assert_eq!((lease.task.id, lease.task.attempt), (id, 1));
}

#[tokio::test]
async fn an_answer_that_was_given_but_not_looked_at_is_given_back() {
    let bench = Bench::new();
    let id = bench.submit(NewTask::of("k")).await;
    let mut call = Box::pin(bench.engine.acquire(wish("gone")));
    // One look, which asks; then the answer comes, and nobody looks again.
    let asked = futures_util::poll!(&mut call);
    assert!(asked.is_pending());
    eventually("leased", || bench.state(&id) == State::Running).await;
    drop(call);
    eventually("given back", || bench.state(&id) == State::Queued).await;
    assert_eq!(bench.lease().await.task.attempt, 1);
}

#[tokio::test]
async fn cancel_reaches_a_waiting_task_at_once_and_a_running_one_with_its_next_report() {
    let bench = Bench::new();
    let waiting = bench.submit(NewTask::of("k")).await;
    let cancelled = bench.engine.cancel(waiting, None).await.expect("cancelled");
    assert_eq!(cancelled.error.as_ref().map(|error| error.kind.as_str()), Some("cancelled"));
    let running = bench.submit(NewTask::of("k")).await;
    let lease = bench.lease().await;
    bench.engine.cancel(running.clone(), None).await.expect("asked");
    let answer = bench.engine.report(running.clone(), lease.token.clone(), Report::default()).await;
    assert!(answer.expect("reported").cancel_requested);
    let ended = bench.engine.end(running, lease.token, failure()).await.expect("ended");
    assert_eq!(ended.state, State::Cancelled, "after a cancel nothing is retried");
}

#[tokio::test]
async fn an_idempotency_key_makes_one_task_of_two_submits() {
    let bench = Bench::new();
    let key = |hash: &str| {
        let (scope, key) = ("createTask".to_owned(), "k1".to_owned());
        Some(IdempotencyKey { scope, key, request_hash: hash.to_owned() })
    };
    let first = bench.engine.submit(NewTask::of("k"), key("a")).await.expect("submitted");
    let bench = bench.restart();
    let again = bench.engine.submit(NewTask::of("k"), key("a")).await.expect("known");
    assert_eq!(first, again);
    let other = bench.engine.submit(NewTask::of("k2"), key("b")).await;
    assert_eq!(other, Err(Refusal::KeyReused));
}

#[tokio::test]
async fn put_is_the_same_again_and_another_request_is_refused() {
    let bench = Bench::new();
    let new = NewTask { id: TaskId::parse("mine"), ..NewTask::of("k") };
    assert!(bench.engine.put(new.clone(), "h".into()).await.expect("made").1);
    assert!(!bench.engine.put(new.clone(), "h".into()).await.expect("known").1);
    let refused = bench.engine.put(new, "h2".into()).await;
    assert!(matches!(refused, Err(Refusal::TaskExists(_))));
}

#[tokio::test]
async fn a_refused_command_changes_nothing() {
    let bench = Bench::new();
    let id = bench.submit(NewTask::of("k")).await;
    let before = bench.reads.log_end().expect("end");
    let labels = Some([("a=b".into(), "c".into())].into());
    let bad_labels = Change { labels, ..Default::default() };
    let stale = Precondition { if_match: Some(Tags::Revisions(vec![99])), ..Default::default() };
    let insisting = bench.engine.only_if(stale);
    let change = Change { priority: Some(3), ..Default::default() };
    let token = LeaseToken::new("lease_0");
    assert!(bench.engine.update(id.clone(), bad_labels).await.is_err());
    let refused = insisting.update(id.clone(), change).await.expect_err("refused");
    assert_eq!(refused, Refusal::PreconditionFailed(Unmet::Changed(before)));
    assert!(bench.engine.delete(id.clone()).await.is_err());
    assert!(bench.engine.end(id.clone(), token, Outcome::Release).await.is_err());
    assert!(bench.engine.retry(id, None).await.is_err());
    let reserved = NewTask { queue: "milepost".into(), ..NewTask::of("k") };
    let refused = bench.engine.submit(reserved, None).await;
    assert_eq!(refused, Err(Refusal::Reserved("milepost".into())));
    assert_eq!(bench.reads.log_end().expect("end"), before);
}

#[tokio::test]
async fn a_scheduled_task_is_queued_when_its_time_comes() {
    let bench = Bench::new();
    let soon = Clock::start().now().wall.plus_milliseconds(400);
    let id = bench.submit(NewTask { run_at: Some(soon), ..NewTask::of("k") }).await;
    assert_eq!(bench.state(&id), State::Scheduled);
    assert!(bench.engine.acquire(wish("w")).await.expect("leases").is_empty());
    eventually("queued", || bench.state(&id) == State::Queued).await;
    assert_eq!(bench.types(&id), ["task.scheduled", "task.queued"]);
}

#[tokio::test]
async fn positions_are_gapless_and_lists_filter_and_page() {
    let bench = Bench::new();
    let label = |n: usize| [("n".to_owned(), n.to_string())].into();
    for n in 0..30 {
        bench.submit(NewTask { labels: label(n % 3), ..NewTask::of("k") }).await;
    }
    let all = bench.reads.log(&Selection::Filters(Filters::default()), 0, 1000).expect("log");
    let positions: Vec<u64> = all.entries.iter().map(|(entry, _)| entry.position).collect();
    assert_eq!(positions, (1..=30).collect::<Vec<_>>());
    assert!(all.entries.iter().all(|(_, verdict)| *verdict == Verdict::Deliver));
    let states = vec![State::Queued, State::Failed];
    let filter = Filter { labels: label(1), states, ..Default::default() };
    let mut query = ListQuery { filter, limit: 4, ..Default::default() };
    let mut found = vec![];
    loop {
        let page = bench.reads.list(&query).expect("a page");
        found.extend(page.items);
        match page.next {
            Some(next) => query.below = Some(next),
            None => break,
        }
    }
    assert_eq!(found.len(), 10);
    assert!(found.windows(2).all(|pair| pair[0].cursor.position > pair[1].cursor.position));
}

#[tokio::test]
async fn deleting_removes_the_task_and_tells_who_watched_it() {
    let bench = Bench::new();
    let id = bench.submit(NewTask::of("k")).await;
    bench.engine.cancel(id.clone(), None).await.expect("cancelled");
    bench.engine.delete(id.clone()).await.expect("deleted");
    assert!(bench.reads.task(&id).expect("read").is_none());
    assert_eq!(bench.types(&id), ["task.queued", "task.cancelled", "task.deleted"]);
    let counts = bench.reads.counts().expect("counts");
    assert!(counts.is_empty(), "{counts:?}");
}

#[tokio::test]
async fn after_a_restart_a_running_lease_has_its_full_length_again() {
    let bench = Bench::new();
    let id = bench.submit(NewTask::of("k")).await;
    let wish = Acquire { lease_seconds: 2, ..wish("w1") };
    let lease = bench.engine.acquire(wish).await.expect("leases").remove(0);
    tokio::time::sleep(Duration::from_millis(1500)).await;
    let bench = bench.restart();
    tokio::time::sleep(Duration::from_millis(1000)).await;
    let done = bench.engine.end(id, lease.token, Outcome::Complete { output: None }).await;
    assert_eq!(done.expect("still held").state, State::Succeeded);
}

/// The fields a command is refused for.
fn fields<T: std::fmt::Debug>(result: Result<T, Refusal>) -> Vec<String> {
    match result {
        Err(Refusal::Invalid(errors)) => errors.into_iter().map(|error| error.field).collect(),
        other => panic!("expected wrong fields, got {other:?}"),
    }
}

#[tokio::test]
async fn everything_out_of_range_is_named_at_once() {
    let bench = Bench::new();
    let task = NewTask {
        queue: "a\u{7}".into(),
        labels: [("a=b".into(), "".into())].into(),
        priority: 101,
        max_attempts: Some(0),
        timeout_seconds: Some(0),
        cancel_grace_seconds: 3601,
        parent_id: TaskId::parse("nobody"),
        trace_parent: Some("".into()),
        worker: Some("x".repeat(129)),
        ..NewTask::of("")
    };
    let wrong = fields(bench.engine.submit(task, None).await);
    assert_eq!(wrong[..5], ["kind", "queue", "labels", "priority", "max_attempts"]);
    assert_eq!(wrong[5..8], ["cancel_grace_seconds", "timeout_seconds", "trace_parent"]);
    assert_eq!(wrong[8..], ["worker", "parent_id"]);
    let wish = Acquire {
        worker: "".into(),
        request_id: Some("".into()),
        queues: vec![],
        kinds: vec!["a".into(), "".into()],
        max_tasks: 101,
        lease_seconds: 0,
        wait_seconds: 61,
        embedded: false,
    };
    let wrong = fields(bench.engine.acquire(wish).await);
    assert_eq!(wrong[..4], ["worker", "request_id", "queues", "kinds[1]"]);
    assert_eq!(wrong[4..], ["max_tasks", "lease_seconds", "wait_seconds"]);

    let id = bench.submit(NewTask::of("k")).await;
    let lease = bench.lease().await;
    let long = Some("x".repeat(129));
    let progress = ProgressReport {
        percent: Some(100.5),
        unit: long.clone(),
        stage: long,
        ..Default::default()
    };
    let report = Report { progress: Some(progress), ..Default::default() };
    let wrong = fields(bench.engine.report(id.clone(), lease.token.clone(), report).await);
    assert_eq!(wrong, ["progress.percent", "progress.stage", "progress.unit"]);
    let error = TaskError { kind: "".into(), title: None, detail: None };
    let retry_after_seconds = Some(2_592_001);
    let outcome = Outcome::Fail { error, retryable: true, retry_after_seconds };
    let wrong = fields(bench.engine.end(id, lease.token, outcome).await);
    assert_eq!(wrong, ["error.type", "retry_after_seconds"]);
}
