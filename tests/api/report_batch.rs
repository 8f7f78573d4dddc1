//! reportBatch: `POST /api/v1/reports`.

use milepost_client::types;
use milepost_tests::harness::{Lease, Server};
use serde_json::{Value, json};

use crate::generated;

const PATH: &str = "/api/v1/reports";

async fn leases(server: &Server, count: usize) -> Vec<Lease> {
    for _ in 0..count {
        server.submit_kind("k").await;
    }
    let leases = server.lease(json!({"max_tasks": count})).await;
    assert_eq!(leases.len(), count);
    leases
}

async fn sent(server: &Server, items: Vec<Value>) -> Vec<Value> {
    let answer = server.post(PATH).json(&json!({"items": items})).await.expect(200).json();
    answer["items"].as_array().expect("items").clone()
}

fn item(lease: &Lease, kind: &str, more: Value) -> Value {
    let mut item = more;
    item["type"] = json!(kind);
    item["task_id"] = json!(lease.task_id());
    item["lease"] = json!(lease.token());
    item
}

#[tokio::test]
async fn each_item_is_answered_as_its_own_operation_would() {
    let server = Server::start().await;
    let leases = leases(&server, 4).await;
    let results = sent(
        &server,
        vec![
            item(&leases[0], "report", json!({"sequence": 1, "progress": {"percent": 25}})),
            item(&leases[1], "complete", json!({"output": {"n": 1}})),
            item(&leases[2], "fail", json!({"error": {"type": "broken"}, "retryable": false})),
            item(&leases[3], "release", json!({})),
        ],
    )
    .await;
    for (result, lease) in results.iter().zip(&leases) {
        assert_eq!((&result["task_id"], &result["status"]), (&json!(lease.task_id()), &json!(200)));
    }
    assert_eq!(results[0]["report"]["cancel_requested"], false);
    let states: Vec<_> = results[1..].iter().map(|result| result["state"].clone()).collect();
    assert_eq!(states, ["succeeded", "failed", "queued"]);
    assert_eq!(server.task(&leases[0].task_id()).await["progress"]["percent"], 25.0);
    assert_eq!(server.task(&leases[1].task_id()).await["output"], json!({"n": 1}));
}

#[tokio::test]
async fn what_is_wrong_with_one_does_not_spoil_the_others() {
    let server = Server::start().await;
    let leases = leases(&server, 2).await;
    let mut forged = item(&leases[0], "report", json!({}));
    forged["lease"] = json!("lease_forged");
    let results = sent(
        &server,
        vec![
            forged,
            item(&leases[0], "report", json!({"progress": {"percent": 101}})),
            item(&leases[0], "report", json!({"progres": {}})),
            item(&leases[0], "explode", json!({})),
            json!({"type": "release", "task_id": "nobody", "lease": "x"}),
            json!({"type": "release", "task_id": "../..", "lease": "x"}),
            json!("what?"),
            item(&leases[1], "complete", json!({})),
        ],
    )
    .await;
    let statuses: Vec<_> = results.iter().map(|result| result["status"].clone()).collect();
    assert_eq!(statuses, [409, 400, 400, 400, 404, 404, 400, 200]);
    assert_eq!(results[0]["problem"]["type"], "/problems/lease-lost");
    assert_eq!(results[1]["problem"]["errors"][0]["field"], "progress.percent");
    assert_eq!(results[2]["problem"]["errors"][0]["field"], "progres");
    assert_eq!(results[3]["problem"]["errors"][0]["field"], "type");
    assert_eq!(results[3]["task_id"], leases[0].task_id());
    assert_eq!(results[6]["task_id"], "");
    assert_eq!(server.task(&leases[0].task_id()).await["state"], "running");
}

#[tokio::test]
async fn items_of_one_task_are_carried_out_in_their_order() {
    let server = Server::start().await;
    let leases = leases(&server, 1).await;
    let mut items: Vec<_> = (1..=100)
        .map(|n| item(&leases[0], "report", json!({"sequence": n, "progress": {"percent": n}})))
        .collect();
    items.push(item(&leases[0], "complete", json!({})));
    items.push(item(&leases[0], "report", json!({"sequence": 101})));
    let results = sent(&server, items).await;
    assert!(results[..101].iter().all(|result| result["status"] == 200), "{results:?}");
    assert_eq!(results[101]["status"], 409);
}

#[tokio::test]
async fn a_batch_that_is_wrong_as_a_whole_is_refused() {
    let server = Server::start().await;
    server.post(PATH).json(&json!({"items": []})).await.names_field(400, "items");
    server.post(PATH).json(&json!({"items": {}})).await.names_field(400, "items");
    server.post(PATH).json(&json!({})).await.names_field(400, "items");
    server.post(PATH).json(&json!({"items": vec![json!(1); 1001]})).await.names_field(400, "items");
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = Server::start().await;
    let api = generated::client(&server);
    let lease = generated::leased(&api, "k").await;
    let item = types::ReportItem::Complete {
        lease: lease.token.clone(),
        output: Some(json!([1])),
        task_id: lease.task.id.clone(),
    };
    let send =
        |items: Vec<types::ReportItem>| api.report_batch().body_map(|body| body.items(items));
    let results = send(vec![item]).send().await.expect("the results").into_inner().items;
    assert_eq!(results[0].state, Some(types::TaskState::Succeeded));
    generated::assert_refused(send(Vec::new()).send().await, 400, "invalid-request");
}
