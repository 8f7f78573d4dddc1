//! bulkCancelTasks: `POST /api/v1/bulk/cancel`.

use milepost_client::types;
use milepost_tests::harness::{Server, id_of};
use serde_json::{Value, json};

use crate::{
    bulk::{counts, ended, listed, many},
    generated,
};

const PATH: &str = "/api/v1/bulk/cancel";

/// The run of a request that is taken.
async fn start(server: &Server, body: Value) -> Value {
    server.post(PATH).json(&body).await.task(202)
}

#[tokio::test]
async fn each_part_of_the_filter_must_match() {
    let server = Server::start().await;
    let parent = id_of(&server.submit(json!({"kind": "parent", "queue": "families"})).await);
    let task = json!({"kind": "a.one", "queue": "one", "labels": {"x": "1", "y": "2"}});
    server.submit(task).await;
    server.submit(json!({"kind": "b", "queue": "one", "labels": {"x": "1"}})).await;
    server.submit(json!({"kind": "a", "queue": "two", "parent_id": parent})).await;
    server.submit(json!({"kind": "a", "queue": "two", "delay_seconds": 3600})).await;
    for (filter, matched) in [
        (json!({"queue": "one"}), 2),
        (json!({"kind": "a"}), 2),
        (json!({"queue": "two", "kind": "b"}), 0),
        (json!({"labels": {"x": "1"}}), 2),
        (json!({"labels": {"x": "1", "y": "2"}}), 1),
        (json!({"parent": parent}), 1),
        (json!({"states": ["scheduled"]}), 1),
        (json!({"states": ["scheduled", "queued"]}), 5),
        (json!({"states": ["scheduled", "succeeded"]}), 1),
        (json!({"q": "A.O"}), 1),
        (json!({"created_after": "2020-01-01T00:00:00Z"}), 5),
        (json!({"created_before": "2020-01-01T00:00:00Z"}), 0),
    ] {
        let run = start(&server, json!({"filter": filter, "dry_run": true})).await;
        assert_eq!(counts(&server, &run).await, [matched, 0, 0], "{filter}");
    }
    assert_eq!(listed(&server, "state=cancelled").await, 0, "a dry run changes nothing");
    let run = start(&server, json!({"filter": {"queue": "one", "labels": {"y": "2"}}})).await;
    assert_eq!(counts(&server, &run).await, [1, 1, 0]);
    assert_eq!(listed(&server, "state=cancelled").await, 1);
    assert_eq!(listed(&server, "state=cancelled&kind=a.one").await, 1);
}

#[tokio::test]
async fn a_thousand_tasks_are_cancelled_and_those_that_are_done_or_of_others_are_left() {
    let server = Server::start().await;
    let done = server.submit_kind("k").await;
    server.lease_one(json!({})).await.complete(json!("kept")).await.task(200);
    let other = server.submit_kind("other").await;
    let ids = many(&server, "k", 1000).await;
    let run = start(&server, json!({"filter": {"kind": "k"}})).await;
    assert_eq!((&run["kind"], &run["queue"]), (&json!("milepost.bulk.cancel"), &json!("milepost")));
    assert_eq!(counts(&server, &run).await, [1000, 1000, 0]);
    for id in [&ids[0], &ids[500], &ids[999]] {
        assert_eq!(server.types(id).await, ["queued", "cancelled"]);
    }
    assert_eq!(server.task(&done).await["output"], "kept");
    assert_eq!(server.task(&other).await["state"], "queued");
    assert_eq!(listed(&server, "kind=k&state=queued").await, 0);
}

#[tokio::test]
async fn a_running_task_is_asked_to_end() {
    let server = Server::start().await;
    server.submit_kind("k").await;
    let lease = server.lease_one(json!({})).await;
    let run = start(&server, json!({"filter": {"states": ["running"]}})).await;
    assert_eq!(counts(&server, &run).await, [1, 1, 0]);
    let answer = lease.report(json!({})).await.expect(200).json();
    assert_eq!(answer["cancel_requested"], true);
}

