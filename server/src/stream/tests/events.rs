//! watchEvents.

use std::{collections::BTreeSet, time::Duration};

use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

use super::{
    reader::{Seen, Watcher},
    script::{Script, cursor, id},
};
use crate::{
    domain::{EventType, Filter, Labels, Refusal, State},
    stream::subscription::{Streams, WatchEvents, open_events},
};

pub async fn watch(script: &Script, request: WatchEvents) -> Watcher {
    watch_beside(script, &Streams::new(CancellationToken::new()), request).await
}

/// A watcher among others of the same server.
pub async fn watch_beside(script: &Script, streams: &Streams, request: WatchEvents) -> Watcher {
    let opened = open_events(&script.log(), streams, request).await;
    Watcher::of(opened.unwrap_or_else(|e| panic!("{e}")))
}

/// Every task of a snapshot, and its frames.
pub async fn snapshot(watcher: &mut Watcher) -> (Vec<String>, Vec<Seen>) {
    let (mut ids, mut frames) = (Vec::new(), Vec::new());
    loop {
        let seen = watcher.event().await.expect("a frame of the snapshot");
        assert_eq!(seen.event, "stream.snapshot");
        let json = seen.json();
        for task in json["tasks"].as_array().expect("tasks") {
            ids.push(task["id"].as_str().expect("an id").to_owned());
        }
        frames.push(seen);
        if json["more"] == false {
            return (ids, frames);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_snapshot_of_many_tasks_comes_in_small_frames_and_only_the_last_has_a_cursor() {
    let script = Script::new();
    for n in 0..250 {
        script.create(&format!("t{n}"));
    }
    let mut watcher = watch(&script, WatchEvents::default()).await;
    let (ids, frames) = snapshot(&mut watcher).await;
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 250);
    assert_eq!(ids.len(), 250, "each once");
    assert!(frames.len() > 3);
    let (last, others) = frames.split_last().expect("frames");
    assert_eq!((last.id.as_str(), &last.json()["cursor"]), ("abcd0123.250", &last.id[..].into()));
    for frame in others {
        assert_eq!((frame.id.as_str(), frame.json().get("cursor")), ("", None));
    }
    assert!(frames.iter().all(|frame| frame.data.len() <= 32 * 1024));
}

#[tokio::test(start_paused = true)]
async fn a_task_larger_than_its_neighbours_does_not_make_a_frame_too_long() {
    let script = Script::new();
    for n in 0..20 {
        script.create_with(&format!("t{n}"), |task| {
            let labels = (0..8).map(|i| (format!("key{i}"), "x".repeat(1000)));
            task.labels = labels.collect::<Labels>().into();
        });
    }
    let mut watcher = watch(&script, WatchEvents::default()).await;
    let (ids, frames) = snapshot(&mut watcher).await;
    assert_eq!(ids.len(), 20);
    assert!(frames.iter().all(|frame| frame.data.len() <= 32 * 1024));
}

#[tokio::test(start_paused = true)]
async fn a_snapshot_has_all_open_tasks_and_the_newest_thousand_done_ones() {
    let script = Script::new();
    script.create("open-and-old");
    for n in 0..1100 {
        script.create(&format!("t{n}"));
        script.happen(&format!("t{n}"), EventType::Succeeded);
    }
    script.create("open-and-new");
    let mut watcher = watch(&script, WatchEvents::default()).await;
    let (ids, _) = snapshot(&mut watcher).await;
    let ids: BTreeSet<String> = ids.into_iter().collect();
    assert_eq!(ids.len(), 1002);
    assert!(ids.contains("open-and-old") && ids.contains("open-and-new"));
    assert!(ids.contains("t1099") && ids.contains("t100") && !ids.contains("t99"));
}

#[tokio::test(start_paused = true)]
async fn a_filter_that_names_tasks_shows_those_of_them_that_match() {
    let script = Script::new();
    script.create("a");
    script.happen("a", EventType::Failed);
    script.create("b");
    script.create("c");
    let filter = Filter { tasks: [id("a"), id("b"), id("gone")].into(), ..Filter::default() };
    let only_failed = Filter { states: vec![State::Failed], ..filter.clone() };
    let mut watcher =
        watch(&script, WatchEvents { filters: filter.into(), ..WatchEvents::default() }).await;
    assert_eq!(snapshot(&mut watcher).await.0, ["b", "a"]);
    let request = WatchEvents { filters: only_failed.into(), ..WatchEvents::default() };
    let mut watcher = watch(&script, request).await;
    assert_eq!(snapshot(&mut watcher).await.0, ["a"]);
    script.happen("b", EventType::Failed);
    script.happen("c", EventType::Failed);
    script.happen("a", EventType::Queued);
    assert_eq!(watcher.types(2).await, ["task.failed", "stream.left"]);
}

#[tokio::test(start_paused = true)]
async fn a_task_that_stops_matching_is_said_to_have_left() {
    let script = Script::new();
    script.create("a");
    let filter = Filter { states: vec![State::Queued], ..Filter::default() };
    let mut watcher =
        watch(&script, WatchEvents { filters: filter.into(), ..WatchEvents::default() }).await;
    snapshot(&mut watcher).await;
    script.happen("a", EventType::Started);
    let left = watcher.event().await.expect("an event");
    assert_eq!((left.event.as_str(), left.id.as_str()), ("stream.left", "abcd0123.2"));
    assert_eq!(
        (&left.json()["task_id"], &left.json()["cursor"]),
        (&"a".into(), &left.id[..].into())
    );
    script.progress("a", 10.0);
    script.happen("a", EventType::Queued);
    assert_eq!(watcher.types(1).await, ["task.queued"], "what it did outside is not told");
}

#[tokio::test(start_paused = true)]
async fn a_stream_of_events_goes_on_after_every_task_is_done() {
    let script = Script::new();
    script.create("a");
    script.happen("a", EventType::Succeeded);
    let mut watcher =
        watch(&script, WatchEvents { cursor: cursor(2), ..WatchEvents::default() }).await;
    assert!(watcher.chunk().await, "retry");
    assert!(timeout(Duration::from_secs(5), watcher.chunk()).await.is_err());
    script.create("b");
    assert_eq!(watcher.types(1).await, ["task.queued"]);
}

#[tokio::test(start_paused = true)]
async fn a_trimmed_cursor_is_reset() {
    let script = Script::new();
    for name in ["a", "b", "c"] {
        script.create(name);
    }
    script.trim(2);
    let request = |position| WatchEvents { cursor: cursor(position), ..WatchEvents::default() };
    let mut old = watch(&script, request(1)).await;
    assert_eq!(old.types(2).await, ["stream.reset", "stream.snapshot"]);
    let mut kept = watch(&script, request(2)).await;
    assert_eq!(kept.types(1).await, ["task.queued"]);
}

#[tokio::test(start_paused = true)]
async fn what_is_trimmed_before_a_reader_got_there_ends_its_stream_and_is_told_when_it_comes_back()
{
    for max_rate in [None, Some(1.0)] {
        let script = Script::new();
        for name in ["a", "b", "c", "d"] {
            script.create(name);
        }
        let request = || WatchEvents { cursor: cursor(1), max_rate, ..WatchEvents::default() };
        script.meanwhile(|script| script.trim(3));
        let seen = watch(&script, request()).await.rest().await;
        assert!(seen.is_empty(), "nothing is passed over: {seen:?}");
        let mut again = watch(&script, request()).await;
        assert_eq!(again.types(2).await, ["stream.reset", "stream.snapshot"]);
    }
}

#[tokio::test(start_paused = true)]
async fn who_asks_for_all_that_is_kept_is_not_told_what_is_not() {
    let script = Script::new();
    for name in ["a", "b", "c"] {
        script.create(name);
    }
    script.trim(2);
    let request = WatchEvents { from_start: true, ..WatchEvents::default() };
    let mut watcher = watch(&script, request).await;
    assert_eq!(watcher.types(3).await, ["task.queued"; 3]);
    script.create("d");
    assert_eq!(watcher.types(1).await, ["task.queued"]);
}

#[tokio::test(start_paused = true)]
async fn much_that_is_not_for_a_watcher_moves_its_cursor() {
    let script = Script::new();
    script.create("a");
    let filter = Filter { kinds: vec!["other".into()], ..Filter::default() };
    let mut watcher =
        watch(&script, WatchEvents { filters: filter.into(), ..WatchEvents::default() }).await;
    assert!(snapshot(&mut watcher).await.0.is_empty());
    script.progress("a", 1.0);
    assert!(watcher.chunk().await);
    assert_eq!((watcher.reader.last_id.as_str(), watcher.reader.seen.len()), ("abcd0123.2", 0));
}

#[tokio::test(start_paused = true)]
async fn max_rate_thins_progress_only_and_tells_the_last_of_it() {
    let script = Script::new();
    script.create("a");
    let request = WatchEvents { max_rate: Some(1.0), ..WatchEvents::default() };
    let mut watcher = watch(&script, request).await;
    snapshot(&mut watcher).await;
    let before = Instant::now();
    for percent in 0..10 {
        script.progress("a", f64::from(percent));
    }
    script.happen("a", EventType::Log);
    script.progress("a", 50.0);
    let mut seen = Vec::new();
    for _ in 0..4 {
        let event = watcher.event().await.expect("an event");
        seen.push((event.json()["progress"]["percent"].as_f64(), event.id, before.elapsed()));
    }
    let at = |position: u64| format!("abcd0123.{position}");
    let (now, later) = (Duration::ZERO, Duration::from_secs(1));
    assert_eq!(seen[0], (Some(0.0), at(2), now));
    assert_eq!(seen[1], (Some(9.0), at(11), now), "before its task's next other event");
    assert_eq!(seen[2], (None, at(12), now));
    assert_eq!((seen[3].0, &seen[3].1), (Some(50.0), &at(13)));
    assert!(seen[3].2 >= later && seen[3].2 < later + Duration::from_millis(50));
}

#[tokio::test(start_paused = true)]
async fn a_watcher_with_a_max_rate_that_resumes_at_any_cursor_misses_no_last_word() {
    let script = Script::new();
    for name in ["a", "b", "c"] {
        script.create(name);
    }
    let request = WatchEvents { max_rate: Some(2.0), cursor: cursor(3), ..WatchEvents::default() };
    let mut watcher = watch(&script, request.clone()).await;
    for (n, name) in ["a", "b", "a", "c", "a", "b", "c", "b"].iter().enumerate() {
        script.progress(name, n as f64);
        script.happen(["c", "b", "a"][n % 3], EventType::Log);
    }
    let mut shown = Vec::new();
    let mut heard = std::collections::BTreeMap::new();
    while heard.values().filter(|percent| [4.0, 7.0, 6.0].contains(*percent)).count() < 3 {
        let event = watcher.event().await.expect("an event");
        let json = event.json();
        if let Some(percent) = json["progress"]["percent"].as_f64() {
            heard.insert(json["task_id"].as_str().expect("an id").to_owned(), percent);
        }
        shown.push((event.id, heard.clone()));
    }
    let number = |id: &str| id.rsplit_once('.').and_then(|(_, n)| n.parse::<u64>().ok());
    assert!(shown.is_sorted_by_key(|(id, _)| number(id)), "cursors never go back");
    for (id, before) in shown {
        let mut heard = before;
        let request = WatchEvents { cursor: Some(id.clone()), ..request.clone() };
        let mut again = watch(&script, WatchEvents { max_seconds: Some(2), ..request }).await;
        while let Some(event) = again.event().await {
            let json = event.json();
            if let Some(percent) = json["progress"]["percent"].as_f64() {
                heard.insert(json["task_id"].as_str().expect("an id").to_owned(), percent);
            }
        }
        let last: Vec<(&str, f64)> = heard.iter().map(|(id, p)| (id.as_str(), *p)).collect();
        assert_eq!(last, [("a", 4.0), ("b", 7.0), ("c", 6.0)], "resumed at {id}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_withheld_is_told_before_a_stream_closes() {
    let script = Script::new();
    script.create("a");
    let request = WatchEvents {
        max_rate: Some(0.01),
        cursor: cursor(1),
        max_seconds: Some(3),
        ..WatchEvents::default()
    };
    let mut watcher = watch(&script, request).await;
    script.progress("a", 1.0);
    script.progress("a", 2.0);
    assert_eq!(watcher.types(1).await, ["task.progress"]);
    assert_eq!(watcher.reader.last_id, "abcd0123.2");
    assert_eq!(watcher.rest().await, ["task.progress"]);
    assert_eq!(watcher.reader.last_id, "abcd0123.3");
}

#[tokio::test(start_paused = true)]
async fn a_max_rate_of_nothing_is_refused() {
    let script = Script::new();
    let streams = Streams::new(CancellationToken::new());
    for rate in [0.0, -1.0, f64::NAN] {
        let request = WatchEvents { max_rate: Some(rate), ..WatchEvents::default() };
        let refused = open_events(&script.log(), &streams, request).await.err();
        assert!(matches!(refused, Some(Refusal::Invalid(_))), "{rate}");
    }
    assert_eq!(streams.open(), 0);
}
