//! openEventStream: `POST /api/v1/event-streams`. What a stream does over time is in
//! `tests/streams`.

use milepost_client::types;
use milepost_tests::harness::Server;
use serde_json::{Value, json};

use crate::generated;

const PATH: &str = "/api/v1/event-streams";

fn ids(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("some-task-{n}")).collect()
}

#[tokio::test]
async fn without_a_filter_it_is_about_every_task() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    for body in [json!({}), json!({"filters": null}), json!({"filters": [{}]})] {
        let mut watcher = server.watch_by(PATH, &body).await;
        assert_eq!(watcher.head.header("content-type"), Some("text/event-stream"));
        assert_eq!(watcher.head.header("cache-control"), Some("no-store, no-transform"));
        assert_eq!(watcher.head.header("x-accel-buffering"), Some("no"));
        let snapshot = watcher.expect("stream.snapshot").await;
        assert_eq!(snapshot["tasks"][0]["id"], id.as_str());
        assert_eq!((&snapshot["more"], snapshot.get("fresh")), (&json!(false), None));
    }
}

#[tokio::test]
async fn every_part_of_a_filter_chooses() {
    let server = Server::start().await;
    let wanted = json!({"kind": "k", "queue": "q", "labels": {"team": "red"}});
    let id = server.submit(wanted).await["id"].clone();
    for other in [
        json!({"kind": "other", "queue": "q", "labels": {"team": "red"}}),
        json!({"kind": "k", "labels": {"team": "red"}}),
        json!({"kind": "k", "queue": "q", "labels": {"team": "blue"}}),
    ] {
        server.submit(other).await;
    }
    let filter = json!({
        "tasks": null, "queue": "q", "kind": "k", "states": ["queued", "running"],
        "labels": {"team": "red"},
    });
    let mut watcher = server.watch_by(PATH, &json!({"filters": [filter]})).await;
    let snapshot = watcher.expect("stream.snapshot").await;
    assert_eq!(snapshot["tasks"].as_array().map(Vec::len), Some(1));
    assert_eq!(snapshot["tasks"][0]["id"], id);
}

#[tokio::test]
async fn five_hundred_ids_and_sixty_four_filters_fit_and_one_more_does_not() {
    let server = Server::start().await;
    let spread = |count: usize| -> Value {
        let all = ids(count);
        all.chunks(8).map(|ids| json!({"tasks": ids})).collect()
    };
    for filters in [json!([{"tasks": ids(500)}]), spread(500)] {
        let body = json!({"filters": filters, "fresh": filters});
        let mut watcher = server.watch_by(PATH, &body).await;
        assert_eq!(watcher.expect("stream.snapshot").await["tasks"], json!([]));
    }
    let many: Value = (0..65).map(|n| json!({"kind": n.to_string()})).collect();
    for (field, filters, named) in [
        ("filters", json!([{"tasks": ids(501)}]), "filters[0].tasks"),
        ("filters", json!([{"tasks": ids(400)}, {"tasks": ids(101)}]), "filters[1].tasks"),
        ("filters", many.clone(), "filters"),
        ("fresh", json!([{"kind": "k"}, {"tasks": ids(501)}]), "fresh[1].tasks"),
        ("fresh", many, "fresh"),
    ] {
        let answer = server.post(PATH).json(&json!({field: filters})).await;
        answer.names_field(400, named);
    }
}

#[tokio::test]
async fn what_is_wrong_is_named_by_its_field() {
    let server = Server::start().await;
    for (body, field) in [
        (json!({"filters": []}), "filters"),
        (json!({"filters": {}}), "filters"),
        (json!({"filters": [[]]}), "filters[0]"),
        (json!({"filters": [{}, {"tasks": ["a/b"]}]}), "filters[1].tasks[0]"),
        (json!({"filters": [{"tasks": []}]}), "filters[0].tasks"),
        (json!({"filters": [{"tasks": "a"}]}), "filters[0].tasks"),
        (json!({"filters": [{"states": []}]}), "filters[0].states"),
        (json!({"filters": [{"states": ["asleep"]}]}), "filters[0].states[0]"),
        (json!({"filters": [{"labels": ["a=b"]}]}), "filters[0].labels"),
        (json!({"filters": [{"task": ["a"]}]}), "filters[0].task"),
        (json!({"fresh": [{"tasks": [""]}]}), "fresh[0].tasks[0]"),
        (json!({"filter": []}), "filter"),
        (json!({"from": "end"}), "from"),
        (json!({"after": 5}), "after"),
        (json!({"max_rate": 0}), "max_rate"),
        (json!({"max_seconds": 0}), "max_seconds"),
        (json!({"max_seconds": 86_401}), "max_seconds"),
    ] {
        let answer = server.post(PATH).json(&body).await;
        println!("{body}");
        answer.names_field(400, field);
    }
    server.post(PATH).await.problem(415, "unsupported-media-type");
    server.post(PATH).body("application/json", "").await.problem(400, "malformed-body");
    server.post(PATH).body("application/json", "{").await.problem(400, "malformed-body");
}

#[tokio::test]
async fn the_header_goes_before_after_and_that_before_from() {
    let server = Server::start().await;
    let first = server.submit_kind("k").await;
    let end = server.get("/api/v1/system").await.json()["log_end"].clone();
    let second = server.submit_kind("k").await;
    let body = json!({"after": end, "from": "start"});
    let mut watcher = server.watch_by(PATH, &body).await;
    assert_eq!(watcher.expect("task.queued").await["task_id"], second.as_str());
    let mut watcher = server.watch_by(PATH, &json!({"from": "start"})).await;
    assert_eq!(watcher.expect("task.queued").await["task_id"], first.as_str());
    let api = generated::client(&server);
    let request = api.open_event_stream().last_event_id("garbage");
    let body = types::WatchRequest { after: end.as_str().map(str::to_owned), ..Default::default() };
    let stream = request.body(body).send().await.expect("a stream");
    generated::read_until(stream.into_inner().into_inner(), "event: stream.reset").await;
}

#[tokio::test]
async fn it_ends_when_it_was_told_to() {
    let server = Server::start().await;
    let watcher = server.watch_by(PATH, &json!({"max_seconds": 1})).await;
    let (events, _) = { watcher }.rest().await;
    assert_eq!(events.len(), 1, "the snapshot");
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = Server::start().await;
    let api = generated::client(&server);
    generated::submitted(&api, "k").await;
    let filter = types::WatchFilter { kind: Some("k".to_owned()), ..Default::default() };
    let body = types::WatchRequest { filters: vec![filter], ..Default::default() };
    let stream = api.open_event_stream().body(body).send().await.expect("a stream");
    generated::read_until(stream.into_inner().into_inner(), "event: stream.snapshot").await;
    let filter = types::WatchFilter { tasks: vec!["a/b".to_owned()], ..Default::default() };
    let body = types::WatchRequest { filters: vec![filter], ..Default::default() };
    let refused = api.open_event_stream().body(body).send().await.map(drop);
    generated::assert_refused(refused, 400, "invalid-request");
}
