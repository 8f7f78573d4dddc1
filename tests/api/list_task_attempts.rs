//! listTaskAttempts: `GET /api/v1/tasks/{id}/attempts`.

use milepost_tests::harness::{Server, id_of};
use serde_json::json;

use crate::generated;

#[tokio::test]
async fn each_attempt_is_told_with_its_worker_and_its_end() {
    let server = Server::start().await;
    let task = json!({"kind": "k", "backoff_base_seconds": 0, "backoff_max_seconds": 0});
    let id = id_of(&server.submit(task).await);
    let path = format!("/api/v1/tasks/{id}/attempts");
    assert_eq!(server.get(&path).await.expect(200).json(), json!({"items": []}));
    server.lease_one(json!({"worker": "first"})).await.release().await.task(200);
    let lease = server.lease_one(json!({"worker": "second"})).await;
    lease.fail(json!({"error": {"type": "broken", "title": "It broke"}})).await.task(200);
    server.lease_one(json!({"worker": "third"})).await;
    let attempts = server.get(&path).await.expect(200).json();
    let items = attempts["items"].as_array().expect("items");
    let told: Vec<_> =
        items.iter().map(|one| (&one["number"], &one["worker"], &one["state"])).collect();
    let expected = [
        (&json!(1), &json!("first"), &json!("released")),
        (&json!(1), &json!("second"), &json!("failed")),
        (&json!(2), &json!("third"), &json!("running")),
    ];
    assert_eq!(told, expected);
    assert_eq!(items[1]["error"], json!({"type": "broken", "title": "It broke"}));
    assert!(items[1]["retry_at"].is_string() && items[1]["finished_at"].is_string());
    assert!(items[2].get("finished_at").is_none());
    let link = server.task(&id).await["links"]["attempts"].clone();
    assert_eq!(link, path.as_str());
}

#[tokio::test]
async fn an_unknown_task_has_none() {
    let server = Server::start().await;
    server.get("/api/v1/tasks/nobody/attempts").await.problem(404, "task-not-found");
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = Server::start().await;
    let api = generated::client(&server);
    let lease = generated::leased(&api, "k").await;
    let list = api.list_task_attempts().id(&lease.task.id).send().await.expect("the attempts");
    assert_eq!((list.items.len(), list.items[0].worker.as_str()), (1, "w"));
    let unknown = api.list_task_attempts().id("x").send().await;
    generated::assert_refused(unknown, 404, "task-not-found");
}
