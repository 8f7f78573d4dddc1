//! watchTask: snapshot, deltas, the end, and 204 afterwards.

use milepost_tests::harness::{Ending, Server, Watcher, cursor_position, soon};
use serde_json::{Value, json};

fn events_of(id: &str) -> String {
    format!("/api/v1/tasks/{id}/events")
}

/// The status of a stream that is not to be opened.
async fn refused(server: &Server, path: &str, last_event_id: &str) -> u16 {
    let headers: &[(&str, &str)] =
        if last_event_id.is_empty() { &[] } else { &[("Last-Event-ID", last_event_id)] };
    match soon("an answer", Watcher::open(server, path, headers)).await {
        Some(Err(head)) => head.status,
        Some(Ok(_)) => 200,
        None => panic!("no answer"),
    }
}

#[tokio::test]
async fn the_snapshot_is_the_task_and_its_id_is_the_logs_end() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    server.submit_kind("other").await;
    let mut watcher = server.watch(&events_of(&id)).await;
    let message = watcher.event().await;
    let snapshot = message.json();
    let mut task = server.task(&id).await;
    task.as_object_mut().expect("a task").remove("input");
    assert_eq!(snapshot["tasks"], json!([task]));
    assert_eq!(snapshot["more"], false);
    assert_eq!(message.id.as_deref(), snapshot["cursor"].as_str());
    assert_eq!(cursor_position(&snapshot["cursor"]), 2);
}

#[tokio::test]
async fn events_of_other_tasks_stay_out() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    let mut watcher = server.watch(&events_of(&id)).await;
    watcher.expect("stream.snapshot").await;
    for _ in 0..10 {
        server.submit_kind("other").await;
    }
    server.post(&format!("/api/v1/tasks/{id}/cancel")).await.task(202);
    assert_eq!(watcher.expect("task.cancelled").await["task_id"], id.as_str());
}

#[tokio::test]
async fn every_watcher_gets_every_event() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    let mut watchers = Vec::new();
    for _ in 0..5 {
        watchers.push(server.watch(&events_of(&id)).await);
    }
    let lease = server.lease_one(json!({})).await;
    for n in 0..20 {
        lease.report(json!({"logs": [{"text": format!("line {n}")}]})).await.expect(200);
    }
    lease.complete(json!(1)).await.expect(200);
    let log = server.history(&id).await;
    for watcher in &mut watchers {
        let (messages, ending) = watcher.rest().await;
        assert_eq!(ending, Ending::Clean);
        let snapshot = messages[0].json();
        let seen: Vec<Value> =
            messages[1..messages.len() - 1].iter().map(|message| message.json()).collect();
        let after = cursor_position(&snapshot["cursor"]);
        let wanted: Vec<Value> =
            log.iter().filter(|event| cursor_position(&event["cursor"]) > after).cloned().collect();
        assert_eq!(seen, wanted);
    }
}

#[tokio::test]
async fn from_start_is_the_whole_history_without_a_snapshot() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    let lease = server.lease_one(json!({})).await;
    lease.report(json!({"logs": [{"text": "x"}]})).await.expect(200);
    let mut watcher = server.watch(&format!("{}?from=start", events_of(&id))).await;
    for event in ["task.queued", "task.started", "task.log"] {
        watcher.expect(event).await;
    }
    lease.complete(json!(1)).await.expect(200);
    watcher.expect("task.succeeded").await;
    watcher.expect("stream.end").await;
    let (rest, ending) = watcher.rest().await;
    assert_eq!((rest.len(), ending), (0, Ending::Clean));
    let mut done = server.watch(&format!("{}?from=start", events_of(&id))).await;
    let (messages, _) = done.rest().await;
    assert_eq!(messages.len(), 5, "also when it is done: {messages:?}");
}

#[tokio::test]
async fn a_done_task_is_a_snapshot_and_the_end() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    server.lease_one(json!({})).await.complete(json!("out")).await.expect(200);
    let mut watcher = server.watch(&events_of(&id)).await;
    assert_eq!(watcher.expect("stream.snapshot").await["tasks"][0]["output"], "out");
    watcher.expect("stream.end").await;
    let (rest, ending) = watcher.rest().await;
    assert_eq!((rest.len(), ending), (0, Ending::Clean));
}

