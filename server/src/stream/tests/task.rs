//! watchTask.

use std::time::Duration;

use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

use super::{
    reader::Watcher,
    script::{Script, cursor, id},
};
use crate::{
    domain::{EventType, Refusal},
    stream::subscription::{Opened, Streams, WatchTask, open_task},
};

fn streams() -> Streams {
    Streams::new(CancellationToken::new())
}

fn task(name: &str) -> WatchTask {
    WatchTask { id: id(name), cursor: None, from_start: false, max_seconds: None }
}

async fn open(script: &Script, request: WatchTask) -> Opened {
    open_task(&script.log(), &streams(), request).await.unwrap_or_else(|e| panic!("{e}"))
}

async fn watch(script: &Script, request: WatchTask) -> Watcher {
    Watcher::of(open(script, request).await)
}

#[tokio::test(start_paused = true)]
async fn a_watcher_gets_retry_a_snapshot_the_deltas_and_the_end() {
    let script = Script::new();
    script.create("a");
    script.create("b");
    let mut watcher = watch(&script, task("a")).await;
    assert!(watcher.chunk().await);
    assert!(watcher.reader.retry.is_some_and(|ms| (1000..=3000).contains(&ms)));
    assert!(watcher.reader.seen.is_empty());

    let first = watcher.event().await.expect("a snapshot");
    assert_eq!((first.event.as_str(), first.id.as_str()), ("stream.snapshot", "abcd0123.2"));
    let json = first.json();
    assert_eq!(json["tasks"][0]["id"], "a");
    assert_eq!(json["tasks"].as_array().map(Vec::len), Some(1));
    assert_eq!((&json["more"], &json["cursor"]), (&false.into(), &"abcd0123.2".into()));

    script.happen("a", EventType::Started);
    script.progress("b", 1.0);
    script.progress("a", 50.0);
    script.happen("a", EventType::Succeeded);
    let started = watcher.event().await.expect("an event");
    assert_eq!((started.event.as_str(), started.id.as_str()), ("task.started", "abcd0123.3"));
    assert_eq!(started.json()["cursor"], "abcd0123.3");
    assert_eq!(watcher.rest().await, ["task.progress", "task.succeeded", "stream.end"]);
    assert_eq!(watcher.reader.last_id, "abcd0123.6");
}

#[tokio::test(start_paused = true)]
async fn what_is_between_the_cursor_and_the_tip_comes_as_one_chunk() {
    let script = Script::new();
    script.create("a");
    let mut watcher = watch(&script, WatchTask { cursor: cursor(1), ..task("a") }).await;
    assert!(watcher.chunk().await, "retry");
    for percent in 0..50 {
        script.progress("a", f64::from(percent));
    }
    assert!(watcher.chunk().await);
    assert_eq!(watcher.reader.seen.len(), 50);
}

#[tokio::test(start_paused = true)]
async fn a_snapshot_of_a_done_task_is_followed_by_the_end() {
    let script = Script::new();
    script.create("a");
    script.happen("a", EventType::Cancelled);
    let mut watcher = watch(&script, task("a")).await;
    assert_eq!(watcher.rest().await, ["stream.snapshot", "stream.end"]);
}

#[tokio::test(start_paused = true)]
async fn a_watcher_that_has_all_of_a_done_task_is_not_called_back() {
    let script = Script::new();
    script.create("a");
    let last = script.happen("a", EventType::Succeeded);
    script.create("b");
    for position in [last, last + 1] {
        let request = WatchTask { cursor: cursor(position), ..task("a") };
        assert!(matches!(open(&script, request).await, Opened::Finished), "{position}");
    }
    let mut missed = watch(&script, WatchTask { cursor: cursor(last - 1), ..task("a") }).await;
    assert_eq!(missed.rest().await, ["task.succeeded", "stream.end"]);

    script.happen("a", EventType::Updated);
    let mut newer = watch(&script, WatchTask { cursor: cursor(last), ..task("a") }).await;
    assert_eq!(newer.rest().await, ["task.updated", "stream.end"]);
}

