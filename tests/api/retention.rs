//! What of done tasks goes, what is remembered of it, and what a watcher is told who was away.

use std::time::Duration;

use milepost_tests::harness::{Ending, Server, id_of, soon, types_of};
use reqwest::StatusCode;
use serde_json::{Value, json};

/// A queue that keeps nothing of what is done but the task, and a task of it that is done: its id, and
/// the cursor of its first event. The event that tells that its bodies are gone has been seen, and its
/// other events, which go in shares of their own, are gone too.
async fn trimmed(server: &Server) -> (String, String) {
    let settings = json!({"retention": {"body_seconds": 0, "event_seconds": 0}});
    let queue = server.put("/api/v1/queues/short").json(&settings).await.expect(200).json();
    assert_eq!(queue["retention"], settings["retention"]);
    let mut watcher = server.watch("/api/v1/events?queue=short").await;
    watcher.expect("stream.snapshot").await;
    let task = server.submit(json!({"kind": "k", "queue": "short", "input": [1]})).await;
    let lease = server.lease_one(json!({"queues": ["short"]})).await;
    lease.report(json!({"progress": {"percent": 10}})).await.expect(200);
    lease.complete(json!("came out")).await.expect(200);
    let (_, updated) = watcher.until("task.updated").await;
    assert_eq!(updated["task"]["bodies_dropped"], true);
    let id = id_of(&task);
    soon("its other events go", async {
        while server.types(&id).await != ["updated"] {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
    (id, task["cursor"].as_str().expect("a cursor").to_owned())
}

fn items(page: &Value) -> Vec<String> {
    types_of(page["items"].as_array().expect("items"))
}

#[tokio::test]
async fn a_task_whose_bodies_are_gone_says_so() {
    let server = Server::start().await;
    let (id, _) = trimmed(&server).await;
    let task = server.task(&id).await;
    assert_eq!((&task["bodies_dropped"], &task["state"]), (&json!(true), &json!("succeeded")));
    assert!(task.get("input").is_none() && task.get("output").is_none(), "{task}");
}

#[tokio::test]
async fn a_failed_task_without_its_input_is_not_retried() {
    let server = Server::start().await;
    let settings = json!({"retention": {"body_seconds": 0}});
    server.put("/api/v1/queues/short").json(&settings).await.expect(200);
    let mut watcher = server.watch("/api/v1/events?queue=short").await;
    let request = json!({"kind": "k", "queue": "short", "input": [1], "max_attempts": 1});
    let id = id_of(&server.submit(request).await);
    let lease = server.lease_one(json!({"queues": ["short"]})).await;
    lease.fail(json!({"error": {"type": "broken"}})).await.expect(200);
    watcher.until("task.updated").await;
    let task = server.task(&id).await;
    assert_eq!(task["error"]["type"], "broken", "why it failed stays");
    let path = format!("/api/v1/tasks/{id}/retry");
    server.post(&path).await.problem(409, "input-dropped");
}

#[tokio::test]
async fn a_cursor_into_what_was_trimmed_is_told_on_every_way_to_read() {
    let server = Server::start().await;
    let (id, cursor) = trimmed(&server).await;
    for path in [format!("/api/v1/tasks/{id}/events"), "/api/v1/events?queue=short".to_owned()] {
        let mut watcher = server.watch_after(&path, &cursor).await;
        assert_eq!(watcher.expect("stream.reset").await["reason"], "trimmed", "{path}");
        let snapshot = watcher.expect("stream.snapshot").await;
        assert_eq!(snapshot["tasks"][0]["id"], id.as_str(), "{path}");
    }
    for path in [format!("/api/v1/tasks/{id}/history"), "/api/v1/history".to_owned()] {
        let page = server.get(&format!("{path}?after={cursor}")).await.expect(200).json();
        assert_eq!((&page["reset"], items(&page)), (&json!("trimmed"), vec!["updated".to_owned()]));
    }
    let others = format!("/api/v1/history?queue=other&after={cursor}");
    let page = server.get(&others).await.expect(200).json();
    assert_eq!(page.get("reset"), None, "nothing of that queue was trimmed");
    let last = server.task(&id).await["cursor"].as_str().expect("a cursor").to_owned();
    let path = format!("/api/v1/tasks/{id}/events?after={last}");
    assert_eq!(server.get(&path).await.status, StatusCode::NO_CONTENT, "it has seen all");
}

#[tokio::test]
async fn who_was_away_when_a_task_was_deleted_is_told() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    let path = format!("/api/v1/tasks/{id}");
    server.lease_one(json!({})).await.complete(json!(1)).await.expect(200);
    let before = server.task(&id).await["cursor"].as_str().expect("a cursor").to_owned();
    server.delete(&path).await.expect(204);

    let mut watcher = server.watch_after(&format!("{path}/events"), &before).await;
    let deleted = watcher.expect("task.deleted").await;
    assert_eq!(deleted["task_id"], id.as_str());
    watcher.expect("stream.end").await;
    assert_eq!(watcher.rest().await.1, Ending::Clean);
    let page = server.get(&format!("{path}/history?after={before}")).await.expect(200).json();
    assert_eq!(items(&page), ["deleted"]);

    let after = deleted["cursor"].as_str().expect("a cursor");
    let again = server.get(&format!("{path}/events?after={after}")).await;
    assert_eq!(again.status, StatusCode::NO_CONTENT);
    for part in ["", "/events", "/history", "/logs", "/attempts"] {
        let problem = server.get(&format!("{path}{part}")).await.problem(404, "task-deleted");
        let detail = problem["detail"].as_str().unwrap_or_default();
        assert!(detail.contains(&id) && detail.contains("was deleted at 20"), "{detail}");
    }
}

#[tokio::test]
async fn an_id_can_be_used_again_after_its_task_was_deleted() {
    let server = Server::start().await;
    let path = "/api/v1/tasks/mine";
    let body = json!({"kind": "k"});
    let first = server.put(path).json(&body).await.task(202);
    server.post(&format!("{path}/cancel")).await.task(202);
    server.delete(path).await.expect(204);
    server.put(path).json(&body).await.task(202);
    let cursor = first["cursor"].as_str().expect("a cursor");
    let mut watcher = server.watch_after(&format!("{path}/events"), cursor).await;
    assert_eq!(watcher.expect("task.queued").await["task"]["state"], "queued");
    assert_eq!(server.types("mine").await, ["queued"]);
}
