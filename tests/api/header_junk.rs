//! Headers no client library would send.

use milepost_tests::harness::{Connection, Server, soon};
use serde_json::json;

#[tokio::test]
async fn requests_that_are_no_http_are_400_or_closed() {
    let server = Server::start().await;
    let host = server.address();
    let requests: Vec<Vec<u8>> = vec![
        b"\0\0\0\0\r\n\r\n".to_vec(),
        b"GET\r\n\r\n".to_vec(),
        b"GET / HTTP/9.9\r\n\r\n".to_vec(),
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec(),
        format!("GET /healthz HTTP/1.1\r\nHost: {host}\r\nBad Name: x\r\n\r\n").into_bytes(),
        format!("GET /healthz HTTP/1.1\r\nHost: {host}\r\nX: a\0b\r\n\r\n").into_bytes(),
        format!("GET /healthz HTTP/1.1\r\nHost: {host}\r\n: empty\r\n\r\n").into_bytes(),
        format!("POST /api/v1/tasks HTTP/1.1\r\nHost: {host}\r\nContent-Length: many\r\n\r\n")
            .into_bytes(),
        format!("POST /api/v1/tasks HTTP/1.1\r\nHost: {host}\r\nContent-Length: -1\r\n\r\n")
            .into_bytes(),
        format!("GET / HTTP/1.1\r\nHost: {host}\r\n{}\r\n", "X: y\r\n".repeat(5000)).into_bytes(),
        format!("GET / HTTP/1.1\r\nHost: {host}\r\nX: {}\r\n\r\n", "y".repeat(1 << 20))
            .into_bytes(),
        format!("GET /{} HTTP/1.1\r\nHost: {host}\r\n\r\n", "y".repeat(1 << 20)).into_bytes(),
    ];
    for request in requests {
        let shown = String::from_utf8_lossy(&request[..request.len().min(60)]).into_owned();
        let mut connection = Connection::open(host).await;
        connection.send(&request).await;
        connection.finish().await;
        let answer = soon(&format!("an end to {shown:?}"), connection.try_answer()).await;
        if let Some(answer) = answer {
            assert!((400..500).contains(&answer.status), "{shown:?}: {answer:?}");
        }
    }
    server.get("/healthz").await.expect(200);
}

#[tokio::test]
async fn two_lengths_for_one_body_are_no_way_to_smuggle_a_request() {
    let server = Server::start().await;
    let host = server.address();
    let inner = format!("POST /api/v1/tasks/x/cancel HTTP/1.1\r\nHost: {host}\r\n\r\n");
    for lengths in [
        format!("Content-Length: {}\r\nTransfer-Encoding: chunked", inner.len() + 5),
        "Content-Length: 5\r\nContent-Length: 6".to_owned(),
        "Transfer-Encoding: chunked, identity".to_owned(),
    ] {
        let request = format!(
            "POST /api/v1/tasks HTTP/1.1\r\nHost: {host}\r\n{lengths}\r\n\r\n0\r\n\r\n{inner}"
        );
        let mut connection = Connection::open(host).await;
        connection.send(request.as_bytes()).await;
        let answer = connection.answer().await;
        assert!((400..500).contains(&answer.status), "{lengths}: {answer:?}");
    }
    assert!(server.log("").await.is_empty());
}

#[tokio::test]
async fn values_that_are_no_text_are_problems_or_ignored_and_never_a_crash() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    let task = format!("/api/v1/tasks/{id}");
    let junk: [&[u8]; 5] = [b"\xff\xfe", b"\xc3\xa9", b"", b"\t", &[b'x'; 6000]];
    for value in junk {
        for name in
            ["prefer", "if-none-match", "accept", "user-agent", "last-event-id", "api-version"]
        {
            let answer = server.get(&task).header(name, value).await;
            assert!(matches!(answer.status.as_u16(), 200 | 400), "{name}: {answer}");
        }
        let answer =
            server.patch(&task).header("if-match", value).json(&json!({"labels": {}})).await;
        assert!(matches!(answer.status.as_u16(), 200 | 400 | 412), "{answer}");
        let answer = server.post("/api/v1/tasks").header("content-type", value).await;
        assert!(matches!(answer.status.as_u16(), 400 | 415), "{answer}");
        let answer = server.post(&format!("{task}/cancel")).header("origin", value).await;
        assert!(matches!(answer.status.as_u16(), 202 | 400 | 403), "{answer}");
    }
}

#[tokio::test]
async fn a_pipeline_of_good_requests_is_answered_in_order() {
    let server = Server::start().await;
    let get = |path: &str| format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", server.address());
    let mut connection = Connection::open(server.address()).await;
    connection
        .send([get("/healthz"), get("/api/v1/tasks/x"), get("/readyz")].concat().as_bytes())
        .await;
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(connection.answer().await.status);
    }
    assert_eq!(statuses, [200, 404, 200]);
}
