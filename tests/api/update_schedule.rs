//! updateSchedule: `PATCH /api/v1/schedules/{id}`.

use milepost_tests::harness::Server;
use serde_json::json;

use crate::generated;

const PATH: &str = "/api/v1/schedules/s";

async fn with_schedule() -> Server {
    let server = Server::start().await;
    let body = json!({"cron": "0 0 1 1 *", "overlap": "allow", "task": {"kind": "k"}});
    server.put(PATH).json(&body).await.expect(201);
    server
}

#[tokio::test]
async fn what_is_left_out_stays() {
    let server = with_schedule().await;
    let schedule = server.patch(PATH).json(&json!({"paused": true})).await.expect(200).json();
    assert_eq!((&schedule["paused"], &schedule["overlap"]), (&json!(true), &json!("allow")));
    assert!(schedule.get("next_run_at").is_none(), "it is paused: {schedule}");
    let change = json!({"paused": false, "cron": "0 0 1 6 *", "task": {"kind": "other"}});
    let schedule = server.patch(PATH).json(&change).await.expect(200).json();
    assert!(schedule["next_run_at"].as_str().is_some_and(|at| at.contains("-06-01T")));
    assert_eq!(schedule["task"]["kind"], "other");
}

#[tokio::test]
async fn wrong_fields_are_named_and_an_unknown_one_is_404() {
    let server = with_schedule().await;
    for (body, field) in [
        (json!({"cron": "never"}), "cron"),
        (json!({"time_zone": "Mars/Olympus"}), "time_zone"),
        (json!({"task": {}}), "task.kind"),
        (json!({"id": "other"}), "id"),
    ] {
        server.patch(PATH).json(&body).await.names_field(400, field);
    }
    let unknown = server.patch("/api/v1/schedules/nobody").json(&json!({"paused": true}));
    unknown.await.problem(404, "schedule-not-found");
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = with_schedule().await;
    let api = generated::client(&server);
    let patch =
        |cron: &str| api.update_schedule().id("s").body_map(|body| body.cron(cron.to_owned()));
    assert_eq!(patch("0 5 * * *").send().await.expect("the schedule").cron, "0 5 * * *");
    generated::assert_refused(patch("never").send().await, 400, "invalid-request");
}
