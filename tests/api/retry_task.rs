//! retryTask: `POST /api/v1/tasks/{id}/retry`.

use milepost_tests::harness::Server;
use serde_json::json;

#[tokio::test]
async fn a_failed_task_gets_a_new_round() {
    let server = Server::start().await;
    let request = json!({"kind": "k", "input": {"keep": "me"}, "max_attempts": 2});
    let id = server.submit(request).await["id"].as_str().expect("an id").to_owned();
    let first = server.lease_one(json!({})).await;
    first.report(json!({"progress": {"percent": 70}})).await.expect(200);
    let failure = json!({"error": {"type": "boom", "title": "It broke"}, "retryable": false});
    let failed = first.fail(failure).await.task(200);
    assert_eq!((&failed["state"], &failed["attempt"]), (&json!("failed"), &json!(1)));

    let path = failed["links"]["retry"].as_str().expect("a failed task can be retried");
    let task = server.post(path).await.task(202);
    assert_eq!(task["state"], "queued");
    assert_eq!(task["attempt"], 1, "the attempts are counted on");
    assert_eq!(task["max_attempts"], 3, "two more than the one that was begun are granted");
    for cleared in ["error", "output", "finished_at"] {
        assert!(task.get(cleared).is_none(), "{cleared} is of the last round: {task}");
    }
    let second = server.lease_one(json!({})).await;
    assert!(second.fence() > first.fence(), "the fence goes on rising");
    assert_eq!(second.attempt(), 2);
    assert_eq!(second.json["task"]["input"], json!({"keep": "me"}));
    first.complete(json!("late")).await.problem(409, "lease-lost");
    second.complete(json!("done")).await.task(200);
    let types = server.types(&id).await;
    let story = ["queued", "started", "progress", "failed", "queued", "started", "succeeded"];
    assert_eq!(types, story);
}

#[tokio::test]
async fn a_cancelled_task_gets_a_new_round() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    server.post(&format!("/api/v1/tasks/{id}/cancel")).await.task(202);
    let task = server.post(&format!("/api/v1/tasks/{id}/retry")).await.task(202);
    assert_eq!(task["state"], "queued");
    let lease = server.lease_one(json!({})).await;
    assert_eq!(lease.json["cancel_requested"], false, "the cancel was of the last round");
    lease.complete(json!(1)).await.task(200);
}

#[tokio::test]
async fn every_other_state_is_409() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    let path = format!("/api/v1/tasks/{id}/retry");
    server.post(&path).await.problem(409, "not-retryable");
    let lease = server.lease_one(json!({})).await;
    server.post(&path).await.problem(409, "not-retryable");
    lease.complete(json!(1)).await.task(200);
    server.post(&path).await.problem(409, "not-retryable");
    server.post("/api/v1/tasks/nobody/retry").await.problem(404, "");
    assert_eq!(server.types(&id).await, ["queued", "started", "succeeded"]);
}
