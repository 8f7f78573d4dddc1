//! listTaskLogs: `GET /api/v1/tasks/{id}/logs`.

use milepost_client::types;
use milepost_tests::harness::{Lease, Server};
use serde_json::{Value, json};

use crate::generated;

async fn say(lease: &Lease, numbers: std::ops::Range<u32>) {
    let lines: Vec<Value> = numbers.map(|n| json!({"text": format!("line {n}")})).collect();
    lease.report(json!({"logs": lines})).await.expect(200);
}

async fn texts(server: &Server, path: &str) -> Vec<String> {
    let lines = server.get(path).await.expect(200).json()["lines"].clone();
    let text = |line: &Value| line["text"].as_str().expect("a line has text").to_owned();
    lines.as_array().expect("lines").iter().map(text).collect()
}

#[tokio::test]
async fn the_last_lines_come_oldest_first() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    let path = format!("/api/v1/tasks/{id}/logs");
    assert_eq!(server.get(&path).await.expect(200).json(), json!({"lines": []}));
    let lease = server.lease_one(json!({})).await;
    for start in (0..150).step_by(30) {
        say(&lease, start..start + 30).await;
    }
    let named =
        |range: std::ops::Range<u32>| range.map(|n| format!("line {n}")).collect::<Vec<_>>();
    assert_eq!(texts(&server, &path).await, named(50..150), "a hundred by default");
    assert_eq!(texts(&server, &format!("{path}?tail=7")).await, named(143..150));
    assert_eq!(texts(&server, &format!("{path}?tail=1000")).await, named(0..150));
}

#[tokio::test]
async fn lines_have_a_time_and_a_level() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    let lease = server.lease_one(json!({})).await;
    let levels = ["debug", "info", "warn", "error"];
    let logs: Vec<_> = levels.iter().map(|level| json!({"level": level, "text": level})).collect();
    lease.report(json!({"logs": logs})).await.expect(200);
    let path = format!("/api/v1/tasks/{id}/logs");
    let lines = server.get(&path).await.expect(200).json()["lines"].clone();
    let lines = lines.as_array().expect("lines");
    assert_eq!(lines.iter().map(|line| line["level"].clone()).collect::<Vec<_>>(), levels);
    assert!(lines.iter().all(|line| line["at"].as_str().is_some_and(|at| at.ends_with('Z'))));
}

#[tokio::test]
async fn wrong_tails_are_named_and_unknown_tasks_are_404() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    for tail in ["1001", "-1", "all"] {
        let path = format!("/api/v1/tasks/{id}/logs?tail={tail}");
        server.get(&path).await.names_field(400, "tail");
    }
    server.get("/api/v1/tasks/nobody/logs").await.problem(404, "");
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = Server::start().await;
    let api = generated::client(&server);
    let lease = generated::leased(&api, "k").await;
    let line = types::ReportedLine::builder().text("said").level(types::LogLevel::Warn);
    let line = types::ReportedLine::try_from(line).expect("a line");
    let report = api.report_task().id(&lease.task.id);
    report
        .body_map(|body| body.lease(&lease.token).logs(vec![line]))
        .send()
        .await
        .expect("it is told");
    let logs = api.list_task_logs().id(&lease.task.id).tail(5u64).send().await.expect("the lines");
    assert_eq!(
        (logs.lines[0].text.as_str(), &logs.lines[0].level),
        ("said", &types::LogLevel::Warn)
    );
    let refused = api.list_task_logs().id("nobody").send().await;
    generated::assert_refused(refused, 404, "task-not-found");
}
