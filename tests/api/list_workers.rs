//! listWorkers: `GET /api/v1/workers`.

use milepost_tests::harness::Server;
use serde_json::{Value, json};

use crate::generated;

const PATH: &str = "/api/v1/workers";

async fn worker(server: &Server, name: &str) -> Option<Value> {
    let page = server.get(PATH).await.expect(200).json();
    page["items"].as_array()?.iter().find(|worker| worker["name"] == name).cloned()
}

#[tokio::test]
async fn who_waits_and_who_runs_a_task_is_listed() {
    let server = Server::start().await;
    let client = server.clone();
    let waiting = tokio::spawn(async move {
        let wish = json!({"worker": "idle", "queues": ["q"], "kinds": ["x"], "wait_seconds": 20});
        client.lease(wish).await
    });
    server.submit_kind("k").await;
    let lease = server.lease_one(json!({"worker": "busy"})).await;
    lease.report(json!({"progress": {"percent": 5}})).await.expect(200);
    let busy = worker(&server, "busy").await.expect("the busy one");
    assert_eq!((&busy["running"], &busy["waiting"]), (&json!(1), &json!(0)));
    let task = &busy["tasks"][0];
    assert_eq!((&task["id"], &task["percent"]), (&json!(lease.task_id()), &json!(5.0)));
    let idle = milepost_tests::harness::soon("the idle one", async {
        loop {
            if let Some(idle) = worker(&server, "idle").await {
                return idle;
            }
        }
    });
    let idle = idle.await;
    assert_eq!((&idle["waiting"], &idle["queues"]), (&json!(1), &json!(["q"])));
    assert_eq!((&idle["kinds"], &idle["running"]), (&json!(["x"]), &json!(0)));
    waiting.abort();
}

#[tokio::test]
async fn they_come_in_pages() {
    let server = Server::start().await;
    for name in ["a", "b", "ü/"] {
        server.lease(json!({"worker": name})).await;
    }
    let mut found = Vec::new();
    let mut next = format!("{PATH}?limit=1");
    loop {
        let page = server.get(&next).await.expect(200).json();
        found.push(page["items"][0]["name"].as_str().unwrap_or_default().to_owned());
        match page.get("next_page").and_then(Value::as_str) {
            Some(token) => next = format!("{PATH}?limit=1&page={token}"),
            None => break,
        }
    }
    found.retain(|name| !name.starts_with("milepost-quickstart"));
    assert_eq!(found, ["a", "b", "ü/"]);
    server.get(&format!("{PATH}?page=x")).await.names_field(400, "page");
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = Server::start().await;
    let api = generated::client(&server);
    generated::leased(&api, "k").await;
    let list = api.list_workers().send().await.expect("the workers").into_inner();
    assert!(list.items.iter().any(|worker| worker.name == "w" && worker.running == 1));
    generated::assert_refused(api.list_workers().page("x").send().await, 400, "invalid-request");
}
