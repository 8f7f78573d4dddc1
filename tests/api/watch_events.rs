//! watchEvents: `GET /api/v1/events`. What a stream does over time is in `tests/streams`.

use milepost_tests::harness::Server;
use serde_json::json;

use crate::generated;

#[tokio::test]
async fn one_connection_shows_all_tasks_that_match() {
    let server = Server::start().await;
    let id = server.submit_kind("wanted").await;
    server.submit_kind("unwanted").await;
    let mut watcher = server.watch("/api/v1/events?kind=wanted").await;
    let snapshot = watcher.expect("stream.snapshot").await;
    assert_eq!(
        (snapshot["tasks"].as_array().map(Vec::len), &snapshot["more"]),
        (Some(1), &json!(false))
    );
    assert_eq!(snapshot["tasks"][0]["id"], id.as_str());
    server.submit_kind("unwanted").await;
    let new = server.submit_kind("wanted").await;
    assert_eq!(watcher.expect("task.queued").await["task_id"], new.as_str());
}

#[tokio::test]
async fn a_filter_that_is_wrong_is_a_problem() {
    let server = Server::start().await;
    for query in ["state=asleep", "label=x", "task=a%2Fb", "max_seconds=-1"] {
        server.get(&format!("/api/v1/events?{query}")).await.problem(400, "");
    }
    for rate in ["inf", "-inf", "infinity", "nan", "NaN", "1e999", "0", "-1", "often"] {
        let path = format!("/api/v1/events?max_rate={rate}");
        server.get(&path).await.names_field(400, "max_rate");
    }
}

#[tokio::test]
async fn a_hundred_and_fifty_ids_fit_and_one_more_does_not() {
    let server = Server::start().await;
    let query = |count: usize| {
        (0..count).map(|n| format!("task=some-task-{n}")).collect::<Vec<_>>().join("&")
    };
    let mut watcher = server.watch(&format!("/api/v1/events?{}", query(150))).await;
    assert_eq!(watcher.expect("stream.snapshot").await["tasks"], json!([]));
    server.get(&format!("/api/v1/events?{}", query(151))).await.problem(400, "");
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = Server::start().await;
    let api = generated::client(&server);
    generated::submitted(&api, "k").await;
    let stream = api.watch_events().kind("k").max_seconds(5u64).send().await.expect("a stream");
    generated::read_until(stream.into_inner().into_inner(), "event: stream.snapshot").await;
}
