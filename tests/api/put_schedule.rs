//! putSchedule: `PUT /api/v1/schedules/{id}`.

use milepost_client::types;
use milepost_tests::harness::Server;
use serde_json::json;

use crate::generated;

const PATH: &str = "/api/v1/schedules/s";

#[tokio::test]
async fn it_creates_and_then_replaces() {
    let server = Server::start().await;
    let body = json!({"cron": "0 0 1 1 *", "overlap": "cancel", "task": {"kind": "a"}});
    let made = server.put(PATH).json(&body).await.expect(201);
    assert_eq!(made.header("location"), Some(PATH));
    let body = json!({"cron": "0 0 1 2 *", "task": {"kind": "b"}});
    let replaced = server.put(PATH).json(&body).await.expect(200).json();
    assert_eq!((&replaced["overlap"], &replaced["task"]["kind"]), (&json!("skip"), &json!("b")));
    assert_eq!(replaced["created_at"], made.json()["created_at"]);
}

#[tokio::test]
async fn wrong_fields_and_ids_are_named() {
    let server = Server::start().await;
    let body = json!({"cron": "0 0 1 1 *", "task": {"kind": "k"}});
    server.put("/api/v1/schedules/a%2Fb").json(&body).await.names_field(400, "id");
    server.put(PATH).json(&json!({"task": {"kind": "k"}})).await.names_field(400, "cron");
    let body = json!({"id": "s", "cron": "0 0 1 1 *", "task": {"kind": "k"}});
    server.put(PATH).json(&body).await.names_field(400, "id");
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = Server::start().await;
    let api = generated::client(&server);
    let put = |kind: &str| {
        let task = types::ScheduledTask::builder().kind(kind);
        api.put_schedule().id("s").body_map(|body| body.cron("0 0 1 1 *").task(task))
    };
    assert_eq!(put("k").send().await.expect("the schedule").task.kind, "k");
    generated::assert_refused(put("").send().await, 400, "invalid-request");
}
