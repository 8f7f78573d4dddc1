//! A server that goes down tells its streams, and goes.

use std::time::Duration;

use milepost_tests::harness::{Connection, Ending, Item, Server, id_of, soon};
use serde_json::json;

#[tokio::test]
async fn streams_are_told_and_closed_and_resume_at_the_next_start() {
    let mut server = Server::start().await;
    let id = server.submit_kind("k").await;
    let path = format!("/api/v1/tasks/{id}/events");
    let mut one = server.watch(&path).await;
    let mut many = server.watch("/api/v1/events").await;
    let last = one.event().await.last_id;
    let last_of_many = many.event().await.last_id;
    server.ask_to_stop();
    for watcher in [&mut one, &mut many] {
        let mut told = false;
        let mut retry = false;
        loop {
            match soon("the drain", watcher.item()).await {
                Some(Item::Event(message)) => told |= message.event == "stream.draining",
                Some(Item::Retry(_)) => retry = true,
                Some(_) => {}
                None => break,
            }
        }
        assert!(told && retry, "told: {told}, a new retry: {retry}");
        assert_eq!(watcher.ending(), Ending::Clean);
    }
    let status = server.stopped().await;
    assert_eq!(status.code(), Some(0));
    server.restart().await;
    let mut resumed = server.watch_after(&path, &last).await;
    let mut resumed_many = server.watch_after("/api/v1/events", &last_of_many).await;
    server.post(&format!("/api/v1/tasks/{id}/cancel")).await.task(202);
    resumed.expect("task.cancelled").await;
    resumed_many.expect("task.cancelled").await;
}

#[tokio::test]
async fn a_worker_that_waits_for_work_is_answered_and_does_not_hold_the_server_up() {
    let mut server = Server::start().await;
    // By hand, so that the whole request is sent before the server is told to go.
    let body = r#"{"worker":"w","wait_seconds":60}"#;
    let request = format!(
        "POST /api/v1/leases HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        server.address(),
        body.len()
    );
    let mut waiting = Connection::open(server.address()).await;
    waiting.send(request.as_bytes()).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let (status, took) = server.terminate().await;
    assert_eq!(status.code(), Some(0));
    assert!(took < Duration::from_secs(8), "it waited {took:?} for a worker that waited for it");
    let answer = soon("the answer", waiting.answer()).await;
    assert_eq!((answer.status, answer.text().as_str()), (200, r#"{"leases":[]}"#));
}

#[tokio::test]
async fn it_is_gone_within_ten_seconds_with_a_hundred_streams_and_polls_open() {
    let mut server = Server::start().await;
    let id = server.submit_kind("k").await;
    server.post("/start_task/x").await.expect(202);
    server.lease_one(json!({})).await;
    let mut watchers = Vec::new();
    for n in 0..100 {
        let path = match n % 3 {
            0 => "/api/v1/events".to_owned(),
            1 => "/sse_progress/x".to_owned(),
            _ => format!("/api/v1/tasks/{id}/events"),
        };
        watchers.push(server.watch(&path).await);
    }
    // Nobody reads these: one is silent, one waits for work, one has sent half a request.
    let silent = Connection::open(server.address()).await;
    let client = server.clone();
    let poll = tokio::spawn(async move {
        let wish = json!({"worker": "w", "queues": ["empty"], "wait_seconds": 60});
        client.post("/api/v1/leases").json(&wish).attempt().await
    });
    let mut half = Connection::open(server.address()).await;
    half.send(b"POST /api/v1/tasks HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{")
        .await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    let (status, took) = server.terminate().await;
    assert_eq!(status.code(), Some(0));
    assert!(took < Duration::from_secs(11), "it took {took:?}");
    drop((silent, half, watchers));
    let answer = soon("the poll's end", poll).await.expect("a poll");
    if let Ok(answer) = answer {
        assert!(matches!(answer.status.as_u16(), 200 | 503), "{answer}");
    }
}

#[tokio::test]
async fn what_was_acknowledged_before_the_end_is_there_after_it() {
    let mut server = Server::start().await;
    let client = server.clone();
    let (acknowledge, mut acknowledged) = tokio::sync::mpsc::unbounded_channel();
    let submits = tokio::spawn(async move {
        loop {
            let answer = client.post("/api/v1/tasks").json(&json!({"kind": "k"})).attempt().await;
            match answer {
                Ok(answer) if answer.status == 202 => {
                    let _ = acknowledge.send(id_of(&answer.json()));
                }
                Ok(answer) => {
                    answer.problem(503, "");
                    return;
                }
                Err(_) => return,
            }
        }
    });
    let mut ids = Vec::new();
    for _ in 0..20 {
        ids.extend(soon("a submit", acknowledged.recv()).await);
    }
    let (status, _) = server.terminate().await;
    assert_eq!(status.code(), Some(0));
    soon("the submitter", submits).await.expect("a submitter");
    while let Some(id) = acknowledged.recv().await {
        ids.push(id);
    }
    server.restart().await;
    for id in ids {
        server.task(&id).await;
    }
}

#[tokio::test]
async fn an_idle_server_goes_at_once() {
    let mut server = Server::start().await;
    server.get("/healthz").await.expect(200);
    let (status, took) = server.terminate().await;
    assert_eq!(status.code(), Some(0));
    assert!(took < Duration::from_secs(5), "it took {took:?}");
}

#[tokio::test]
async fn control_c_drains_as_sigterm_does() {
    let mut server = Server::start().await;
    let mut watcher = server.watch("/api/v1/events").await;
    watcher.expect("stream.snapshot").await;
    assert_eq!(server.interrupt().await.code(), Some(0));
    let (messages, ending) = watcher.rest().await;
    assert_eq!(messages.last().map(|message| message.event.as_str()), Some("stream.draining"));
    assert_eq!(ending, Ending::Clean);
}
