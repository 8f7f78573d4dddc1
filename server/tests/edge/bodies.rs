//! Bodies: too long, endless, broken, and those that are fine.

use super::*;

const LIMIT: usize = 1024 * 1024;

fn post(headers: &str) -> String {
    format!("POST /api/length HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n")
}

#[tokio::test]
async fn a_mebibyte_passes_whatever_the_buffers_are() {
    let edge = Edge::start(settings()).await;
    let body = "x".repeat(LIMIT);
    let head = post(&format!("Connection: close\r\nContent-Length: {LIMIT}\r\n"));
    assert!(edge.ask(head + &body).await.ends_with("\r\n\r\n1048576"));

    let chunked = post("Connection: close\r\nTransfer-Encoding: chunked\r\n");
    let chunk = format!("8000\r\n{}\r\n", "x".repeat(0x8000));
    assert!(edge.ask(chunked + &chunk.repeat(32) + "0\r\n\r\n").await.ends_with("\r\n\r\n1048576"));
}

#[tokio::test]
async fn a_client_that_sends_64_mebibytes_before_it_reads_gets_to_read_the_refusal() {
    let edge = Edge::start(settings()).await;
    let mut client = edge.connect().await;
    client.send(post("Content-Length: 67108864\r\n")).await;
    let piece = vec![b'x'; LIMIT];
    for _ in 0..64 {
        client.send(&piece).await;
    }
    let answer = client.rest().await;
    assert_problem(&answer, 413);
    assert!(answer.to_lowercase().contains("connection: close"), "{answer}");
}

#[tokio::test]
async fn a_client_that_asks_first_is_told_no() {
    let edge = Edge::start(settings()).await;
    let mut client = edge.connect().await;
    client.send(post("Expect: 100-continue\r\nContent-Length: 67108864\r\n")).await;
    assert!(client.until("\r\n\r\n").await.starts_with("HTTP/1.1 413"));

    let mut client = edge.connect().await;
    client.send(post("Connection: close\r\nExpect: 100-continue\r\nContent-Length: 1\r\n")).await;
    assert!(client.until("\r\n\r\n").await.starts_with("HTTP/1.1 100"));
    client.send("x").await;
    assert!(client.rest().await.ends_with("\r\n\r\n1"));
}

#[tokio::test]
async fn chunks_without_end_are_refused() {
    let edge = Edge::start(settings()).await;
    let (mut read, mut write) = edge.connect().await.0.into_split();
    let endless = tokio::spawn(async move {
        let _ = write.write_all(post("Transfer-Encoding: chunked\r\n").as_bytes()).await;
        let chunk = format!("8000\r\n{}\r\n", "x".repeat(0x8000));
        while write.write_all(chunk.as_bytes()).await.is_ok() {}
    });
    let mut answer = Vec::new();
    // It never stops sending, so after some patience the end is a reset.
    let _ = timeout(GIVE_UP, read.read_to_end(&mut answer)).await.expect("the server closes");
    assert_problem(&String::from_utf8_lossy(&answer), 413);
    timeout(GIVE_UP, endless).await.expect("the connection is closed").unwrap();
}

#[tokio::test]
async fn a_broken_or_encoded_or_trickling_body_gets_a_problem() {
    let short = Settings { header_timeout: Duration::from_millis(300), ..settings() };
    let edge = Edge::start(short).await;
    let broken = post("Transfer-Encoding: chunked\r\n") + "zz\r\n\r\n";
    assert_problem(&edge.ask(broken).await, 400);
    let encoded = post("Content-Encoding: gzip\r\nContent-Length: 2\r\n") + "xx";
    assert_problem(&edge.ask(encoded).await, 415);
    let stopped = post("Content-Length: 2\r\n") + "x";
    assert_problem(&edge.ask(stopped).await, 408);
}

#[tokio::test]
async fn a_body_nobody_asked_for_does_no_harm() {
    let edge = Edge::start(settings()).await;
    let mut client = edge.connect().await;
    let request = "GET /api/hello HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc";
    for _ in 0..2 {
        client.send(request).await;
        client.until("hello").await;
    }
}
