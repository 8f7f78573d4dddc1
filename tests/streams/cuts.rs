//! Watchers that leave: the server knows it, and the work goes on.

use std::time::{Duration, Instant};

use milepost_tests::harness::{Server, soon};
use serde_json::{Value, json};

async fn open_streams(server: &Server) -> Value {
    server.get("/api/v1/system").await.expect(200).json()["open_streams"].clone()
}

#[tokio::test]
async fn two_hundred_cut_streams_are_gone_within_a_second_and_their_tasks_go_on() {
    let server = Server::start().await;
    let mut ids = Vec::new();
    let mut watchers = Vec::new();
    for n in 0..10 {
        server.post(&format!("/start_task/run-{n}")).await.expect(202);
    }
    let page = server.get("/api/v1/tasks?queue=quickstart").await.expect(200).json();
    for task in page["items"].as_array().expect("items") {
        ids.push(task["id"].as_str().expect("an id").to_owned());
    }
    for n in 0..200 {
        let path = match n % 3 {
            0 => format!("/api/v1/tasks/{}/events", ids[n % 10]),
            1 => "/api/v1/events?queue=quickstart".to_owned(),
            _ => format!("/sse_progress/run-{}", n % 10),
        };
        let mut watcher = server.watch(&path).await;
        soon("a first frame", watcher.item()).await.expect("a first frame");
        watchers.push(watcher);
    }
    assert_eq!(open_streams(&server).await, 200);
    drop(watchers);
    let began = Instant::now();
    soon("the streams to be gone", async {
        while open_streams(&server).await != 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
    let took = began.elapsed();
    assert!(took < Duration::from_secs(1), "the server noticed after {took:?}");
    for id in ids {
        let path = format!("/api/v1/tasks/{id}");
        let task = server.get(&path).header("prefer", "wait=25").await.task(200);
        assert_eq!(task["state"], "succeeded", "{task}");
    }
}

#[tokio::test]
async fn a_stream_ended_by_the_client_in_the_middle_of_a_flood_harms_nobody() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    let path = format!("/api/v1/tasks/{id}/events?from=start");
    let lease = server.lease_one(json!({})).await;
    let mut stays = server.watch(&path).await;
    for n in 0..30 {
        let mut leaves = server.watch(&path).await;
        soon("an event", leaves.next()).await.expect("an event");
        lease.report(json!({"logs": [{"text": format!("{n}")}]})).await.expect(200);
        drop(leaves);
    }
    lease.complete(json!(1)).await.expect(200);
    let (messages, _) = stays.rest().await;
    let seen: Vec<_> =
        messages[..messages.len() - 1].iter().map(|message| message.json()).collect();
    assert_eq!(seen, server.history(&id).await);
}
