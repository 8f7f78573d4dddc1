//! A snapshot and the deltas after it are the task: whoever folds them knows what getTask would say.

use std::collections::BTreeMap;

use milepost_tests::harness::{Server, cursor_position, id_of};
use serde_json::{Value, json};

/// A task after one more event, as the protocol says a client does it.
fn fold(task: &mut Value, event: &Value) {
    match event["type"].as_str().expect("a type") {
        "task.progress" => task["progress"] = event["progress"].clone(),
        "task.log" => {}
        _ => {
            *task = event["task"].clone();
            return;
        }
    }
    task["updated_at"] = event["at"].clone();
    task["cursor"] = event["cursor"].clone();
}

async fn current(server: &Server, id: &str) -> Value {
    let mut task = server.task(id).await;
    task.as_object_mut().expect("a task").remove("input");
    task
}

#[tokio::test]
async fn after_every_event_the_fold_is_what_get_task_says() {
    let server = Server::start().await;
    let id = id_of(&server.submit(json!({"kind": "k", "input": {"big": "input"}})).await);
    let path = format!("/api/v1/tasks/{id}");
    let mut watcher = server.watch(&format!("{path}/events")).await;
    let mut task = watcher.expect("stream.snapshot").await["tasks"][0].clone();
    assert_eq!(task, current(&server, &id).await);
    macro_rules! then {
        ($event:literal) => {
            fold(&mut task, &watcher.expect($event).await);
            assert_eq!(task, current(&server, &id).await, $event);
        };
    }
    server.patch(&path).json(&json!({"labels": {"a": "b"}})).await.task(200);
    then!("task.updated");
    let lease = server.lease_one(json!({})).await;
    then!("task.started");
    lease.report(json!({"progress": {"current": 1, "total": 3, "message": "m"}})).await.expect(200);
    then!("task.progress");
    lease.report(json!({"logs": [{"text": "x"}]})).await.expect(200);
    then!("task.log");
    lease.fail(json!({"error": {"type": "boom"}, "retry_after_seconds": 1})).await.task(200);
    then!("task.retrying");
    then!("task.queued");
    let lease = server.lease_one(json!({})).await;
    then!("task.started");
    server.post(&format!("{path}/cancel")).await.task(202);
    then!("task.cancel_requested");
    lease.complete(json!({"x": 1})).await.task(200);
    then!("task.succeeded");
}

#[tokio::test]
async fn a_snapshot_taken_while_tasks_change_folds_to_the_same_as_the_list() {
    let server = Server::start().await;
    for _ in 0..50 {
        server.submit_kind("k").await;
    }
    let client = server.clone();
    let work = tokio::spawn(async move {
        for _ in 0..50 {
            let lease = client.lease_one(json!({})).await;
            lease.report(json!({"progress": {"percent": 50}})).await.expect(200);
            lease.complete(json!(1)).await.expect(200);
        }
    });
    let mut tasks: BTreeMap<String, Value> = BTreeMap::new();
    let mut watcher = server.watch("/api/v1/events").await;
    let mut finished = 0;
    while finished < 50 {
        let message = watcher.event().await;
        let event = message.json();
        if message.event == "stream.snapshot" {
            for task in event["tasks"].as_array().expect("tasks") {
                finished += usize::from(task["done"] == true);
                tasks.insert(id_of(task), task.clone());
            }
            continue;
        }
        let id = event["task_id"].as_str().expect("a task").to_owned();
        let task = tasks.get_mut(&id).expect("no event of a task that was in no snapshot");
        // Rule 2 of the stream: what the snapshot knows already is skipped.
        if cursor_position(&event["cursor"]) <= cursor_position(&task["cursor"]) {
            continue;
        }
        fold(task, &event);
        finished += usize::from(message.event == "task.succeeded");
    }
    milepost_tests::harness::soon("the worker", work).await.expect("a worker");
    for (id, task) in &tasks {
        assert_eq!(task, &current(&server, id).await);
    }
}
