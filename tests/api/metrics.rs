//! `/metrics`, beside the contract.

use milepost_tests::harness::Server;
use serde_json::json;

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
async fn only_reading_is_allowed() {
    let server = Server::start().await;
    let head = server.request(reqwest::Method::HEAD, "/metrics").await.expect(200);
    assert!(head.body.is_empty());
    let answer = server.post("/metrics").await;
    assert_eq!(answer.header("allow"), Some("GET, HEAD, OPTIONS"));
    answer.problem(405, "method-not-allowed");
}
