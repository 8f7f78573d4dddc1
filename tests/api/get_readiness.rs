//! getReadiness: `GET /readyz`.

use milepost_tests::harness::Server;
use serde_json::json;

#[tokio::test]
async fn a_server_that_takes_writes_says_ok() {
    let server = Server::start().await;
    assert_eq!(server.get("/readyz").await.expect(200).json(), json!({"status": "ok"}));
}
