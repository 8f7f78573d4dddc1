//! bulkRetryTasks: `POST /api/v1/bulk/retry`.

use milepost_client::types;
use milepost_tests::harness::Server;
use serde_json::json;

use crate::{
    bulk::{counts, listed, many},
    generated,
};

const PATH: &str = "/api/v1/bulk/retry";

#[tokio::test]
async fn those_that_failed_or_were_cancelled_get_a_new_round() {
    let server = Server::start().await;
    let waits = server.submit_kind("waits").await;
    let cancelled = server.submit_kind("k").await;
    server.post(&format!("/api/v1/tasks/{cancelled}/cancel")).await.task(202);
    let failed = server.submit_kind("k").await;
    let lease = server.lease_one(json!({"kinds": ["k"]})).await;
    let error = json!({"error": {"type": "broken", "title": "Broken"}, "retryable": false});
    lease.fail(error).await.task(200);
    let body = json!({"filter": {"states": ["failed"]}});
    let run = server.post(PATH).json(&body).await.task(202);
    assert_eq!(run["kind"], "milepost.bulk.retry");
    assert_eq!(counts(&server, &run).await, [1, 1, 0]);
    assert_eq!(server.task(&failed).await["state"], "queued");
    assert_eq!(server.task(&cancelled).await["state"], "cancelled");
    let body = json!({"filter": {"queue": "default"}});
    let run = server.post(PATH).json(&body).await.task(202);
    assert_eq!(counts(&server, &run).await, [1, 1, 0], "those that wait are left out");
    assert_eq!(server.task(&cancelled).await["state"], "queued");
    assert_eq!(server.types(&waits).await, ["queued"]);
    let states = json!({"filter": {"states": ["queued"]}});
    server.post(PATH).json(&states).await.names_field(400, "filter.states");
}

#[tokio::test]
async fn dead_letters_are_retried_by_what_they_died_of() {
    let server = Server::start().await;
    let mut ids = Vec::new();
    for error in ["timeout-upstream", "broken", "refused"] {
        ids.push(server.submit_kind("k").await);
        let lease = server.lease_one(json!({"kinds": ["k"]})).await;
        lease.fail(json!({"error": {"type": error}, "retryable": false})).await.task(200);
    }
    let body = json!({"filter": {"error_types": ["broken", "timeout-upstream", "broken"]}});
    let run = server.post(PATH).json(&body).await.task(202);
    assert_eq!(counts(&server, &run).await, [2, 2, 0]);
    assert_eq!(server.task(&ids[0]).await["state"], "queued");
    assert_eq!(server.task(&ids[2]).await["state"], "failed");
    let run = server.post(PATH).json(&body).await.task(202);
    assert_eq!(counts(&server, &run).await, [0, 0, 0], "a new round has no error yet");
    let wrong = json!({"filter": {"error_types": ["broken", "two\nlines"]}});
    server.post(PATH).json(&wrong).await.names_field(400, "filter.error_types[1]");
}

#[tokio::test]
async fn one_whose_unique_key_somebody_else_has_is_skipped() {
    let server = Server::start().await;
    let task = json!({"kind": "k", "unique_key": "one"});
    let first = milepost_tests::harness::id_of(&server.submit(task.clone()).await);
    server.post(&format!("/api/v1/tasks/{first}/cancel")).await.task(202);
    server.submit(task).await;
    let run = server.post(PATH).json(&json!({"filter": {"kind": "k"}})).await.task(202);
    assert_eq!(counts(&server, &run).await, [1, 0, 1]);
    assert_eq!(server.task(&first).await["state"], "cancelled");
}

#[tokio::test]
async fn more_than_a_page_of_them_is_retried_each_once() {
    let server = Server::start().await;
    let ids = many(&server, "k", 500).await;
    let kind = json!({"filter": {"kind": "k"}});
    let run = server.post("/api/v1/bulk/cancel").json(&kind).await.task(202);
    assert_eq!(counts(&server, &run).await, [500, 500, 0]);
    let run = server.post(PATH).json(&kind).await.task(202);
    assert_eq!(counts(&server, &run).await, [500, 500, 0]);
    assert_eq!(listed(&server, "kind=k&state=cancelled").await, 0);
    for id in [&ids[0], &ids[499]] {
        assert_eq!(server.types(id).await, ["queued", "cancelled", "queued"]);
    }
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = Server::start().await;
    let api = generated::client(&server);
    let retry = |filter: types::builder::BulkSelection| {
        api.bulk_retry_tasks().body_map(|body| body.filter(filter).dry_run(true)).send()
    };
    retry(types::BulkSelection::builder().kind("k".to_owned())).await.expect("the run");
    let nothing = retry(types::BulkSelection::builder()).await;
    generated::assert_refused(nothing, 400, "invalid-request");
}