#[tokio::test]
async fn whoever_has_seen_the_end_is_answered_204_and_nobody_else() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    let lease = server.lease_one(json!({})).await;
    let last = lease.complete(json!(1)).await.task(200)["cursor"].clone();
    let last = last.as_str().expect("a cursor");
    let path = events_of(&id);
    assert_eq!(refused(&server, &path, last).await, 204);
    assert_eq!(refused(&server, &format!("{path}?after={last}"), "").await, 204);
    let answer = server.get(&path).header("last-event-id", last).await.expect(204);
    assert!(answer.body.is_empty());

    let (epoch, position) = last.split_once('.').expect("a cursor");
    let before = position.parse::<u64>().expect("a position") - 1;
    let mut behind = server.watch_after(&path, &format!("{epoch}.{before}")).await;
    behind.expect("task.succeeded").await;
    behind.expect("stream.end").await;
    let mut without = server.watch(&path).await;
    without.expect("stream.snapshot").await;
    let mut garbage = server.watch_after(&path, "garbage").await;
    assert_eq!(garbage.expect("stream.reset").await["reason"], "garbage");
}

#[tokio::test]
async fn later_events_elsewhere_do_not_change_the_204() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    server.lease_one(json!({})).await.complete(json!(1)).await.expect(200);
    for _ in 0..3 {
        server.submit_kind("other").await;
    }
    let end = server.get("/api/v1/system").await.json()["log_end"].clone();
    assert_eq!(refused(&server, &events_of(&id), end.as_str().expect("a cursor")).await, 204);
}

#[tokio::test]
async fn a_running_task_with_nothing_new_waits() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    let cursor = server.task(&id).await["cursor"].clone();
    let mut watcher = server.watch_after(&events_of(&id), cursor.as_str().expect("a cursor")).await;
    watcher.is_quiet(std::time::Duration::from_millis(300)).await;
    server.post(&format!("/api/v1/tasks/{id}/cancel")).await.task(202);
    watcher.expect("task.cancelled").await;
    watcher.expect("stream.end").await;
}

#[tokio::test]
async fn a_retried_task_is_watched_on_in_its_new_round() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    let cancelled = server.post(&format!("/api/v1/tasks/{id}/cancel")).await.task(202);
    let last = cancelled["cursor"].as_str().expect("a cursor").to_owned();
    assert_eq!(refused(&server, &events_of(&id), &last).await, 204);
    server.post(&format!("/api/v1/tasks/{id}/retry")).await.task(202);
    let mut watcher = server.watch_after(&events_of(&id), &last).await;
    watcher.expect("task.queued").await;
    server.lease_one(json!({})).await.complete(json!(1)).await.expect(200);
    watcher.expect("task.started").await;
    watcher.expect("task.succeeded").await;
    watcher.expect("stream.end").await;
    let mut story = server.watch(&format!("{}?from=start", events_of(&id))).await;
    let (messages, ending) = story.rest().await;
    let events: Vec<_> = messages.iter().map(|message| message.event.as_str()).collect();
    let wanted = [
        "task.queued",
        "task.cancelled",
        "task.queued",
        "task.started",
        "task.succeeded",
        "stream.end",
    ];
    assert_eq!((events, ending), (wanted.to_vec(), Ending::Clean), "the first end is not the last");
}

#[tokio::test]
async fn a_deleted_task_is_404_but_for_who_saw_it_before_and_is_told() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    let last = server.post(&format!("/api/v1/tasks/{id}/cancel")).await.task(202)["cursor"].clone();
    server.delete(&format!("/api/v1/tasks/{id}")).await.expect(204);
    assert_eq!(refused(&server, &events_of(&id), "").await, 404);
    assert_eq!(refused(&server, &events_of(&id), "garbage").await, 404);
    let last = last.as_str().expect("a cursor");
    let (messages, ending) = server.watch_after(&events_of(&id), last).await.rest().await;
    let events: Vec<_> = messages.iter().map(|message| message.event.as_str()).collect();
    assert_eq!((events, ending), (vec!["task.deleted", "stream.end"], Ending::Clean));
    let told = messages[0].id.as_deref().expect("a cursor");
    assert_eq!(refused(&server, &events_of(&id), told).await, 204, "it was told");
}
