//! deleteSchedule: `DELETE /api/v1/schedules/{id}`.

use milepost_tests::harness::{Server, id_of};
use serde_json::json;

use crate::generated;

const PATH: &str = "/api/v1/schedules/s";

#[tokio::test]
async fn it_is_gone_and_its_tasks_stay() {
    let server = Server::start().await;
    let body = json!({"cron": "0 0 1 1 *", "task": {"kind": "k"}});
    server.put(PATH).json(&body).await.expect(201);
    let task = server.post("/api/v1/schedules/s/run").await.task(202);
    server.delete(PATH).await.expect(204);
    server.get(PATH).await.problem(404, "schedule-not-found");
    server.delete(PATH).await.problem(404, "schedule-not-found");
    assert_eq!(server.task(&id_of(&task)).await["schedule_id"], "s");
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = Server::start().await;
    let body = json!({"cron": "0 0 1 1 *", "task": {"kind": "k"}});
    server.put(PATH).json(&body).await.expect(201);
    let api = generated::client(&server);
    api.delete_schedule().id("s").send().await.expect("it is gone");
    let again = api.delete_schedule().id("s").send().await;
    generated::assert_refused(again, 404, "schedule-not-found");
}
