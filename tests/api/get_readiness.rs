//! getReadiness: `GET /readyz`.

use milepost_tests::harness::Server;
use serde_json::json;

use crate::generated;

#[tokio::test]
async fn a_server_that_takes_writes_says_ok() {
    let server = Server::start().await;
    assert_eq!(server.get("/readyz").await.expect(200).json(), json!({"status": "ok"}));
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = Server::start().await;
    let health = generated::client(&server).get_readiness().send().await.expect("an answer");
    assert_eq!(health.status, "ok");
}
