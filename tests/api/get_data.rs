//! getData: `GET /api/data`, the tutorial's.

use milepost_tests::harness::Server;
use serde_json::json;

use crate::generated;

#[tokio::test]
async fn it_is_the_tutorials_answer() {
    let server = Server::start().await;
    let answer = server.get("/api/data").await.expect(200);
    let wanted = json!({
        "message": "Привет от Milepost!",
        "items": ["Элемент 1", "Элемент 2", "Элемент 3"],
    });
    assert_eq!(answer.json(), wanted);
    assert_eq!(answer.header("cache-control"), Some("no-cache"));
}

#[tokio::test]
async fn what_was_submitted_follows_newest_first_and_survives_a_crash() {
    let mut server = Server::start().await;
    for n in 0..105 {
        let name = json!({"name": format!("имя {n}")});
        server.post("/api/submit").json(&name).await.expect(200);
    }
    server.kill9().await;
    server.restart().await;
    let items = server.get("/api/data").await.expect(200).json()["items"].clone();
    let items = items.as_array().expect("items");
    assert_eq!(items.len(), 103, "three and the newest hundred");
    assert_eq!(
        (&items[0], &items[3], &items[102]),
        (&json!("Элемент 1"), &json!("имя 104"), &json!("имя 5"))
    );
}

#[tokio::test]
async fn its_etag_changes_with_a_submit() {
    let server = Server::start().await;
    let etag = server.get("/api/data").await.header("etag").expect("an ETag").to_owned();
    server.get("/api/data").header("if-none-match", &etag).await.expect(304);
    server.post("/api/submit").json(&json!({"name": "новое"})).await.expect(200);
    server.get("/api/data").header("if-none-match", &etag).await.expect(200);
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = Server::start().await;
    let data = generated::client(&server).get_data().send().await.expect("the data");
    assert_eq!(data.items.len(), 3);
}
