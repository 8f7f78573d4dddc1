//! runSchedule: `POST /api/v1/schedules/{id}/run`.

use milepost_tests::harness::{Server, id_of};
use serde_json::json;

use crate::generated;

const PATH: &str = "/api/v1/schedules/s/run";

async fn with_schedule() -> Server {
    let server = Server::start().await;
    let body = json!({"cron": "0 0 1 1 *", "paused": true, "task": {"kind": "k", "input": 7}});
    server.put("/api/v1/schedules/s").json(&body).await.expect(201);
    server
}

#[tokio::test]
async fn its_task_is_submitted_at_once_though_it_is_paused() {
    let server = with_schedule().await;
    let answer = server.post(PATH).await;
    let task = answer.clone().task(202);
    assert_eq!(answer.header("location"), task["links"]["self"].as_str());
    assert_eq!((&task["state"], &task["schedule_id"]), (&json!("queued"), &json!("s")));
    assert_eq!(server.task(&id_of(&task)).await["input"], 7);
    let schedule = server.get("/api/v1/schedules/s").await.expect(200).json();
    assert_eq!(schedule["last_task_id"], task["id"]);
    assert_eq!(schedule["links"]["last_task"], task["links"]["self"]);
}

#[tokio::test]
async fn under_one_key_it_runs_once() {
    let server = with_schedule().await;
    let run = || server.post(PATH).header("idempotency-key", "one");
    assert_eq!(id_of(&run().await.task(202)), id_of(&run().await.task(202)));
    assert_ne!(id_of(&run().await.task(202)), id_of(&server.post(PATH).await.task(202)));
}

#[tokio::test]
async fn a_body_is_not_looked_at() {
    let server = with_schedule().await;
    for (kind, body) in [("application/json", "{\"input\":8}"), ("text/plain", "no JSON")] {
        let task = server.post(PATH).body(kind, body).await.task(202);
        assert_eq!(server.task(&id_of(&task)).await["input"], 7);
    }
}

#[tokio::test]
async fn an_unknown_one_is_404() {
    let server = Server::start().await;
    server.post(PATH).await.problem(404, "schedule-not-found");
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = with_schedule().await;
    let api = generated::client(&server);
    let task = api.run_schedule().id("s").send().await.expect("a task");
    assert_eq!(task.schedule_id.as_deref(), Some("s"));
    let unknown = api.run_schedule().id("x").send().await;
    generated::assert_refused(unknown, 404, "schedule-not-found");
}
