//! getKind: `GET /api/v1/kinds/{name}`.

use milepost_tests::harness::Server;
use serde_json::json;

use crate::generated;

const PATH: &str = "/api/v1/kinds/a%2Fb";

#[tokio::test]
async fn it_is_as_it_was_put_and_its_tag_saves_sending_it_again() {
    let server = Server::start().await;
    let schema = json!({"z": 1.50, "type": "object", "properties": {"b": {}, "a": {}}});
    server.put(PATH).json(&json!({"input_schema": schema})).await.expect(201);
    let answer = server.get(PATH).await.expect(200);
    let kind = answer.json();
    assert_eq!(kind["name"], "a/b");
    assert_eq!(kind["input_schema"].to_string(), schema.to_string(), "its order too");
    assert_eq!(kind["links"]["self"], PATH);
    let tag = answer.header("etag").expect("a tag").to_owned();
    server.get(PATH).header("if-none-match", &tag).await.expect(304);
    server.put(PATH).json(&json!({})).await.expect(200);
    server.get(PATH).header("if-none-match", &tag).await.expect(200);
}

#[tokio::test]
async fn an_unknown_one_is_404_even_if_it_has_tasks() {
    let server = Server::start().await;
    server.submit(json!({"kind": "k"})).await;
    for name in ["k", "%2F", "a%20b", "milepost.bulk"] {
        server.get(&format!("/api/v1/kinds/{name}")).await.problem(404, "kind-not-found");
    }
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = Server::start().await;
    server.put("/api/v1/kinds/k").json(&json!({"description": "words"})).await.expect(201);
    let api = generated::client(&server);
    let kind = api.get_kind().name("k").send().await.expect("the kind");
    assert_eq!(kind.description.as_deref(), Some("words"));
    let unknown = api.get_kind().name("x").send().await;
    generated::assert_refused(unknown, 404, "kind-not-found");
}
