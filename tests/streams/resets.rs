//! A cursor that leads nowhere is told inside the stream: always 200, never a silent skip.

use milepost_tests::harness::{Server, Watcher};

/// Asserts a reset for this reason, without an id, and a snapshot after it.
async fn assert_reset(watcher: &mut Watcher, reason: &str, after: &str) {
    let message = watcher.event().await;
    assert_eq!(message.event, "stream.reset", "{after}: {message:?}");
    assert_eq!(message.json()["reason"], reason, "{after}");
    assert_eq!(message.id, None, "a reset has no id");
    let snapshot = watcher.event().await;
    assert_eq!(snapshot.event, "stream.snapshot", "{after}");
    assert!(snapshot.id.is_some());
}

#[tokio::test]
async fn garbage_future_and_other_epochs_are_reset_on_every_stream() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    let cursor = server.task(&id).await["cursor"].as_str().expect("a cursor").to_owned();
    let (epoch, _) = cursor.split_once('.').expect("a cursor");
    let other = if epoch == "00000000" { "00000001" } else { "00000000" };
    let cases = [
        ("garbage".to_owned(), "garbage"),
        ("5".to_owned(), "garbage"),
        (".".to_owned(), "garbage"),
        (format!("{epoch}."), "garbage"),
        (format!("{epoch}.x"), "garbage"),
        (format!("{epoch}.-1"), "garbage"),
        (format!("{epoch}.1.1"), "garbage"),
        (format!("{}.1", epoch.to_uppercase() + "Z"), "garbage"),
        (format!("{epoch}.99999999999999999999999999"), "garbage"),
        ("x".repeat(4000), "garbage"),
        ("\u{feff}{\"a\":1}".to_owned(), "garbage"),
        (format!("{epoch}.2"), "future"),
        (format!("{epoch}.18446744073709551615"), "future"),
        (format!("{other}.1"), "epoch"),
        (format!("{other}.99999"), "epoch"),
    ];
    for path in [format!("/api/v1/tasks/{id}/events"), "/api/v1/events".to_owned()] {
        for (after, reason) in &cases {
            let mut watcher = server.watch_after(&path, after).await;
            assert_reset(&mut watcher, reason, after).await;
        }
        let mut watcher = server.watch(&format!("{path}?after=%00%0A%FF")).await;
        assert_reset(&mut watcher, "garbage", "%00%0A%FF").await;
    }
}

#[tokio::test]
async fn bytes_that_are_no_text_are_garbage_too() {
    let server = Server::start().await;
    let mut connection = milepost_tests::harness::Connection::open(server.address()).await;
    let mut request =
        format!("GET /api/v1/events HTTP/1.1\r\nHost: {}\r\nLast-Event-ID: ", server.address())
            .into_bytes();
    request.extend_from_slice(b"\xff\xfe\xc3\r\n\r\n");
    connection.send(&request).await;
    let head = milepost_tests::harness::soon("a head", connection.head()).await.expect("a head");
    assert_eq!(head.status, 200, "{head:?}");
}

#[tokio::test]
async fn a_reset_done_task_is_a_snapshot_and_the_end() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    server.post(&format!("/api/v1/tasks/{id}/cancel")).await.task(202);
    let mut watcher = server.watch_after(&format!("/api/v1/tasks/{id}/events"), "old").await;
    assert_reset(&mut watcher, "garbage", "old").await;
    watcher.expect("stream.end").await;
}

#[tokio::test]
async fn the_header_wins_over_after_which_wins_over_from() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    server.lease_one(serde_json::json!({})).await;
    let first = server.history(&id).await[0]["cursor"].as_str().expect("a cursor").to_owned();
    let path = format!("/api/v1/tasks/{id}/events");
    let mut watcher = server.watch_after(&format!("{path}?after=garbage&from=start"), &first).await;
    watcher.expect("task.started").await;
    let mut watcher = server.watch(&format!("{path}?after={first}&from=start")).await;
    watcher.expect("task.started").await;
    let mut watcher = server.watch_after(&format!("{path}?after={first}"), "garbage").await;
    watcher.expect("stream.reset").await;
    let mut watcher = server.watch(&format!("{path}?from=start")).await;
    watcher.expect("task.queued").await;
}

#[tokio::test]
async fn position_zero_is_before_everything() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    let cursor = server.task(&id).await["cursor"].as_str().expect("a cursor").to_owned();
    let (epoch, _) = cursor.split_once('.').expect("a cursor");
    let mut watcher = server.watch_after("/api/v1/events", &format!("{epoch}.0")).await;
    watcher.expect("task.queued").await;
}
