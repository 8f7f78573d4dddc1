//! watchEvents: many tasks on one connection.

use std::time::Duration;

use milepost_tests::harness::{Message, Server, Watcher, cursor_position, id_of};
use serde_json::{Value, json};

/// All pages of a snapshot: the tasks, and the last page's frame.
async fn snapshot(watcher: &mut Watcher) -> (Vec<Value>, Message) {
    let mut tasks = Vec::new();
    loop {
        let message = watcher.event().await;
        assert_eq!(message.event, "stream.snapshot", "{message:?}");
        let page = message.json();
        tasks.extend(page["tasks"].as_array().expect("tasks").clone());
        if page["more"] == false {
            assert_eq!(message.id.as_deref(), page["cursor"].as_str());
            return (tasks, message);
        }
        assert!(message.id.is_none(), "only the last page has an id: {message:?}");
    }
}

#[tokio::test]
async fn a_large_snapshot_comes_in_pages_and_only_the_last_has_an_id() {
    let server = Server::start().await;
    let submits =
        (0..700).map(|n| {
            let client = server.clone();
            async move {
                id_of(&client.submit(json!({"kind": "k", "labels": {"n": n.to_string()}})).await)
            }
        });
    let mut made = futures_util::future::join_all(submits).await;
    let mut watcher = server.watch("/api/v1/events").await;
    let (tasks, last) = snapshot(&mut watcher).await;
    let mut seen: Vec<_> = tasks.iter().map(id_of).collect();
    seen.sort();
    made.sort();
    assert_eq!(seen, made);
    assert_eq!(cursor_position(&last.json()["cursor"]), 700);
    assert!(tasks.iter().all(|task| task.get("input").is_none()));
}

#[tokio::test]
async fn tasks_that_match_appear_by_themselves_and_those_that_leave_are_told() {
    let server = Server::start().await;
    let mut watcher = server.watch("/api/v1/events?state=queued&kind=k").await;
    assert!(snapshot(&mut watcher).await.0.is_empty());
    let id = server.submit_kind("k").await;
    server.submit_kind("other").await;
    assert_eq!(watcher.expect("task.queued").await["task_id"], id.as_str());
    let lease = server.lease_one(json!({"kinds": ["k"]})).await;
    let message = watcher.event().await;
    assert_eq!((message.event.as_str(), &message.json()["task_id"]), ("stream.left", &json!(id)));
    assert!(message.id.is_some(), "a resume must not hear of it again");
    assert_eq!(message.json()["cursor"].as_str(), message.id.as_deref());
    lease.report(json!({"logs": [{"text": "unheard"}]})).await.expect(200);
    lease.release().await.task(200);
    let back = watcher.expect("task.queued").await;
    assert_eq!((&back["task_id"], &back["task"]["state"]), (&json!(id), &json!("queued")));
}

#[tokio::test]
async fn labels_that_change_move_a_task_in_and_out() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    let path = format!("/api/v1/tasks/{id}");
    let mut watcher = server.watch("/api/v1/events?label=team=red&label=hot=yes").await;
    assert!(snapshot(&mut watcher).await.0.is_empty());
    let set = |labels: Value| server.patch(&path).json(&json!({"labels": labels}));
    set(json!({"team": "red"})).await.task(200);
    set(json!({"team": "red", "hot": "yes"})).await.task(200);
    let event = watcher.expect("task.updated").await;
    assert_eq!(event["task"]["labels"], json!({"team": "red", "hot": "yes"}));
    set(json!({"team": "blue", "hot": "yes"})).await.task(200);
    assert_eq!(watcher.expect("stream.left").await["task_id"], id.as_str());
}

#[tokio::test]
async fn queue_kind_and_ids_choose() {
    let server = Server::start().await;
    let mut tasks = Vec::new();
    for (queue, kind) in [("one", "a"), ("one", "b"), ("two", "a")] {
        tasks.push(id_of(&server.submit(json!({"kind": kind, "queue": queue})).await));
    }
    let cases: [(String, Vec<usize>); 6] = [
        ("queue=one".into(), vec![0, 1]),
        ("kind=a".into(), vec![0, 2]),
        ("queue=one&kind=a".into(), vec![0]),
        (format!("task={}", tasks[1]), vec![1]),
        (format!("task={}&task={}&kind=a", tasks[1], tasks[2]), vec![2]),
        ("state=running".into(), vec![]),
    ];
    for (query, wanted) in cases {
        let mut watcher = server.watch(&format!("/api/v1/events?{query}")).await;
        let (seen, _) = snapshot(&mut watcher).await;
        let mut seen: Vec<_> = seen.iter().map(id_of).collect();
        let mut wanted: Vec<_> = wanted.into_iter().map(|n| tasks[n].clone()).collect();
        seen.sort();
        wanted.sort();
        assert_eq!(seen, wanted, "{query}");
    }
}

