//! Several filters on one stream, and those that are new to a watcher.

use super::{
    events::{snapshot, watch},
    script::{Script, cursor, id},
};
use crate::{
    domain::{EventType, Filter, Filters, State},
    stream::subscription::WatchEvents,
};

fn of_kind(kind: &str) -> Filter {
    Filter { kinds: vec![kind.to_owned()], ..Filter::default() }
}

fn in_state(state: State) -> Filter {
    Filter { states: vec![state], ..Filter::default() }
}

fn tasks(names: &[&str]) -> Filter {
    Filter { tasks: names.iter().map(|name| id(name)).collect(), ..Filter::default() }
}

fn request(filters: &[Filter]) -> WatchEvents {
    WatchEvents { filters: Filters(filters.to_vec()), ..WatchEvents::default() }
}

fn sorted(mut ids: Vec<String>) -> Vec<String> {
    ids.sort();
    ids
}

#[tokio::test(start_paused = true)]
async fn a_stream_is_about_every_task_that_any_of_its_filters_matches() {
    let script = Script::new();
    for (name, kind) in [("a", "red"), ("b", "blue"), ("c", "green"), ("d", "grey")] {
        script.create_with(name, |task| task.kind = kind.into());
    }
    let filters = [of_kind("red"), tasks(&["b", "c"])];
    let mut watcher = watch(&script, request(&filters)).await;
    assert_eq!(sorted(snapshot(&mut watcher).await.0), ["a", "b", "c"]);
    for name in ["d", "b", "a"] {
        script.happen(name, EventType::Started);
    }
    for name in ["b", "a"] {
        assert_eq!(watcher.event().await.expect("an event").json()["task_id"], name);
    }
}

#[tokio::test(start_paused = true)]
async fn a_task_has_left_when_no_filter_matches_it_any_more() {
    let script = Script::new();
    script.create("a");
    let filters = [in_state(State::Queued), in_state(State::Running)];
    let mut watcher = watch(&script, request(&filters)).await;
    snapshot(&mut watcher).await;
    script.happen("a", EventType::Started);
    script.happen("a", EventType::Queued);
    script.happen("a", EventType::Failed);
    assert_eq!(watcher.types(3).await, ["task.started", "task.queued", "stream.left"]);
}

#[tokio::test(start_paused = true)]
async fn what_is_new_to_a_watcher_comes_first_and_what_it_knows_does_not_come_again() {
    let script = Script::new();
    for n in 0..250 {
        script.create(&format!("t{n}"));
    }
    let seen = script.create("known");
    script.happen("known", EventType::Started);
    let new: Vec<String> = (0..250).map(|n| format!("t{n}")).collect();
    let new = tasks(&new.iter().map(String::as_str).collect::<Vec<_>>());
    let request = WatchEvents {
        fresh: Some(new.clone().into()),
        cursor: cursor(seen),
        ..request(&[tasks(&["known"]), new])
    };
    let mut watcher = watch(&script, request).await;
    let (ids, frames) = snapshot(&mut watcher).await;
    assert_eq!(ids.len(), 250);
    assert!(!ids.contains(&"known".to_owned()));
    assert!(frames.len() > 2, "page by page");
    for frame in &frames {
        let json = frame.json();
        assert_eq!((&json["fresh"], json.get("cursor")), (&true.into(), None));
        assert_eq!(frame.id, "", "the watcher's own cursor stays");
    }
    let event = watcher.event().await.expect("an event");
    assert_eq!((event.event.as_str(), event.id.as_str()), ("task.started", "abcd0123.252"));
}

#[tokio::test(start_paused = true)]
async fn a_task_that_is_new_and_changes_meanwhile_is_whole_with_the_deltas_that_are_newer() {
    let script = Script::new();
    script.create("a");
    script.progress("a", 1.0);
    let request = WatchEvents {
        fresh: Some(tasks(&["a"]).into()),
        cursor: cursor(1),
        ..request(&[tasks(&["a"])])
    };
    let mut watcher = watch(&script, request).await;
    script.meanwhile(|script| {
        script.progress("a", 2.0);
    });
    let (_, frames) = snapshot(&mut watcher).await;
    assert_eq!(frames[0].json()["tasks"][0]["progress"]["percent"], 2.0);
    assert_eq!(frames[0].json()["tasks"][0]["cursor"], "abcd0123.3");
    script.progress("a", 3.0);
    let mut percents = Vec::new();
    for _ in 0..3 {
        let event = watcher.event().await.expect("an event");
        percents.push((event.id.clone(), event.json()["progress"]["percent"].as_f64()));
    }
    let at = |position: u64, percent| (format!("abcd0123.{position}"), Some(percent));
    assert_eq!(percents, [at(2, 1.0), at(3, 2.0), at(4, 3.0)], "the whole log after the cursor");
}

#[tokio::test(start_paused = true)]
async fn what_is_new_is_of_no_concern_where_everything_is_shown() {
    let script = Script::new();
    script.create("a");
    script.create("b");
    for (cursor, first) in [
        (None, "stream.snapshot"),
        (Some("garbage".to_owned()), "stream.reset"),
        (cursor(3), "stream.reset"),
    ] {
        let request = WatchEvents {
            fresh: Some(tasks(&["b"]).into()),
            cursor,
            ..request(&[tasks(&["a"]), tasks(&["b"])])
        };
        let mut watcher = watch(&script, request).await;
        if first == "stream.reset" {
            assert_eq!(watcher.types(1).await, [first]);
        }
        let (ids, frames) = snapshot(&mut watcher).await;
        assert_eq!(sorted(ids), ["a", "b"]);
        let last = frames.last().expect("a frame").json();
        assert_eq!((last.get("fresh"), &last["cursor"]), (None, &"abcd0123.2".into()));
    }
    let request = WatchEvents {
        fresh: Some(tasks(&["b"]).into()),
        from_start: true,
        ..request(&[tasks(&["a"]), tasks(&["b"])])
    };
    let mut watcher = watch(&script, request).await;
    assert_eq!(watcher.types(2).await, ["task.queued", "task.queued"]);
}
