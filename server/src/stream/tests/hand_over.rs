//! From the snapshot to the deltas, while others write: nothing falls in between.

use std::collections::BTreeMap;

use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::{reader::Watcher, script::Script};
use crate::{
    domain::{EventType, Filter, State},
    stream::subscription::{Streams, WatchEvents, open_events},
};

/// What a client knows that follows the rules: newer wins, by cursor.
#[derive(Default)]
struct Client {
    tasks: BTreeMap<String, (u64, String)>,
}

fn position(json: &Value) -> u64 {
    let cursor = json["cursor"].as_str().expect("a cursor");
    cursor.split_once('.').and_then(|(_, n)| n.parse().ok()).expect("a position")
}

impl Client {
    fn learn(&mut self, task: &Value) {
        let id = task["id"].as_str().expect("an id").to_owned();
        let state = task["state"].as_str().expect("a state").to_owned();
        let known = self.tasks.get(&id).map_or(0, |(known, _)| *known);
        if position(task) > known {
            self.tasks.insert(id, (position(task), state));
        }
    }

    fn hear(&mut self, event: &str, json: &Value) {
        match event {
            "stream.snapshot" => {
                for task in json["tasks"].as_array().expect("tasks") {
                    self.learn(task);
                }
            }
            "stream.left" | "task.deleted" => {
                let id = json["task_id"].as_str().expect("an id");
                if self.tasks.get(id).is_some_and(|(known, _)| *known < position(json)) {
                    self.tasks.remove(id);
                }
            }
            _ if json.get("task").is_some() => self.learn(&json["task"]),
            _ => {}
        }
    }
}

async fn everything(script: &Script, filter: Filter) -> (Client, Vec<String>) {
    let streams = Streams::new(CancellationToken::new());
    let request =
        WatchEvents { filters: filter.into(), max_seconds: Some(5), ..WatchEvents::default() };
    let opened = open_events(&script.log(), &streams, request).await;
    let mut watcher = Watcher::of(opened.unwrap_or_else(|e| panic!("{e}")));
    let (mut client, mut types) = (Client::default(), Vec::new());
    while let Some(seen) = watcher.event().await {
        client.hear(&seen.event, &seen.json());
        types.push(seen.event);
    }
    (client, types)
}

#[tokio::test(start_paused = true)]
async fn what_is_committed_between_the_pages_of_a_snapshot_is_known_in_the_end() {
    let script = Script::new();
    for n in 0..300 {
        script.create(&format!("t{n:03}"));
    }
    // Before the first page, between pages, and after the last: newest tasks are read first.
    script.meanwhile(|script| {
        script.create("early");
        script.happen("t299", EventType::Succeeded);
    });
    script.meanwhile(|script| {
        script.happen("t298", EventType::Started);
        script.happen("t000", EventType::Failed);
    });
    script.meanwhile(|script| {
        script.create("late");
        script.happen("t150", EventType::Cancelled);
        script.happen("t000", EventType::Queued);
    });
    script.meanwhile(|script| {
        script.happen("t001", EventType::Succeeded);
        script.happen("t001", EventType::Deleted);
    });
    let (client, _) = everything(&script, Filter::default()).await;
    let state = |id: &str| client.tasks.get(id).map(|(_, state)| state.as_str());
    assert_eq!(client.tasks.len(), 301);
    assert_eq!(state("early"), Some("queued"));
    assert_eq!(state("late"), Some("queued"));
    assert_eq!(state("t299"), Some("succeeded"));
    assert_eq!(state("t298"), Some("running"));
    assert_eq!(state("t150"), Some("cancelled"));
    assert_eq!(state("t000"), Some("queued"));
    assert_eq!(state("t001"), None);
}

#[tokio::test(start_paused = true)]
async fn a_task_that_leaves_while_the_snapshot_is_read_is_not_kept() {
    let script = Script::new();
    for n in 0..150 {
        script.create(&format!("t{n:03}"));
    }
    script.meanwhile(|_| {});
    script.meanwhile(|script| {
        script.happen("t149", EventType::Started);
        script.happen("t000", EventType::Started);
    });
    let filter = Filter { states: vec![State::Queued], ..Filter::default() };
    let (client, types) = everything(&script, filter).await;
    assert_eq!(client.tasks.len(), 148);
    assert_eq!(types.iter().filter(|name| *name == "stream.left").count(), 2);
}
