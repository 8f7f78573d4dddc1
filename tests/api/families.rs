//! Parents and children over the wire: what is told of a family, and what goes down in it.

use milepost_tests::harness::{Server, soon};
use serde_json::{Value, json};

/// A task that is done when its children are.
async fn group(server: &Server, more: Value) -> String {
    let mut request = json!({"kind": "group", "complete_when_children_done": true});
    for (field, value) in more.as_object().into_iter().flatten() {
        request[field] = value.clone();
    }
    server.submit(request).await["id"].as_str().expect("an id").to_owned()
}

async fn parts(server: &Server, parent: &str, weights: &[f64]) {
    let tasks: Vec<Value> = weights
        .iter()
        .map(|weight| json!({"kind": "part", "parent_id": parent, "weight": weight}))
        .collect();
    server.post("/api/v1/task-batches").json(&json!({"tasks": tasks})).await.expect(202);
}

#[tokio::test]
async fn a_watcher_of_the_parent_sees_its_children_get_on() {
    let server = Server::start().await;
    let id = group(&server, json!({})).await;
    let task = server.task(&id).await;
    assert_eq!((&task["state"], &task["child_failure"]), (&json!("running"), &json!("fail_fast")));
    assert!(task.get("children").is_none(), "{task}");
    let mut watcher = server.watch(&format!("/api/v1/tasks/{id}/events")).await;
    watcher.expect("stream.snapshot").await;
    parts(&server, &id, &[1.0, 3.0]).await;
    let first = server.lease_one(json!({})).await;
    first.complete(json!(1)).await.expect(200);
    let told = soon("a quarter", async {
        loop {
            let event = watcher.expect("task.progress").await;
            if event["progress"]["percent"] == 25.0 {
                return event;
            }
        }
    });
    let counts = json!({"total": 2, "done": 1, "succeeded": 1, "failed": 0, "cancelled": 0});
    assert_eq!(told.await["children"], counts);
    assert_eq!(server.task(&id).await["children"], counts);
    server.lease_one(json!({})).await.complete(json!(1)).await.expect(200);
    let (_, end) = watcher.until("task.succeeded").await;
    assert_eq!(
        (&end["task"]["output"]["succeeded"], &end["task"]["attempt"]),
        (&json!(2), &json!(0))
    );
    assert_eq!(end["task"]["output"], end["task"]["children"]);
    watcher.expect("stream.end").await;
}

#[tokio::test]
async fn a_failed_child_ends_the_group_or_is_collected() {
    let server = Server::start().await;
    for (policy, state) in [("fail_fast", "failed"), ("collect", "running")] {
        let id = group(&server, json!({"child_failure": policy})).await;
        parts(&server, &id, &[1.0, 1.0]).await;
        let lease = server.lease_one(json!({})).await;
        lease.fail(json!({"error": {"type": "boom"}, "retryable": false})).await.expect(200);
        assert_eq!(server.task(&id).await["state"], state);
        if policy == "collect" {
            server.lease_one(json!({})).await.complete(json!(1)).await.expect(200);
        }
        let task = server.task(&id).await;
        assert_eq!(
            (&task["state"], &task["error"]["type"]),
            (&json!("failed"), &json!("children-failed"))
        );
        let left = server.get(&format!("/api/v1/tasks?parent={id}&state=queued")).await.json();
        assert_eq!(left["items"], json!([]));
    }
}

#[tokio::test]
async fn a_cancel_reaches_every_generation() {
    let server = Server::start().await;
    let top = group(&server, json!({})).await;
    let middle = group(&server, json!({"parent_id": top})).await;
    parts(&server, &middle, &[1.0]).await;
    let lease = server.lease_one(json!({})).await;
    server.post(&format!("/api/v1/tasks/{top}/cancel")).await.task(202);
    assert_eq!(server.task(&middle).await["state"], "cancelled");
    assert_eq!(lease.report(json!({})).await.expect(200).json()["cancel_requested"], true);
    let late = json!({"kind": "late", "parent_id": middle});
    server.post("/api/v1/tasks").json(&late).await.names_field(400, "parent_id");
    server.delete(&format!("/api/v1/tasks/{middle}")).await.problem(409, "children-not-done");
    lease.release().await.expect(200);
    server.delete(&format!("/api/v1/tasks/{middle}")).await.expect(204);
}

#[tokio::test]
async fn a_cancel_goes_on_after_a_kill() {
    let mut server = Server::start().await;
    let id = group(&server, json!({})).await;
    for _ in 0..3 {
        parts(&server, &id, &[1.0; 600]).await;
    }
    server.post(&format!("/api/v1/tasks/{id}/cancel")).await.task(202);
    server.kill9().await;
    server.restart().await;
    soon("all of them are cancelled", async {
        while server.task(&id).await["children"]["cancelled"] != 1800 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    })
    .await;
    let left = server.get(&format!("/api/v1/tasks?parent={id}&state=queued")).await.json();
    assert_eq!(left["items"], json!([]));
}

#[tokio::test]
async fn a_retried_group_waits_for_those_of_its_children_that_did_not_succeed() {
    let server = Server::start().await;
    let id = group(&server, json!({})).await;
    parts(&server, &id, &[1.0, 1.0]).await;
    server.lease_one(json!({})).await.complete(json!(1)).await.expect(200);
    let lease = server.lease_one(json!({})).await;
    lease.fail(json!({"error": {"type": "boom"}, "retryable": false})).await.expect(200);
    let task = server.post(&format!("/api/v1/tasks/{id}/retry")).await.task(202);
    assert_eq!(task["state"], "running");
    server.lease_one(json!({})).await.complete(json!(1)).await.expect(200);
    assert_eq!(server.task(&id).await["state"], "succeeded");
}

#[tokio::test]
async fn bad_families_are_refused_by_field() {
    let server = Server::start().await;
    for (request, field) in [
        (json!({"kind": "k", "parent_id": "nobody"}), "parent_id"),
        (json!({"kind": "k", "parent_id": "no id"}), "parent_id"),
        (json!({"kind": "k", "weight": 0}), "weight"),
        (json!({"kind": "k", "weight": 1000001}), "weight"),
        (json!({"kind": "k", "child_failure": "collect"}), "child_failure"),
        (json!({"kind": "k", "complete_when_children_done": true, "worker": "w"}), "worker"),
        (json!({"kind": "k", "child_failure": "ignore"}), "child_failure"),
    ] {
        server.post("/api/v1/tasks").json(&request).await.names_field(400, field);
    }
    let mut above = server.submit_kind("k").await;
    for _ in 0..8 {
        let task = server.submit(json!({"kind": "k", "parent_id": above})).await;
        above = task["id"].as_str().expect("an id").to_owned();
    }
    let deep = json!({"tasks": [{"kind": "k", "parent_id": above}]});
    server.post("/api/v1/task-batches").json(&deep).await.names_field(400, "tasks[0].parent_id");
}
