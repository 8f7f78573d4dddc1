//! Watchers that leave: the server knows it, and the work goes on.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use milepost_tests::harness::{Lease, Server, soon};
use serde_json::{Value, json};

async fn open_streams(server: &Server) -> Value {
    server.get("/api/v1/system").await.expect(200).json()["open_streams"].clone()
}

/// Reports on and on until it is told to stop, then completes.
async fn work(lease: Lease, stop: Arc<AtomicBool>) {
    while !stop.load(Ordering::Relaxed) {
        lease.report(json!({"logs": [{"text": "still here"}]})).await.expect(200);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    lease.complete(json!("to the end")).await.expect(200);
}

#[tokio::test]
async fn two_hundred_cut_streams_are_gone_within_a_second_and_their_tasks_go_on() {
    let server = Server::start().await;
    let stop = Arc::new(AtomicBool::new(false));
    let (mut ids, mut workers) = (Vec::new(), Vec::new());
    for _ in 0..10 {
        ids.push(server.submit_kind("k").await);
        let lease = server.lease_one(json!({})).await;
        workers.push(tokio::spawn(work(lease, stop.clone())));
    }
    for n in 0..10 {
        server.post(&format!("/start_task/run-{n}")).await.expect(202);
    }
    let opened = (0..200).map(|n| {
        let path = match n % 3 {
            0 => format!("/api/v1/tasks/{}/events", ids[n % 10]),
            1 => "/api/v1/events?kind=k".to_owned(),
            _ => format!("/sse_progress/run-{}", n % 10),
        };
        let client = server.clone();
        async move {
            let mut watcher = client.watch(&path).await;
            soon("a first frame", watcher.item()).await.expect("a first frame");
            watcher
        }
    });
    let watchers = futures_util::future::join_all(opened).await;
    assert_eq!(open_streams(&server).await, 200);
    drop(watchers);
    // A fixed wait and one look: how long a look takes on a busy machine is not the server's fault.
    tokio::time::sleep(Duration::from_millis(950)).await;
    assert_eq!(open_streams(&server).await, 0);

    stop.store(true, Ordering::Relaxed);
    for worker in workers {
        soon("a worker", worker).await.expect("a worker that was not disturbed");
    }
    for id in ids {
        assert_eq!(server.task(&id).await["output"], "to the end");
    }
    let page = server.get("/api/v1/tasks?queue=quickstart").await.expect(200).json();
    for run in page["items"].as_array().expect("items") {
        let path = run["links"]["self"].as_str().expect("a link");
        let run = server.get(path).header("prefer", "wait=25").await.task(200);
        assert_eq!(run["state"], "succeeded", "{run}");
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
