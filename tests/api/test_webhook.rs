//! testWebhook: `POST /api/v1/webhooks/{id}/test`.

use milepost_tests::harness::{Receiver, Server, id_of};
use serde_json::json;

use crate::{
    generated,
    webhooks::{self, PATH, once, verifies},
};

#[tokio::test]
async fn a_test_is_sent_once_signed_though_the_webhook_is_disabled() {
    let server = webhooks::server().await;
    let mut receiver = Receiver::start().await;
    let body = json!({"url": receiver.url("/"), "enabled": false});
    let webhook = server.post(PATH).json(&body).await.expect(201).json();
    let path = webhook["links"]["test"].as_str().expect("a link");
    receiver.answers("500 Internal Server Error\r\n\r\nno database");
    let send = || server.post(path).header("idempotency-key", "one");
    let task = send().await.task(202);
    let received = receiver.next().await;
    assert!(verifies(&webhook["secret"], &received));
    let body = received.json();
    assert_eq!(
        (&body["type"], &body["data"]["webhook_id"]),
        (&json!("webhook.test"), &webhook["id"])
    );
    let ended = once(&server, &id_of(&task), "failed").await;
    assert_eq!(ended["error"]["detail"], "no database");
    assert_eq!(id_of(&send().await.task(202)), id_of(&task), "the same request is the same test");
    assert!(receiver.is_quiet());
}

#[tokio::test]
async fn an_unknown_webhook_is_404() {
    let server = Server::start().await;
    server.post(&format!("{PATH}/nobody/test")).await.problem(404, "webhook-not-found");
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = webhooks::server().await;
    let mut receiver = Receiver::start().await;
    let webhook = webhooks::webhook(&server, &receiver).await;
    let api = generated::client(&server);
    let task = api.test_webhook().id(id_of(&webhook)).send().await.expect("a task").into_inner();
    assert_eq!(receiver.next().await.header("webhook-id"), task.id);
    let unknown = api.test_webhook().id("nobody").send().await;
    generated::assert_refused(unknown, 404, "webhook-not-found");
}