#[tokio::test]
async fn progress_and_logs_of_tasks_that_match_come_with_the_rest() {
    let server = Server::start().await;
    let mut watcher = server.watch("/api/v1/events?kind=k").await;
    snapshot(&mut watcher).await;
    let id = server.submit_kind("k").await;
    let lease = server.lease_one(json!({})).await;
    lease.report(json!({"progress": {"percent": 50}})).await.expect(200);
    lease.report(json!({"logs": [{"text": "x"}]})).await.expect(200);
    lease.complete(json!(1)).await.expect(200);
    for event in ["task.queued", "task.started", "task.progress", "task.log", "task.succeeded"] {
        assert_eq!(watcher.expect(event).await["task_id"], id.as_str());
    }
    watcher.is_quiet(Duration::from_millis(300)).await;
}

#[tokio::test]
async fn a_deleted_task_is_told() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    let mut watcher = server.watch("/api/v1/events").await;
    snapshot(&mut watcher).await;
    server.post(&format!("/api/v1/tasks/{id}/cancel")).await.task(202);
    server.delete(&format!("/api/v1/tasks/{id}")).await.expect(204);
    watcher.expect("task.cancelled").await;
    assert_eq!(watcher.expect("task.deleted").await["task_id"], id.as_str());
}

#[tokio::test]
async fn from_start_tells_the_whole_log() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    server.lease_one(json!({})).await.complete(json!(1)).await.expect(200);
    let mut watcher = server.watch("/api/v1/events?from=start").await;
    for event in ["task.queued", "task.started", "task.succeeded"] {
        assert_eq!(watcher.expect(event).await["task_id"], id.as_str());
    }
    watcher.is_quiet(Duration::from_millis(200)).await;
}

#[tokio::test]
async fn a_state_filter_leaves_out_and_takes_in_over_a_resume_as_it_would_live() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    let path = "/api/v1/events?state=queued";
    let mut watcher = server.watch(path).await;
    let (_, last) = snapshot(&mut watcher).await;
    drop(watcher);
    let lease = server.lease_one(json!({})).await;
    lease.release().await.task(200);
    let mut resumed = server.watch_after(path, &last.last_id).await;
    assert_eq!(resumed.expect("stream.left").await["task_id"], id.as_str());
    assert_eq!(resumed.expect("task.queued").await["task_id"], id.as_str());
}

#[tokio::test]
async fn the_quickstarts_tasks_are_seen_and_the_servers_own_queue_is_not() {
    let server = Server::start().await;
    let mut watcher = server.watch("/api/v1/events").await;
    snapshot(&mut watcher).await;
    server.post("/start_task/x").await.expect(202);
    assert_eq!(watcher.expect("task.queued").await["task"]["queue"], "quickstart");
}

#[tokio::test]
async fn a_watcher_may_ask_for_fewer_progress_events_and_still_gets_the_last_and_everything_else() {
    let server = Server::start().await;
    let mut slow = server.watch("/api/v1/events?kind=k&max_rate=1").await;
    let mut all = server.watch("/api/v1/events?kind=k").await;
    for watcher in [&mut slow, &mut all] {
        snapshot(watcher).await;
    }
    server.submit_kind("k").await;
    let lease = server.lease_one(json!({})).await;
    let began = std::time::Instant::now();
    for n in 1..=20 {
        lease.report(json!({"progress": {"percent": n}})).await.expect(200);
        tokio::time::sleep(Duration::from_millis(60)).await;
    }
    lease.report(json!({"logs": [{"text": "nearly there"}]})).await.expect(200);
    lease.complete(json!(1)).await.expect(200);
    let seconds = began.elapsed().as_secs_f64();
    let percents = |messages: &[Message]| {
        let percent = |message: &Message| message.json()["progress"]["percent"].as_f64();
        messages.iter().filter_map(percent).collect::<Vec<_>>()
    };
    let logs = |messages: &[Message]| messages.iter().filter(|m| m.event == "task.log").count();
    let (of_slow, _) = slow.until("task.succeeded").await;
    let (of_all, _) = all.until("task.succeeded").await;
    assert_eq!((logs(&of_slow), logs(&of_all)), (1, 1), "only progress is held back");
    assert_eq!(percents(&of_all).last(), Some(&20.0));
    let few = percents(&of_slow);
    assert_eq!(few.last(), Some(&20.0), "the last before another event is told: {few:?}");
    // One at once, one a second, and the last.
    assert!(few.len() as f64 <= seconds + 2.0, "{} in {seconds:.1} s: {few:?}", few.len());
    assert!(percents(&of_all).len() > few.len(), "{:?}", percents(&of_all));
}

#[tokio::test]
async fn a_rate_that_is_none_is_a_problem() {
    let server = Server::start().await;
    for rate in ["0", "-1", "fast", "NaN"] {
        server.get(&format!("/api/v1/events?max_rate={rate}")).await.names_field(400, "max_rate");
    }
}
