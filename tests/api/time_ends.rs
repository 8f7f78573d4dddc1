//! What time ends: leases, attempts that take too long, and tasks that kill their workers.

use std::time::Duration;

use milepost_tests::harness::{Server, id_of, types_of};
use serde_json::json;

#[tokio::test]
async fn an_expired_lease_is_told_once_and_the_task_is_leased_again() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    let first = server.lease_one(json!({"worker": "dies", "lease_seconds": 1})).await;
    first.report(json!({"checkpoint": "kept"})).await.expect(200);
    let second = server.lease_one(json!({"worker": "lives"})).await;
    assert_eq!((second.task_id(), second.attempt()), (id.clone(), 2));
    assert!(second.fence() > first.fence());
    assert_eq!(second.json["checkpoint"], "kept");
    second.complete(json!(1)).await.task(200);
    let log = server.history(&id).await;
    assert_eq!(types_of(&log), ["queued", "started", "retrying", "queued", "started", "succeeded"]);
    assert_eq!(log[2]["error"]["type"], "lease-expired");
    assert_eq!(log[2]["attempt"], 1);
}

#[tokio::test]
async fn a_task_that_kills_its_workers_fails_when_its_attempts_are_used_up() {
    let server = Server::start().await;
    let id = id_of(&server.submit(json!({"kind": "poison", "max_attempts": 2})).await);
    for attempt in 1..=2 {
        let lease = server.lease_one(json!({"lease_seconds": 1})).await;
        assert_eq!(lease.attempt(), attempt);
    }
    let path = format!("/api/v1/tasks/{id}");
    let task = server.get(&path).header("prefer", "wait=20").await.task(200);
    assert_eq!(
        (&task["state"], &task["error"]["type"]),
        (&json!("failed"), &json!("lease-expired"))
    );
    assert!(server.lease(json!({"wait_seconds": 1})).await.is_empty());
    let types = server.types(&id).await;
    assert_eq!(types, ["queued", "started", "retrying", "queued", "started", "failed"]);
}

#[tokio::test]
async fn a_lease_lives_as_long_as_its_worker_reports() {
    let server = Server::start().await;
    server.submit_kind("k").await;
    let lease = server.lease_one(json!({"lease_seconds": 1})).await;
    for n in 0..6 {
        tokio::time::sleep(Duration::from_millis(400)).await;
        lease.report(json!({"sequence": n})).await.expect(200);
    }
    lease.complete(json!(1)).await.task(200);
}

#[tokio::test]
async fn an_attempt_ends_at_its_timeout_even_while_it_reports() {
    let server = Server::start().await;
    let request = json!({"kind": "k", "timeout_seconds": 1, "max_attempts": 1});
    let id = id_of(&server.submit(request).await);
    let lease = server.lease_one(json!({"lease_seconds": 60})).await;
    let mut reports = 0;
    let refused = loop {
        let answer = lease.report(json!({"progress": {"percent": 1}})).await;
        if answer.status != 200 {
            break answer;
        }
        reports += 1;
        assert!(reports < 200, "the attempt goes on and on");
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    refused.problem(409, "lease-lost");
    let task = server.task(&id).await;
    assert_eq!((&task["state"], &task["error"]["type"]), (&json!("failed"), &json!("timeout")));
}

#[tokio::test]
async fn an_attempt_that_timed_out_is_retried_while_attempts_are_left() {
    let server = Server::start().await;
    let id = id_of(&server.submit(json!({"kind": "k", "timeout_seconds": 1})).await);
    server.lease_one(json!({"lease_seconds": 60})).await;
    let second = server.lease_one(json!({"lease_seconds": 60})).await;
    assert_eq!(second.attempt(), 2);
    second.complete(json!(1)).await.task(200);
    let log = server.history(&id).await;
    assert_eq!(types_of(&log), ["queued", "started", "retrying", "queued", "started", "succeeded"]);
    assert_eq!(log[2]["error"]["type"], "timeout");
}

#[tokio::test]
async fn a_restart_gives_every_running_lease_its_full_length_again() {
    let mut server = Server::start().await;
    let id = server.submit_kind("k").await;
    let lease = server.lease_one(json!({"lease_seconds": 3})).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    server.kill9().await;
    server.restart().await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let mut survivor = lease.clone();
    survivor.follow(&server);
    survivor.report(json!({"progress": {"percent": 50}})).await.expect(200);
    survivor.complete(json!(1)).await.task(200);
    assert_eq!(server.types(&id).await, ["queued", "started", "progress", "succeeded"]);
}
