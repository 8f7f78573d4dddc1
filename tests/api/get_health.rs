//! getHealth: `GET /healthz`.

use milepost_tests::harness::Server;
use serde_json::json;

#[tokio::test]
async fn a_live_server_says_ok() {
    let server = Server::start().await;
    assert_eq!(server.get("/healthz").await.expect(200).json(), json!({"status": "ok"}));
}
