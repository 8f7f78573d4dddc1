//! Bodies that are wrong, whatever the operation: each gets a problem that says what to do, and
//! changes nothing.

use milepost_tests::harness::{Connection, Server, soon};
use reqwest::Method;
use serde_json::json;
use tokio::io::AsyncWriteExt;

/// The operations that take JSON (the tutorial's own apart), with a body that would be right.
fn operations() -> Vec<(Method, &'static str, String)> {
    let lease = json!({"lease": "lease_00000000000000000000000000000000"});
    let fail = json!({"lease": lease["lease"], "error": {"type": "x"}});
    vec![
        (Method::POST, "/api/v1/tasks", json!({"kind": "k"}).to_string()),
        (Method::PUT, "/api/v1/tasks/mine", json!({"kind": "k"}).to_string()),
        (Method::PATCH, "/api/v1/tasks/there", json!({"priority": 1}).to_string()),
        (Method::POST, "/api/v1/leases", json!({"worker": "w"}).to_string()),
        (Method::POST, "/api/v1/tasks/there/report", lease.to_string()),
        (Method::POST, "/api/v1/tasks/there/complete", lease.to_string()),
        (Method::POST, "/api/v1/tasks/there/fail", fail.to_string()),
        (Method::POST, "/api/v1/tasks/there/release", lease.to_string()),
    ]
}

/// A server with a task named `there`.
async fn start() -> Server {
    let server = Server::start().await;
    server.put("/api/v1/tasks/there").json(&json!({"kind": "there"})).await.task(202);
    server
}

async fn assert_untouched(server: &Server) {
    assert_eq!(server.log("").await.len(), 1, "a refused request changes nothing");
}

#[tokio::test]
async fn broken_json_is_400() {
    let server = start().await;
    for (method, path, right) in operations() {
        let cut = &right[..right.len() - 1];
        let trailing = format!("{right}x");
        let bodies: [&[u8]; 9] = [
            b"",
            b"{",
            b"nonsense",
            b"[]",
            b"5",
            b"null",
            b"\"text\"",
            cut.as_bytes(),
            trailing.as_bytes(),
        ];
        for body in bodies {
            let request = server.request(method.clone(), path).body("application/json", body);
            request.await.problem(400, "");
        }
    }
    assert_untouched(&server).await;
}

#[tokio::test]
async fn text_that_is_no_unicode_is_400() {
    let server = start().await;
    for (method, path, right) in operations() {
        let field = |text: &[u8]| {
            let mut body = right.clone().into_bytes();
            body.pop();
            body.extend_from_slice(b",\"input\":\"");
            body.extend_from_slice(text);
            body.extend_from_slice(b"\"}");
            body
        };
        let texts: [&[u8]; 7] = [
            b"\xff",
            b"\xc3",
            b"\xed\xa0\x80",
            b"\\ud800",
            b"\\udfff",
            b"\\ud800\\ud800",
            b"\\ud83d x",
        ];
        for text in texts {
            let request =
                server.request(method.clone(), path).body("application/json", field(text));
            request.await.problem(400, "");
        }
    }
    assert_untouched(&server).await;
}

#[tokio::test]
async fn json_a_hundred_thousand_deep_is_400() {
    let server = start().await;
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for (method, path, right) in operations() {
        let nested = right.replacen('{', &format!("{{\"input\":{deep},"), 1);
        for body in [deep.clone(), nested, "{\"a\":".repeat(100_000)] {
            let request = server.request(method.clone(), path).body("application/json", body);
            request.await.problem(400, "");
        }
    }
    server.post("/api/submit").body("application/json", deep).await.expect(400);
    assert_untouched(&server).await;
}

#[tokio::test]
async fn a_key_that_stands_twice_is_400() {
    let server = start().await;
    for (method, path, right) in operations() {
        let twice = format!("{},{}", &right[..right.len() - 1], &right[1..]);
        let request = server.request(method.clone(), path).body("application/json", twice);
        request.await.problem(400, "");
    }
    assert_untouched(&server).await;
}

