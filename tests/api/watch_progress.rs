//! watchProgress: `GET /sse_progress/{id}`, the tutorial's. The whole story is in `tests/streams`.

use milepost_tests::harness::{Ending, Server};

use crate::generated;

#[tokio::test]
async fn a_name_nobody_started_is_told_and_the_stream_ends() {
    let server = Server::start().await;
    let mut watcher = server.watch("/sse_progress/nobody").await;
    let message = watcher.event().await;
    assert_eq!(
        (message.event.as_str(), message.data.as_str()),
        ("message", "Task not found or not started")
    );
    let (rest, ending) = watcher.rest().await;
    assert_eq!((rest.len(), ending), (0, Ending::Clean));
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = Server::start().await;
    let api = generated::client(&server);
    api.start_task().id("demo").send().await.expect("an answer");
    let stream = api.watch_progress().id("demo").send().await.expect("a stream").into_inner();
    generated::read_until(stream.into_inner(), "data: 3\n").await;
}
