//! bulkDeleteTasks: `POST /api/v1/bulk/delete`.

use milepost_client::types;
use milepost_tests::harness::Server;
use serde_json::json;

use crate::{
    bulk::{counts, listed, many},
    generated,
};

const PATH: &str = "/api/v1/bulk/delete";

#[tokio::test]
async fn those_that_are_done_are_deleted_and_the_others_stay() {
    let server = Server::start().await;
    many(&server, "k", 500).await;
    let kind = json!({"filter": {"kind": "k"}});
    let run = server.post("/api/v1/bulk/cancel").json(&kind).await.task(202);
    assert_eq!(counts(&server, &run).await, [500, 500, 0]);
    let waits = server.submit_kind("k").await;
    let dry = json!({"filter": {"kind": "k"}, "dry_run": true});
    let run = server.post(PATH).json(&dry).await.task(202);
    assert_eq!(counts(&server, &run).await, [500, 0, 0]);
    let run = server.post(PATH).json(&kind).await.task(202);
    assert_eq!(run["kind"], "milepost.bulk.delete");
    assert_eq!(counts(&server, &run).await, [500, 500, 0]);
    assert_eq!(listed(&server, "kind=k").await, 1);
    assert_eq!(server.task(&waits).await["state"], "queued");
    let states = json!({"filter": {"states": ["running"]}});
    server.post(PATH).json(&states).await.names_field(400, "filter.states");
}

#[tokio::test]
async fn a_part_of_the_filter_that_is_empty_is_refused_and_does_not_mean_all() {
    let server = Server::start().await;
    for (field, empty) in
        [("states", json!([])), ("error_types", json!([])), ("labels", json!({})), ("q", json!(""))]
    {
        let mut body = json!({"filter": {"queue": "default"}});
        body["filter"][field] = empty;
        server.post(PATH).json(&body).await.names_field(400, &format!("filter.{field}"));
    }
}

#[tokio::test]
async fn a_parent_whose_children_are_not_done_is_skipped() {
    let server = Server::start().await;
    let parent = server.submit_kind("parent").await;
    server.submit(json!({"kind": "child", "parent_id": parent})).await;
    let lease = server.lease_one(json!({"kinds": ["parent"]})).await;
    lease.complete(json!(1)).await.task(200);
    let run = server.post(PATH).json(&json!({"filter": {"kind": "parent"}})).await.task(202);
    assert_eq!(counts(&server, &run).await, [1, 0, 1]);
    assert_eq!(server.task(&parent).await["state"], "succeeded");
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = Server::start().await;
    let api = generated::client(&server);
    let delete = |filter: types::builder::BulkSelection| {
        api.bulk_delete_tasks().body_map(|body| body.filter(filter).dry_run(true)).send()
    };
    delete(types::BulkSelection::builder().kind("k".to_owned())).await.expect("the run");
    let nothing = delete(types::BulkSelection::builder()).await;
    generated::assert_refused(nothing, 400, "invalid-request");
}
