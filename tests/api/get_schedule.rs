//! getSchedule: `GET /api/v1/schedules/{id}`.

use milepost_tests::harness::Server;
use serde_json::json;

use crate::generated;

const PATH: &str = "/api/v1/schedules/s";

#[tokio::test]
async fn it_is_as_it_was_put_and_its_tag_saves_sending_it_again() {
    let server = Server::start().await;
    let task = json!({"kind": "k", "queue": "q", "labels": {}, "priority": 0, "max_attempts": 3,
        "cancel_grace_seconds": 30, "input": [1.50]});
    let body = json!({"cron": "*/5 1 * * *", "time_zone": "Europe/Berlin", "task": task});
    server.put(PATH).json(&body).await.expect(201);
    let answer = server.get(PATH).await.expect(200);
    for field in ["cron", "time_zone", "task"] {
        assert_eq!(answer.json()[field], body[field], "{field}");
    }
    let tag = answer.header("etag").expect("a tag").to_owned();
    server.get(PATH).header("if-none-match", &tag).await.expect(304);
    server.patch(PATH).json(&json!({"paused": true})).await.expect(200);
    server.get(PATH).header("if-none-match", &tag).await.expect(200);
}

#[tokio::test]
async fn an_unknown_one_is_404() {
    let server = Server::start().await;
    for id in ["nobody", "%2F", "a%20b"] {
        let answer = server.get(&format!("/api/v1/schedules/{id}")).await;
        answer.problem(404, "schedule-not-found");
    }
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = Server::start().await;
    let body = json!({"cron": "0 0 1 1 *", "task": {"kind": "k"}});
    server.put(PATH).json(&body).await.expect(201);
    let api = generated::client(&server);
    let schedule = api.get_schedule().id("s").send().await.expect("the schedule");
    assert_eq!(schedule.task.kind, "k");
    let unknown = api.get_schedule().id("x").send().await;
    generated::assert_refused(unknown, 404, "schedule-not-found");
}
