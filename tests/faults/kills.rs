//! SIGKILL in the middle of running streams.

use std::time::Duration;

use milepost_tests::harness::{Entry, Journal, Options, Server, cursor_position};
use serde_json::{Value, json};

fn data_of(entries: &[Entry]) -> Vec<Value> {
    entries.iter().map(|entry| serde_json::from_str(&entry.data).expect("JSON")).collect()
}

#[tokio::test]
async fn a_killed_countdown_goes_on_from_its_checkpoint_and_its_watchers_see_each_step_once() {
    let mut server = Server::start().await;
    server.post("/start_task/demo").await.expect(202);
    let page = server.get("/api/v1/tasks?queue=quickstart").await.expect(200).json();
    let id = page["items"][0]["id"].as_str().expect("an id").to_owned();
    let tutorial = Journal::keep(&server, "/sse_progress/demo");
    let task = Journal::keep(&server, &format!("/api/v1/tasks/{id}/events?from=start"));
    for step in ["15", "40", "70"] {
        tutorial.reaches(step, |entry| entry.data == step).await;
        server.kill9().await;
        server.restart().await;
    }
    let seen: Vec<String> = tutorial
        .whole()
        .await
        .into_iter()
        .map(|entry| entry.data)
        .filter(|data| data != "keep-alive")
        .collect();
    let wanted: Vec<String> =
        (0..=100).map(|step| step.to_string()).chain(["DONE".to_owned()]).collect();
    let connections = tutorial.connections();
    assert!(connections >= 4, "it connected {connections} times");
    assert_eq!(seen, wanted, "each step once, in order, none from the start again");
    assert_eq!(data_of(&task.whole().await), server.history(&id).await);
    let done = server.task(&id).await;
    assert_eq!(done["state"], "succeeded");
}

#[tokio::test]
async fn every_acknowledged_change_is_there_once_and_no_watcher_saw_more_than_is_there() {
    let mut server = Server::start().await;
    let everything = Journal::keep(&server, "/api/v1/events?from=start");
    let mut told: Vec<(String, String)> = Vec::new();
    for round in 0..5 {
        let id = server.submit_kind("k").await;
        let lease = server.lease_one(json!({"lease_seconds": 60})).await;
        let client = server.clone();
        let worker = tokio::spawn(async move {
            let mut acknowledged = Vec::new();
            for n in 0.. {
                let text = format!("{round}.{n}");
                let body = json!({"lease": lease.token(), "sequence": n, "logs": [{"text": text}]});
                match client.post(lease.link("report")).json(&body).attempt().await {
                    Ok(answer) => {
                        answer.expect(200);
                        acknowledged.push(text);
                    }
                    Err(_) => break,
                }
            }
            (lease, acknowledged)
        });
        tokio::time::sleep(Duration::from_millis(150 + 70 * round)).await;
        server.kill9().await;
        let (mut lease, acknowledged) =
            milepost_tests::harness::soon("the worker", worker).await.expect("a worker");
        assert!(!acknowledged.is_empty());
        told.extend(acknowledged.into_iter().map(|text| (id.clone(), text)));
        server.restart().await;
        lease.follow(&server);
        lease.complete(json!(1)).await.task(200);
    }
    let log = server.log("").await;
    let positions: Vec<u64> = log.iter().map(|event| cursor_position(&event["cursor"])).collect();
    assert_eq!(positions, (1..=log.len() as u64).collect::<Vec<_>>(), "gapless as written");
    let mut written: Vec<(String, String)> = Vec::new();
    for event in &log {
        let id = event["task_id"].as_str().expect("a task");
        for line in event["lines"].as_array().into_iter().flatten() {
            written.push((id.to_owned(), line["text"].as_str().expect("text").to_owned()));
        }
    }
    for line in &told {
        let times = written.iter().filter(|one| *one == line).count();
        assert_eq!(times, 1, "{line:?} was acknowledged and is there {times} times");
    }
    let last = log.last().expect("events")["cursor"].as_str().expect("a cursor").to_owned();
    everything.reaches("the log's end", |entry| entry.cursor == last).await;
    assert_eq!(data_of(&everything.entries()), log, "what was seen is what is there");
}

#[tokio::test]
async fn a_report_repeated_after_a_crash_is_one_event() {
    let mut server = Server::start().await;
    server.submit_kind("k").await;
    let mut lease = server.lease_one(json!({"lease_seconds": 60})).await;
    let report = json!({"sequence": 1, "logs": [{"text": "once"}]});
    let first = lease.report(report.clone()).await.expect(200).json();
    server.kill9().await;
    server.restart().await;
    lease.follow(&server);
    let again = lease.report(report).await.expect(200).json();
    assert_eq!(again["cursor"], first["cursor"]);
    let done = lease.complete(json!("x")).await.task(200);
    server.kill9().await;
    server.restart().await;
    lease.follow(&server);
    assert_eq!(lease.complete(json!("x")).await.task(200), done);
    let types = server.types(&lease.task_id()).await;
    assert_eq!(types, ["queued", "started", "log", "succeeded"]);
}

#[tokio::test]
async fn a_progress_event_that_was_withheld_is_not_lost_with_the_process() {
    let mut server = Server::start().await;
    let id = server.submit_kind("k").await;
    let lease = server.lease_one(json!({"lease_seconds": 60})).await;
    lease.report(json!({"progress": {"percent": 10}})).await.expect(200);
    lease.report(json!({"progress": {"percent": 20}})).await.expect(200);
    server.kill9().await;
    server.restart().await;
    assert_eq!(server.task(&id).await["progress"]["percent"], 20.0);
    let path = format!("/api/v1/tasks/{id}/events?from=start");
    let journal = Journal::keep(&server, &path);
    journal.reaches("the withheld event", |entry| entry.data.contains("\"percent\":20")).await;
}

#[tokio::test]
async fn cursors_and_the_epoch_outlive_the_process() {
    let mut server = Server::start().await;
    let id = server.submit_kind("k").await;
    let cursor = server.task(&id).await["cursor"].as_str().expect("a cursor").to_owned();
    server.kill9().await;
    server.restart().await;
    let other = server.submit_kind("k").await;
    let mut watcher = server.watch_after("/api/v1/events", &cursor).await;
    let event = watcher.expect("task.queued").await;
    assert_eq!((&event["task_id"], cursor_position(&event["cursor"])), (&json!(other), 2));
}

#[tokio::test]
async fn a_thousand_watchers_are_caught_up_soon_after_a_restart_and_submits_go_on() {
    let mut server = Server::with(Options::default()).await;
    let count = if std::env::var_os("MILEPOST_CHAOS").is_some() { 1000 } else { 200 };
    let first = server.submit_kind("first").await;
    let cursor = server.task(&first).await["cursor"].as_str().expect("a cursor").to_owned();
    for _ in 0..20 {
        server.submit_kind("missed").await;
    }
    server.kill9().await;
    server.restart().await;
    let watchers = (0..count).map(|_| {
        let (client, cursor) = (server.clone(), cursor.clone());
        async move {
            let mut watcher = client.watch_after("/api/v1/events", &cursor).await;
            for _ in 0..20 {
                watcher.expect("task.queued").await;
            }
        }
    });
    let client = server.clone();
    let submits = async move {
        for _ in 0..20 {
            client.submit_kind("meanwhile").await;
        }
    };
    let all = futures_util::future::join_all(watchers);
    milepost_tests::harness::soon("everybody to be caught up", async {
        tokio::join!(all, submits)
    })
    .await;
}
