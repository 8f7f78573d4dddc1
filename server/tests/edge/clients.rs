//! Clients that leave, and those that come when there is no room.

use super::*;

#[tokio::test]
async fn a_long_poll_ends_when_its_client_leaves() {
    let edge = Edge::start(settings()).await;
    for reset in [false, true] {
        let mut client = edge.connect().await;
        client.send(get("/api/forever")).await;
        edge.running.becomes(1).await;
        if reset {
            client.reset()
        } else {
            drop(client)
        }
        edge.running.becomes(0).await;
    }
}

#[tokio::test]
async fn a_silent_stream_ends_when_its_client_leaves() {
    let edge = Edge::start(settings()).await;
    let mut clients = Vec::new();
    for _ in 0..200 {
        let mut client = edge.connect().await;
        client.send(get("/api/quiet")).await;
        client.until("data: 1\n\n").await;
        clients.push(client);
    }
    edge.running.becomes(200).await;
    drop(clients);
    edge.running.becomes(0).await;
}

#[tokio::test]
async fn writes_find_a_client_that_left_behind_a_second_request() {
    let edge = Edge::start(settings()).await;
    let mut client = edge.connect().await;
    client.send(get("/api/stream") + &get("/api/hello")).await;
    client.until("data: 1\n\n").await;
    drop(client);
    edge.running.becomes(0).await;
}

#[tokio::test]
async fn requests_in_a_row_are_answered_in_order() {
    let edge = Edge::start(settings()).await;
    let last = "GET /api/hello HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let answer = edge.ask(get("/api/soon") + &get("/api/hello") + last).await;
    let bodies = answer.split("\r\n\r\n").skip(1);
    let bodies: Vec<&str> = bodies.map(|body| body.split("HTTP").next().unwrap()).collect();
    assert_eq!(bodies, ["soon", "hello", "hello"]);
}

#[tokio::test]
async fn a_client_too_many_is_told_so_and_comes_in_when_another_leaves() {
    let edge = Edge::start(Settings { max_connections: 1, ..settings() }).await;
    let mut first = edge.connect().await;
    first.send(get("/api/hello")).await;
    first.until("hello").await;
    assert_problem(&edge.connect().await.rest().await, 503);
    drop(first);
    let admitted = async {
        loop {
            let mut client = edge.connect().await;
            client.send(get("/api/hello")).await;
            if client.until("\r\n\r\n").await.starts_with("HTTP/1.1 200") {
                return;
            }
        }
    };
    timeout(GIVE_UP, admitted).await.expect("a place becomes free");
}

#[tokio::test]
async fn an_address_too_often_is_told_so_and_comes_in_when_it_closes_one() {
    let edge = Edge::start(Settings { max_connections_per_ip: Some(2), ..settings() }).await;
    let mut open = Vec::new();
    for _ in 0..2 {
        let mut client = edge.connect().await;
        client.send(get("/api/hello")).await;
        client.until("hello").await;
        open.push(client);
    }
    let refused = edge.connect().await.rest().await;
    assert_problem(&refused, 503);
    assert!(refused.contains("Your address has 2 connections"), "{refused}");
    let mut streaming = open.pop().unwrap();
    drop(open);
    streaming.send(get("/api/stream")).await;
    streaming.until("data: 1\n\n").await;
    let admitted = async {
        loop {
            let mut client = edge.connect().await;
            client.send(get("/api/hello")).await;
            if client.until("\r\n\r\n").await.starts_with("HTTP/1.1 200") {
                return;
            }
        }
    };
    timeout(GIVE_UP, admitted).await.expect("a place becomes free");
}
