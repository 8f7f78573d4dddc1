//! cancelTask: `POST /api/v1/tasks/{id}/cancel`.

use milepost_client::types;
use milepost_tests::harness::{Lease, Server, soon};
use serde_json::{Value, json};

use crate::generated;

async fn cancel(server: &Server, id: &str) -> Value {
    server.post(&format!("/api/v1/tasks/{id}/cancel")).await.task(202)
}

/// A running task whose cancel was asked for.
async fn cancelled_lease(server: &Server, request: Value) -> Lease {
    server.submit(request).await;
    let lease = server.lease_one(json!({})).await;
    let task = cancel(server, &lease.task_id()).await;
    assert_eq!((&task["state"], &task["cancel_requested"]), (&json!("running"), &json!(true)));
    lease
}

#[tokio::test]
async fn what_waits_is_cancelled_at_once() {
    let server = Server::start().await;
    let queued = server.submit_kind("k").await;
    let scheduled = server.submit(json!({"kind": "k", "run_at": "2999-01-01T00:00:00Z"})).await;
    let scheduled = scheduled["id"].as_str().expect("an id").to_owned();
    let failing = server.submit(json!({"kind": "failing"})).await;
    let lease = server.lease_one(json!({"kinds": ["failing"]})).await;
    let failure = json!({"error": {"type": "boom"}, "retry_after_seconds": 3600});
    assert_eq!(lease.fail(failure).await.task(200)["state"], "retrying");
    let retrying = failing["id"].as_str().expect("an id").to_owned();
    for id in [queued, scheduled, retrying] {
        let task = cancel(&server, &id).await;
        assert_eq!(task["state"], "cancelled");
        assert_eq!(task["error"]["type"], "cancelled");
        assert_eq!(server.types(&id).await.last().map(String::as_str), Some("cancelled"));
    }
    assert!(server.lease(json!({})).await.is_empty(), "nobody gets a cancelled task");
}

#[tokio::test]
async fn a_running_task_is_told_in_its_next_answer_and_may_still_succeed() {
    let server = Server::start().await;
    let lease = cancelled_lease(&server, json!({"kind": "k"})).await;
    let reported = lease.report(json!({})).await.expect(200).json();
    assert_eq!(reported["cancel_requested"], true);
    let task = lease.complete(json!("in time")).await.task(200);
    assert_eq!((&task["state"], &task["output"]), (&json!("succeeded"), &json!("in time")));
    let types = server.types(&lease.task_id()).await;
    assert_eq!(types, ["queued", "started", "cancel_requested", "succeeded"]);
}

#[tokio::test]
async fn a_fail_or_release_after_a_cancel_is_a_cancelled_task_and_never_retried() {
    let server = Server::start().await;
    let lease = cancelled_lease(&server, json!({"kind": "k"})).await;
    let task = lease.fail(json!({"error": {"type": "stopped"}})).await.task(200);
    assert_eq!(
        (&task["state"], &task["error"]["type"]),
        (&json!("cancelled"), &json!("cancelled"))
    );
    let lease = cancelled_lease(&server, json!({"kind": "k"})).await;
    assert_eq!(lease.release().await.task(200)["state"], "cancelled");
    assert!(server.lease(json!({})).await.is_empty());
}

#[tokio::test]
async fn an_expired_lease_after_a_cancel_is_a_cancelled_task() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    server.lease_one(json!({"lease_seconds": 1})).await;
    cancel(&server, &id).await;
    let path = format!("/api/v1/tasks/{id}");
    let task = server.get(&path).header("prefer", "wait=20").await.task(200);
    assert_eq!(task["state"], "cancelled");
    let types = server.types(&id).await;
    assert_eq!(types, ["queued", "started", "cancel_requested", "cancelled"]);
}

#[tokio::test]
async fn a_worker_that_does_not_stop_is_stopped_after_the_grace() {
    let server = Server::start().await;
    let request = json!({"kind": "k", "cancel_grace_seconds": 1});
    let lease = cancelled_lease(&server, request).await;
    let status = soon("the end of the grace", async {
        loop {
            let answer = lease.report(json!({})).await;
            if answer.status != 200 {
                return answer;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    })
    .await;
    status.problem(409, "lease-lost");
    assert_eq!(server.task(&lease.task_id()).await["state"], "cancelled");
}

#[tokio::test]
async fn a_second_cancel_writes_nothing() {
    let server = Server::start().await;
    let lease = cancelled_lease(&server, json!({"kind": "k"})).await;
    let id = lease.task_id();
    let before = server.task(&id).await["cursor"].clone();
    assert_eq!(cancel(&server, &id).await["cursor"], before);
    lease.release().await.expect(200);
    let before = server.task(&id).await["cursor"].clone();
    assert_eq!(cancel(&server, &id).await["cursor"], before);
}

#[tokio::test]
async fn a_task_with_an_outcome_keeps_it() {
    let server = Server::start().await;
    server.submit_kind("good").await;
    let good = server.lease_one(json!({})).await;
    good.complete(json!(1)).await.expect(200);
    server.submit_kind("bad").await;
    let bad = server.lease_one(json!({})).await;
    bad.fail(json!({"error": {"type": "boom"}, "retryable": false})).await.expect(200);
    for id in [good.task_id(), bad.task_id()] {
        let before = server.task(&id).await;
        server.post(&format!("/api/v1/tasks/{id}/cancel")).await.problem(409, "task-done");
        assert_eq!(server.task(&id).await, before);
    }
    server.post("/api/v1/tasks/nobody/cancel").await.problem(404, "");
}

#[tokio::test]
async fn a_waiting_worker_learns_of_the_cancel_in_its_lease_too() {
    let mut server = Server::start().await;
    let lease = cancelled_lease(&server, json!({"kind": "k"})).await;
    server.kill9().await;
    server.restart().await;
    let task = server.task(&lease.task_id()).await;
    assert_eq!(task["cancel_requested"], true, "a restart does not forget a cancel");
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = Server::start().await;
    let api = generated::client(&server);
    let task = generated::submitted(&api, "k").await;
    let task = api.cancel_task().id(&task.id).idempotency_key("c").send().await.expect("the task");
    assert_eq!((task.state.clone(), task.done), (types::TaskState::Cancelled, true));
    let refused = api.cancel_task().id("nobody").send().await;
    generated::assert_refused(refused, 404, "task-not-found");
}
