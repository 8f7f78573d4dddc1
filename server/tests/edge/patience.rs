//! Clients that send or read slowly, or not at all.

use super::*;

const SHORT: Duration = Duration::from_millis(300);

#[tokio::test]
async fn a_silent_connection_is_closed() {
    let edge = Edge::start(Settings { header_timeout: SHORT, ..settings() }).await;
    assert_eq!(edge.connect().await.rest().await, "");
}

#[tokio::test]
async fn a_head_that_never_ends_is_answered_and_closed() {
    let edge = Edge::start(Settings { header_timeout: SHORT, ..settings() }).await;
    assert_problem(&edge.ask("GET / HTTP/1.1\r\nHost: loc").await, 408);
}

#[tokio::test]
async fn a_head_that_trickles_is_given_no_more_time_than_one_that_stops() {
    let edge = Edge::start(Settings { header_timeout: SHORT, ..settings() }).await;
    let (mut read, mut write) = edge.connect().await.0.into_split();
    let trickle = tokio::spawn(async move {
        while write.write_all(b"X").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    let mut answer = Vec::new();
    // The trickle goes on, so the end may well be a reset.
    let _ = timeout(GIVE_UP, read.read_to_end(&mut answer)).await.expect("the server closes");
    assert_problem(&String::from_utf8_lossy(&answer), 408);
    trickle.abort();
}

#[tokio::test]
async fn a_connection_may_rest_between_requests_longer_than_a_head_may_take() {
    let rested = Settings { header_timeout: SHORT, ..settings() };
    let edge = Edge::start(rested).await;
    let mut client = edge.connect().await;
    for _ in 0..2 {
        client.send(get("/api/hello")).await;
        client.until("hello").await;
        tokio::time::sleep(SHORT * 2).await;
    }
    client.send("GET /api").await;
    assert_problem(&client.rest().await, 408);
}

#[tokio::test]
async fn a_connection_that_rests_too_long_is_closed_without_a_word() {
    let edge = Edge::start(Settings { idle_timeout: SHORT, ..settings() }).await;
    let mut client = edge.connect().await;
    client.send(get("/api/hello")).await;
    client.until("hello").await;
    assert_eq!(client.rest().await, "");
}

#[tokio::test]
async fn timers_do_not_touch_requests_that_are_being_answered() {
    let short = Settings { header_timeout: SHORT, idle_timeout: SHORT, ..settings() };
    let edge = Edge::start(short).await;
    let mut streaming = edge.connect().await;
    streaming.send(get("/api/quiet")).await;
    streaming.until("data: 1\n\n").await;
    let mut waiting = edge.connect().await;
    waiting.send(get("/api/forever")).await;
    tokio::time::sleep(SHORT * 4).await;
    edge.running.becomes(2).await;
}

#[tokio::test]
async fn a_reader_that_stalls_is_cut_off() {
    let edge = Edge::start(Settings { stall_timeout: SHORT, ..settings() }).await;
    let mut client = edge.connect().await;
    client.send(get("/api/flood")).await;
    client.until("xxx").await;
    edge.running.becomes(0).await;
}

#[tokio::test]
async fn a_reader_that_is_slow_but_reads_is_not() {
    let edge = Edge::start(Settings { stall_timeout: SHORT * 5, ..settings() }).await;
    let mut client = edge.connect().await;
    client.send(get("/api/large")).await;
    client.until("\r\n\r\n").await;
    let mut left = 16 * 1024 * 1024;
    let mut piece = vec![0; 128 * 1024];
    while left > 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
        let read = timeout(GIVE_UP, client.0.read(&mut piece)).await.unwrap().unwrap();
        assert!(read > 0, "cut off with {left} bytes left");
        left -= read;
    }
}
