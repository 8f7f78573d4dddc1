//! watchProgress: the tutorial's wire.

use std::time::Duration;

use futures_util::StreamExt;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{
    reader::Watcher,
    script::{Script, cursor},
};
use crate::{
    domain::EventType,
    store::KeyName,
    stream::subscription::{Opened, Streams, WatchCountdown, open_countdown},
};

async fn open(script: &Script, cursor: Option<String>) -> Opened {
    let streams = Streams::new(CancellationToken::new());
    let request = WatchCountdown { name: "x".into(), cursor };
    open_countdown(&script.log(), &streams, request).await.unwrap_or_else(|e| panic!("{e}"))
}

async fn data(watcher: &mut Watcher) -> Vec<String> {
    let mut data = Vec::new();
    while let Some(seen) = watcher.event().await {
        assert_eq!(seen.event, "message", "unnamed");
        data.push(seen.data);
    }
    data
}

/// A countdown named `x` as the task `run`, started.
fn started(script: &Script, run: &str) {
    script.create(run);
    script.key(KeyName::countdown("x"), run);
    script.happen(run, EventType::Started);
}

fn count(script: &Script, run: &str, steps: std::ops::RangeInclusive<u32>) {
    for percent in steps {
        script.progress(run, f64::from(percent));
    }
}

fn numbers(range: std::ops::RangeInclusive<u32>) -> Vec<String> {
    range.map(|n| n.to_string()).collect()
}

#[tokio::test(start_paused = true)]
async fn every_watcher_gets_every_number_then_done() {
    let script = Script::new();
    started(&script, "r1");
    let mut early = Watcher::of(open(&script, None).await);
    let mut other = Watcher::of(open(&script, None).await);
    count(&script, "r1", 0..=100);
    script.happen("r1", EventType::Succeeded);
    let mut late = Watcher::of(open(&script, None).await);
    let mut whole = numbers(0..=100);
    whole.push("DONE".into());
    for watcher in [&mut early, &mut other, &mut late] {
        assert_eq!(data(watcher).await, whole);
        assert_eq!(watcher.reader.last_id, "abcd0123.104");
    }
}

#[tokio::test(start_paused = true)]
async fn the_bytes_are_those_of_the_tutorial_with_ids() {
    let script = Script::new();
    started(&script, "r1");
    count(&script, "r1", 0..=1);
    script.happen("r1", EventType::Succeeded);
    let Opened::Stream(mut body) = open(&script, None).await else { panic!("204") };
    let mut bytes = Vec::new();
    while let Some(chunk) = body.next().await {
        bytes.extend_from_slice(&chunk.expect("a chunk"));
    }
    let text = String::from_utf8(bytes).expect("text");
    let (retry, rest) = text.split_once("\n\n").expect("two blocks");
    assert!(retry.starts_with("retry: "));
    let expected = "id: abcd0123.3\ndata: 0\n\nid: abcd0123.4\ndata: 1\n\n\
                    id: abcd0123.5\ndata: DONE\n\n";
    assert_eq!(rest, expected);
}