#[tokio::test(start_paused = true)]
async fn a_running_task_with_nothing_new_is_waited_for() {
    let script = Script::new();
    script.create("a");
    let mut watcher = watch(&script, WatchTask { cursor: cursor(1), ..task("a") }).await;
    assert!(watcher.chunk().await, "retry");
    assert!(timeout(Duration::from_secs(10), watcher.chunk()).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_retry_read_together_with_the_failure_before_it_keeps_the_stream_open() {
    let script = Script::new();
    script.create("a");
    script.happen("a", EventType::Failed);
    let mut watcher = watch(&script, WatchTask { cursor: cursor(1), ..task("a") }).await;
    script.happen("a", EventType::Queued);
    assert_eq!(watcher.types(2).await, ["task.failed", "task.queued"]);
    assert!(timeout(Duration::from_secs(5), watcher.event()).await.is_err());
    script.happen("a", EventType::Succeeded);
    assert_eq!(watcher.rest().await, ["task.succeeded", "stream.end"]);
}

#[tokio::test(start_paused = true)]
async fn from_start_tells_the_whole_life_without_a_snapshot() {
    let script = Script::new();
    script.create("b");
    script.create("a");
    script.happen("a", EventType::Started);
    script.happen("a", EventType::Log);
    script.happen("a", EventType::Failed);
    let mut watcher = watch(&script, WatchTask { from_start: true, ..task("a") }).await;
    let whole = ["task.queued", "task.started", "task.log", "task.failed", "stream.end"];
    assert_eq!(watcher.rest().await, whole);
    let mut resumed =
        watch(&script, WatchTask { from_start: true, cursor: cursor(3), ..task("a") }).await;
    assert_eq!(resumed.rest().await, whole[2..], "a cursor wins over the start");
}

#[tokio::test(start_paused = true)]
async fn a_long_history_comes_whole_and_in_order() {
    let script = Script::new();
    script.create("a");
    for percent in 0..1000 {
        script.progress("a", f64::from(percent) / 10.0);
    }
    script.happen("a", EventType::Succeeded);
    let mut watcher = watch(&script, WatchTask { from_start: true, ..task("a") }).await;
    for position in 1..=1002 {
        let seen = watcher.event().await.expect("an event");
        assert_eq!(seen.id, format!("abcd0123.{position}"));
    }
    assert_eq!(watcher.rest().await, ["stream.end"]);
}

#[tokio::test(start_paused = true)]
async fn a_cursor_that_leads_nowhere_is_answered_with_a_reset_and_a_snapshot() {
    let script = Script::new();
    script.create("old");
    script.progress("old", 1.0);
    script.progress("old", 2.0);
    script.create("a");
    script.trim(2);
    let cases = [
        ("nonsense", Some("garbage")),
        ("abcd0123.", Some("garbage")),
        ("abcd0124.1", Some("epoch")),
        ("abcd0123.5", Some("future")),
        ("abcd0123.4", None),
        ("abcd0123.0", None),
    ];
    for (text, reason) in cases {
        let request = WatchTask { cursor: Some(text.into()), max_seconds: Some(1), ..task("a") };
        let mut watcher = watch(&script, request).await;
        let Some(reason) = reason else {
            assert_ne!(watcher.rest().await.first().map(String::as_str), Some("stream.reset"));
            continue;
        };
        let reset = watcher.event().await.expect("a reset");
        assert_eq!((reset.event.as_str(), reset.id.as_str()), ("stream.reset", ""), "{text}");
        assert_eq!(reset.json()["reason"], reason, "{text}");
        assert_eq!(watcher.types(1).await, ["stream.snapshot"]);
    }
    let request = WatchTask { cursor: cursor(1), ..task("old") };
    let reset = watch(&script, request).await.event().await.expect("a reset");
    assert_eq!(reset.json()["reason"], "trimmed", "that task's first events are gone");
}

#[tokio::test(start_paused = true)]
async fn an_unknown_task_is_refused_and_a_deleted_one_ends_its_streams() {
    let script = Script::new();
    let refused = open_task(&script.log(), &streams(), task("a")).await;
    assert_eq!(refused.err(), Some(Refusal::TaskNotFound(id("a"))));
    script.create("a");
    let mut watcher = watch(&script, WatchTask { cursor: cursor(1), ..task("a") }).await;
    script.happen("a", EventType::Failed);
    script.happen("a", EventType::Deleted);
    assert_eq!(watcher.rest().await, ["task.failed", "task.deleted", "stream.end"]);
    let refused = open_task(&script.log(), &streams(), task("a")).await.err();
    assert!(matches!(refused, Some(Refusal::TaskDeleted { .. })), "{refused:?}");
}

#[tokio::test(start_paused = true)]
async fn a_watcher_that_was_away_when_its_task_was_deleted_is_told() {
    let script = Script::new();
    script.create("a");
    script.happen("a", EventType::Failed);
    script.happen("a", EventType::Deleted);
    let request = |position| WatchTask { cursor: cursor(position), ..task("a") };
    for position in [0, 1] {
        let seen = watch(&script, request(position)).await.rest().await;
        assert_eq!(seen[seen.len() - 3..], ["task.failed", "task.deleted", "stream.end"]);
    }
    assert_eq!(watch(&script, request(2)).await.rest().await, ["task.deleted", "stream.end"]);
    let opened = open_task(&script.log(), &streams(), request(3)).await;
    assert!(matches!(opened, Ok(Opened::Finished)), "it was told");
    for text in ["nonsense", "abcd0123.9"] {
        let request = WatchTask { cursor: Some(text.into()), ..task("a") };
        let refused = open_task(&script.log(), &streams(), request).await.err();
        assert!(matches!(refused, Some(Refusal::TaskDeleted { .. })), "{text}: {refused:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_quiet_stream_says_every_15_seconds_how_far_it_has_read() {
    let script = Script::new();
    script.create("a");
    let mut watcher = watch(&script, task("a")).await;
    watcher.types(1).await;
    let before = Instant::now();
    script.create("b");
    script.create("c");
    assert!(watcher.chunk().await);
    let waited = before.elapsed();
    assert!(waited >= Duration::from_secs(10) && waited <= Duration::from_secs(15));
    assert_eq!((watcher.reader.last_id.as_str(), watcher.reader.seen.len()), ("abcd0123.3", 0));
    // What it skipped was none of its own: the next event still comes.
    script.happen("a", EventType::Started);
    assert_eq!(watcher.types(1).await, ["task.started"]);
}

#[tokio::test(start_paused = true)]
async fn max_seconds_ends_a_stream_with_its_position_and_no_word() {
    let script = Script::new();
    script.create("a");
    let before = Instant::now();
    let mut watcher = watch(&script, WatchTask { max_seconds: Some(10), ..task("a") }).await;
    watcher.types(1).await;
    assert_eq!(watcher.rest().await, [""; 0]);
    assert_eq!(before.elapsed().as_secs(), 10);
    assert_eq!(watcher.reader.last_id, "abcd0123.1");
}

#[tokio::test(start_paused = true)]
async fn a_drain_says_so_gives_a_new_retry_and_closes_every_stream() {
    let script = Script::new();
    script.create("a");
    let drain = CancellationToken::new();
    let streams = Streams::new(drain.clone());
    let opened = open_task(&script.log(), &streams, task("a")).await;
    let mut watcher = Watcher::of(opened.unwrap_or_else(|e| panic!("{e}")));
    watcher.types(1).await;
    watcher.reader.retry = None;
    assert_eq!(streams.open(), 1);
    drain.cancel();
    assert_eq!(watcher.rest().await, ["stream.draining"]);
    assert!(watcher.reader.retry.is_some());
    assert_eq!(watcher.reader.last_id, "abcd0123.1");
    drop(watcher);
    assert_eq!(streams.open(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_watcher_that_leaves_is_counted_no_more() {
    let script = Script::new();
    script.create("a");
    let streams = streams();
    let mut watchers = Vec::new();
    for _ in 0..5 {
        let opened = open_task(&script.log(), &streams, task("a")).await;
        watchers.push(Watcher::of(opened.unwrap_or_else(|e| panic!("{e}"))));
    }
    for watcher in &mut watchers {
        watcher.types(1).await;
        // Waiting for events when it leaves.
        assert!(timeout(Duration::from_secs(1), watcher.chunk()).await.is_err());
    }
    assert_eq!(streams.open(), 5);
    watchers.truncate(2);
    assert_eq!(streams.open(), 2);
    watchers.clear();
    assert_eq!(streams.open(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_log_that_cannot_be_read_closes_the_stream_and_refuses_new_ones() {
    let script = Script::new();
    script.create("a");
    let mut watcher = watch(&script, task("a")).await;
    watcher.types(1).await;
    script.break_disk();
    script.happen("a", EventType::Started);
    assert_eq!(watcher.rest().await, [""; 0]);
    let refused = open_task(&script.log(), &streams(), task("a")).await;
    assert_eq!(refused.err(), Some(Refusal::Internal));
}
