//! createWebhook: `POST /api/v1/webhooks`.

use milepost_tests::harness::{Server, id_of};
use serde_json::json;

use crate::{generated, webhooks::PATH};

#[tokio::test]
async fn a_url_is_enough_and_the_secret_is_in_the_answer() {
    let server = Server::start().await;
    let answer = server.post(PATH).json(&json!({"url": "https://example.com/h"})).await.expect(201);
    let webhook = answer.json();
    assert_eq!(answer.header("location"), webhook["links"]["self"].as_str());
    assert_eq!(
        (answer.header("etag"), answer.header("cache-control")),
        (Some("\"1\""), Some("no-store"))
    );
    assert_eq!(webhook["events"], json!(["task.succeeded", "task.failed", "task.cancelled"]));
    assert_eq!((&webhook["enabled"], &webhook["labels"]), (&json!(true), &json!({})));
    assert!(webhook["secret"].as_str().is_some_and(|secret| secret.starts_with("whsec_")));
}

#[tokio::test]
async fn a_secret_may_be_the_clients_own_and_a_key_sent_again_makes_no_second_one() {
    let server = Server::start().await;
    let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let body = json!({"url": "https://example.com/", "secret": secret, "events": ["task.failed"]});
    let send = || server.post(PATH).header("idempotency-key", "one").json(&body);
    let first = send().await.expect(201).json();
    assert_eq!((&first["secret"], &first["events"]), (&json!(secret), &json!(["task.failed"])));
    assert_eq!(send().await.expect(201).json(), first);
    let other = json!({"url": "https://example.com/other"});
    let other = server.post(PATH).header("idempotency-key", "one").json(&other);
    other.await.problem(422, "idempotency-key-reused");
    let listed = server.get(PATH).await.expect(200).json();
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(id_of(&listed["items"][0]), id_of(&first));
    assert!(!server.stderr().contains(secret));
}

#[tokio::test]
async fn wrong_fields_are_named() {
    let server = Server::start().await;
    for (field, value) in [
        ("url", json!("nowhere")),
        ("url", json!("ftp://example.com/")),
        ("url", json!("https://user:word@example.com/")),
        ("url", json!(format!("https://example.com/{}", "x".repeat(2048)))),
        ("url", json!("https://example.com/a b")),
        ("url", json!(" https://example.com/")),
        ("url", json!("https://exa\nmple.com/")),
        ("url", json!("https://example.com/\u{0}")),
        ("url", json!(7)),
        ("events", json!([])),
        ("queue", json!("")),
        ("queue", json!("milepost")),
        ("kind", json!("milepost.webhook.delivery")),
        ("labels", json!({"a=b": "c"})),
        ("description", json!("x".repeat(4097))),
        ("enabled", json!("yes")),
        ("secret", json!("whsec_c2hvcnQ=")),
        ("secret", json!("hush")),
        ("method", json!("PUT")),
    ] {
        let mut body = json!({"url": "https://example.com/"});
        body[field] = value;
        server.post(PATH).json(&body).await.names_field(400, field);
    }
    server
        .post(PATH)
        .json(&json!({"url": "https://a.b/", "events": ["task.began"]}))
        .await
        .expect(400);
    server.post(PATH).json(&json!({})).await.names_field(400, "url");
}

#[tokio::test]
async fn there_are_at_most_a_hundred() {
    let server = Server::start().await;
    for _ in 0..100 {
        server.post(PATH).json(&json!({"url": "https://example.com/"})).await.expect(201);
    }
    let refused = server.post(PATH).json(&json!({"url": "https://example.com/"}));
    refused.await.problem(409, "too-many-webhooks");
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = Server::start().await;
    let api = generated::client(&server);
    let create = |url: &str| api.create_webhook().body_map(|body| body.url(url));
    let webhook = create("https://example.com/").send().await.expect("a webhook").into_inner();
    assert!(webhook.enabled && webhook.secret.is_some());
    generated::assert_refused(create("nowhere").send().await, 400, "invalid-request");
}
