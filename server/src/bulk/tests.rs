//! Runs whose server is killed after any of its commits, before anybody is answered.

use std::{
    collections::BTreeSet,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::time::sleep;

use super::*;
use crate::{
    domain::{EventType, Filter, NewTask, State, Timestamp, bulk::BulkFilter},
    engine::{
        Command, Reply,
        clock::Clock,
        tally::Commit,
        writer::{self, Writer},
    },
    store::{Reads, Selection, sqlite},
    stream::hub::Hub,
};

/// More than two pages.
const TASKS: usize = 2 * PAGE + 50;
/// Longer than a run's lease and any backoff together, in milliseconds.
const AWAY: i64 = 600_000;

/// In seconds; the clock goes on until the run may be tried again, and what was deleted is looked for.
const REMEMBERED: u64 = 10 * 365 * 24 * 3600;

/// A server that dies with a commit.
struct Mortal {
    engine: Engine,
    reads: Arc<dyn Reads>,
    log: Log,
    writer: Writer,
    /// How many commits it has left, but for the last.
    left: Arc<AtomicUsize>,
}

impl Mortal {
    fn on(directory: &Path, clock: &Clock) -> Self {
        let opened = sqlite::open(directory).expect("a database");
        let hub = Hub::new(opened.reads.log_end().expect("the log's end"));
        let left = Arc::new(AtomicUsize::new(usize::MAX));
        let (wakes, lives) = (hub.clone(), left.clone());
        let on_commit = Box::new(move |commit: &Commit<'_>| {
            // What only looked at the time is no commit that a run could break off at.
            let lived = !commit.events.is_empty() && lives.fetch_sub(1, Ordering::SeqCst) == 0;
            assert!(!lived, "killed on purpose");
            wakes.forget(commit.dropped_to);
            wakes.committed(commit.tail, commit.touched, commit.events);
        });
        let (engine, writer) =
            writer::start(opened.store, clock.clone(), REMEMBERED, on_commit).expect("a writer");
        let reads: Arc<dyn Reads> = opened.reads;
        Mortal { engine, log: Log::new(reads.clone(), hub), reads, writer, left }
    }

    fn state(&self, id: &TaskId) -> State {
        self.reads.task(id).expect("read").expect("there").1.state
    }

    async fn run(&self, action: BulkAction) -> TaskId {
        let filter = BulkFilter { queue: Some("default".to_owned()), ..BulkFilter::default() };
        let order = Box::new(BulkOrder { action, filter, dry_run: false });
        match self.engine.run(Command::StartBulk { order, key: None }).await {
            Ok(Reply::Task(task)) => task.id.clone(),
            other => panic!("a run was started, and the answer is {other:?}"),
        }
    }

    /// Works until the run is done or the writer is gone; whether it is done.
    async fn work(&self, run: &TaskId) -> bool {
        let shutdown = CancellationToken::new();
        let working = start(self.engine.clone(), self.log.clone(), shutdown.clone());
        while self.engine.writable().is_ok() && !self.state(run).is_done() {
            sleep(Duration::from_millis(2)).await;
        }
        shutdown.cancel();
        working.await.expect("the worker ends");
        self.state(run).is_done()
    }
}

/// Kills the server after so many commits of a run; whether the run was over before that.
async fn kill_after(commits: usize, action: BulkAction) -> bool {
    let directory = tempfile::tempdir().expect("a directory");
    let clock = Clock::manual(Timestamp(1_700_000_000_000));
    let server = Mortal::on(directory.path(), &clock);
    let made = server.engine.submit_many(vec![NewTask::of("k"); TASKS], None).await;
    let ids: BTreeSet<TaskId> =
        made.expect("submitted").iter().map(|task| task.id.clone()).collect();
    if action != BulkAction::Cancel {
        let run = server.run(BulkAction::Cancel).await;
        assert!(server.work(&run).await);
    }
    let run = server.run(action).await;
    server.left.store(commits, Ordering::SeqCst);
    let over = server.work(&run).await;
    server.left.store(usize::MAX, Ordering::SeqCst);
    let Mortal { engine, reads, log, writer, .. } = server;
    writer.stop();
    drop((engine, reads, log));

    let server = Mortal::on(directory.path(), &clock);
    while !server.state(&run).is_done() && server.state(&run) != State::Queued {
        clock.advance(AWAY);
        sleep(Duration::from_millis(2)).await;
    }
    assert!(server.work(&run).await, "it goes on");
    check(&server, &run, action, &ids);
    server.writer.stop();
    over
}

/// Each task was changed once, and the run says how many.
fn check(server: &Mortal, run: &TaskId, action: BulkAction, ids: &BTreeSet<TaskId>) {
    let view = server.reads.task(run).expect("read").expect("there").1;
    assert_eq!(view.state, State::Succeeded);
    let output = view.output.expect("an output");
    let result: BulkResult = serde_json::from_str(output.get()).expect("a result");
    assert_eq!(result.matched, TASKS as u64);
    assert_eq!(result.changed + result.skipped, result.matched);
    // Of the page it was killed in, what was done already counts as skipped.
    assert!(result.skipped <= PAGE as u64, "{result:?}");
    let (event, once) = match action {
        BulkAction::Cancel => (EventType::Cancelled, 1),
        BulkAction::Retry => (EventType::Queued, 2),
        BulkAction::Delete => (EventType::Deleted, 1),
    };
    let filter = Filter { queues: vec!["default".to_owned()], ..Filter::default() };
    let page = server.reads.log(&Selection::Filters(filter.into()), 0, usize::MAX >> 1);
    let entries = page.expect("read").entries;
    let told = entries.iter().filter(|(entry, _)| entry.event_type == event);
    assert_eq!(told.clone().count(), once * TASKS);
    let whose: BTreeSet<TaskId> = told.map(|(entry, _)| entry.task_id.clone()).collect();
    assert_eq!(&whose, ids);
}

async fn kill_after_any_commit(action: BulkAction) {
    let mut commits = 0;
    while !kill_after(commits, action).await {
        commits += 1;
    }
    assert!(commits > 3, "a run takes more commits than {commits}");
}

#[tokio::test]
async fn a_cancelling_run_that_is_killed_after_any_commit_changes_each_task_once() {
    kill_after_any_commit(BulkAction::Cancel).await;
}

#[tokio::test]
async fn a_retrying_run_that_is_killed_after_any_commit_changes_each_task_once() {
    kill_after_any_commit(BulkAction::Retry).await;
}

#[tokio::test]
async fn a_deleting_run_that_is_killed_after_any_commit_changes_each_task_once() {
    kill_after_any_commit(BulkAction::Delete).await;
}
