//! createSchedule: `POST /api/v1/schedules`.

use milepost_client::types;
use milepost_tests::harness::{Server, id_of};
use serde_json::{Value, json};

use crate::generated;

const PATH: &str = "/api/v1/schedules";

fn yearly() -> Value {
    json!({"cron": "0 0 1 1 *", "task": {"kind": "k"}})
}

#[tokio::test]
async fn a_rule_and_a_kind_are_enough() {
    let server = Server::start().await;
    let answer = server.post(PATH).json(&yearly()).await.expect(201);
    let schedule = answer.json();
    assert_eq!(answer.header("location"), schedule["links"]["self"].as_str());
    assert_eq!((&schedule["time_zone"], &schedule["overlap"]), (&json!("UTC"), &json!("skip")));
    assert_eq!(
        (&schedule["paused"], &schedule["task"]["queue"]),
        (&json!(false), &json!("default"))
    );
    assert!(
        schedule["next_run_at"].as_str().is_some_and(|at| at.ends_with("-01-01T00:00:00.000Z"))
    );
    assert!(schedule.get("last_run_at").is_none());
}

#[tokio::test]
async fn each_moment_of_its_rule_submits_its_task() {
    let server = Server::start().await;
    let body = json!({
        "id": "ticks", "cron": "* * * * * *", "overlap": "allow",
        "task": {"kind": "k", "input": {"n": 1}, "labels": {"by": "schedule"}, "priority": 3},
    });
    server.post(PATH).json(&body).await.expect(201);
    let lease = server.lease_one(json!({})).await;
    let task = server.task(&lease.task_id()).await;
    assert_eq!((&task["schedule_id"], &task["priority"]), (&json!("ticks"), &json!(3)));
    assert_eq!((&task["input"], &task["labels"]["by"]), (&json!({"n": 1}), &json!("schedule")));
    assert_eq!(task["links"]["schedule"], "/api/v1/schedules/ticks");
}

#[tokio::test]
async fn an_id_that_is_taken_is_refused_and_a_key_sent_again_is_not() {
    let server = Server::start().await;
    let mut body = yearly();
    body["id"] = json!("mine");
    let send = || server.post(PATH).header("idempotency-key", "one").json(&body);
    let first = send().await.expect(201).json();
    assert_eq!(first, send().await.expect(201).json());
    server.post(PATH).json(&body).await.problem(409, "schedule-exists");
    let other = server.post(PATH).header("idempotency-key", "one").json(&yearly());
    other.await.problem(422, "idempotency-key-reused");
    assert_eq!(id_of(&first), "mine");
}

#[tokio::test]
async fn wrong_fields_are_named() {
    let server = Server::start().await;
    for (field, value) in [
        ("id", json!("a/b")),
        ("cron", json!("61 * * * *")),
        ("cron", json!("0 0 30 2 *")),
        ("cron", json!(5)),
        ("cron", json!("x".repeat(257))),
        ("time_zone", json!("Mars/Olympus")),
        ("overlap", json!("maybe")),
        ("paused", json!("no")),
        ("task", json!([])),
        ("every", json!("day")),
    ] {
        let mut body = yearly();
        body[field] = value;
        server.post(PATH).json(&body).await.names_field(400, field);
    }
    for (task, field) in [
        (json!({}), "task.kind"),
        (json!({"kind": ""}), "task.kind"),
        (json!({"kind": "k", "priority": 101}), "task.priority"),
        (json!({"kind": "k", "trace_parent": "not one"}), "task.trace_parent"),
        (json!({"kind": "k", "run_at": "2026-01-31T09:30:00Z"}), "task.run_at"),
    ] {
        let body = json!({"cron": "0 0 1 1 *", "task": task});
        server.post(PATH).json(&body).await.names_field(400, field);
    }
    let own = json!({"cron": "0 0 1 1 *", "task": {"kind": "milepost.x"}});
    server.post(PATH).json(&own).await.problem(403, "reserved-name");
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = Server::start().await;
    let api = generated::client(&server);
    let create = |cron: &str| {
        let task = types::ScheduledTask::builder().kind("k");
        api.create_schedule().body_map(|body| body.cron(cron).task(task))
    };
    let schedule = create("0 0 1 1 *").send().await.expect("a schedule").into_inner();
    assert_eq!(schedule.overlap, types::Overlap::Skip);
    generated::assert_refused(create("never").send().await, 400, "invalid-request");
}
