//! listKinds: `GET /api/v1/kinds`.

use milepost_tests::harness::Server;
use serde_json::{Value, json};

use crate::generated;

const PATH: &str = "/api/v1/kinds";

async fn put(server: &Server, names: &[&str]) {
    for name in names {
        let body = json!({"description": name, "input_schema": {"type": "object"}});
        server.put(&format!("{PATH}/{name}")).json(&body).await.expect(201);
    }
}

#[tokio::test]
async fn they_come_by_name_in_pages_without_their_schemas() {
    let server = Server::start().await;
    put(&server, &["c", "a", "b"]).await;
    server.submit(json!({"kind": "nothing is said of it"})).await;
    let mut found = Vec::new();
    let mut next = format!("{PATH}?limit=2");
    loop {
        let page = server.get(&next).await.expect(200).json();
        found.extend(page["items"].as_array().expect("items").iter().cloned());
        match page.get("next_page").and_then(Value::as_str) {
            Some(token) => next = format!("{PATH}?limit=2&page={token}"),
            None => break,
        }
    }
    let names: Vec<&str> = found.iter().filter_map(|kind| kind["name"].as_str()).collect();
    assert_eq!(names, ["a", "b", "c"]);
    assert!(found.iter().all(|kind| kind.get("input_schema").is_none()));
    assert!(found.iter().all(|kind| kind["checks_input"] == true));
    server.get(&format!("{PATH}?page=x")).await.names_field(400, "page");
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = Server::start().await;
    put(&server, &["a"]).await;
    let api = generated::client(&server);
    let list = api.list_kinds().send().await.expect("the kinds").into_inner();
    assert_eq!(list.items[0].name, "a");
    generated::assert_refused(api.list_kinds().page("x").send().await, 400, "invalid-request");
}
