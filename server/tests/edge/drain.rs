//! The drain: what ends by itself, what is ended, and what is cut.

use super::*;

#[tokio::test]
async fn a_running_request_is_answered_and_nothing_new_is_taken() {
    let edge = Edge::start(settings()).await;
    let mut client = edge.connect().await;
    client.send(get("/api/soon")).await;
    edge.running.becomes(1).await;
    edge.drain.cancel();
    let answer = client.rest().await;
    assert!(answer.ends_with("soon") && answer.contains("connection: close"), "{answer}");
    let address = edge.address;
    edge.stopped().await;
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn open_streams_end_cleanly_and_idle_connections_at_once() {
    let edge = Edge::start(settings()).await;
    let mut streaming = edge.connect().await;
    streaming.send(get("/api/stream")).await;
    streaming.until("data: 1\n\n").await;
    let mut idle = edge.connect().await;
    idle.send(get("/api/hello")).await;
    idle.until("hello").await;
    let mut silent = edge.connect().await;
    let mut begun = edge.connect().await;
    begun.send("GET /api/hello HTTP/1.1\r\n").await;
    tokio::time::sleep(Duration::from_millis(50)).await;

    edge.drain.cancel();
    assert!(streaming.rest().await.ends_with("0\r\n\r\n"), "the last chunk is there");
    assert_eq!(idle.rest().await, "");
    assert_eq!(silent.rest().await, "");
    begun.send("Host: localhost\r\n\r\n").await;
    assert!(begun.rest().await.ends_with("hello"), "a request that had begun is answered");
    edge.stopped().await;
}

#[tokio::test]
async fn what_does_not_end_in_time_is_cut() {
    let short = Settings { drain_timeout: Duration::from_millis(300), ..settings() };
    let edge = Edge::start(short).await;
    let mut client = edge.connect().await;
    client.send(get("/api/forever")).await;
    edge.running.becomes(1).await;
    edge.drain.cancel();
    assert_eq!(client.rest().await, "");
    edge.running.becomes(0).await;
    edge.stopped().await;
}
