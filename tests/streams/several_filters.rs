//! openEventStream: several filters on one connection, and what is added to a stream that runs.

use std::collections::BTreeMap;

use milepost_tests::harness::{Server, Watcher, cursor_position, id_of};
use serde_json::{Value, json};

const PATH: &str = "/api/v1/event-streams";

/// All pages of a snapshot: the tasks, and the last page.
async fn snapshot(watcher: &mut Watcher) -> (Vec<Value>, Value) {
    let mut tasks = Vec::new();
    loop {
        let page = watcher.expect("stream.snapshot").await;
        tasks.extend(page["tasks"].as_array().expect("tasks").clone());
        if page["more"] == false {
            return (tasks, page);
        }
    }
}

fn sorted_ids(tasks: &[Value]) -> Vec<String> {
    let mut ids: Vec<String> = tasks.iter().map(id_of).collect();
    ids.sort();
    ids
}

async fn submit_many(server: &Server, count: usize) -> Vec<String> {
    let tasks: Vec<Value> = (0..count).map(|_| json!({"kind": "k"})).collect();
    let made = server.post("/api/v1/task-batches").json(&json!({"tasks": tasks})).await;
    let mut ids = sorted_ids(made.expect(202).json()["tasks"].as_array().expect("tasks"));
    ids.sort();
    ids
}

#[tokio::test]
async fn five_hundred_tasks_are_watched_by_their_ids() {
    let server = Server::start().await;
    let ids = submit_many(&server, 500).await;
    server.submit_kind("k").await;
    let body = json!({"filters": [{"tasks": ids[..300]}, {"tasks": ids[300..]}]});
    let mut watcher = server.watch_by(PATH, &body).await;
    assert_eq!(sorted_ids(&snapshot(&mut watcher).await.0), ids);
    for id in [&ids[0], &ids[499]] {
        server.post(&format!("/api/v1/tasks/{id}/cancel")).await.task(202);
        assert_eq!(watcher.expect("task.cancelled").await["task_id"], id.as_str());
    }
}

#[tokio::test]
async fn a_task_leaves_when_the_last_filter_that_matched_it_does_so_no_more() {
    let server = Server::start().await;
    let red = server.submit(json!({"kind": "k", "labels": {"team": "red"}})).await;
    let red = id_of(&red);
    let blue = id_of(&server.submit(json!({"kind": "blue"})).await);
    server.submit_kind("k").await;
    let body = json!({"filters": [{"labels": {"team": "red"}}, {"labels": {"hot": "yes"}},
        {"kind": "blue", "states": ["queued"]}]});
    let mut watcher = server.watch_by(PATH, &body).await;
    let mut both = [red.clone(), blue.clone()];
    both.sort();
    assert_eq!(sorted_ids(&snapshot(&mut watcher).await.0), both);
    let path = format!("/api/v1/tasks/{red}");
    let set = |labels: Value| server.patch(&path).json(&json!({"labels": labels}));
    set(json!({"team": "red", "hot": "yes"})).await.task(200);
    set(json!({"hot": "yes"})).await.task(200);
    for _ in 0..2 {
        assert_eq!(watcher.expect("task.updated").await["task_id"], red.as_str());
    }
    server.lease_one(json!({"kinds": ["blue"]})).await;
    assert_eq!(watcher.expect("stream.left").await["task_id"], blue.as_str());
    set(json!({})).await.task(200);
    assert_eq!(watcher.expect("stream.left").await["task_id"], red.as_str());
}

#[tokio::test]
async fn a_task_is_watched_from_the_error_it_ends_with_until_it_is_retried() {
    let server = Server::start().await;
    let body = json!({"filters": [{"error_types": ["slow"]}]});
    let mut watcher = server.watch_by(PATH, &body).await;
    assert!(snapshot(&mut watcher).await.0.is_empty());
    let mut ids = Vec::new();
    for error in ["broken", "slow"] {
        ids.push(server.submit_kind("k").await);
        let lease = server.lease_one(json!({"kinds": ["k"]})).await;
        lease.fail(json!({"error": {"type": error}, "retryable": false})).await.expect(200);
    }
    assert_eq!(watcher.expect("task.failed").await["task_id"], ids[1].as_str());
    server.post(&format!("/api/v1/tasks/{}/retry", ids[1])).await.task(202);
    assert_eq!(watcher.expect("stream.left").await["task_id"], ids[1].as_str());
}

