//! listSchedules: `GET /api/v1/schedules`.

use milepost_tests::harness::{Server, id_of};
use serde_json::{Value, json};

use crate::generated;

const PATH: &str = "/api/v1/schedules";

async fn make(server: &Server, ids: &[&str]) {
    for id in ids {
        let body = json!({"id": id, "cron": "0 0 1 1 *", "task": {"kind": "k"}});
        server.post(PATH).json(&body).await.expect(201);
    }
}

#[tokio::test]
async fn they_come_by_id_in_pages() {
    let server = Server::start().await;
    make(&server, &["c", "a", "b"]).await;
    let mut found = Vec::new();
    let mut next = format!("{PATH}?limit=2");
    loop {
        let page = server.get(&next).await.expect(200).json();
        found.extend(page["items"].as_array().expect("items").iter().map(id_of));
        match page.get("next_page").and_then(Value::as_str) {
            Some(token) => next = format!("{PATH}?limit=2&page={token}"),
            None => break,
        }
    }
    assert_eq!(found, ["a", "b", "c"]);
    server.get(&format!("{PATH}?page=x")).await.names_field(400, "page");
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = Server::start().await;
    make(&server, &["a"]).await;
    let api = generated::client(&server);
    let list = api.list_schedules().send().await.expect("the schedules").into_inner();
    assert_eq!(list.items[0].id, "a");
    generated::assert_refused(api.list_schedules().page("x").send().await, 400, "invalid-request");
}
