//! updateWebhook: `PATCH /api/v1/webhooks/{id}`.

use milepost_tests::harness::{Receiver, Server, id_of};
use serde_json::{Value, json};

use crate::{
    generated,
    webhooks::{self, PATH, deliveries, done, once},
};

async fn with_webhook() -> (Server, String) {
    let server = Server::start().await;
    let body = json!({"url": "https://example.com/", "queue": "q", "description": "d"});
    let made: Value = server.post(PATH).json(&body).await.expect(201).json();
    let path = format!("{PATH}/{}", id_of(&made));
    (server, path)
}

#[tokio::test]
async fn what_is_left_out_stays_and_null_takes_away() {
    let (server, path) = with_webhook().await;
    let change = json!({"queue": null, "kind": "k", "events": ["task.failed", "task.failed"]});
    let answer = server.patch(&path).json(&change).await.expect(200);
    let webhook = answer.json();
    assert_eq!(answer.header("etag"), Some("\"2\""));
    assert!(webhook.get("queue").is_none() && webhook.get("secret").is_none(), "{webhook}");
    assert_eq!((&webhook["kind"], &webhook["description"]), (&json!("k"), &json!("d")));
    assert_eq!(webhook["events"], json!(["task.failed"]));
}

#[tokio::test]
async fn it_changes_only_at_the_revision_insisted_on() {
    let (server, path) = with_webhook().await;
    let change =
        |tag: &str| server.patch(&path).header("if-match", tag).json(&json!({"kind": "k"}));
    change("\"7\"").await.problem(412, "precondition-failed");
    change("\"7\", \"1\"").await.expect(200);
    change("\"1\"").await.problem(412, "precondition-failed");
    change("*").await.expect(200);
    change("1").await.names_field(400, "If-Match");
}

#[tokio::test]
async fn wrong_fields_are_named_and_an_unknown_one_is_404() {
    let (server, path) = with_webhook().await;
    for (body, field) in [
        (json!({"url": "nowhere"}), "url"),
        (json!({"events": []}), "events"),
        (json!({"kind": ""}), "kind"),
        (json!({"secret": "whsec_"}), "secret"),
    ] {
        server.patch(&path).json(&body).await.names_field(400, field);
    }
    let unknown = server.patch(&format!("{PATH}/nobody")).json(&json!({"enabled": false}));
    unknown.await.problem(404, "webhook-not-found");
}

#[tokio::test]
async fn deliveries_that_wait_are_cancelled_where_it_is_disabled() {
    let server = webhooks::server().await;
    let mut receiver = Receiver::start().await;
    let webhook = webhooks::webhook(&server, &receiver).await;
    receiver.answers("429 Too Many Requests\r\nRetry-After: 86400\r\n");
    done(&server, "k").await;
    let waits = receiver.next().await.header("webhook-id").to_owned();
    once(&server, &waits, "retrying").await;
    let path = webhook["links"]["self"].as_str().expect("a link");
    server.patch(path).json(&json!({"enabled": false})).await.expect(200);
    once(&server, &waits, "cancelled").await;
    done(&server, "k").await;
    assert_eq!(deliveries(&server, &webhook).await.len(), 1, "nothing is told any more");
}

#[tokio::test]
async fn through_the_generated_client() {
    let (server, path) = with_webhook().await;
    let api = generated::client(&server);
    let id = path.rsplit('/').next().expect("an id");
    let patch = |url: &str| api.update_webhook().id(id).body_map(|body| body.url(url.to_owned()));
    let changed = patch("https://example.com/b").send().await.expect("the webhook");
    assert_eq!(changed.url, "https://example.com/b");
    generated::assert_refused(patch("nowhere").send().await, 400, "invalid-request");
}
