//! getWebhook: `GET /api/v1/webhooks/{id}`.

use milepost_tests::harness::{Server, id_of};
use serde_json::json;

use crate::{generated, webhooks::PATH};

#[tokio::test]
async fn it_is_as_it_was_made_without_its_secret_until_it_changes() {
    let server = Server::start().await;
    let body = json!({"url": "https://example.com/", "queue": "q", "labels": {"a": "b"}});
    let mut made = server.post(PATH).json(&body).await.expect(201).json();
    made.as_object_mut().expect("an object").remove("secret");
    let path = format!("{PATH}/{}", id_of(&made));
    let answer = server.get(&path).await.expect(200);
    assert_eq!(answer.json(), made);
    let tag = answer.header("etag").expect("a tag").to_owned();
    server.get(&path).header("if-none-match", &tag).await.expect(304);
    server.patch(&path).json(&json!({"queue": null})).await.expect(200);
    server.get(&path).header("if-none-match", &tag).await.expect(200);
    for id in ["nobody", "a b"] {
        server.get(&format!("{PATH}/{id}")).await.problem(404, "webhook-not-found");
    }
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = Server::start().await;
    let api = generated::client(&server);
    let made = api.create_webhook().body_map(|body| body.url("https://example.com/")).send().await;
    let id = made.expect("a webhook").id.clone();
    let webhook = api.get_webhook().id(&id).send().await.expect("the webhook").into_inner();
    assert_eq!((webhook.id, webhook.secret), (id, None));
    let unknown = api.get_webhook().id("nobody").send().await;
    generated::assert_refused(unknown, 404, "webhook-not-found");
}
