//! Watchers and the Quickstart's worker on a real engine and a real SQLite file.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use futures_util::StreamExt;
use milepost_server::{
    countdown,
    domain::{Filters, LogLevel, State, TaskId, progress::ProgressReport},
    engine::{
        Acquire, Engine, NewLine, NewTask, Outcome, Report,
        clock::Clock,
        tally::Commit,
        writer::{self, Writer},
    },
    store::{Selection, sqlite},
    stream::{
        hub::Hub,
        log::Log,
        subscription::{
            Body, Opened, Streams, WatchCountdown, WatchEvents, WatchTask, open_countdown,
            open_events, open_task,
        },
    },
};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

struct Server {
    engine: Engine,
    log: Log,
    streams: Streams,
    writer: Option<Writer>,
    directory: Option<TempDir>,
}

impl Server {
    fn new() -> Self {
        Server::on(tempfile::tempdir().expect("a temporary directory"))
    }

    fn on(directory: TempDir) -> Self {
        let opened = sqlite::open(directory.path()).expect("a database");
        let hub = Hub::new(opened.reads.log_end().expect("the log's end"));
        let log = Log::new(opened.reads, hub.clone());
        let wake = Box::new(move |commit: &Commit<'_>| {
            hub.forget(commit.dropped_to);
            hub.committed(commit.tail, commit.touched, commit.events);
        });
        let (engine, writer) =
            writer::start(opened.store, Clock::start(), 60, wake).expect("a writer");
        let streams = Streams::new(CancellationToken::new());
        Server { engine, log, streams, writer: Some(writer), directory: Some(directory) }
    }

    fn restart(mut self) -> Self {
        self.writer.take().expect("running").stop();
        Server::on(self.directory.take().expect("a directory"))
    }

    fn state(&self, id: &TaskId) -> (State, u32) {
        let (_, task) = self.log.reads.task(id).expect("read").expect("there");
        (task.state, task.attempt)
    }

    fn running(&self) -> u64 {
        let counts = self.log.reads.counts().expect("counts");
        counts.iter().filter(|(key, _)| key.state == State::Running).map(|(_, n)| n).sum()
    }

    async fn watch_countdown(&self, name: &str, cursor: Option<String>) -> Option<Watcher> {
        let request = WatchCountdown { name: name.into(), cursor };
        Watcher::of(open_countdown(&self.log, &self.streams, request).await.expect("opened"))
    }

    async fn watch_task(&self, id: &TaskId, cursor: Option<String>) -> Option<Watcher> {
        let request = WatchTask { id: id.clone(), from_start: true, cursor, max_seconds: None };
        Watcher::of(open_task(&self.log, &self.streams, request).await.expect("opened"))
    }

    async fn watch_everything(&self, cursor: Option<String>) -> Watcher {
        let request = WatchEvents { from_start: true, cursor, ..WatchEvents::default() };
        let opened = open_events(&self.log, &self.streams, request).await.expect("opened");
        Watcher::of(opened).expect("never finished")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(writer) = self.writer.take() {
            writer.stop();
        }
    }
}

/// A body, block by block. The encoder is held against a whole reader elsewhere.
struct Watcher {
    body: Body,
    text: String,
    blocks: VecDeque<Block>,
}

#[derive(Clone, Debug, Default)]
struct Block {
    id: Option<String>,
    event: Option<String>,
    data: Option<String>,
}

impl Watcher {
    fn of(opened: Opened) -> Option<Self> {
        match opened {
            Opened::Stream(body) => {
                Some(Watcher { body, text: String::new(), blocks: VecDeque::new() })
            }
            Opened::Finished => None,
        }
    }

    async fn block(&mut self) -> Option<Block> {
        while self.blocks.is_empty() {
            let chunk = self.body.next().await?.expect("a chunk");
            self.text.push_str(std::str::from_utf8(&chunk).expect("text"));
            while let Some((block, rest)) = self.text.split_once("\n\n") {
                self.blocks.push_back(Block::parse(block));
                self.text = rest.to_owned();
            }
        }
        self.blocks.pop_front()
    }

    /// The next event of a countdown that is more than a sign of life.
    async fn number(&mut self) -> Option<Block> {
        loop {
            let block = self.block().await?;
            if block.data.as_deref().is_some_and(|data| data != "keep-alive") {
                return Some(block);
            }
        }
    }
}

