//! listTaskEvents: `GET /api/v1/tasks/{id}/history`.

use std::time::Duration;

use milepost_client::types;
use milepost_tests::harness::{Server, cursor_position, soon, types_of};
use serde_json::json;

use crate::generated;

#[tokio::test]
async fn a_tasks_story_in_order_and_in_pages() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    server.submit_kind("other").await;
    let lease = server.lease_one(json!({"kinds": ["k"]})).await;
    lease
        .report(json!({"logs": [{"text": "one"}, {"level": "warn", "text": "two"}]}))
        .await
        .expect(200);
    lease.complete(json!(1)).await.expect(200);
    let path = format!("/api/v1/tasks/{id}/history");
    let answer = server.get(&path).await.expect(200);
    let items = answer.json()["items"].as_array().expect("items").clone();
    assert_eq!(types_of(&items), ["queued", "started", "log", "succeeded"]);
    assert!(items.iter().all(|event| event["task_id"] == id.as_str() && event["at"].is_string()));
    assert_eq!(
        items.iter().map(|event| event["attempt"].clone()).collect::<Vec<_>>(),
        [0, 1, 1, 1]
    );
    assert_eq!(items[2]["lines"][0]["level"], "info");
    assert_eq!(items[2]["lines"][1]["text"], "two");
    let positions: Vec<_> = items.iter().map(|event| cursor_position(&event["cursor"])).collect();
    assert!(positions.is_sorted_by(|a, b| a < b), "{positions:?}");

    let first = server.get(&format!("{path}?limit=3")).await.expect(200).json();
    assert_eq!(first["items"], json!(items[..3]));
    let after = first["cursor"].as_str().expect("a cursor");
    let second = server.get(&format!("{path}?after={after}")).await.expect(200).json();
    assert_eq!(second["items"], json!(items[3..]));
}

#[tokio::test]
async fn a_wait_ends_with_the_next_event() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    let page = server.get(&format!("/api/v1/tasks/{id}/history")).await.expect(200).json();
    let after = page["cursor"].as_str().expect("a cursor").to_owned();
    let path = format!("/api/v1/tasks/{id}/history?after={after}");
    let nothing = server.get(&path).header("prefer", "wait=1").await.expect(200).json();
    assert_eq!(nothing["items"], json!([]));
    let client = server.clone();
    let waiting =
        tokio::spawn(
            async move { client.get(&path).header("prefer", "wait=20").await.expect(200) },
        );
    tokio::time::sleep(Duration::from_millis(100)).await;
    server.submit_kind("other").await;
    server.lease_one(json!({"kinds": ["k"]})).await;
    let page = soon("the waiting caller", waiting).await.expect("an answer").json();
    assert_eq!(types_of(page["items"].as_array().expect("items")), ["started"]);
}

#[tokio::test]
async fn a_cursor_of_no_use_is_told_and_the_story_begins_anew() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    let cursor = server.task(&id).await["cursor"].as_str().expect("a cursor").to_owned();
    let (epoch, _) = cursor.split_once('.').expect("epoch and position");
    let other = if epoch == "00000000" { "00000001" } else { "00000000" };
    for (after, reason) in [
        ("garbage".to_owned(), "garbage"),
        (format!("{epoch}.-1"), "garbage"),
        (format!("{epoch}.999999999"), "future"),
        (format!("{other}.1"), "epoch"),
    ] {
        let path = format!("/api/v1/tasks/{id}/history?after={after}");
        let page = server.get(&path).await.expect(200).json();
        assert_eq!(page["reset"], reason, "{after}: {page}");
        assert_eq!(types_of(page["items"].as_array().expect("items")), ["queued"]);
    }
}

#[tokio::test]
async fn limits_are_checked_and_unknown_tasks_are_404() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    for limit in ["0", "1001", "x"] {
        let path = format!("/api/v1/tasks/{id}/history?limit={limit}");
        server.get(&path).await.names_field(400, "limit");
    }
    server.get("/api/v1/tasks/nobody/history").await.problem(404, "");
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = Server::start().await;
    let api = generated::client(&server);
    let lease = generated::leased(&api, "k").await;
    let page = api.list_task_events().id(&lease.task.id).send().await.expect("a page");
    assert!(matches!(
        page.items[..],
        [types::Event::TaskQueued { .. }, types::Event::TaskStarted { .. }]
    ));
    assert_eq!((&page.cursor, &page.reset), (&lease.task.cursor, &None));
    let refused = api.list_task_events().id("nobody").send().await;
    generated::assert_refused(refused, 404, "task-not-found");
}
