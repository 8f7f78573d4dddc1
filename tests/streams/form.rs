//! The form of a stream: its headers, its first bytes, its frames, and what keeps it alive.

use std::time::{Duration, Instant};

use milepost_tests::harness::{Ending, Item, Server, cursor_position};
use serde_json::json;

#[tokio::test]
async fn a_stream_has_the_headers_that_keep_proxies_off_it() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    server.post("/start_task/x").await.expect(202);
    let paths =
        [format!("/api/v1/tasks/{id}/events"), "/api/v1/events".into(), "/sse_progress/x".into()];
    for path in paths {
        let headers = [("Accept-Encoding", "gzip, br, deflate, zstd")];
        let watcher = server.watch_with(&path, &headers).await;
        let header = |name: &str| watcher.head.header(name).unwrap_or_default().to_owned();
        let kind = header("content-type");
        assert!(
            kind == "text/event-stream" || kind == "text/event-stream; charset=utf-8",
            "{kind}"
        );
        assert_eq!(header("cache-control"), "no-store, no-transform", "{path}");
        assert_eq!(header("x-accel-buffering"), "no", "{path}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header("content-encoding"), "", "{path}");
        assert!(header("vary").to_lowercase().contains("origin"), "{path}");
    }
}

#[tokio::test]
async fn the_first_bytes_are_a_jittered_retry() {
    let server = Server::start().await;
    let mut seen = Vec::new();
    for _ in 0..8 {
        let mut watcher = server.watch("/api/v1/events").await;
        match watcher.item().await {
            Some(Item::Retry(milliseconds)) => seen.push(milliseconds),
            other => panic!("a stream begins with retry:, not {other:?}"),
        }
        watcher.expect("stream.snapshot").await;
    }
    assert!(seen.iter().all(|milliseconds| (1000..=3000).contains(milliseconds)), "{seen:?}");
    assert!(seen.iter().any(|milliseconds| *milliseconds != seen[0]), "no jitter: {seen:?}");
}

#[tokio::test]
async fn every_frame_of_the_log_has_id_event_and_one_line_of_data() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    let mut watcher = server.watch(&format!("/api/v1/tasks/{id}/events")).await;
    let lease = server.lease_one(json!({})).await;
    lease.report(json!({"progress": {"percent": 5}})).await.expect(200);
    lease.report(json!({"logs": [{"text": "one\ntwo"}]})).await.expect(200);
    lease.complete(json!(1)).await.expect(200);
    let (messages, ending) = watcher.rest().await;
    assert_eq!(ending, Ending::Clean);
    assert!(!watcher.is_amid_a_frame());
    for message in &messages {
        let data = message.json();
        assert_eq!(data["type"], message.event.as_str());
        assert!(!message.data.contains('\n'), "one object, one line: {message:?}");
        if message.event.starts_with("task.") {
            assert_eq!(data["cursor"].as_str(), message.id.as_deref(), "{message:?}");
        }
    }
    let events: Vec<_> = messages.iter().map(|message| message.event.as_str()).collect();
    let wanted = [
        "stream.snapshot",
        "task.started",
        "task.progress",
        "task.log",
        "task.succeeded",
        "stream.end",
    ];
    assert_eq!(events, wanted);
}

#[tokio::test]
async fn hostile_strings_are_one_event_each() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    let mut watcher = server.watch(&format!("/api/v1/tasks/{id}/events")).await;
    watcher.expect("stream.snapshot").await;
    let lease = server.lease_one(json!({})).await;
    watcher.expect("task.started").await;
    let texts = [
        "\r",
        "\n",
        "\r\n",
        "\n\n",
        "\u{0}",
        "\u{feff}",
        "\u{2028}\u{2029}\u{85}\u{b}\u{c}",
        "a\rid: 99\revent: evil\rdata: x\r\r",
        "a\n\nid: 99\nevent: evil\ndata: x\n\n",
        ": comment",
        "data: x",
        "\u{1f600}\u{10ffff}",
        "\\n\\r\\u0000",
        "</script>",
    ];
    for text in texts {
        lease.report(json!({"progress": {"message": text}})).await.expect(200);
        assert_eq!(watcher.expect("task.progress").await["progress"]["message"], text);
        lease.report(json!({"logs": [{"text": text}]})).await.expect(200);
        let log = watcher.event().await;
        assert_eq!(log.event, "task.log");
        assert_eq!(log.json()["lines"][0]["text"], text);
        assert_eq!(log.id.as_deref(), log.json()["cursor"].as_str());
        // A progress event may be withheld for 50 ms after the last one; keep them apart.
        tokio::time::sleep(Duration::from_millis(60)).await;
    }
    lease.complete(json!({"texts": texts})).await.expect(200);
    let (_, done) = watcher.until("task.succeeded").await;
    assert_eq!(done["task"]["output"]["texts"], json!(texts));
    watcher.expect("stream.end").await;
    assert_eq!(watcher.rest().await.0.len(), 0);
}