impl Block {
    fn parse(text: &str) -> Self {
        let mut block = Block::default();
        for line in text.lines() {
            let (field, value) = line.split_once(": ").expect("a field");
            let value = Some(value.to_owned());
            match field {
                "id" => block.id = value,
                "event" => block.event = value,
                "data" => block.data = value,
                _ => {}
            }
        }
        block
    }
}

/// Numbers up to the end of the stream, and the last id.
async fn numbers(mut watcher: Watcher) -> (Vec<String>, String) {
    let (mut numbers, mut last) = (Vec::new(), String::new());
    while let Some(block) = watcher.number().await {
        last = block.id.unwrap_or(last);
        numbers.extend(block.data);
    }
    (numbers, last)
}

fn from(first: u32) -> Vec<String> {
    (first..=100).map(|n| n.to_string()).chain(["DONE".to_owned()]).collect()
}

// The clock of these tests stands still until everything waits, so a countdown does not take ten
// seconds; the engine's own clock is the real one.
#[tokio::test(start_paused = true)]
async fn a_countdown_is_counted_and_every_watcher_sees_all_of_it() {
    let server = Server::new();
    let shutdown = CancellationToken::new();
    let worker = countdown::start(server.engine.clone(), shutdown.clone());
    let task = server.engine.start_countdown("x".into()).await.expect("started");
    let first = server.watch_countdown("x", None).await.expect("a stream");
    let second = server.watch_countdown("x", None).await.expect("a stream");
    let (one, two) = tokio::join!(numbers(first), numbers(second));
    assert_eq!(one.0, from(0));
    assert_eq!(one, two);
    assert_eq!(server.state(&task.id), (State::Succeeded, 1));
    let late = server.watch_countdown("x", None).await.expect("a stream");
    assert_eq!(numbers(late).await, one);
    assert!(server.watch_countdown("x", Some(one.1)).await.is_none(), "nothing is left to say");
    shutdown.cancel();
    worker.await.expect("the worker ends");
}

