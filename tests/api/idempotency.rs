//! `Idempotency-Key`, on every operation that takes it.

use milepost_tests::harness::{Server, id_of};
use serde_json::json;

const TASKS: &str = "/api/v1/tasks";

#[tokio::test]
async fn the_same_key_and_body_is_one_task() {
    let server = Server::start().await;
    let submit =
        || server.post(TASKS).header("idempotency-key", "order-7").json(&json!({"kind": "k"}));
    let first = submit().await;
    let again = submit().await;
    assert_eq!(again.header("location"), first.header("location"));
    assert_eq!(id_of(&again.task(202)), id_of(&first.task(202)));
    assert_eq!(server.log("").await.len(), 1);
}

#[tokio::test]
async fn quotes_around_a_key_are_optional() {
    let server = Server::start().await;
    let submit =
        |key: &str| server.post(TASKS).header("idempotency-key", key).json(&json!({"kind": "k"}));
    let first = id_of(&submit("abc").await.task(202));
    assert_eq!(id_of(&submit("\"abc\"").await.task(202)), first);
    assert_ne!(id_of(&submit("\"abd\"").await.task(202)), first);
}

#[tokio::test]
async fn the_same_key_with_another_body_is_422_and_says_so() {
    let server = Server::start().await;
    let submit = |kind: &str| {
        server.post(TASKS).header("idempotency-key", "k1").json(&json!({"kind": kind}))
    };
    submit("one").await.task(202);
    submit("two").await.problem(422, "");
    assert_eq!(server.log("").await.len(), 1);
    server.post(TASKS).json(&json!({"kind": "two"})).await.task(202);
}

#[tokio::test]
async fn a_repeat_answers_the_task_as_it_is_now() {
    let server = Server::start().await;
    let submit = || server.post(TASKS).header("idempotency-key", "k").json(&json!({"kind": "k"}));
    submit().await.task(202);
    server.lease_one(json!({})).await.complete(json!("out")).await.expect(200);
    let again = submit().await.task(202);
    assert_eq!((&again["state"], &again["output"]), (&json!("succeeded"), &json!("out")));
    let waiting = submit().header("prefer", "wait=5").await.task(200);
    assert_eq!(waiting["state"], "succeeded", "its own wait is honoured");
}

#[tokio::test]
async fn a_key_is_of_one_operation() {
    let server = Server::start().await;
    let id = id_of(
        &server
            .post(TASKS)
            .header("idempotency-key", "k")
            .json(&json!({"kind": "k"}))
            .await
            .task(202),
    );
    let act =
        |what: &str| server.post(&format!("{TASKS}/{id}/{what}")).header("idempotency-key", "k");
    assert_eq!(act("cancel").await.task(202)["state"], "cancelled");
    assert_eq!(act("retry").await.task(202)["state"], "queued");
}

#[tokio::test]
async fn a_repeated_cancel_or_retry_changes_nothing_more() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    let act = |what: &str, key: &str| {
        server.post(&format!("{TASKS}/{id}/{what}")).header("idempotency-key", key)
    };
    act("cancel", "c1").await.task(202);
    act("retry", "r1").await.task(202);
    let again = act("retry", "r1").await.task(202);
    assert_eq!((&again["state"], &again["max_attempts"]), (&json!("queued"), &json!(3)));
    act("retry", "r2").await.problem(409, "not-retryable");
    let late = act("cancel", "c1").await.task(202);
    assert_eq!(late["state"], "queued", "the cancel was done once, and the task has moved on");
}

#[tokio::test]
async fn a_key_of_one_task_means_nothing_else_for_another() {
    let server = Server::start().await;
    let (one, two) = (server.submit_kind("k").await, server.submit_kind("k").await);
    let cancel =
        |id: &str| server.post(&format!("{TASKS}/{id}/cancel")).header("idempotency-key", "c");
    cancel(&one).await.task(202);
    cancel(&two).await.problem(422, "");
    assert_eq!(server.task(&two).await["state"], "queued");
}

#[tokio::test]
async fn many_at_once_are_one_task() {
    let server = Server::start().await;
    let submits = (0..30).map(|_| {
        let client = server.clone();
        async move {
            client.post(TASKS).header("idempotency-key", "race").json(&json!({"kind": "k"})).await
        }
    });
    let answers = futures_util::future::join_all(submits).await;
    for answer in &answers {
        assert!(matches!(answer.status.as_u16(), 202 | 409), "{answer}");
    }
    assert_eq!(server.log("").await.len(), 1);
}

#[tokio::test]
async fn keys_survive_a_crash() {
    let mut server = Server::start().await;
    let request = json!({"kind": "k", "input": {"a": 1}});
    let submit = |server: &Server| server.post(TASKS).header("idempotency-key", "k").json(&request);
    let first = id_of(&submit(&server).await.task(202));
    server.kill9().await;
    server.restart().await;
    assert_eq!(id_of(&submit(&server).await.task(202)), first);
}

#[tokio::test]
async fn a_refused_request_uses_its_key_up_for_nothing() {
    let server = Server::start().await;
    let submit =
        |body: serde_json::Value| server.post(TASKS).header("idempotency-key", "k").json(&body);
    submit(json!({"kind": ""})).await.problem(400, "");
    submit(json!({"kind": "k"})).await.task(202);
}

#[tokio::test]
async fn keys_that_are_none_are_400() {
    let server = Server::start().await;
    let long = "k".repeat(300);
    let keys: [&[u8]; 5] = [b"", b"\"\"", b"\xff", b"a\tb", long.as_bytes()];
    for key in keys {
        let request = server.post(TASKS).header("idempotency-key", key).json(&json!({"kind": "k"}));
        request.await.problem(400, "");
    }
    assert!(server.log("").await.is_empty());
}