#[tokio::test]
async fn what_is_added_to_a_stream_comes_alone() {
    let server = Server::start().await;
    let ids = submit_many(&server, 120).await;
    let (old, new) = ids.split_at(20);
    let mut watcher = server.watch_by(PATH, &json!({"filters": [{"tasks": old}]})).await;
    let (_, last) = snapshot(&mut watcher).await;
    drop(watcher);
    server.post(&format!("/api/v1/tasks/{}/cancel", old[0])).await.task(202);
    let body = json!({"filters": [{"tasks": ids}], "fresh": [{"tasks": new}],
        "after": last["cursor"]});
    let mut watcher = server.watch_by(PATH, &body).await;
    let (tasks, page) = snapshot(&mut watcher).await;
    assert_eq!(sorted_ids(&tasks), new);
    assert_eq!((&page["fresh"], page.get("cursor")), (&json!(true), None));
    let message = watcher.event().await;
    assert_eq!(
        (message.event.as_str(), &message.json()["task_id"]),
        ("task.cancelled", &json!(old[0]))
    );
    assert!(message.id.is_some());
}

#[tokio::test]
async fn what_is_added_after_a_cursor_that_cannot_be_used_comes_with_everything() {
    let server = Server::start().await;
    let ids = submit_many(&server, 2).await;
    for after in ["garbage", "00000000.1"] {
        let body = json!({"filters": [{"tasks": ids}], "fresh": [{"tasks": [ids[1]]}],
            "after": after});
        let mut watcher = server.watch_by(PATH, &body).await;
        watcher.expect("stream.reset").await;
        let (tasks, page) = snapshot(&mut watcher).await;
        assert_eq!(sorted_ids(&tasks), ids);
        assert!(page["cursor"].is_string() && page.get("fresh").is_none(), "{page}");
    }
}

#[tokio::test]
async fn a_busy_task_that_is_added_folds_to_what_get_task_says() {
    let server = Server::start().await;
    let quiet = server.submit_kind("quiet").await;
    let busy = server.submit_kind("busy").await;
    let mut watcher = server.watch_by(PATH, &json!({"filters": [{"tasks": [quiet]}]})).await;
    let (_, last) = snapshot(&mut watcher).await;
    drop(watcher);
    let lease = server.lease_one(json!({"kinds": ["busy"]})).await;
    let work = tokio::spawn(async move {
        for n in 1..=200 {
            lease.report(json!({"progress": {"current": n, "total": 200}})).await.expect(200);
        }
        lease.complete(json!({"done": true})).await.expect(200);
    });
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    let both = json!([quiet, busy]);
    let body = json!({"filters": [{"tasks": both}], "fresh": [{"tasks": [busy]}],
        "after": last["cursor"]});
    let mut watcher = server.watch_by(PATH, &body).await;
    let (tasks, _) = snapshot(&mut watcher).await;
    let mut folded: BTreeMap<String, Value> =
        tasks.into_iter().map(|task| (id_of(&task), task)).collect();
    assert_eq!(folded.keys().collect::<Vec<_>>(), [&busy]);
    let task = folded.get_mut(&busy).expect("the task that was added");
    let mut older = 0;
    loop {
        let event = watcher.event().await.json();
        assert_eq!(event["task_id"], busy.as_str());
        if cursor_position(&event["cursor"]) <= cursor_position(&task["cursor"]) {
            older += 1;
            continue;
        }
        match event.get("task") {
            Some(now) => *task = now.clone(),
            None => {
                task["progress"] = event["progress"].clone();
                (task["updated_at"], task["cursor"]) =
                    (event["at"].clone(), event["cursor"].clone());
            }
        }
        if event["type"] == "task.succeeded" {
            break;
        }
    }
    assert!(older > 0, "its start at least was in the snapshot already");
    work.await.expect("a worker");
    assert_eq!(*task, server.task(&busy).await);
}
