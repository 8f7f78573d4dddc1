//! SIGKILL while webhooks are being delivered.

use std::collections::BTreeSet;

use milepost_tests::harness::{Options, Receiver, SILENCE, Server, id_of};
use serde_json::json;

#[tokio::test]
async fn a_killed_delivery_is_sent_again_at_the_start_and_costs_no_attempt() {
    let flags = ["--webhook-allow-private", "--webhook-timeout-seconds", "30"];
    let mut server = Server::with(Options::flags(flags)).await;
    let mut receiver = Receiver::start().await;
    let body = json!({"url": receiver.url("/hook")});
    server.post("/api/v1/webhooks").json(&body).await.expect(201);
    // As many as one webhook has under way at once, and one that waits for its turn.
    for _ in 0..4 {
        receiver.answers(SILENCE);
    }
    for _ in 0..5 {
        let id = id_of(&server.submit(json!({"kind": "k"})).await);
        server.post(&format!("/api/v1/tasks/{id}/cancel")).await.expect(202);
    }
    let mut told = BTreeSet::new();
    for _ in 0..4 {
        told.insert(receiver.next().await.header("webhook-id").to_owned());
    }
    server.kill9().await;
    server.restart().await;
    let mut again = BTreeSet::new();
    for _ in 0..5 {
        again.insert(receiver.next().await.header("webhook-id").to_owned());
    }
    assert!(again.len() == 5 && told.is_subset(&again), "{told:?} and then {again:?}");
    for id in again {
        let path = format!("/api/v1/tasks/{id}");
        let task = server.get(&path).header("prefer", "wait=20").await.task(200);
        assert_eq!((&task["state"], &task["attempt"]), (&json!("succeeded"), &json!(1)), "{task}");
    }
}
