//! getTask: `GET /api/v1/tasks/{id}`.

use std::time::Duration;

use milepost_tests::harness::{Server, soon};
use serde_json::json;

use crate::generated;

#[tokio::test]
async fn the_etag_changes_with_the_task_and_with_nothing_else() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    let path = format!("/api/v1/tasks/{id}");
    let answer = server.get(&path).await.expect(200);
    assert_eq!(answer.header("cache-control"), Some("no-cache"));
    let retry_after = answer.header("retry-after").expect("a task that is not done says when");
    assert!(retry_after.parse::<u32>().is_ok(), "{retry_after}");
    let etag = answer.header("etag").expect("a task has an ETag").to_owned();
    assert!(etag.starts_with('"') && etag.ends_with('"'), "{etag} is strong and quoted");

    server.submit_kind("another").await;
    let unchanged = server.get(&path).header("if-none-match", &etag).await.expect(304);
    assert!(unchanged.body.is_empty());
    assert_eq!(unchanged.header("etag"), Some(etag.as_str()));
    let any = format!("\"other\", W/{etag}");
    server.get(&path).header("if-none-match", any).await.expect(304);
    server.get(&path).header("if-none-match", "*").await.expect(304);
    server.get(&path).header("if-none-match", "\"0\"").await.task(200);
    server.get(&path).header("if-none-match", "no quotes, no sense").await.task(200);

    let lease = server.lease_one(json!({"kinds": ["k"]})).await;
    let changed = server.get(&path).header("if-none-match", &etag).await.expect(200);
    assert_ne!(changed.header("etag"), Some(etag.as_str()));
    lease.complete(json!(null)).await.expect(200);
    let done = server.get(&path).await.expect(200);
    assert!(done.header("retry-after").is_none(), "a done task changes no more");
}

#[tokio::test]
async fn a_wait_ends_when_the_task_is_done_and_not_before() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    let (client, path) = (server.clone(), format!("/api/v1/tasks/{id}"));
    let mut waiting =
        tokio::spawn(async move { client.get(&path).header("prefer", "wait=20").await.task(200) });
    let lease = server.lease_one(json!({})).await;
    lease.report(json!({"progress": {"percent": 50}})).await.expect(200);
    let early = tokio::time::timeout(Duration::from_millis(400), &mut waiting).await;
    assert!(early.is_err(), "a change is no end");
    lease.complete(json!(1)).await.expect(200);
    let task = soon("the waiting caller", waiting).await.expect("an answer");
    assert_eq!(task["state"], "succeeded");
}

#[tokio::test]
async fn a_wait_with_if_none_match_ends_at_the_first_change() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    let path = format!("/api/v1/tasks/{id}");
    let etag = server.get(&path).await.header("etag").expect("an ETag").to_owned();
    let unchanged = server.get(&path).header("prefer", "wait=1").header("if-none-match", &etag);
    unchanged.await.expect(304);

    let (client, path) = (server.clone(), path.clone());
    let waiting = tokio::spawn(async move {
        let request = client.get(&path).header("prefer", "wait=20");
        request.header("if-none-match", etag).await.task(200)
    });
    tokio::time::sleep(Duration::from_millis(100)).await;
    server.lease_one(json!({})).await;
    let task = soon("the waiting caller", waiting).await.expect("an answer");
    assert_eq!(task["state"], "running");
}

#[tokio::test]
async fn a_wait_ends_with_the_task_as_it_is() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    let began = std::time::Instant::now();
    let request = server.get(&format!("/api/v1/tasks/{id}")).header("prefer", "wait=1");
    assert_eq!(request.await.task(200)["state"], "queued");
    assert!(began.elapsed().as_millis() >= 900, "it did not wait");
}

#[tokio::test]
async fn an_unknown_task_is_404_and_waits_for_nothing() {
    let server = Server::start().await;
    let request = server.get("/api/v1/tasks/nobody").header("prefer", "wait=20");
    let problem = request.await.problem(404, "");
    assert!(problem["detail"].as_str().is_some_and(|text| text.contains("nobody")), "{problem}");
    assert_eq!(problem["instance"], "/api/v1/tasks/nobody");
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = Server::start().await;
    let api = generated::client(&server);
    let task = generated::submitted(&api, "k").await;
    let same = api.get_task().id(&task.id).send().await.expect("the task");
    assert!(same.headers().contains_key("etag"));
    assert_eq!(same.into_inner(), task);
    let refused = api.get_task().id("nobody").send().await;
    generated::assert_refused(refused, 404, "task-not-found");
}
