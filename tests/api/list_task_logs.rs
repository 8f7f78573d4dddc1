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

/// All lines, page by page, and how many pages they took.
async fn walked(server: &Server, path: &str, first: &str, limit: usize) -> (Vec<String>, usize) {
    let (mut found, mut pages) = (Vec::new(), 0);
    let mut place = first.to_owned();
    loop {
        let page = server.get(&format!("{path}?{place}&limit={limit}")).await.expect(200).json();
        assert!(page.get("reset").is_none(), "{page}");
        let lines = page["lines"].as_array().expect("lines");
        assert!(lines.len() <= limit, "{page}");
        found.extend(lines.iter().map(|line| line["text"].as_str().expect("text").to_owned()));
        pages += 1;
        let Some(next) = page["next"].as_str() else { return (found, pages) };
        assert_eq!(lines.len(), limit, "only the last page is short");
        place = format!("after={next}");
    }
}

#[tokio::test]
async fn pages_go_through_all_lines_wherever_they_end_within_a_report() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    let path = format!("/api/v1/tasks/{id}/logs");
    let lease = server.lease_one(json!({})).await;
    let begun = server.task(&id).await["cursor"].as_str().expect("a cursor").to_owned();
    for range in [0..1, 1..8, 8..20, 20..21, 21..30] {
        say(&lease, range).await;
        lease.report(json!({"progress": {"percent": 1}})).await.expect(200);
    }
    let all: Vec<String> = (0..30).map(|n| format!("line {n}")).collect();
    for (limit, pages) in [(1, 30), (3, 10), (7, 5), (8, 4), (30, 1), (1000, 1)] {
        let found = walked(&server, &path, "from=start", limit).await;
        assert_eq!(found, (all.clone(), pages), "{limit} a page");
        let after = format!("after={begun}");
        assert_eq!(walked(&server, &path, &after, limit).await.0, all, "{limit} after a cursor");
    }
    let half = server.get(&format!("{path}?from=start&limit=10")).await.expect(200).json();
    let next = half["next"].as_str().expect("more").to_owned();
    say(&lease, 30..33).await;
    let (rest, _) = walked(&server, &path, &format!("after={next}&from=start"), 100).await;
    assert_eq!((rest.len(), rest[0].as_str()), (23, "line 10"), "what came meanwhile, too");
    let end = server.task(&id).await["cursor"].as_str().expect("a cursor").to_owned();
    let none = server.get(&format!("{path}?after={end}")).await.expect(200).json();
    assert_eq!(none, json!({"lines": []}));
}

#[tokio::test]
async fn a_place_that_cannot_be_used_is_told_and_the_page_begins_with_the_oldest() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    say(&server.lease_one(json!({})).await, 0..3).await;
    let cursor = server.task(&id).await["cursor"].as_str().expect("a cursor").to_owned();
    let (epoch, _) = cursor.split_once('.').expect("an epoch");
    let other = if epoch == "00000000" { "00000001" } else { "00000000" };
    for (after, reset) in [
        ("", "garbage"),
        ("line", "garbage"),
        (&format!("{cursor}.x"), "garbage"),
        (&format!("{other}.1"), "epoch"),
        (&format!("{other}.1.1"), "epoch"),
        (&format!("{epoch}.99999"), "future"),
        (&format!("{epoch}.99999.2"), "future"),
    ] {
        let path = format!("/api/v1/tasks/{id}/logs?after={after}&limit=2");
        let page = server.get(&path).await.expect(200).json();
        assert_eq!((&page["reset"], &page["lines"][0]["text"]), (&json!(reset), &json!("line 0")));
        assert!(page["next"].is_string(), "{page}");
    }
    for query in ["from=end", "after=x&limit=0", "from=start&limit=1001"] {
        let path = format!("/api/v1/tasks/{id}/logs?{query}");
        server.get(&path).await.problem(400, "");
    }
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
