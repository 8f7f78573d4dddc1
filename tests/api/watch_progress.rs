//! watchProgress: `GET /sse_progress/{id}`, the tutorial's. The whole story is in `tests/streams`.

use milepost_tests::harness::{Ending, Server};

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
