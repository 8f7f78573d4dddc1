//! putTask: `PUT /api/v1/tasks/{id}`.

use milepost_tests::harness::Server;
use serde_json::json;

use crate::generated;

#[tokio::test]
async fn the_id_is_the_clients_and_the_same_request_again_is_no_second_task() {
    let server = Server::start().await;
    let request = json!({"kind": "k", "input": {"a": 1}, "labels": {"x": "y"}});
    let path = "/api/v1/tasks/Order-7.2_a~b";
    let answer = server.put(path).json(&request).await;
    assert_eq!(answer.header("location"), Some(path));
    let first = answer.task(202);
    assert_eq!(first["id"], "Order-7.2_a~b");
    let again = server.put(path).json(&request).await.task(200);
    assert_eq!(again["cursor"], first["cursor"], "nothing was written");
    assert_eq!(server.log("").await.len(), 1);
}

#[tokio::test]
async fn another_request_under_the_id_is_409_and_changes_nothing() {
    let server = Server::start().await;
    let path = "/api/v1/tasks/order-7";
    let first = server.put(path).json(&json!({"kind": "k", "input": 1})).await.task(202);
    for other in
        [json!({"kind": "k", "input": 2}), json!({"kind": "j", "input": 1}), json!({"kind": "k"})]
    {
        server.put(path).json(&other).await.problem(409, "");
    }
    assert_eq!(server.task("order-7").await["cursor"], first["cursor"]);
}

#[tokio::test]
async fn the_same_request_is_known_again_in_another_spelling() {
    let server = Server::start().await;
    let put =
        |body: &'static str| server.put("/api/v1/tasks/spelled").body("application/json", body);
    put(r#"{"kind":"k","queue":"q","labels":{"a":"1","b":"2"}}"#).await.task(202);
    put("{ \"labels\": {\"b\":\"2\",\"a\":\"1\"},\n \"queue\":\"q\", \"kind\":\"k\" }")
        .await
        .task(200);
}

#[tokio::test]
async fn a_repeated_put_answers_the_task_as_it_is_now() {
    let server = Server::start().await;
    let request = json!({"kind": "k"});
    server.put("/api/v1/tasks/mine").json(&request).await.task(202);
    let lease = server.lease_one(json!({})).await;
    lease.complete(json!("result")).await.task(200);
    let task = server.put("/api/v1/tasks/mine").json(&request).await.task(200);
    assert_eq!(task["state"], "succeeded");
}

#[tokio::test]
async fn ids_that_are_none_are_refused() {
    let server = Server::start().await;
    let fits = "a".repeat(128);
    server.put(&format!("/api/v1/tasks/{fits}")).json(&json!({"kind": "k"})).await.task(202);
    let long = "a".repeat(129);
    for id in
        [long.as_str(), "-a", ".a", "_a", "~a", "a%20b", "a%00", "%D0%B9", "a%2Fb", "a:b", "a%0Ab"]
    {
        let request = server.put(&format!("/api/v1/tasks/{id}")).json(&json!({"kind": "k"}));
        let answer = request.await;
        assert!(matches!(answer.status.as_u16(), 400 | 404), "{answer}");
    }
    assert_eq!(server.log("").await.len(), 1);
}

#[tokio::test]
async fn its_body_is_checked_as_createtasks_is() {
    let server = Server::start().await;
    let put = || server.put("/api/v1/tasks/mine");
    put().json(&json!({})).await.names_field(400, "kind");
    put().json(&json!({"kind": "k", "id": "mine"})).await.names_field(400, "id");
    put().json(&json!({"kind": "k", "priority": 1000})).await.names_field(400, "priority");
    server.get("/api/v1/tasks/mine").await.problem(404, "");
}

#[tokio::test]
async fn many_puts_of_one_id_at_once_make_one_task() {
    let server = Server::start().await;
    let puts = (0..20).map(|_| {
        let client = server.clone();
        async move { client.put("/api/v1/tasks/one").json(&json!({"kind": "k"})).await }
    });
    let answers = futures_util::future::join_all(puts).await;
    let created = answers.iter().filter(|answer| answer.status == 202).count();
    assert_eq!(created, 1);
    assert!(answers.iter().all(|answer| matches!(answer.status.as_u16(), 200 | 202)));
    assert_eq!(server.log("").await.len(), 1);
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = Server::start().await;
    let api = generated::client(&server);
    let put = |kind: &str| api.put_task().id("mine").body_map(|body| body.kind(kind)).send();
    assert_eq!(put("k").await.expect("a new task").status(), 202);
    assert_eq!(put("k").await.expect("the same task").status(), 200);
    generated::assert_refused(put("other").await, 409, "task-exists");
}