#[tokio::test(start_paused = true)]
async fn a_name_that_was_never_started_is_said_to_be_unknown() {
    let script = Script::new();
    let Opened::Stream(mut body) = open(&script, cursor(1)).await else { panic!("204") };
    let chunk = body.next().await.expect("a chunk").expect("bytes");
    assert_eq!(chunk, "data: Task not found or not started\n\n");
    assert!(body.next().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn an_idle_countdown_says_keep_alive_each_second_without_moving_the_cursor() {
    let script = Script::new();
    started(&script, "r1");
    count(&script, "r1", 0..=0);
    let mut watcher = Watcher::of(open(&script, None).await);
    let before = Instant::now();
    let mut seen = Vec::new();
    for _ in 0..4 {
        let event = watcher.event().await.expect("an event");
        seen.push((event.data, event.id, before.elapsed().as_secs()));
    }
    let alive = |second| ("keep-alive".to_owned(), "abcd0123.3".to_owned(), second);
    assert_eq!(seen[0], ("0".into(), "abcd0123.3".into(), 0));
    assert_eq!(seen[1..], [alive(1), alive(2), alive(3)]);
}

#[tokio::test(start_paused = true)]
async fn a_cursor_goes_on_and_that_of_the_result_is_not_called_back() {
    let script = Script::new();
    started(&script, "r1");
    count(&script, "r1", 0..=10);
    script.happen("r1", EventType::Succeeded);
    let mut resumed = Watcher::of(open(&script, cursor(11)).await);
    assert_eq!(data(&mut resumed).await, ["9", "10", "DONE"]);
    assert!(matches!(open(&script, cursor(14)).await, Opened::Finished));
    script.happen("r1", EventType::Updated);
    assert!(matches!(open(&script, cursor(14)).await, Opened::Finished));
    let mut garbage = Watcher::of(open(&script, Some("?".into())).await);
    assert_eq!(data(&mut garbage).await.len(), 12, "what is no cursor counts as none");
}

#[tokio::test(start_paused = true)]
async fn the_newest_run_is_followed_whatever_the_cursor_of_the_last_one() {
    let script = Script::new();
    started(&script, "r1");
    count(&script, "r1", 0..=1);
    let done = script.happen("r1", EventType::Succeeded);
    started(&script, "r2");
    count(&script, "r2", 0..=2);
    script.happen("r2", EventType::Succeeded);
    for cursor in [None, cursor(done)] {
        let mut watcher = Watcher::of(open(&script, cursor).await);
        assert_eq!(data(&mut watcher).await, ["0", "1", "2", "DONE"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_repeated_attempt_neither_repeats_numbers_nor_goes_back() {
    let script = Script::new();
    started(&script, "r1");
    count(&script, "r1", 0..=5);
    script.happen("r1", EventType::Retrying);
    script.happen("r1", EventType::Queued);
    script.happen("r1", EventType::Started);
    count(&script, "r1", 4..=7);
    script.happen("r1", EventType::Succeeded);
    let mut whole = Watcher::of(open(&script, None).await);
    assert_eq!(data(&mut whole).await, ["0", "1", "2", "3", "4", "5", "6", "7", "DONE"]);
    // It had everything up to 5, and the numbers after its cursor begin with 4.
    let mut resumed = Watcher::of(open(&script, cursor(9)).await);
    assert_eq!(data(&mut resumed).await, ["6", "7", "DONE"]);
}

#[tokio::test(start_paused = true)]
async fn a_failed_or_cancelled_run_says_why_in_one_event() {
    let script = Script::new();
    started(&script, "r1");
    let mut watcher = Watcher::of(open(&script, None).await);
    script.happen("r1", EventType::Failed);
    assert_eq!(data(&mut watcher).await, ["FAILED: It broke\nin two"]);
    assert!(matches!(open(&script, cursor(3)).await, Opened::Finished));
    started(&script, "r2");
    script.happen("r2", EventType::Cancelled);
    let mut watcher = Watcher::of(open(&script, None).await);
    assert_eq!(data(&mut watcher).await, ["FAILED: Somebody cancelled it"]);
}

#[tokio::test(start_paused = true)]
async fn a_run_that_was_opened_again_is_not_said_to_have_failed() {
    let script = Script::new();
    started(&script, "r1");
    count(&script, "r1", 0..=1);
    script.happen("r1", EventType::Failed);
    script.happen("r1", EventType::Queued);
    let mut watcher = Watcher::of(open(&script, None).await);
    script.happen("r1", EventType::Started);
    count(&script, "r1", 2..=2);
    script.happen("r1", EventType::Succeeded);
    assert_eq!(data(&mut watcher).await, ["0", "1", "2", "DONE"]);
}

#[tokio::test(start_paused = true)]
async fn a_drain_closes_a_countdown_without_a_word_the_tutorial_does_not_know() {
    let script = Script::new();
    started(&script, "r1");
    count(&script, "r1", 0..=1);
    let drain = CancellationToken::new();
    let streams = Streams::new(drain.clone());
    let request = WatchCountdown { name: "x".into(), cursor: None };
    let opened = open_countdown(&script.log(), &streams, request).await;
    let mut watcher = Watcher::of(opened.unwrap_or_else(|e| panic!("{e}")));
    assert!(watcher.chunk().await);
    drain.cancel();
    let before = Instant::now();
    assert_eq!(data(&mut watcher).await, ["0", "1"]);
    assert!(before.elapsed() < Duration::from_secs(1));
    drop(watcher);
    assert_eq!(streams.open(), 0);
}
