//! Tasks that wait for others over the wire: what is seen of the wait, what ends it, what is refused.

use milepost_tests::harness::Server;
use serde_json::{Value, json};

async fn waiting(server: &Server, request: Value) -> String {
    let task = server.submit(request).await;
    task["id"].as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn a_watcher_sees_a_task_wait_and_get_on() {
    let server = Server::start().await;
    let [a, b] = [server.submit_kind("a").await, server.submit_kind("b").await];
    let id = waiting(&server, json!({"kind": "k", "after": [a, b]})).await;
    let task = server.task(&id).await;
    assert_eq!((&task["state"], &task["waiting_for"]), (&json!("scheduled"), &json!(2)));
    assert_eq!((&task["after"], &task["after_failure"]), (&json!([a, b]), &json!("cancel")));
    let mut watcher = server.watch(&format!("/api/v1/tasks/{id}/events")).await;
    watcher.expect("stream.snapshot").await;
    server.lease_one(json!({})).await.complete(json!(1)).await.expect(200);
    let told = watcher.expect("task.updated").await;
    assert_eq!(told["task"], server.task(&id).await);
    assert_eq!(told["task"]["waiting_for"], 1);
    server.lease_one(json!({})).await.complete(json!(1)).await.expect(200);
    let told = watcher.expect("task.queued").await;
    assert_eq!(told["task"], server.task(&id).await);
    assert!(told["task"].get("waiting_for").is_none(), "{told}");
    server.lease_one(json!({})).await.complete(json!(1)).await.expect(200);
    assert_eq!(server.task(&id).await["state"], "succeeded");
}

#[tokio::test]
async fn what_fails_cancels_what_follows_or_lets_it_run() {
    let server = Server::start().await;
    let first = server.submit_kind("first").await;
    let stops = waiting(&server, json!({"kind": "stops", "after": [first]})).await;
    let runs =
        waiting(&server, json!({"kind": "runs", "after": [first], "after_failure": "run"})).await;
    server.post(&format!("/api/v1/tasks/{first}/cancel")).await.expect(202);
    let task = server.task(&stops).await;
    assert_eq!(
        (&task["state"], &task["error"]["type"]),
        (&json!("cancelled"), &json!("dependency-failed"))
    );
    assert!(task["error"]["title"].as_str().is_some_and(|title| title.contains(&first)));
    assert_eq!(server.task(&runs).await["state"], "queued");
    let late = json!({"kind": "late", "after": [first]});
    let late = server.post("/api/v1/tasks").json(&late).await.expect(202).json();
    assert_eq!(late["state"], "cancelled");
}

#[tokio::test]
async fn a_pipeline_is_one_request() {
    let server = Server::start().await;
    let batch = json!({"tasks": [
        {"kind": "deploy", "after": ["tested", "built"]},
        {"kind": "test", "alias": "tested", "after": ["built"]},
        {"kind": "build", "alias": "built"},
    ]});
    let made = server.post("/api/v1/task-batches").json(&batch).await.expect(202).json();
    let made = made["tasks"].as_array().expect("tasks").clone();
    assert_eq!(made[0]["after"], json!([made[1]["id"], made[2]["id"]]));
    assert!(made[1].get("alias").is_none(), "{}", made[1]);
    for kind in ["build", "test", "deploy"] {
        let lease = server.lease_one(json!({})).await;
        assert_eq!(lease.json["task"]["kind"], kind);
        lease.complete(json!(1)).await.expect(200);
    }
}

#[tokio::test]
async fn a_put_task_names_those_before_it() {
    let server = Server::start().await;
    server.put("/api/v1/tasks/build").json(&json!({"kind": "k"})).await.expect(202);
    let test = json!({"kind": "k", "after": ["build"]});
    server.put("/api/v1/tasks/test").json(&test).await.expect(202);
    let again = server.put("/api/v1/tasks/test").json(&test).await.expect(200).json();
    assert_eq!((&again["after"], &again["waiting_for"]), (&json!(["build"]), &json!(1)));
    server.put("/api/v1/tasks/test").json(&json!({"kind": "k"})).await.expect(409);
    let own = json!({"kind": "k", "after": ["own"]});
    server.put("/api/v1/tasks/own").json(&own).await.names_field(400, "after[0]");
}

#[tokio::test]
async fn an_empty_list_of_dependencies_is_none() {
    let server = Server::start().await;
    let task = server.submit(json!({"kind": "k", "after": []})).await;
    assert_eq!((&task["state"], task.get("after")), (&json!("queued"), None));
}

#[tokio::test]
async fn bad_dependencies_are_refused_by_field() {
    let server = Server::start().await;
    let a = server.submit_kind("a").await;
    for (request, field) in [
        (json!({"kind": "k", "after": [a, "nobody"]}), "after[1]"),
        (json!({"kind": "k", "after": ["no id"]}), "after[0]"),
        (json!({"kind": "k", "after": [a, a]}), "after[1]"),
        (json!({"kind": "k", "after": vec![&a; 51]}), "after"),
        (json!({"kind": "k", "after_failure": "run"}), "after_failure"),
        (json!({"kind": "k", "after": [a], "after_failure": "wait"}), "after_failure"),
        (json!({"kind": "k", "alias": "a"}), "alias"),
        (json!({"kind": "k", "after": [a], "complete_when_children_done": true}), "after"),
    ] {
        server.post("/api/v1/tasks").json(&request).await.names_field(400, field);
    }
    let circle = json!({"tasks": [
        {"kind": "k", "alias": "a", "after": ["b"]},
        {"kind": "k", "alias": "b", "after": ["a"]},
    ]});
    server.post("/api/v1/task-batches").json(&circle).await.names_field(400, "tasks[0].after[0]");
    let group = json!({"kind": "k", "complete_when_children_done": true});
    let group = waiting(&server, group).await;
    let behind = waiting(&server, json!({"kind": "k", "after": [group]})).await;
    let child = json!({"kind": "k", "parent_id": group, "after": [behind]});
    server.post("/api/v1/tasks").json(&child).await.names_field(400, "after[0]");
}
