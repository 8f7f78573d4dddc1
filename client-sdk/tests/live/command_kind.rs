//! `milepost kind`.

use serde_json::json;

use crate::server::Server;

const SCHEMA: &str = r#"{"type":"object","required":["album"]}"#;

#[tokio::test]
async fn what_is_put_holds_and_what_is_left_out_is_said_no_more() {
    let server = Server::start();
    let put = |more: &[&'static str]| {
        server.prints_json(&[&["kind", "put", "thumbs", "--json"], more].concat())
    };
    let kind =
        put(&["--description", "Small\npictures", "--schema", SCHEMA, "--attempts", "5"]).await;
    assert_eq!(kind["input_schema"], json!({"type": "object", "required": ["album"]}));
    assert_eq!(kind["defaults"], json!({"max_attempts": 5}));
    assert_eq!(server.prints_json(&["kind", "get", "thumbs"]).await, kind);
    server
        .refuses(&["submit", "thumbs", "--input", "{}"], 1, &["(400)", "input/album: is required"])
        .await;
    server.prints(&["submit", "thumbs", "--input", r#"{"album":"a"}"#]).await;

    let kind = put(&["--timeout", "15m"]).await;
    assert_eq!(kind["defaults"], json!({"timeout_seconds": 900}));
    assert_eq!((kind.get("input_schema"), kind.get("description")), (None, None));
    server.prints(&["submit", "thumbs", "--input", "{}"]).await;
}

#[tokio::test]
async fn they_are_listed_and_deleted() {
    let server = Server::start();
    server.prints(&["kind", "put", "a/b ä", "--schema", SCHEMA]).await;
    let put = ["kind", "put", "plain", "--description", "Words\nand more"];
    assert_eq!(server.prints(&put).await, "plain set\n");
    let table = server.prints(&["kind", "list"]).await;
    let lines: Vec<&str> = table.lines().collect();
    assert!(lines[0].starts_with("NAME "), "{table}");
    assert!(lines[1].starts_with("a/b ä  schema"), "{table}");
    assert!(lines[2].contains("any") && lines[2].ends_with("Words"), "{table}");
    let kinds = server.prints_json(&["kinds", "list", "--json"]).await;
    assert_eq!(kinds.as_array().map(Vec::len), Some(2));
    assert_eq!(server.prints(&["kind", "delete", "a/b ä"]).await, "a/b ä deleted\n");
    server.refuses(&["kind", "delete", "nobody"], 1, &["(404)", "nobody"]).await;
    server.refuses(&["kind", "get", "a/b ä"], 1, &["(404)"]).await;
}

#[tokio::test]
async fn what_cannot_be_put_is_refused_with_a_sentence() {
    let server = Server::start();
    let put = |schema: &'static str, code, words: &[&str]| {
        server.refuses(&["kind", "put", "k", "--schema", schema], code, words)
    };
    put("{", 2, &["no JSON"]).await;
    put("@/nowhere/at/all", 2, &["cannot be read"]).await;
    put(r#"{"type":"strin"}"#, 1, &["(400)", "input_schema/type"]).await;
    put(r#"{"$ref":"https://example.com/"}"#, 1, &["(400)", "input_schema/$ref"]).await;
    server.refuses(&["kind", "put", "milepost.x"], 1, &["(403)"]).await;
    server.refuses(&["kind", "put", "k", "--attempts", "0"], 1, &["defaults.max_attempts"]).await;
}
