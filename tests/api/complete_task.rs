//! completeTask: `POST /api/v1/tasks/{id}/complete`.

use milepost_client::types;
use milepost_tests::harness::Server;
use serde_json::json;

use crate::generated;

#[tokio::test]
async fn any_output_is_kept_and_none_is_an_empty_object() {
    let server = Server::start().await;
    for output in [json!({"a": 1}), json!([]), json!(false), json!(0), json!(""), json!("текст")]
    {
        server.submit_kind("k").await;
        let lease = server.lease_one(json!({})).await;
        let task = lease.complete(output.clone()).await.task(200);
        assert_eq!((&task["state"], &task["output"]), (&json!("succeeded"), &output));
        assert_eq!(server.task(&lease.task_id()).await["output"], output);
    }
    server.submit_kind("k").await;
    let lease = server.lease_one(json!({})).await;
    let task = lease.send("complete", json!({})).await.task(200);
    assert_eq!(task["output"], json!({}), "a success without a value");
}

#[tokio::test]
async fn the_same_words_again_get_the_same_answer_and_no_second_event() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    let lease = server.lease_one(json!({})).await;
    let first = lease.complete(json!({"n": 1})).await.task(200);
    assert_eq!(lease.complete(json!({"n": 1})).await.task(200), first);
    lease.complete(json!({"n": 2})).await.problem(409, "lease-lost");
    lease.fail(json!({"error": {"type": "boom"}})).await.problem(409, "lease-lost");
    lease.release().await.problem(409, "lease-lost");
    lease.report(json!({})).await.problem(409, "lease-lost");
    assert_eq!(server.types(&id).await, ["queued", "started", "succeeded"]);
    assert_eq!(server.task(&id).await["output"], json!({"n": 1}));
}

#[tokio::test]
async fn completing_twice_at_once_writes_one_end() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    let lease = server.lease_one(json!({})).await;
    let calls = (0..10).map(|n| {
        let lease = lease.clone();
        async move { lease.complete(json!(n % 2)).await }
    });
    let answers = futures_util::future::join_all(calls).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 5);
    assert_eq!(answers.iter().filter(|answer| answer.status == 409).count(), 5);
    assert_eq!(server.types(&id).await, ["queued", "started", "succeeded"]);
}

#[tokio::test]
async fn a_long_output_is_left_out_of_the_event_and_kept() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    let lease = server.lease_one(json!({})).await;
    let output = json!({"text": "é".repeat(100_000)});
    lease.complete(output.clone()).await.expect(200);
    let log = server.history(&id).await;
    let last = &log.last().expect("an event")["task"];
    assert_eq!(last["output_omitted"], true);
    assert!(last.get("output").is_none());
    assert_eq!(server.task(&id).await["output"], output);
}

#[tokio::test]
async fn a_late_complete_of_an_expired_lease_changes_nothing() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    let old = server.lease_one(json!({"worker": "slow", "lease_seconds": 1})).await;
    let new = server.lease_one(json!({"worker": "fast"})).await;
    assert_eq!((new.task_id(), new.attempt()), (id.clone(), 2));
    let before = server.log("").await;
    old.complete(json!("late")).await.problem(409, "lease-lost");
    assert_eq!(server.log("").await, before);
    new.complete(json!("mine")).await.task(200);
    assert_eq!(server.task(&id).await["output"], "mine");
}

#[tokio::test]
async fn wrong_bodies_are_named_and_unknown_tasks_are_404() {
    let server = Server::start().await;
    server.submit_kind("k").await;
    let lease = server.lease_one(json!({})).await;
    server.post(lease.link("complete")).json(&json!({"output": 1})).await.names_field(400, "lease");
    lease.send("complete", json!({"result": 1})).await.names_field(400, "result");
    let body = json!({"lease": lease.token()});
    server.post("/api/v1/tasks/nobody/complete").json(&body).await.problem(404, "");
    lease.complete(json!(1)).await.task(200);
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = Server::start().await;
    let api = generated::client(&server);
    let lease = generated::leased(&api, "k").await;
    let complete = |output: serde_json::Value| {
        let request = api.complete_task().id(&lease.task.id);
        request.body_map(|body| body.lease(&lease.token).output(output)).send()
    };
    let task = complete(json!([1, 2])).await.expect("the task");
    assert_eq!(
        (task.state.clone(), task.output.clone()),
        (types::TaskState::Succeeded, Some(json!([1, 2])))
    );
    generated::assert_refused(complete(json!("other")).await, 409, "lease-lost");
}