#[tokio::test(start_paused = true)]
async fn a_restart_goes_on_where_the_countdown_was_and_costs_no_attempt() {
    let server = Server::new();
    let shutdown = CancellationToken::new();
    let worker = countdown::start(server.engine.clone(), shutdown.clone());
    let task = server.engine.start_countdown("x".into()).await.expect("started");
    let mut watcher = server.watch_countdown("x", None).await.expect("a stream");
    let mut last = Block::default();
    while last.data.as_deref() != Some("30") {
        last = watcher.number().await.expect("a number");
    }
    shutdown.cancel();
    worker.await.expect("the worker ends");
    drop(watcher);

    let server = server.restart();
    assert_eq!(server.state(&task.id), (State::Queued, 0));
    let shutdown = CancellationToken::new();
    let worker = countdown::start(server.engine.clone(), shutdown.clone());
    let resumed = server.watch_countdown("x", last.id).await.expect("a stream");
    assert_eq!(numbers(resumed).await.0, from(31));
    let whole = server.watch_countdown("x", None).await.expect("a stream");
    assert_eq!(numbers(whole).await.0, from(0));
    assert_eq!(server.state(&task.id), (State::Succeeded, 1));
    shutdown.cancel();
    worker.await.expect("the worker ends");
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_countdown_stops_and_says_so() {
    let server = Server::new();
    let shutdown = CancellationToken::new();
    let worker = countdown::start(server.engine.clone(), shutdown.clone());
    let task = server.engine.start_countdown("x".into()).await.expect("started");
    let mut watcher = server.watch_countdown("x", None).await.expect("a stream");
    watcher.number().await.expect("a number");
    server.engine.cancel(task.id.clone(), None).await.expect("cancelled");
    let (said, last) = numbers(watcher).await;
    assert!(said.last().is_some_and(|last| last.starts_with("FAILED: ")), "{said:?}");
    assert!(said.len() < 100, "it stopped before its end");
    assert_eq!(server.state(&task.id).0, State::Cancelled);
    assert!(server.watch_countdown("x", Some(last)).await.is_none());
    shutdown.cancel();
    worker.await.expect("the worker ends");
}

#[tokio::test]
async fn many_countdowns_run_at_once_and_a_shutdown_gives_all_of_them_back() {
    let server = Server::new();
    let mut tasks = Vec::new();
    for n in 0..130 {
        tasks.push(server.engine.start_countdown(n.to_string()).await.expect("started").id.clone());
    }
    let shutdown = CancellationToken::new();
    let worker = countdown::start(server.engine.clone(), shutdown.clone());
    while server.running() < 130 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    shutdown.cancel();
    worker.await.expect("the worker ends");
    let server = server.restart();
    assert!(tasks.iter().all(|id| server.state(id) == (State::Queued, 0)));
}

/// Runs every task of the default queue to its end, with progress and log lines.
async fn work(engine: Engine, count: usize) {
    for n in 0..count {
        let wish = Acquire {
            worker: "w".into(),
            request_id: None,
            queues: vec!["default".into()],
            kinds: Vec::new(),
            max_tasks: 1,
            lease_seconds: 30,
            wait_seconds: 30,
            embedded: false,
        };
        let lease = engine.acquire(wish).await.expect("leased").remove(0);
        let (id, token) = (lease.task.id, lease.token);
        for step in 0..10u64 {
            let progress =
                ProgressReport { percent: Some(step as f64 * 10.0), ..ProgressReport::default() };
            let line = NewLine { level: LogLevel::Info, text: format!("step {step}\r\n\0") };
            let report = Report {
                sequence: Some(step),
                progress: Some(progress),
                logs: vec![line],
                checkpoint: None,
                ..Report::default()
            };
            engine.report(id.clone(), token.clone(), report).await.expect("reported");
        }
        let error = milepost_server::domain::TaskError::new("odd", "Odd ones fail");
        let outcome = if n % 2 == 0 {
            Outcome::Complete { output: None }
        } else {
            Outcome::Fail { error, retryable: false, retry_after_seconds: None }
        };
        engine.end(id, token, outcome).await.expect("ended");
    }
}

/// The log as it is, as (position, JSON).
fn written(server: &Server, what: &Selection) -> Vec<(u64, String)> {
    let (mut entries, mut after) = (Vec::new(), 0);
    loop {
        let page = server.log.reads.log(what, after, 100).expect("the log");
        entries.extend(
            page.entries.into_iter().map(|(entry, _)| (entry.position, entry.json.clone())),
        );
        after = page.through;
        if page.at_end {
            return entries;
        }
    }
}

fn position(id: &str) -> u64 {
    id.split_once('.').and_then(|(_, position)| position.parse().ok()).expect("a position")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_watcher_that_leaves_and_resumes_at_random_has_exactly_the_log() {
    const TASKS: usize = 12;
    let server = Arc::new(Server::new());
    let mut journals = Vec::new();
    // In blocks, of which the first is `retry`.
    for patience in [2usize, 3, 17, usize::MAX] {
        let server = server.clone();
        journals.push(tokio::spawn(async move {
            let (mut journal, mut cursor, mut ended) = (Vec::new(), None, 0);
            while ended < TASKS {
                let mut watcher = server.watch_everything(cursor.clone()).await;
                for _ in 0..patience {
                    let block = watcher.block().await.expect("a block");
                    cursor = block.id.or(cursor);
                    let Some(data) = block.data else { continue };
                    let event = block.event.expect("a type");
                    ended += usize::from(matches!(&event[..], "task.succeeded" | "task.failed"));
                    journal.push((position(cursor.as_deref().expect("an id")), data));
                    if ended == TASKS {
                        break;
                    }
                }
            }
            journal
        }));
    }
    let mut ids = Vec::new();
    let worker = tokio::spawn(work(server.engine.clone(), TASKS));
    for _ in 0..TASKS {
        ids.push(
            server.engine.submit(NewTask::of("test"), None).await.expect("submitted").id.clone(),
        );
    }
    worker.await.expect("worked");
    let whole = written(&server, &Selection::Filters(Filters::default()));
    assert!(whole.len() >= TASKS * 13, "{} events", whole.len());
    for journal in journals {
        assert_eq!(journal.await.expect("a journal"), whole);
    }
    for id in ids {
        let mut watcher = server.watch_task(&id, None).await.expect("a stream");
        let (mut journal, mut last) = (Vec::new(), None);
        while let Some(block) = watcher.block().await {
            if let (Some(at), Some(data)) = (&block.id, block.data) {
                journal.push((position(at), data));
            }
            last = block.id.or(last);
        }
        let (seq, _) = server.log.reads.task(&id).expect("read").expect("there");
        assert_eq!(journal, written(&server, &Selection::Task { id: id.clone(), seq }));
        assert!(server.watch_task(&id, last).await.is_none(), "204");
    }
    assert_eq!(server.streams.open(), 0);
}
