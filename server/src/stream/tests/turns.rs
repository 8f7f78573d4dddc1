//! How often a watcher is written to, how much at a time, and for how long.

use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{
    events::{snapshot, watch, watch_beside},
    reader::Watcher,
    script::{Script, cursor},
};
use crate::{
    domain::Labels,
    stream::subscription::{Streams, WatchEvents},
};

/// Reads until `count` events have come; how many chunks that took.
async fn chunks(watcher: &mut Watcher, count: usize) -> usize {
    let mut chunks = 0;
    while watcher.reader.seen.len() < count {
        assert!(watcher.chunk().await, "the stream goes on");
        chunks += 1;
    }
    chunks
}

/// A watcher alone, and `count` events of which one comes every `pause`.
async fn alone(count: u32, pause: Duration) {
    // From memory: while a thread reads the store, a clock that stands still runs away.
    let script = Script::with_ring();
    script.create("a");
    let mut watcher = watch(&script, WatchEvents::default()).await;
    snapshot(&mut watcher).await;
    for n in 0..count {
        tokio::time::sleep(pause).await;
        let said = Instant::now();
        script.progress("a", f64::from(n) / 20.0);
        let seen = watcher.event().await.expect("an event");
        assert_eq!(seen.json()["progress"]["percent"], f64::from(n) / 20.0);
        assert_eq!(said.elapsed(), Duration::ZERO, "it waits for nothing");
    }
}

#[tokio::test(start_paused = true)]
async fn what_comes_seldom_is_sent_as_it_comes() {
    alone(100, Duration::from_millis(25)).await;
}

#[tokio::test(start_paused = true)]
async fn what_comes_all_the_time_is_sent_as_it_comes_to_one_who_watches_alone() {
    alone(2000, Duration::from_millis(1)).await;
}

#[tokio::test(start_paused = true)]
async fn what_comes_all_the_time_is_sent_to_a_crowd_in_turns_and_nothing_of_it_is_missing() {
    const CROWD: usize = 200;
    const EVENTS: usize = 500;
    let script = Script::with_ring();
    script.create("a");
    let streams = Streams::new(CancellationToken::new());
    let mut crowd = Vec::new();
    for _ in 0..CROWD {
        let mut watcher = watch_beside(&script, &streams, WatchEvents::default()).await;
        snapshot(&mut watcher).await;
        crowd.push(watcher);
    }
    let began = Instant::now();
    tokio::spawn(async move {
        for n in 0..EVENTS {
            script.progress("a", n as f64 / 20.0);
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    });
    let readers: Vec<_> = crowd
        .into_iter()
        .map(|mut watcher| {
            tokio::spawn(
                async move { (chunks(&mut watcher, EVENTS).await, watcher, Instant::now()) },
            )
        })
        .collect();
    for reader in readers {
        let (chunks, watcher, last) = reader.await.expect("a reader ends well");
        let took = last - began;
        assert!(took < Duration::from_millis(510), "the last was sent after {took:?}");
        // A turn every 4 ms, after the first ten at once.
        assert!((115..=145).contains(&chunks), "{chunks} chunks in {took:?}");
        for (n, seen) in watcher.reader.seen.iter().enumerate() {
            assert_eq!(seen.json()["progress"]["percent"], n as f64 / 20.0);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_chunk_of_what_was_missed_stays_small() {
    let script = Script::new();
    script.create_with("a", |task| {
        let labels = (0..8).map(|i| (format!("key{i}"), "x".repeat(1000)));
        task.labels = labels.collect::<Labels>().into();
    });
    for _ in 0..100 {
        script.change("a", crate::domain::EventType::Updated, |_| {});
    }
    let request = WatchEvents { cursor: cursor(1), ..WatchEvents::default() };
    let mut watcher = watch(&script, request).await;
    let mut read = 0;
    while watcher.reader.seen.len() < 100 {
        let before = watcher.reader.taken;
        assert!(watcher.chunk().await);
        let size = watcher.reader.taken - before;
        assert!(size <= 64 * 1024, "a chunk of {size} bytes");
        read += size;
    }
    assert!(read > 800 * 1024, "it was much: {read} bytes");
}

#[tokio::test(start_paused = true)]
async fn a_connection_is_sent_away_politely_after_five_to_ten_minutes_and_comes_back_soon() {
    let script = Script::new();
    script.create("a");
    let mut lives = Vec::new();
    for _ in 0..20 {
        let mut watcher = watch(&script, WatchEvents::default()).await;
        snapshot(&mut watcher).await;
        let opened = Instant::now();
        while watcher.chunk().await {}
        let life = opened.elapsed().as_secs();
        assert!((299..=600).contains(&life), "it lasted {life} s");
        assert!(watcher.reader.seen.is_empty(), "nothing is said, the cursor is enough");
        assert_eq!(Some(watcher.reader.last_id.as_str()), cursor(1).as_deref());
        assert!(watcher.reader.retry.is_some_and(|retry| retry <= 1000));
        lives.push(life);
    }
    lives.sort_unstable();
    lives.dedup();
    assert!(lives.len() > 10, "not all at once: {lives:?}");
}
