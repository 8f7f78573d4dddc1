//! watchProgress: the tutorial's stream, byte for byte, without the tutorial's faults.

use std::time::Duration;

use milepost_tests::harness::{Ending, Item, Message, Server, Watcher, soon};

async fn start(server: &Server, name: &str) {
    server.post(&format!("/start_task/{name}")).await.expect(202);
}

fn data(messages: &[Message]) -> Vec<&str> {
    messages.iter().map(|message| message.data.as_str()).collect()
}

/// `0` to `100` and `DONE`.
fn whole_run() -> Vec<String> {
    (0..=100).map(|step| step.to_string()).chain(["DONE".to_owned()]).collect()
}

#[tokio::test]
async fn a_run_is_101_steps_and_done_and_two_watchers_get_all_of_it() {
    let server = Server::start().await;
    start(&server, "demo").await;
    let mut early = server.watch("/sse_progress/demo").await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let mut late = server.watch("/sse_progress/demo").await;
    server.post("/start_task/demo").await.expect(409);
    for watcher in [&mut early, &mut late] {
        let (messages, ending) = watcher.rest().await;
        assert_eq!(ending, Ending::Clean);
        assert_eq!(data(&messages), whole_run());
        assert!(messages.iter().all(|message| message.event == "message" && message.id.is_some()));
        assert!(messages.is_sorted_by(|a, b| a.id != b.id), "ids differ");
        let text = String::from_utf8(watcher.bytes.clone()).expect("UTF-8");
        let told: Vec<_> = text.lines().filter(|line| line.starts_with("data:")).collect();
        let wanted: Vec<_> = whole_run().iter().map(|step| format!("data: {step}")).collect();
        assert_eq!(told, wanted, "byte for byte");
        let fields = ["data: ", "id: ", "retry: "];
        let known =
            |line: &str| line.is_empty() || fields.iter().any(|field| line.starts_with(field));
        assert!(text.lines().all(known), "nothing else: {text}");
    }

    let (again, _) = server.watch("/sse_progress/demo").await.rest().await;
    assert_eq!(data(&again), whole_run(), "also after it has finished");
    let done = again.last().expect("DONE").last_id.clone();
    server.get("/sse_progress/demo").header("last-event-id", &done).await.expect(204);
    let half = again[50].last_id.clone();
    let (rest, _) = server.watch_after("/sse_progress/demo", &half).await.rest().await;
    assert_eq!(data(&rest), whole_run()[51..]);

    start(&server, "demo").await;
    let mut second = server.watch("/sse_progress/demo").await;
    assert_eq!(second.event().await.data, "0", "the stream follows the newest run");
}

#[tokio::test]
async fn the_steps_are_a_tenth_of_a_second_apart() {
    let server = Server::start().await;
    start(&server, "paced").await;
    let mut watcher = server.watch("/sse_progress/paced").await;
    watcher.event().await;
    let began = std::time::Instant::now();
    for _ in 0..20 {
        watcher.event().await;
    }
    let took = began.elapsed();
    assert!(took > Duration::from_millis(1500), "twenty steps in {took:?}");
}

#[tokio::test]
async fn a_resume_in_the_middle_goes_on_with_the_next_step() {
    let server = Server::start().await;
    start(&server, "resumed").await;
    let mut watcher = server.watch("/sse_progress/resumed").await;
    let mut seen = Vec::new();
    for cut in [3, 10, 11, 25] {
        while seen.len() < cut {
            seen.push(watcher.event().await);
        }
        let last = seen.last().expect("a step").last_id.clone();
        drop(watcher);
        tokio::time::sleep(Duration::from_millis(250)).await;
        watcher = server.watch_after("/sse_progress/resumed", &last).await;
    }
    seen.extend(watcher.rest().await.0);
    assert_eq!(data(&seen), whole_run());
}

#[tokio::test]
async fn a_watcher_that_leaves_does_not_erase_the_run() {
    let server = Server::start().await;
    start(&server, "left").await;
    drop(server.watch("/sse_progress/left").await);
    tokio::time::sleep(Duration::from_millis(300)).await;
    server.post("/start_task/left").await.expect(409);
    assert_eq!(server.watch("/sse_progress/left").await.event().await.data, "0");
}

#[tokio::test]
async fn a_cancelled_run_ends_with_failed_and_its_reason() {
    let server = Server::start().await;
    start(&server, "stopped").await;
    let mut watcher = server.watch("/sse_progress/stopped").await;
    assert_eq!(watcher.event().await.data, "0");
    let page = server.get("/api/v1/tasks?queue=quickstart").await.expect(200).json();
    let cancel = page["items"][0]["links"]["cancel"].as_str().expect("a running task").to_owned();
    server.post(&cancel).await.task(202);
    let (messages, ending) = watcher.rest().await;
    assert_eq!(ending, Ending::Clean);
    let last = &messages.last().expect("an end").data;
    let reason = last.strip_prefix("FAILED: ").unwrap_or_default();
    assert!(!reason.is_empty(), "{last}");
    assert!(!messages.iter().any(|message| message.data == "DONE"));
    let mut late = server.watch("/sse_progress/stopped").await;
    let (messages, _) = late.rest().await;
    assert_eq!(&messages.last().expect("an end").data, last);
}

#[tokio::test]
async fn a_run_that_waits_for_its_turn_is_kept_alive_each_second_without_an_id() {
    let server = Server::start().await;
    // The embedded worker runs 256 at once; the one after those waits.
    let starts = (0..256).map(|n| {
        let client = server.clone();
        async move { client.post(&format!("/start_task/n{n}")).await.expect(202) }
    });
    futures_util::future::join_all(starts).await;
    start(&server, "waits").await;
    let mut watcher: Watcher = server.watch("/sse_progress/waits").await;
    let mut kept = 0;
    while kept < 2 {
        match soon("a sign of life", watcher.item()).await {
            Some(Item::Event(message)) if message.data == "keep-alive" => {
                assert_eq!((message.id, message.event.as_str()), (None, "message"));
                kept += 1;
            }
            Some(Item::Event(message)) => panic!("{message:?} while it waits"),
            Some(_) => {}
            None => panic!("the stream ended while its run waits"),
        }
    }
}

#[tokio::test]
async fn a_cursor_from_elsewhere_shows_the_run_from_its_start() {
    let server = Server::start().await;
    start(&server, "x").await;
    for cursor in ["garbage", "00000000.1", "5"] {
        let mut watcher = server.watch_after("/sse_progress/x", cursor).await;
        assert_eq!(watcher.event().await.data, "0", "{cursor}");
    }
}
