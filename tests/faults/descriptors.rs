//! More connections than the process may have files open.

use std::time::Duration;

use milepost_tests::harness::{Connection, Options, Server, soon};

#[tokio::test]
async fn a_server_out_of_descriptors_neither_spins_nor_falls_and_recovers() {
    let options = Options { descriptors: Some(80), ..Options::default() };
    let server = Server::with(options).await;
    let id = server.submit_kind("k").await;
    let mut watcher = server.watch(&format!("/api/v1/tasks/{id}/events")).await;
    watcher.expect("stream.snapshot").await;
    // More than it has descriptors for, and few enough that the kernel's own queue holds the rest.
    let mut crowd = Vec::new();
    for _ in 0..120 {
        crowd.push(Connection::open(server.address()).await);
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    let before = server.processor_time();
    tokio::time::sleep(Duration::from_secs(3)).await;
    let used = server.processor_time() - before;
    assert!(used < Duration::from_millis(600), "it used {used:?} of 3 s to do nothing");

    drop(crowd);
    soon("a connection to be taken", async {
        while server.get("/healthz").attempt().await.is_err() {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    })
    .await;
    server.post(&format!("/api/v1/tasks/{id}/cancel")).await.task(202);
    watcher.expect("task.cancelled").await;
}

#[tokio::test]
async fn connections_beyond_the_limit_are_told_so_and_the_others_go_on() {
    let server = Server::with(Options::flags(["--max-connections", "20"])).await;
    let request = format!("GET /healthz HTTP/1.1\r\nHost: {}\r\n\r\n", server.address());
    // The harness may hold a connection of its own, so the crowd is as large as the server lets it.
    let mut inside = Vec::new();
    let refused = loop {
        let mut connection = Connection::open(server.address()).await;
        connection.send(request.as_bytes()).await;
        let answer = connection.answer().await;
        if answer.status != 200 {
            break answer;
        }
        inside.push(connection);
        assert!(inside.len() <= 20, "more connections than the limit are served");
    };
    assert!(inside.len() >= 10, "{} of 20 connections are served", inside.len());
    assert!(refused.header("retry-after").is_some(), "{refused:?}");
    refused.problem(503);
    inside[0].send(request.as_bytes()).await;
    assert_eq!(inside[0].answer().await.status, 200);
    drop(inside);
    soon("room for another", async {
        loop {
            let mut connection = Connection::open(server.address()).await;
            connection.send(request.as_bytes()).await;
            if connection.answer().await.status == 200 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await;
}
