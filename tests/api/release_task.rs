//! releaseTask: `POST /api/v1/tasks/{id}/release`.

use milepost_client::types;
use milepost_tests::harness::{Server, id_of};
use serde_json::json;

use crate::generated;

#[tokio::test]
async fn a_release_gives_the_attempt_back() {
    let server = Server::start().await;
    let id = id_of(&server.submit(json!({"kind": "k", "max_attempts": 1})).await);
    let mut fence = 0;
    for _ in 0..3 {
        let lease = server.lease_one(json!({})).await;
        assert_eq!(lease.attempt(), 1);
        assert!(lease.fence() > fence, "the fence rises with every lease");
        fence = lease.fence();
        let task = lease.release().await.task(200);
        assert_eq!((&task["state"], &task["attempt"]), (&json!("queued"), &json!(0)));
        assert!(task.get("worker").is_none(), "nobody holds it");
    }
    let lease = server.lease_one(json!({})).await;
    lease.complete(json!(1)).await.task(200);
    let types = server.types(&id).await;
    assert_eq!(types.iter().filter(|kind| *kind == "queued").count(), 4);
    assert!(!types.contains(&"retrying".to_owned()));
}

#[tokio::test]
async fn a_released_task_goes_to_whoever_waits() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    let lease = server.lease_one(json!({"worker": "first"})).await;
    let client = server.clone();
    let waiting = tokio::spawn(async move { client.lease_one(json!({"worker": "second"})).await });
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    lease.release().await.task(200);
    let second = milepost_tests::harness::soon("the next lease", waiting).await.expect("a lease");
    assert_eq!(second.task_id(), id);
    lease.report(json!({})).await.problem(409, "lease-lost");
}

#[tokio::test]
async fn a_stale_token_releases_nothing() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    let old = server.lease_one(json!({})).await;
    old.release().await.task(200);
    let new = server.lease_one(json!({})).await;
    old.release().await.problem(409, "lease-lost");
    old.complete(json!(1)).await.problem(409, "lease-lost");
    assert_eq!(server.task(&id).await["state"], "running");
    new.complete(json!(1)).await.task(200);
}

#[tokio::test]
async fn wrong_bodies_are_named_and_unknown_tasks_are_404() {
    let server = Server::start().await;
    server.submit_kind("k").await;
    let lease = server.lease_one(json!({})).await;
    server.post(lease.link("release")).json(&json!({})).await.names_field(400, "lease");
    server.post(lease.link("release")).json(&json!({"lease": 5})).await.names_field(400, "lease");
    lease.send("release", json!({"why": "tired"})).await.names_field(400, "why");
    let body = json!({"lease": lease.token()});
    server.post("/api/v1/tasks/nobody/release").json(&body).await.problem(404, "");
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = Server::start().await;
    let api = generated::client(&server);
    let lease = generated::leased(&api, "k").await;
    let release =
        || api.release_task().id(&lease.task.id).body_map(|body| body.lease(&lease.token));
    let task = release().send().await.expect("the task");
    assert_eq!((task.state.clone(), task.attempt), (types::TaskState::Queued, 0));
    let forged = api.release_task().id(&lease.task.id).body_map(|body| body.lease("lease_forged"));
    generated::assert_refused(forged.send().await, 409, "lease-lost");
}
