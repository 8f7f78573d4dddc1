//! deleteTask: `DELETE /api/v1/tasks/{id}`.

use milepost_tests::harness::{Server, types_of};
use serde_json::json;

use crate::generated;

#[tokio::test]
async fn a_done_task_goes_and_the_log_says_so() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    let path = format!("/api/v1/tasks/{id}");
    server.lease_one(json!({})).await.complete(json!(1)).await.expect(200);
    let answer = server.delete(&path).await.expect(204);
    assert!(answer.body.is_empty());
    for part in ["", "/events", "/history", "/logs", "/attempts"] {
        server.get(&format!("{path}{part}")).await.problem(404, "task-deleted");
    }
    server.post(&format!("{path}/retry")).await.problem(404, "task-deleted");
    server.delete(&path).await.problem(404, "task-deleted");
    assert_eq!(server.get("/api/v1/tasks").await.json(), json!({"items": []}));
    let log = server.log("").await;
    assert_eq!(types_of(&log).last().map(String::as_str), Some("deleted"), "{log:?}");
}

#[tokio::test]
async fn a_task_that_is_not_done_stays() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    let path = format!("/api/v1/tasks/{id}");
    server.delete(&path).await.problem(409, "task-not-done");
    server.lease_one(json!({})).await;
    server.delete(&path).await.problem(409, "task-not-done");
    assert_eq!(server.types(&id).await, ["queued", "started"]);
}

#[tokio::test]
async fn a_deleted_task_stays_deleted_after_a_crash() {
    let mut server = Server::start().await;
    let id = server.submit_kind("k").await;
    let path = format!("/api/v1/tasks/{id}");
    server.post(&format!("{path}/cancel")).await.task(202);
    server.delete(&path).await.expect(204);
    server.kill9().await;
    server.restart().await;
    server.get(&path).await.problem(404, "");
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = Server::start().await;
    let api = generated::client(&server);
    let task = generated::submitted(&api, "k").await;
    let early = api.delete_task().id(&task.id).send().await;
    generated::assert_refused(early, 409, "task-not-done");
    api.cancel_task().id(&task.id).send().await.expect("the task");
    api.delete_task().id(&task.id).send().await.expect("it is gone");
    generated::assert_refused(api.get_task().id(&task.id).send().await, 404, "task-deleted");
}
