//! watchTask: `GET /api/v1/tasks/{id}/events`. What a stream does over time is in `tests/streams`.

use milepost_tests::harness::{Ending, Server};
use serde_json::json;

use crate::generated;

#[tokio::test]
async fn a_snapshot_then_what_happens_then_the_end() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    let mut watcher = server.watch(&format!("/api/v1/tasks/{id}/events")).await;
    let snapshot = watcher.expect("stream.snapshot").await;
    assert_eq!(snapshot["tasks"][0]["id"], id.as_str());
    server.lease_one(json!({})).await.complete(json!(1)).await.expect(200);
    watcher.expect("task.started").await;
    assert_eq!(watcher.expect("task.succeeded").await["task"]["output"], 1);
    watcher.expect("stream.end").await;
    let (rest, ending) = watcher.rest().await;
    assert_eq!((rest.len(), ending), (0, Ending::Clean));
}

#[tokio::test]
async fn a_stream_that_cannot_be_is_a_problem() {
    let server = Server::start().await;
    server.get("/api/v1/tasks/nobody/events").await.problem(404, "");
    let id = server.submit_kind("k").await;
    for query in ["max_seconds=0", "max_seconds=x", "from=end"] {
        let path = format!("/api/v1/tasks/{id}/events?{query}");
        server.get(&path).await.problem(400, "");
    }
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = Server::start().await;
    let api = generated::client(&server);
    let task = generated::submitted(&api, "k").await;
    let stream = api.watch_task().id(&task.id).send().await.expect("a stream").into_inner();
    let text = generated::read_until(stream.into_inner(), "\n\n").await;
    assert!(text.starts_with("retry: "), "{text}");
    let refused = api.watch_task().id("nobody").send().await.map(|_| ());
    generated::assert_refused(refused, 404, "task-not-found");
}