#[tokio::test]
async fn unknown_fields_are_named() {
    let server = start().await;
    for (method, path, right) in operations() {
        let more = right.replacen('{', "{\"colour\":\"red\",", 1);
        let request = server.request(method.clone(), path).body("application/json", more);
        request.await.names_field(400, "colour");
    }
    assert_untouched(&server).await;
}

#[tokio::test]
async fn another_content_type_is_415() {
    let server = start().await;
    let kinds = [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "x",
        "application/jsonp",
        "application/json; charset=utf-16",
        "application/json;charset=\"ISO-8859-1\"",
        "application/json; profile=x; Charset = utf-16le",
    ];
    for (method, path, right) in operations() {
        for kind in kinds {
            let request = server.request(method.clone(), path).body(kind, right.clone());
            request.await.problem(415, "");
        }
        let bare = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\n\r\n{right}",
            server.address(),
            right.len()
        );
        server.raw(bare).await.problem(415);
    }
    assert_untouched(&server).await;
}

#[tokio::test]
async fn json_by_its_other_spellings_passes() {
    let server = start().await;
    for kind in [
        "application/json",
        "application/json; charset=utf-8",
        "APPLICATION/JSON;charset=UTF-8",
        "application/json; profile=x; charset=\"utf-8\"",
        "application/vnd.example+json",
    ] {
        server.post("/api/v1/tasks").body(kind, "{\"kind\":\"k\"}").await.task(202);
    }
}

#[tokio::test]
async fn a_body_of_six_megabytes_is_413() {
    let server = start().await;
    let huge = format!("{{\"kind\":\"k\",\"input\":\"{}\"}}", "x".repeat(6 * 1024 * 1024));
    for (method, path, _) in operations() {
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            server.address(),
            huge.len()
        );
        // The refusal may come before the body is sent; sending then fails, and that is fine.
        let (mut reader, mut writer) = Connection::open(server.address()).await.into_parts();
        let send = async {
            let _ = writer.write_all(head.as_bytes()).await;
            let _ = writer.write_all(huge.as_bytes()).await;
        };
        let (answer, ()) = soon("the refusal", async { tokio::join!(reader.answer(), send) }).await;
        answer.problem(413);
    }
    let answer =
        server.post("/api/submit").body("application/json", vec![b' '; 2 * 1024 * 1024]).attempt();
    if let Ok(answer) = answer.await {
        answer.problem(413, "");
    }
    assert_untouched(&server).await;
}

#[tokio::test]
async fn a_body_just_below_the_limit_passes() {
    let server = Server::start().await;
    let text = "x".repeat(1024 * 1024 - 100);
    let task = server.submit(json!({"kind": "k", "input": text})).await;
    let id = task["id"].as_str().expect("an id");
    assert_eq!(server.task(id).await["input"], text.as_str());
    assert_eq!(server.lease_one(json!({})).await.json["task"]["input"], text.as_str());
}

#[tokio::test]
async fn compressed_bodies_are_refused_and_not_inflated() {
    let server = start().await;
    // `{"kind":"k"}` as gzip; what matters is that nobody guesses.
    let request = server.post("/api/v1/tasks").header("content-encoding", "gzip");
    let answer =
        request.body("application/json", b"\x1f\x8b\x08\x00\x00\x00\x00\x00".to_vec()).await;
    assert!(matches!(answer.status.as_u16(), 400 | 415), "{answer}");
    assert_untouched(&server).await;
}

#[tokio::test]
async fn operations_without_a_body_take_none_and_mind_none() {
    let server = start().await;
    let bare = format!(
        "POST /api/v1/tasks/there/cancel HTTP/1.1\r\nHost: {}\r\nContent-Length: 0\r\n\r\n",
        server.address()
    );
    assert_eq!(server.raw(bare).await.status, 202);
    server.post("/api/v1/tasks/there/retry").json(&json!({})).await.task(202);
}
