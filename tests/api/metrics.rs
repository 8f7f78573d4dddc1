//! `/metrics`, beside the contract.

use milepost_tests::harness::{Connection, Server, soon};
use serde_json::json;

/// A number without labels, asked for on this connection.
async fn number(connection: &mut Connection, server: &Server, name: &str) -> usize {
    let request = format!("GET /metrics HTTP/1.1\r\nHost: {}\r\n\r\n", server.address());
    connection.send(request.as_bytes()).await;
    let text = connection.answer().await.text();
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.and_then(|value| value.parse().ok()).unwrap_or_else(|| panic!("{name} in\n{text}"))
}

#[tokio::test]
async fn the_numbers_follow_what_happens() {
    let server = Server::start().await;
    server.submit(json!({"kind": "k", "queue": "a \"b\"\\"})).await;
    server.submit_kind("k").await;
    server.lease_one(json!({})).await.complete(json!(1)).await.task(200);
    let answer = server.get("/metrics").await.expect(200);
    let kind = answer.header("content-type").unwrap_or_default();
    assert!(kind.starts_with("application/openmetrics-text; version=1.0.0"), "{kind}");
    let text = answer.text();
    for line in [
        "milepost_tasks_submitted_total{queue=\"default\"} 1",
        "milepost_tasks_submitted_total{queue=\"a \\\"b\\\"\\\\\"} 1",
        "milepost_attempts_started_total{queue=\"default\"} 1",
        "milepost_tasks_succeeded_total{queue=\"default\"} 1",
        "milepost_tasks{queue=\"default\",state=\"succeeded\"} 1",
        "milepost_tasks{queue=\"default\",state=\"queued\"} 0",
        "milepost_stream_resets_total{reason=\"garbage\"} 0",
        "milepost_streams_open 0",
        "milepost_writer_waiting 0",
        "milepost_stream_events_delivered_total 0",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
    }
    for name in [
        "milepost_queue_oldest_seconds{",
        "milepost_commit_commands_bucket{",
        "milepost_commit_seconds_sum ",
        "milepost_events_total ",
        "milepost_build_info{version=\"",
        "process_start_time_seconds ",
    ] {
        assert!(text.lines().any(|found| found.starts_with(name)), "{name} is not in\n{text}");
    }
    assert!(text.ends_with("# EOF\n"));
}

#[tokio::test]
async fn connections_and_streams_are_counted_while_they_are_open() {
    let server = Server::start().await;
    let mut own = Connection::open(server.address()).await;
    let before = number(&mut own, &server, "milepost_connections_open").await;
    let mut idle = Connection::open(server.address()).await;
    number(&mut idle, &server, "milepost_connections_open").await;
    let mut watching = Connection::open(server.address()).await;
    let request = format!("GET /api/v1/events HTTP/1.1\r\nHost: {}\r\n\r\n", server.address());
    watching.send(request.as_bytes()).await;
    watching.head().await.expect("a stream");
    watching.chunk().await;
    assert_eq!(number(&mut own, &server, "milepost_connections_open").await, before + 2);
    assert_eq!(number(&mut own, &server, "milepost_streams_open").await, 1);
    drop((idle, watching));
    soon("both are gone", async {
        while number(&mut own, &server, "milepost_connections_open").await > before
            || number(&mut own, &server, "milepost_streams_open").await > 0
        {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test]
async fn only_reading_is_allowed() {
    let server = Server::start().await;
    let head = server.request(reqwest::Method::HEAD, "/metrics").await.expect(200);
    assert!(head.body.is_empty());
    let answer = server.post("/metrics").await;
    assert_eq!(answer.header("allow"), Some("GET, HEAD, OPTIONS"));
    answer.problem(405, "method-not-allowed");
}
