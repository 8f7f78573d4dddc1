//! SIGKILL in the middle of a run over many tasks.

use std::collections::BTreeMap;

use milepost_tests::harness::{Server, id_of, soon};
use serde_json::json;

#[tokio::test]
async fn a_killed_run_goes_on_and_does_each_task_once() {
    let mut server = Server::start().await;
    let mut ids = Vec::new();
    for _ in 0..4 {
        let body = json!({"tasks": vec![json!({"kind": "k"}); 1000]});
        let made = server.post("/api/v1/task-batches").json(&body).await.expect(202).json();
        ids.extend(made["tasks"].as_array().expect("tasks").iter().map(id_of));
    }
    let body = json!({"filter": {"kind": "k"}});
    let run = server.post("/api/v1/bulk/cancel").json(&body).await.task(202);
    let run = id_of(&run);
    let path = format!("/api/v1/tasks/{run}");
    for least in [1.0, 2000.0] {
        // Amid its tasks, and not near their end.
        let mut watcher = server.watch(&format!("{path}/events")).await;
        soon("the run to be amid its tasks", async {
            loop {
                let event = watcher.event().await;
                if event.event == "task.progress"
                    && event.json()["progress"]["current"].as_f64() >= Some(least)
                {
                    break;
                }
            }
        })
        .await;
        server.kill9().await;
        server.restart().await;
        assert_eq!(server.task(&run).await["done"], false, "it was killed in the middle");
    }
    let run = server.get(&path).header("prefer", "wait=60").await.task(200);
    assert_eq!(run["state"], "succeeded", "{run}");
    let output = &run["output"];
    let number = |name: &str| output[name].as_u64().unwrap_or_default();
    assert_eq!(number("matched"), 4000, "{output}");
    assert_eq!(number("changed") + number("skipped"), 4000, "{output}");
    assert!(number("skipped") <= 400, "at most a page for each kill: {output}");
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for event in server.log("").await {
        if event["type"] == "task.cancelled" {
            *times.entry(id_of(&event["task"])).or_default() += 1;
        }
    }
    assert_eq!(times.len(), 4000);
    assert!(ids.iter().all(|id| times.get(id) == Some(&1)), "each of them once");
}
