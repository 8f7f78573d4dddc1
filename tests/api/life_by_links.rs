//! A task's whole life, by following links only: this test knows two addresses and no other.

use milepost_tests::harness::{Server, types_of};
use serde_json::{Value, json};

fn link<'a>(of: &'a Value, name: &str) -> &'a str {
    of["links"][name].as_str().unwrap_or_else(|| panic!("no link {name} in {of}"))
}

#[tokio::test]
async fn a_task_is_made_worked_failed_retried_watched_finished_and_deleted() {
    let server = Server::start().await;
    let made = server.post("/api/v1/tasks").json(&json!({"kind": "k", "max_attempts": 1})).await;
    let location = made.header("location").expect("202 says where the task is").to_owned();
    let task = server.get(&location).await.task(200);
    let itself = link(&task, "self").to_owned();
    let mut watcher = server.watch(link(&task, "events")).await;
    watcher.expect("stream.snapshot").await;

    let wish = json!({"worker": "w", "wait_seconds": 5});
    let leases = server.post("/api/v1/leases").json(&wish).await.expect(200).json();
    let lease = &leases["leases"][0];
    let token = &lease["token"];
    for said in [json!({"progress": {"percent": 10}}), json!({"logs": [{"text": "begun"}]})] {
        let mut report = said;
        report["lease"] = token.clone();
        server.post(link(lease, "report")).json(&report).await.expect(200);
    }
    let failure = json!({"lease": token, "error": {"type": "boom"}});
    let failed = server.post(link(lease, "fail")).json(&failure).await.task(200);
    assert_eq!(failed["state"], "failed");
    assert!(failed["links"].get("cancel").is_none());

    let again = server.post(link(&failed, "retry")).await.task(202);
    assert!(again["links"].get("retry").is_none() && again["links"].get("delete").is_none());
    let leases = server.post("/api/v1/leases").json(&wish).await.expect(200).json();
    let lease = &leases["leases"][0];
    server.post(link(lease, "release")).json(&json!({"lease": lease["token"]})).await.task(200);
    let leases = server.post("/api/v1/leases").json(&wish).await.expect(200).json();
    let lease = &leases["leases"][0];
    let running = server.get(link(&lease["task"], "self")).await.task(200);
    let cancelling = server.post(link(&running, "cancel")).await.task(202);
    assert_eq!(cancelling["cancel_requested"], true);
    let output = json!({"lease": lease["token"], "output": "anyway"});
    let done = server.post(link(lease, "complete")).json(&output).await.task(200);
    assert_eq!(done["state"], "succeeded");

    let lines = server.get(link(&done, "logs")).await.expect(200).json();
    assert_eq!(lines["lines"][0]["text"], "begun");
    let children = server.get(link(&done, "children")).await.expect(200).json();
    assert_eq!(children["items"], json!([]));
    let history = server.get(link(&done, "history")).await.expect(200).json();
    let story = [
        "queued",
        "started",
        "progress",
        "log",
        "failed",
        "queued",
        "started",
        "queued",
        "started",
        "cancel_requested",
        "succeeded",
    ];
    assert_eq!(types_of(history["items"].as_array().expect("items")), story);

    server.delete(link(&done, "delete")).await.expect(204);
    server.get(&itself).await.problem(404, "");
}
