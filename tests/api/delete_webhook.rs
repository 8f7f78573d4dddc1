//! deleteWebhook: `DELETE /api/v1/webhooks/{id}`.

use milepost_tests::harness::{Receiver, Server};

use crate::{
    generated,
    webhooks::{self, PATH, done, once},
};

#[tokio::test]
async fn it_is_gone_and_what_waited_for_it_is_cancelled() {
    let server = webhooks::server().await;
    let mut receiver = Receiver::start().await;
    let webhook = webhooks::webhook(&server, &receiver).await;
    receiver.answers("503 Service Unavailable\r\nRetry-After: 86400\r\n");
    done(&server, "k").await;
    let waits = receiver.next().await.header("webhook-id").to_owned();
    once(&server, &waits, "retrying").await;
    let path = webhook["links"]["self"].as_str().expect("a link");
    server.delete(path).await.expect(204);
    server.get(path).await.problem(404, "webhook-not-found");
    server.delete(path).await.problem(404, "webhook-not-found");
    once(&server, &waits, "cancelled").await;
    done(&server, "k").await;
    assert!(receiver.is_quiet());
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = Server::start().await;
    let api = generated::client(&server);
    let made = api.create_webhook().body_map(|body| body.url("https://example.com/")).send().await;
    let id = made.expect("a webhook").id.clone();
    api.delete_webhook().id(&id).send().await.expect("it is gone");
    let again = api.delete_webhook().id(&id).send().await;
    generated::assert_refused(again, 404, "webhook-not-found");
    server.get(PATH).await.expect(200);
}
