//! `unique_key`: at most one task of a queue with it is not done.

use milepost_tests::harness::Server;
use serde_json::json;

#[tokio::test]
async fn a_second_submit_finds_the_first_task_until_it_is_done() {
    let server = Server::start().await;
    let first = server.submit(json!({"kind": "k", "unique_key": "order-7"})).await;
    assert_eq!(first["unique_key"], "order-7");
    let other = json!({"kind": "other", "unique_key": "order-7", "input": 5});
    let answer = server.post("/api/v1/tasks").json(&other).await;
    assert_eq!(answer.header("location"), first["links"]["self"].as_str());
    let again = answer.task(200);
    assert_eq!((&again["id"], &again["cursor"]), (&first["id"], &first["cursor"]));
    let elsewhere = json!({"kind": "k", "queue": "q", "unique_key": "order-7"});
    server.post("/api/v1/tasks").json(&elsewhere).await.task(202);
    server.lease_one(json!({})).await.complete(json!(1)).await.expect(200);
    let next = server.post("/api/v1/tasks").json(&other).await.task(202);
    assert_ne!(next["id"], first["id"]);
}

#[tokio::test]
async fn the_same_key_twice_in_a_batch_makes_one_task() {
    let server = Server::start().await;
    let one = json!({"kind": "k", "unique_key": "a"});
    let batch = json!({"tasks": [one, {"kind": "k"}, one]});
    let made = server.post("/api/v1/task-batches").json(&batch).await.expect(202).json();
    assert_eq!(made["tasks"][0]["id"], made["tasks"][2]["id"]);
    assert_eq!(server.log("").await.len(), 2);
}

#[tokio::test]
async fn a_waiting_submit_waits_for_the_task_it_found() {
    let server = Server::start().await;
    let request = json!({"kind": "k", "unique_key": "a"});
    let first = server.submit(request.clone()).await;
    let lease = server.lease_one(json!({})).await;
    let waiting = || server.post("/api/v1/tasks").header("prefer", "wait=1").json(&request);
    // It waits in vain: nobody completes the task meanwhile, so the key is taken all the time.
    let found = waiting().await.task(200);
    assert_eq!((&found["id"], &found["done"]), (&first["id"], &json!(false)));
    lease.complete(json!("out")).await.task(200);
    // Done, it has the key no longer: the next one is another task, and it is waited for.
    let other = waiting().await.task(202);
    assert_ne!(other["id"], first["id"]);
}

#[tokio::test]
async fn putting_and_retrying_do_not_take_a_key_away() {
    let server = Server::start().await;
    let request = json!({"kind": "k", "unique_key": "a"});
    let first = server.submit(request.clone()).await;
    let path = |id: &serde_json::Value, what: &str| {
        format!("/api/v1/tasks/{}{what}", id.as_str().expect("an id"))
    };
    server.put("/api/v1/tasks/mine").json(&request).await.problem(409, "unique-key-taken");
    server.post(&path(&first["id"], "/cancel")).await.task(202);
    let mine = server.put("/api/v1/tasks/mine").json(&request).await.task(202);
    server.post(&path(&first["id"], "/retry")).await.problem(409, "unique-key-taken");
    server.post(&path(&mine["id"], "/cancel")).await.task(202);
    server.post(&path(&first["id"], "/retry")).await.task(202);
}

#[tokio::test]
async fn keys_that_are_none_are_refused() {
    let server = Server::start().await;
    for key in [json!(""), json!("x".repeat(256)), json!("a\u{0}b"), json!(7)] {
        let request = json!({"kind": "k", "unique_key": key});
        server.post("/api/v1/tasks").json(&request).await.names_field(400, "unique_key");
    }
    server.submit(json!({"kind": "k", "unique_key": "ö".repeat(255)})).await;
}
