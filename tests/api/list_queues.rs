//! listQueues: `GET /api/v1/queues`.

use milepost_tests::harness::Server;
use serde_json::{Value, json};

use crate::generated;

const PATH: &str = "/api/v1/queues";

fn names(page: &Value) -> Vec<&str> {
    let items = page["items"].as_array().expect("items");
    items.iter().map(|queue| queue["name"].as_str().unwrap_or_default()).collect()
}

#[tokio::test]
async fn queues_with_tasks_or_settings_are_listed_by_name_in_pages() {
    let server = Server::start().await;
    for queue in ["b", "ü/ x?", "a"] {
        server.submit(json!({"kind": "k", "queue": queue})).await;
    }
    server.put("/api/v1/queues/set").json(&json!({})).await.expect(200);
    let whole = server.get(PATH).await.expect(200);
    assert_eq!(names(&whole.json()), ["a", "b", "set", "ü/ x?"]);
    assert!(whole.header("link").is_none());
    let mut found = Vec::new();
    let mut next = format!("{PATH}?limit=1");
    loop {
        let page = server.get(&next).await.expect(200);
        found.extend(names(&page.json()).into_iter().map(str::to_owned));
        match page.json().get("next_page").and_then(Value::as_str) {
            Some(token) => next = format!("{PATH}?limit=1&page={token}"),
            None => break,
        }
        assert!(page.header("link").is_some_and(|link| link.contains("rel=\"next\"")));
    }
    assert_eq!(found, ["a", "b", "set", "ü/ x?"]);
}

#[tokio::test]
async fn an_etag_saves_sending_it_again_until_something_changes() {
    let server = Server::start().await;
    server.submit_kind("k").await;
    let tag = server.get(PATH).await.expect(200).header("etag").expect("a tag").to_owned();
    server.get(PATH).header("if-none-match", &tag).await.expect(304);
    server.submit_kind("k").await;
    server.get(PATH).header("if-none-match", &tag).await.expect(200);
}

#[tokio::test]
async fn wrong_pages_and_limits_are_named() {
    let server = Server::start().await;
    for (query, field) in
        [("page=x", "page"), ("page=f", "page"), ("limit=0", "limit"), ("limit=201", "limit")]
    {
        server.get(&format!("{PATH}?{query}")).await.names_field(400, field);
    }
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = Server::start().await;
    let api = generated::client(&server);
    generated::submitted(&api, "k").await;
    let queues = api.list_queues().send().await.expect("the queues").into_inner();
    assert_eq!((queues.items[0].name.as_str(), queues.items[0].counts.queued), ("default", 1));
    generated::assert_refused(api.list_queues().page("x").send().await, 400, "invalid-request");
}
