//! updateTask: `PATCH /api/v1/tasks/{id}`.

use milepost_tests::harness::{Server, id_of};
use serde_json::json;

#[tokio::test]
async fn what_is_given_changes_and_the_rest_stays() {
    let server = Server::start().await;
    let task =
        server.submit(json!({"kind": "k", "priority": 5, "labels": {"a": "1", "b": "2"}})).await;
    let path = format!("/api/v1/tasks/{}", id_of(&task));
    let task = server.patch(&path).json(&json!({"labels": {"a": "3"}})).await.task(200);
    assert_eq!(task["labels"], json!({"a": "3"}), "labels are replaced as a whole");
    assert_eq!(task["priority"], 5);
    let task = server.patch(&path).json(&json!({"priority": 9})).await.task(200);
    assert_eq!((&task["priority"], &task["labels"]), (&json!(9), &json!({"a": "3"})));
    assert_eq!(server.types(&id_of(&task)).await, ["queued", "updated", "updated"]);
}

#[tokio::test]
async fn a_raised_priority_is_leased_first() {
    let server = Server::start().await;
    let first = server.submit_kind("first").await;
    let second = server.submit_kind("second").await;
    let path = format!("/api/v1/tasks/{second}");
    server.patch(&path).json(&json!({"priority": 1})).await.task(200);
    assert_eq!(server.lease_one(json!({})).await.task_id(), second);
    assert_eq!(server.lease_one(json!({})).await.task_id(), first);
}

#[tokio::test]
async fn run_at_moves_a_waiting_task_into_the_future_and_back() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    let path = format!("/api/v1/tasks/{id}");
    let later =
        server.patch(&path).json(&json!({"run_at": "2999-01-01T00:00:00Z"})).await.task(200);
    assert_eq!(later["state"], "scheduled");
    assert!(server.lease(json!({})).await.is_empty());
    server.patch(&path).json(&json!({"run_at": "2001-01-01T00:00:00Z"})).await.task(200);
    assert_eq!(server.lease_one(json!({})).await.task_id(), id);
}

#[tokio::test]
async fn if_match_holds_the_change_against_the_revision() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    let path = format!("/api/v1/tasks/{id}");
    let etag = server.get(&path).await.header("etag").expect("an ETag").to_owned();
    let patch = |etag: &str, labels: serde_json::Value| {
        server.patch(&path).header("if-match", etag).json(&json!({"labels": labels}))
    };
    patch(&etag, json!({"n": "1"})).await.task(200);
    patch(&etag, json!({"n": "2"})).await.problem(412, "");
    patch("\"nonsense\"", json!({"n": "3"})).await.problem(412, "");
    patch("nonsense", json!({"n": "4"})).await.names_field(400, "If-Match");
    assert_eq!(server.task(&id).await["labels"], json!({"n": "1"}));
    patch("*", json!({"n": "5"})).await.task(200);
}

#[tokio::test]
async fn a_running_task_takes_labels_and_no_new_time() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    server.lease_one(json!({})).await;
    let path = format!("/api/v1/tasks/{id}");
    let task = server.patch(&path).json(&json!({"labels": {"seen": "yes"}})).await.task(200);
    assert_eq!((&task["state"], &task["labels"]["seen"]), (&json!("running"), &json!("yes")));
    let later = json!({"run_at": "2999-01-01T00:00:00Z"});
    server.patch(&path).json(&later).await.problem(409, "");
    assert_eq!(server.task(&id).await["state"], "running");
}

#[tokio::test]
async fn wrong_fields_are_named_and_unknown_tasks_are_404() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    let path = format!("/api/v1/tasks/{id}");
    for (body, field) in [
        (json!({"priority": 101}), "priority"),
        (json!({"priority": "1"}), "priority"),
        (json!({"labels": "a=b"}), "labels"),
        (json!({"run_at": "soon"}), "run_at"),
        (json!({"kind": "other"}), "kind"),
        (json!({"state": "succeeded"}), "state"),
    ] {
        server.patch(&path).json(&body).await.names_field(400, field);
    }
    server.patch("/api/v1/tasks/nobody").json(&json!({"priority": 1})).await.problem(404, "");
    assert_eq!(server.types(&id).await, ["queued"]);
}
