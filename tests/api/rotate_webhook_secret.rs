//! rotateWebhookSecret: `POST /api/v1/webhooks/{id}/rotate-secret`.

use milepost_tests::harness::{Receiver, Server, id_of};
use serde_json::json;

use crate::{
    generated,
    webhooks::{self, PATH, done, verifies},
};

#[tokio::test]
async fn the_new_secret_and_the_one_before_both_verify() {
    let server = webhooks::server().await;
    let mut receiver = Receiver::start().await;
    let webhook = webhooks::webhook(&server, &receiver).await;
    let path = webhook["links"]["rotate_secret"].as_str().expect("a link");
    let send = || server.post(path).header("idempotency-key", "one").json(&json!({}));
    let answer = send().await.expect(200);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let rotated = answer.json();
    assert_ne!(rotated["secret"], webhook["secret"]);
    assert_eq!(send().await.expect(200).json(), rotated, "the same request rotates once");
    done(&server, "k").await;
    let received = receiver.next().await;
    assert_eq!(received.header("webhook-signature").split(' ').count(), 2);
    assert!(verifies(&rotated["secret"], &received) && verifies(&webhook["secret"], &received));
}

#[tokio::test]
async fn wrong_secrets_are_named_and_an_unknown_webhook_is_404() {
    let server = Server::start().await;
    let made = server.post(PATH).json(&json!({"url": "https://example.com/"})).await.expect(201);
    let path = format!("{PATH}/{}/rotate-secret", id_of(&made.json()));
    for body in [json!({"secret": "hush"}), json!({"secret": 7})] {
        server.post(&path).json(&body).await.names_field(400, "secret");
    }
    let unknown = server.post(&format!("{PATH}/nobody/rotate-secret")).json(&json!({}));
    unknown.await.problem(404, "webhook-not-found");
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = Server::start().await;
    let api = generated::client(&server);
    let made = api.create_webhook().body_map(|body| body.url("https://example.com/")).send().await;
    let made = made.expect("a webhook").into_inner();
    let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let rotate = |secret: &str| {
        api.rotate_webhook_secret().id(&made.id).body_map(|body| body.secret(secret.to_owned()))
    };
    let rotated = rotate(secret).send().await.expect("the webhook").into_inner();
    assert_eq!(rotated.secret.as_deref(), Some(secret));
    generated::assert_refused(rotate("hush").send().await, 400, "invalid-request");
}