#[tokio::test]
async fn frames_stay_within_32_kib_whatever_is_reported() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    let mut watcher = server.watch(&format!("/api/v1/tasks/{id}/events")).await;
    let lease = server.lease_one(json!({})).await;
    let lines: Vec<_> =
        (0..200).map(|n| json!({"text": format!("{n} {}", "\u{1}".repeat(500))})).collect();
    lease.report(json!({"logs": lines})).await.expect(200);
    lease.complete(json!("x".repeat(500_000))).await.expect(200);
    let (messages, _) = watcher.rest().await;
    assert!(messages.iter().all(|message| message.data.len() <= 32 * 1024));
    let count: usize = messages
        .iter()
        .filter_map(|message| message.json()["lines"].as_array().map(Vec::len))
        .sum();
    assert_eq!(count, 200, "every line arrived");
}

#[tokio::test]
async fn a_line_too_long_for_a_frame_arrives_whole_or_is_refused() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    let mut watcher = server.watch(&format!("/api/v1/tasks/{id}/events")).await;
    let lease = server.lease_one(json!({})).await;
    let line = "long ".repeat(20_000);
    let answer = lease.report(json!({"logs": [{"text": line}]})).await;
    if answer.status == 400 {
        return;
    }
    answer.expect(200);
    lease.complete(json!(1)).await.expect(200);
    let (messages, _) = watcher.rest().await;
    assert!(messages.iter().all(|message| message.data.len() <= 32 * 1024));
    let text: String = messages
        .iter()
        .flat_map(|message| message.json()["lines"].as_array().cloned().unwrap_or_default())
        .map(|line| line["text"].as_str().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(text, line, "cut, and nothing lost");
}

#[tokio::test]
async fn a_quiet_watchers_cursor_moves_with_its_keep_alives() {
    let server = Server::start().await;
    let mut quiet = server.watch("/api/v1/events?kind=never").await;
    quiet.expect("stream.snapshot").await;
    for _ in 0..5 {
        server.submit_kind("other").await;
    }
    let began = Instant::now();
    let kept_alive = tokio::time::timeout(Duration::from_secs(25), quiet.item()).await;
    let id = match kept_alive.expect("a keep-alive within 25 s") {
        Some(Item::Id(id)) => id,
        other => panic!("only a keep-alive was to come, not {other:?}"),
    };
    assert!(began.elapsed() > Duration::from_secs(5), "a keep-alive is for the quiet");
    assert_eq!(cursor_position(&json!(id)), 5, "it was read through to the log's end");
    let mut resumed = server.watch_after("/api/v1/events?kind=never", &id).await;
    let new = server.submit_kind("never").await;
    assert_eq!(resumed.expect("task.queued").await["task_id"], new.as_str(), "no snapshot, no gap");
    assert_eq!(quiet.expect("task.queued").await["task_id"], new.as_str());
}

#[tokio::test]
async fn max_seconds_ends_a_stream_politely() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    for path in [format!("/api/v1/tasks/{id}/events"), "/api/v1/events".to_owned()] {
        let began = Instant::now();
        let mut watcher = server.watch(&format!("{path}?max_seconds=1")).await;
        watcher.expect("stream.snapshot").await;
        let (_, ending) = watcher.rest().await;
        assert_eq!(ending, Ending::Clean);
        assert!(began.elapsed() >= Duration::from_millis(900), "it ended too soon");
    }
}

#[tokio::test]
async fn head_of_a_stream_opens_none() {
    let server = Server::start().await;
    let request = format!(
        "HEAD /api/v1/events HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
        server.address()
    );
    let mut connection = milepost_tests::harness::Connection::open(server.address()).await;
    connection.send(request.as_bytes()).await;
    let head = milepost_tests::harness::soon("a head", connection.head()).await.expect("a head");
    assert!(matches!(head.status, 200 | 405), "{head:?}");
    let system = server.get("/api/v1/system").await.expect(200).json();
    assert_eq!(system["open_streams"], 0);
}
