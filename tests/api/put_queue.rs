//! putQueue: `PUT /api/v1/queues/{name}`.

use milepost_tests::harness::Server;
use serde_json::json;

use crate::generated;

const PATH: &str = "/api/v1/queues/slow";

#[tokio::test]
async fn it_replaces_the_whole_and_what_is_left_out_returns_to_its_default() {
    let server = Server::start().await;
    let settings = json!({
        "paused": true, "max_concurrency": 3, "max_concurrency_per_key": 2,
        "rate_limit": {"limit": 10, "period_seconds": 60, "burst": 2},
        "defaults": {"max_attempts": 7, "timeout_seconds": 9},
        "retention": {"task_seconds": 4, "body_seconds": 3, "event_seconds": 2, "progress_seconds": 1},
    });
    let queue = server.put(PATH).json(&settings).await.expect(200).json();
    for (field, value) in settings.as_object().expect("an object") {
        assert_eq!(&queue[field], value, "{field}");
    }
    assert!(queue["updated_at"].is_string());
    let task = server.submit(json!({"kind": "k", "queue": "slow"})).await;
    assert_eq!((&task["max_attempts"], &task["timeout_seconds"]), (&json!(7), &json!(9)));
    assert!(server.lease(json!({"queues": ["slow"]})).await.is_empty(), "it is paused");

    let queue = server.put(PATH).json(&json!({})).await.expect(200).json();
    assert_eq!((&queue["paused"], &queue["defaults"]), (&json!(false), &json!({})));
    assert_eq!(queue["retention"], json!({}));
    assert!(queue.get("max_concurrency").is_none() && queue.get("rate_limit").is_none());
    assert_eq!(queue["counts"]["queued"], 1);
    server.lease_one(json!({"queues": ["slow"]})).await;
}

#[tokio::test]
async fn wrong_fields_are_named() {
    let server = Server::start().await;
    for (body, field) in [
        (json!({"paused": 1}), "paused"),
        (json!({"max_concurrency": 0}), "max_concurrency"),
        (json!({"max_concurrency_per_key": 0}), "max_concurrency_per_key"),
        (json!({"rate_limit": {"limit": 1}}), "rate_limit.period_seconds"),
        (json!({"rate_limit": {"limit": 1, "period_seconds": 0}}), "rate_limit.period_seconds"),
        (json!({"defaults": {"max_attempts": 101}}), "defaults.max_attempts"),
        (json!({"retention": {"task_seconds": -1}}), "retention.task_seconds"),
        (json!({"retention": {"body_seconds": 315_360_001}}), "retention.body_seconds"),
        (json!({"retention": {"forever": true}}), "retention.forever"),
        (json!({"speed": 1}), "speed"),
    ] {
        server.put(PATH).json(&body).await.names_field(400, field);
    }
    let long = format!("/api/v1/queues/{}", "x".repeat(129));
    server.put(&long).json(&json!({})).await.names_field(400, "name");
    server.put("/api/v1/queues/a%00").json(&json!({})).await.names_field(400, "name");
    server.put("/api/v1/queues/milepost").json(&json!({})).await.problem(403, "reserved-name");
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = Server::start().await;
    let api = generated::client(&server);
    let put = |limit: u32| api.put_queue().name("q").body_map(|body| body.max_concurrency(limit));
    assert_eq!(put(4).send().await.expect("the queue").max_concurrency, Some(4));
    generated::assert_refused(put(0).send().await, 400, "invalid-request");
}
