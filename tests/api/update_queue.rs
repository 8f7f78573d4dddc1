//! updateQueue: `PATCH /api/v1/queues/{name}`.

use milepost_tests::harness::Server;
use serde_json::json;

use crate::generated;

const PATH: &str = "/api/v1/queues/q";

#[tokio::test]
async fn what_is_left_out_stays_and_null_takes_a_limit_away() {
    let server = Server::start().await;
    let settings = json!({"max_concurrency": 3, "rate_limit": {"limit": 1, "period_seconds": 1}});
    server.put(PATH).json(&settings).await.expect(200);
    let queue = server.patch(PATH).json(&json!({"paused": true})).await.expect(200).json();
    assert_eq!((&queue["paused"], &queue["max_concurrency"]), (&json!(true), &json!(3)));
    let queue = server.patch(PATH).json(&json!({"max_concurrency": null})).await.expect(200).json();
    assert!(queue.get("max_concurrency").is_none(), "{queue}");
    assert_eq!(queue["rate_limit"]["limit"], 1);
    let queue = server.patch(PATH).json(&json!({"rate_limit": null})).await.expect(200).json();
    assert!(queue.get("rate_limit").is_none(), "{queue}");
    assert_eq!(queue["paused"], true);
}

#[tokio::test]
async fn a_queue_that_nothing_was_set_for_can_be_changed() {
    let server = Server::start().await;
    let path = "/api/v1/queues/new";
    let queue = server.patch(path).json(&json!({"paused": true})).await.expect(200).json();
    assert_eq!((&queue["name"], &queue["paused"]), (&json!("new"), &json!(true)));
}

#[tokio::test]
async fn wrong_fields_are_named() {
    let server = Server::start().await;
    for (body, field) in [
        (json!({"max_concurrency": 0}), "max_concurrency"),
        (json!({"max_concurrency": "3"}), "max_concurrency"),
        (json!({"rate_limit": [1, 2]}), "rate_limit"),
        (json!({"name": "other"}), "name"),
    ] {
        server.patch(PATH).json(&body).await.names_field(400, field);
    }
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = Server::start().await;
    let api = generated::client(&server);
    let patch = |limit: serde_json::Value| {
        api.update_queue().name("q").body_map(|body| body.max_concurrency(limit))
    };
    assert_eq!(patch(json!(4)).send().await.expect("the queue").max_concurrency, Some(4));
    assert_eq!(patch(json!(null)).send().await.expect("the queue").max_concurrency, None);
    generated::assert_refused(patch(json!(0)).send().await, 400, "invalid-request");
}
