//! failTask: `POST /api/v1/tasks/{id}/fail`.

use milepost_client::types;
use milepost_tests::harness::{Server, id_of};
use serde_json::json;

use crate::generated;

#[tokio::test]
async fn a_failed_attempt_is_retried_until_none_is_left() {
    let server = Server::start().await;
    let id = id_of(&server.submit(json!({"kind": "k", "max_attempts": 2})).await);
    let error = json!({"type": "net.timeout", "title": "No answer", "detail": "after 30 s"});
    let body = json!({"error": error, "retry_after_seconds": 0});
    let first = server.lease_one(json!({})).await;
    let task = first.fail(body.clone()).await.task(200);
    assert_eq!((&task["state"], &task["attempt"]), (&json!("retrying"), &json!(1)));
    let second = server.lease_one(json!({})).await;
    assert_eq!(second.attempt(), 2);
    let task = second.fail(body).await.task(200);
    assert_eq!((&task["state"], &task["error"]), (&json!("failed"), &error));
    let log = server.history(&id).await;
    let story = ["queued", "started", "retrying", "queued", "started", "failed"];
    assert_eq!(milepost_tests::harness::types_of(&log), story);
    assert_eq!(log[2]["error"], error, "the attempt's error is in its event");
    assert!(server.lease(json!({})).await.is_empty(), "attempts are used up");
}

#[tokio::test]
async fn while_the_next_attempt_is_waited_for_the_last_error_is_shown_everywhere() {
    let server = Server::start().await;
    let id = id_of(&server.submit(json!({"kind": "k"})).await);
    let error = json!({"type": "net.timeout", "title": "No answer", "detail": "é".repeat(400)});
    let shown = json!({
        "type": "net.timeout", "title": "No answer", "detail": format!("{}…", "é".repeat(300)),
    });
    let lease = server.lease_one(json!({})).await;
    let answered = lease.fail(json!({"error": error, "retry_after_seconds": 3600})).await.task(200);
    assert_eq!((&answered["state"], &answered["error"]), (&json!("retrying"), &shown));
    assert_eq!(server.task(&id).await["error"], shown);
    let list = server.get("/api/v1/tasks?state=retrying").await.expect(200).json();
    assert_eq!(list["items"][0]["error"], shown);
    let log = server.history(&id).await;
    assert_eq!((&log[2]["error"], &log[2]["task"]["error"]), (&error, &shown));
    let by_error = "/api/v1/tasks?error_type=net.timeout";
    let found = server.get(by_error).await.expect(200).json();
    assert_eq!(found["items"], json!([]), "it did not end with it");
    let cancelled = server.post(&format!("/api/v1/tasks/{id}/cancel")).await.task(202);
    assert_eq!(cancelled["error"]["type"], "cancelled");
}

#[tokio::test]
async fn the_error_of_the_last_attempt_is_gone_with_the_next_one() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    let body = json!({"error": {"type": "boom"}, "retry_after_seconds": 0});
    server.lease_one(json!({})).await.fail(body).await.task(200);
    let second = server.lease_one(json!({})).await;
    assert_eq!(server.task(&id).await.get("error"), None);
    let log = server.history(&id).await;
    assert_eq!(log[2]["task"]["error"]["type"], "boom");
    assert!(log[3..].iter().all(|event| event["task"].get("error").is_none()));
    assert_eq!(second.complete(json!({})).await.task(200).get("error"), None);
}

#[tokio::test]
async fn not_retryable_ends_at_once() {
    let server = Server::start().await;
    server.submit_kind("k").await;
    let lease = server.lease_one(json!({})).await;
    let task =
        lease.fail(json!({"error": {"type": "bad-input"}, "retryable": false})).await.task(200);
    assert_eq!((&task["state"], &task["attempt"]), (&json!("failed"), &json!(1)));
    assert_eq!(task["error"], json!({"type": "bad-input"}), "what was not said is absent");
}

#[tokio::test]
async fn the_workers_own_delay_wins() {
    let server = Server::start().await;
    server.submit_kind("k").await;
    let lease = server.lease_one(json!({})).await;
    let body = json!({"error": {"type": "busy"}, "retry_after_seconds": 2});
    let began = std::time::Instant::now();
    lease.fail(body).await.task(200);
    assert!(server.lease(json!({"wait_seconds": 1})).await.is_empty(), "it is too early");
    server.lease_one(json!({})).await;
    assert!(began.elapsed().as_millis() >= 1900, "leased before its time");
}

#[tokio::test]
async fn without_a_delay_the_backoff_brings_it_back() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    let lease = server.lease_one(json!({})).await;
    lease.fail(json!({"error": {"type": "boom"}})).await.task(200);
    let second = server.lease_one(json!({"wait_seconds": 25})).await;
    assert_eq!((second.task_id(), second.attempt()), (id, 2));
}

#[tokio::test]
async fn the_same_words_again_write_nothing_and_other_words_are_too_late() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    let lease = server.lease_one(json!({})).await;
    let body = json!({"error": {"type": "boom"}, "retry_after_seconds": 3600});
    lease.fail(body.clone()).await.task(200);
    lease.fail(body).await.task(200);
    lease.complete(json!(1)).await.problem(409, "lease-lost");
    assert_eq!(server.types(&id).await, ["queued", "started", "retrying"]);
}

#[tokio::test]
async fn wrong_fields_are_named() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    let lease = server.lease_one(json!({})).await;
    for (body, field) in [
        (json!({}), "error"),
        (json!({"error": "boom"}), "error"),
        (json!({"error": {}}), "error.type"),
        (json!({"error": {"type": ""}}), "error.type"),
        (json!({"error": {"type": "a\nb"}}), "error.type"),
        (json!({"error": {"type": "x".repeat(129)}}), "error.type"),
        (json!({"error": {"type": "x", "code": 5}}), "error.code"),
        (json!({"error": {"type": "x"}, "retryable": "no"}), "retryable"),
        (json!({"error": {"type": "x"}, "retry_after_seconds": -1}), "retry_after_seconds"),
    ] {
        lease.fail(body).await.names_field(400, field);
    }
    let body = json!({"lease": lease.token(), "error": {"type": "x"}});
    server.post("/api/v1/tasks/nobody/fail").json(&body).await.problem(404, "");
    assert_eq!(server.types(&id).await, ["queued", "started"]);
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = Server::start().await;
    let api = generated::client(&server);
    let lease = generated::leased(&api, "k").await;
    let error = types::ReportedError::builder().type_("boom").title("It broke".to_owned());
    let error = types::ReportedError::try_from(error).expect("an error");
    let request = api.fail_task().id(&lease.task.id);
    let request = request.body_map(|body| body.lease(&lease.token).error(error).retryable(false));
    let task = request.send().await.expect("the task");
    assert_eq!(task.state, types::TaskState::Failed);
    assert_eq!(task.error.as_ref().map(|error| error.type_.as_str()), Some("boom"));
    let error = types::ReportedError::try_from(types::ReportedError::builder().type_("late"));
    let request = api.fail_task().id(&lease.task.id);
    let late = request.body_map(|body| body.lease(&lease.token).error(error.expect("an error")));
    generated::assert_refused(late.send().await, 409, "lease-lost");
}
