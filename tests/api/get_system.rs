//! getSystem: `GET /api/v1/system`.

use milepost_tests::harness::{Server, cursor_position};
use serde_json::json;

use crate::generated;

#[tokio::test]
async fn it_says_what_runs_and_how_much() {
    let server = Server::start().await;
    server.submit_kind("k").await;
    server.submit_kind("k").await;
    server.lease_one(json!({})).await;
    let system = server.get("/api/v1/system").await.expect(200).json();
    assert_eq!(system["store"], "sqlite");
    assert_eq!((&system["running_tasks"], &system["queued_tasks"]), (&json!(1), &json!(1)));
    assert_eq!(system["open_streams"], 0);
    assert_eq!(cursor_position(&system["log_end"]), 3);
    let end = system["log_end"].as_str().expect("a cursor");
    assert_eq!(system["epoch"].as_str(), end.split('.').next());
    assert!(system["uptime_seconds"].is_number() && system["started_at"].is_string());
    assert_eq!(system["limits"]["max_body_bytes"], 1024 * 1024);
    assert_eq!(system["limits"]["max_tasks_per_lease"], 100);
    assert_eq!(system["limits"]["max_lease_seconds"], 3600);
    assert_eq!(system["limits"]["max_wait_seconds"], 60);
    assert_eq!(system["limits"]["max_tasks_per_stream"], 150);
    assert_eq!(system["limits"]["max_tasks_per_event_stream"], 500);
    assert_eq!(system["limits"]["max_filters_per_event_stream"], 64);
    let document = server.get("/openapi.json").await.expect(200).json();
    assert_eq!(system["api_version"], document["info"]["version"]);
}

#[tokio::test]
async fn the_epoch_survives_a_restart_and_differs_between_databases() {
    let mut server = Server::start().await;
    let epoch = |system: &serde_json::Value| system["epoch"].as_str().expect("an epoch").to_owned();
    let before = epoch(&server.get("/api/v1/system").await.json());
    server.terminate().await;
    server.restart().await;
    assert_eq!(epoch(&server.get("/api/v1/system").await.json()), before);
    let other = Server::start().await;
    assert_ne!(epoch(&other.get("/api/v1/system").await.json()), before);
}

#[tokio::test]
async fn counts_survive_a_crash() {
    let mut server = Server::start().await;
    for _ in 0..3 {
        server.submit_kind("k").await;
    }
    server.lease_one(json!({})).await;
    server.kill9().await;
    server.restart().await;
    let system = server.get("/api/v1/system").await.expect(200).json();
    assert_eq!((&system["running_tasks"], &system["queued_tasks"]), (&json!(1), &json!(2)));
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = Server::start().await;
    let api = generated::client(&server);
    let task = generated::submitted(&api, "k").await;
    let system = api.get_system().send().await.expect("the system");
    assert_eq!((system.queued_tasks, &system.log_end), (1, &task.cursor));
}
