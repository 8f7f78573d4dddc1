//! getHealth: `GET /healthz`.

use milepost_tests::harness::Server;
use serde_json::json;

use crate::generated;

#[tokio::test]
async fn a_live_server_says_ok() {
    let server = Server::start().await;
    assert_eq!(server.get("/healthz").await.expect(200).json(), json!({"status": "ok"}));
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = Server::start().await;
    let health = generated::client(&server).get_health().send().await.expect("an answer");
    assert_eq!(health.status, "ok");
}
