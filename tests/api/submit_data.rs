//! submitData: `POST /api/submit`, the tutorial's.

use milepost_tests::harness::Server;
use serde_json::{Value, json};

use crate::generated;

const REFUSED: &str = "Запрос должен быть в формате JSON";

#[tokio::test]
async fn a_name_is_received_and_a_missing_one_is_na() {
    let server = Server::start().await;
    let cases: [(Value, &str); 9] = [
        (json!({"name": "Иван"}), "Иван"),
        (json!({"name": ""}), ""),
        (json!({"name": "it's \"quoted\""}), "it's \"quoted\""),
        (json!({}), "N/A"),
        (json!({"other": 1}), "N/A"),
        (json!({"name": 5}), "5"),
        (json!({"name": true}), "true"),
        (json!({"name": ["a", 1]}), "[\"a\",1]"),
        (json!({"name": {"a": 1}}), "{\"a\":1}"),
    ];
    for (body, name) in cases {
        let answer = server.post("/api/submit").json(&body).await.expect(200);
        let message = format!("Данные '{name}' успешно получены!");
        assert_eq!(answer.json(), json!({"status": "success", "message": message}), "{body}");
    }
    let items = server.get("/api/data").await.json()["items"].clone();
    assert_eq!(items[11], "Иван", "the first is the last of the list: {items}");
}

#[tokio::test]
async fn what_is_no_json_object_gets_the_tutorials_400() {
    let server = Server::start().await;
    for body in [
        "",
        "{",
        "[]",
        "\"name\"",
        "5",
        "null",
        "name=x",
        "{\"name\":\"a\",}",
        "{\"name\":\"\\ud800\"}",
    ] {
        let answer = server.post("/api/submit").body("application/json", body).await.expect(400);
        assert_eq!(answer.json(), json!({"status": "error", "message": REFUSED}), "{body}");
        let kind = answer.header("content-type").expect("a content type");
        assert!(kind.starts_with("application/json"), "{kind}");
    }
    let invalid =
        server.post("/api/submit").body("application/json", b"{\"name\":\"\xff\"}".to_vec());
    assert_eq!(invalid.await.expect(400).json()["message"], REFUSED);
    let items = server.get("/api/data").await.json()["items"].clone();
    assert_eq!(items.as_array().map(Vec::len), Some(3), "nothing was stored");
}

#[tokio::test]
async fn the_content_type_does_not_matter() {
    let server = Server::start().await;
    for kind in ["text/plain", "application/x-www-form-urlencoded", "application/octet-stream", "x"]
    {
        server.post("/api/submit").body(kind, "{\"name\":\"a\"}").await.expect(200);
        server.post("/api/submit").body(kind, "name=a").await.expect(400);
    }
    let request = format!(
        "POST /api/submit HTTP/1.1\r\nHost: {}\r\nContent-Length: 12\r\n\r\n{{\"name\":\"a\"}}",
        server.address()
    );
    assert_eq!(server.raw(request).await.status, 200);
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = Server::start().await;
    let api = generated::client(&server);
    let request = api.submit_data().body_map(|body| body.name(json!("Мария")));
    let answer = request.send().await.expect("an answer");
    assert_eq!(answer.message, "Данные 'Мария' успешно получены!");
}
