//! listWebhooks: `GET /api/v1/webhooks`.

use milepost_tests::harness::{Server, id_of};
use serde_json::json;

use crate::{generated, webhooks::PATH};

#[tokio::test]
async fn they_come_by_id_in_pages_without_their_secrets() {
    let server = Server::start().await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        let body = json!({"url": "https://example.com/"});
        ids.push(id_of(&server.post(PATH).json(&body).await.expect(201).json()));
    }
    ids.sort();
    let first = server.get(&format!("{PATH}?limit=2")).await.expect(200);
    let page = first.json();
    let next = page["next_page"].as_str().expect("a next page");
    let rest = server.get(&format!("{PATH}?limit=2&page={next}")).await.expect(200).json();
    assert!(rest.get("next_page").is_none());
    let items =
        [page["items"].as_array().expect("items"), rest["items"].as_array().expect("items")];
    let items: Vec<_> = items.into_iter().flatten().collect();
    assert_eq!(items.iter().map(|one| id_of(one)).collect::<Vec<_>>(), ids);
    assert!(items.iter().all(|one| one.get("secret").is_none()));
    let tag = first.header("etag").expect("a tag").to_owned();
    server.get(&format!("{PATH}?limit=2")).header("if-none-match", tag).await.expect(304);
    server.get(&format!("{PATH}?limit=0")).await.names_field(400, "limit");
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = Server::start().await;
    let api = generated::client(&server);
    let page = api.list_webhooks().send().await.expect("a page").into_inner();
    assert!(page.items.is_empty());
}
