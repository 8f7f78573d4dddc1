//! What the tests of bulkCancelTasks, bulkRetryTasks and bulkDeleteTasks share.

use milepost_tests::harness::{Server, id_of};
use serde_json::{Value, json};

/// The run once it is done.
pub async fn ended(server: &Server, run: &Value) -> Value {
    let path = format!("/api/v1/tasks/{}", id_of(run));
    let run = server.get(&path).header("prefer", "wait=30").await.task(200);
    assert_eq!(run["done"], true, "{run}");
    run
}

/// What the run came to: how many tasks matched, were changed and were skipped.
pub async fn counts(server: &Server, run: &Value) -> [u64; 3] {
    let run = ended(server, run).await;
    assert_eq!(run["state"], "succeeded", "{run}");
    ["matched", "changed", "skipped"]
        .map(|name| run["output"][name].as_u64().unwrap_or_else(|| panic!("no {name} in {run}")))
}

/// Makes this many tasks of a kind, in the order of their ids.
pub async fn many(server: &Server, kind: &str, count: usize) -> Vec<String> {
    let tasks = vec![json!({"kind": kind}); count];
    let answer = server.post("/api/v1/task-batches").json(&json!({"tasks": tasks})).await;
    let made = answer.expect(202).json();
    made["tasks"].as_array().expect("tasks").iter().map(id_of).collect()
}

/// How many tasks a list has in one page of it.
pub async fn listed(server: &Server, query: &str) -> usize {
    let page = server.get(&format!("/api/v1/tasks?limit=200&{query}")).await.expect(200).json();
    page["items"].as_array().expect("a list").len()
}
