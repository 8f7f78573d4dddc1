//! Reconnects: whatever is cut and wherever, a watcher that comes back with its last id has in the
//! end written down exactly the log.

use milepost_tests::harness::{Journal, Server, Watcher};
use serde_json::{Value, json};

fn data_of(entries: &[milepost_tests::harness::Entry]) -> Vec<Value> {
    entries.iter().map(|entry| serde_json::from_str(&entry.data).expect("JSON")).collect()
}

/// A whole life with some reports.
async fn live(server: &Server, id: &str, reports: usize) {
    let lease = server.lease_one(json!({})).await;
    assert_eq!(lease.task_id(), id);
    for n in 0..reports {
        lease.report(json!({"logs": [{"text": format!("line {n}")}]})).await.expect(200);
    }
    lease.complete(json!({"lines": reports})).await.expect(200);
}

#[tokio::test]
async fn a_resume_after_each_single_event_is_exact() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    live(&server, &id, 5).await;
    server.submit_kind("other").await;
    let log = server.history(&id).await;
    for (n, event) in log.iter().enumerate() {
        let cursor = event["cursor"].as_str().expect("a cursor");
        let path = format!("/api/v1/tasks/{id}/events");
        if n + 1 == log.len() {
            server.get(&path).header("last-event-id", cursor).await.expect(204);
            continue;
        }
        let (messages, _) = server.watch_after(&path, cursor).await.rest().await;
        let (end, events) = messages.split_last().expect("an end");
        assert_eq!(end.event, "stream.end");
        assert_eq!(events.iter().map(|message| message.json()).collect::<Vec<_>>(), log[n + 1..]);
    }
    let all = server.log("").await;
    for (n, event) in all.iter().enumerate() {
        let cursor = event["cursor"].as_str().expect("a cursor");
        let mut watcher = server.watch_after("/api/v1/events", cursor).await;
        for wanted in &all[n + 1..] {
            assert_eq!(&watcher.event().await.json(), wanted);
        }
    }
}

#[tokio::test]
async fn a_watcher_cut_after_every_event_misses_none_and_sees_none_twice() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    let client = server.clone();
    let path = format!("/api/v1/tasks/{id}/events?from=start");
    let watching = tokio::spawn(async move {
        let mut seen = Vec::new();
        let mut last = String::new();
        loop {
            let headers: Vec<_> =
                if last.is_empty() { vec![] } else { vec![("Last-Event-ID", last.as_str())] };
            let Some(Ok(mut watcher)) = Watcher::open(&client, &path, &headers).await else {
                return seen;
            };
            let Some(message) = watcher.next().await else { continue };
            if message.event == "stream.end" {
                return seen;
            }
            last = message.last_id.clone();
            seen.push(message.json());
        }
    });
    live(&server, &id, 40).await;
    let seen = milepost_tests::harness::soon("the watcher", watching).await.expect("a watcher");
    assert_eq!(seen, server.history(&id).await);
}

#[tokio::test]
async fn journals_of_one_task_and_of_all_are_the_log() {
    let server = Server::start().await;
    let all = Journal::keep(&server, "/api/v1/events?from=start");
    let mut ids = Vec::new();
    let mut journals = Vec::new();
    for _ in 0..5 {
        let id = server.submit_kind("k").await;
        journals.push(Journal::keep(&server, &format!("/api/v1/tasks/{id}/events?from=start")));
        live(&server, &id, 10).await;
        ids.push(id);
    }
    for (id, journal) in ids.iter().zip(journals) {
        assert_eq!(data_of(&journal.whole().await), server.history(id).await);
    }
    let log = server.log("").await;
    let last = log.last().expect("events")["cursor"].as_str().expect("a cursor").to_owned();
    all.reaches("the log's end", |entry| entry.cursor == last).await;
    assert_eq!(data_of(&all.entries()), log);
}
