//! deleteKind: `DELETE /api/v1/kinds/{name}`.

use milepost_tests::harness::{Server, id_of};
use serde_json::json;

use crate::generated;

const PATH: &str = "/api/v1/kinds/k";

#[tokio::test]
async fn it_is_gone_its_tasks_stay_and_any_input_is_taken() {
    let server = Server::start().await;
    let body = json!({"input_schema": {"type": "string"}, "defaults": {"max_attempts": 9}});
    server.put(PATH).json(&body).await.expect(201);
    let task = server.submit(json!({"kind": "k", "input": "a"})).await;
    server.delete(PATH).await.expect(204);
    server.get(PATH).await.problem(404, "kind-not-found");
    server.delete(PATH).await.problem(404, "kind-not-found");
    assert_eq!(server.task(&id_of(&task)).await["max_attempts"], 9);
    assert_eq!(server.submit(json!({"kind": "k", "input": 5})).await["max_attempts"], 3);

    // Another of the same name is another: nothing of the first is left.
    server.put(PATH).json(&json!({"input_schema": {"type": "integer"}})).await.expect(201);
    server.submit(json!({"kind": "k", "input": 5})).await;
    let text = json!({"kind": "k", "input": "a"});
    server.post("/api/v1/tasks").json(&text).await.names_field(400, "input");
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = Server::start().await;
    server.put(PATH).json(&json!({})).await.expect(201);
    let api = generated::client(&server);
    api.delete_kind().name("k").send().await.expect("it is gone");
    let again = api.delete_kind().name("k").send().await;
    generated::assert_refused(again, 404, "kind-not-found");
}
