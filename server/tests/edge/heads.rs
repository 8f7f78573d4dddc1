//! Heads of requests: junk, too much of them, foreign hosts and origins.

use super::*;

#[tokio::test]
async fn a_head_that_cannot_be_parsed_gets_a_problem() {
    let edge = Edge::start(settings()).await;
    for junk in [
        "nonsense\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "GET / HTTP/1.1\r\nHost localhost\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nX\0: 1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "\u{16}\u{3}\u{1}\u{2}\r\n\r\n",
    ] {
        let answer = edge.ask(junk).await;
        assert_problem(&answer, 400);
        assert_eq!(answer.matches("HTTP/1.1").count(), 1, "{answer}");
    }
}

#[tokio::test]
async fn junk_after_a_good_request_gets_its_own_problem() {
    let edge = Edge::start(settings()).await;
    let mut client = edge.connect().await;
    client.send(get("/api/hello")).await;
    client.until("hello").await;
    client.send("junk\r\n\r\n").await;
    assert_problem(&client.rest().await, 400);

    let answer = edge.ask(format!("{}junk\r\n\r\n", get("/api/hello"))).await;
    let (first, second) = answer.split_once("hello").expect("the first answer");
    assert!(first.starts_with("HTTP/1.1 200"), "{first}");
    assert_problem(second, 400);
}

#[tokio::test]
async fn a_head_that_is_too_large_gets_a_problem() {
    let edge = Edge::start(settings()).await;
    let large = format!("X: {}\r\n", "x".repeat(1000)).repeat(40);
    let answer = edge.ask(format!("GET / HTTP/1.1\r\nHost: localhost\r\n{large}\r\n")).await;
    assert_problem(&answer, 431);
    let long = format!("GET /?{} HTTP/1.1\r\nHost: localhost\r\n\r\n", "x".repeat(100_000));
    assert_problem(&edge.ask(long).await, 431);
    let many = "X: x\r\n".repeat(200);
    let answer = edge.ask(format!("GET / HTTP/1.1\r\nHost: localhost\r\n{many}\r\n")).await;
    assert_problem(&answer, 431);
}

#[tokio::test]
async fn foreign_hosts_and_origins_are_refused_on_the_wire() {
    let edge = Edge::start(settings()).await;
    let ask = async |method: &str, headers: &[u8]| {
        let line = format!("{method} /api/hello HTTP/1.1\r\nConnection: close\r\n");
        edge.ask([line.as_bytes(), headers, b"\r\n"].concat()).await
    };
    assert_problem(&ask("GET", b"Host: rebound.example\r\n").await, 403);
    assert_problem(&ask("GET", b"").await, 400);
    for origin in [&b"http://evil.example"[..], b"null", b"http://\xff\xfe", b"\xc3\xa4"] {
        let headers = [b"Host: localhost\r\nOrigin: ", origin, b"\r\n"].concat();
        let answer = ask("POST", &headers).await;
        assert_problem(&answer, 403);
        assert!(!answer.to_lowercase().contains("access-control-"), "{answer}");
        assert!(ask("GET", &headers).await.starts_with("HTTP/1.1 200"));
    }
    let listed = b"Host: localhost\r\nOrigin: http://localhost:3000\r\n";
    assert!(
        ask("POST", listed).await.contains("access-control-allow-origin: http://localhost:3000")
    );
}