#[tokio::test]
async fn whoever_watches_the_run_sees_how_far_it_is() {
    let server = Server::start().await;
    many(&server, "k", 500).await;
    let run = start(&server, json!({"filter": {"kind": "k"}})).await;
    let mut watcher =
        server.watch(&format!("/api/v1/tasks/{}/events?from=start", id_of(&run))).await;
    let (before, _) = watcher.until("task.succeeded").await;
    let told: Vec<Value> = server
        .history(&id_of(&run))
        .await
        .into_iter()
        .filter(|event| event["type"] == "task.progress")
        .collect();
    assert!(!told.is_empty() && !before.is_empty());
    for event in &told {
        assert!(event["progress"]["message"].is_string(), "{event}");
    }
    let run = ended(&server, &run).await;
    let progress = &run["progress"];
    assert_eq!((&progress["total"], &progress["unit"]), (&json!(500.0), &json!("tasks")));
}

#[tokio::test]
async fn a_filter_that_says_nothing_and_fields_that_are_wrong_are_refused_by_name() {
    let server = Server::start().await;
    for (filter, field) in [
        (json!({}), "filter"),
        (json!({"queue": null}), "filter"),
        (json!({"q": ""}), "filter.q"),
        (json!({"states": ["succeeded"]}), "filter.states"),
        (json!({"queue": ""}), "filter.queue"),
        (json!({"kind": "a b\n"}), "filter.kind"),
        (json!({"parent": ".."}), "filter.parent"),
        (json!({"q": "x".repeat(129)}), "filter.q"),
        (json!({"created_after": "yesterday"}), "filter.created_after"),
        (json!({"states": ["sleeping"]}), "filter.states[0]"),
    ] {
        let answer = server.post(PATH).json(&json!({"filter": filter})).await;
        answer.names_field(400, field);
    }
    for body in [json!({}), json!({"filter": {"queue": "q"}, "dry": true}), json!([])] {
        server.post(PATH).json(&body).await.problem(400, "");
    }
    assert_eq!(listed(&server, "queue=milepost").await, 0, "nothing was started");
}

#[tokio::test]
async fn a_request_sent_again_under_its_key_is_the_same_run() {
    let server = Server::start().await;
    server.submit_kind("k").await;
    let send = |kind: &str| {
        let body = json!({"filter": {"kind": kind}});
        server.post(PATH).header("idempotency-key", "one").json(&body)
    };
    let first = send("k").await.task(202);
    assert_eq!(counts(&server, &first).await, [1, 1, 0]);
    let second = send("k").await.task(202);
    assert_eq!(id_of(&first), id_of(&second));
    send("other").await.problem(422, "idempotency-key-reused");
    assert_eq!(listed(&server, "queue=milepost").await, 1);
}

#[tokio::test]
async fn runs_are_seen_only_in_their_own_queue_and_nobody_else_leases_them() {
    let server = Server::start().await;
    server.submit_kind("k").await;
    let run = start(&server, json!({"filter": {"kind": "k"}})).await;
    counts(&server, &run).await;
    assert_eq!(listed(&server, "").await, 1);
    assert_eq!(listed(&server, "queue=milepost").await, 1);
    let wish = json!({"worker": "w", "queues": ["milepost"]});
    server.post("/api/v1/leases").json(&wish).await.problem(403, "reserved-name");
}

#[tokio::test]
async fn a_run_over_the_servers_own_tasks_leaves_itself_alone() {
    let server = Server::start().await;
    let run = start(&server, json!({"filter": {"queue": "milepost"}})).await;
    assert_eq!(counts(&server, &run).await, [1, 0, 1]);
}

#[tokio::test]
async fn a_run_that_is_cancelled_stops() {
    let server = Server::start().await;
    for _ in 0..5 {
        many(&server, "k", 1000).await;
    }
    let run = start(&server, json!({"filter": {"kind": "k"}})).await;
    server.post(&format!("/api/v1/tasks/{}/cancel", id_of(&run))).await.task(202);
    let run = ended(&server, &run).await;
    assert_eq!(run["state"], "cancelled", "{run}");
    assert!(listed(&server, "kind=k&state=queued").await > 0, "some were not reached");
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = Server::start().await;
    let api = generated::client(&server);
    generated::submitted(&api, "k").await;
    let start = |filter: types::builder::BulkSelection| {
        api.bulk_cancel_tasks().body_map(|body| body.filter(filter)).send()
    };
    let kind = types::BulkSelection::builder().kind("k".to_owned());
    let run = start(kind).await.expect("the run").into_inner();
    let run = api.get_task().id(&run.id).prefer("wait=30").send().await.expect("the run");
    assert_eq!(run.state, types::TaskState::Succeeded);
    let nothing = start(types::BulkSelection::builder()).await;
    generated::assert_refused(nothing, 400, "invalid-request");
}
