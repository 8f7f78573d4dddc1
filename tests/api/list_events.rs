//! listEvents: `GET /api/v1/history`.

use std::time::Duration;

use milepost_client::types;
use milepost_tests::harness::{Server, cursor_position, id_of, soon, types_of};
use serde_json::json;

use crate::generated;

#[tokio::test]
async fn the_log_is_gapless_as_written_and_every_page_goes_on_where_the_last_ended() {
    let server = Server::start().await;
    for _ in 0..5 {
        server.submit_kind("k").await;
    }
    server.lease_one(json!({})).await.complete(json!(1)).await.expect(200);
    let log = server.log("").await;
    let positions: Vec<_> = log.iter().map(|event| cursor_position(&event["cursor"])).collect();
    assert_eq!(positions, (1..=7).collect::<Vec<_>>());
    let page = server.get("/api/v1/history?limit=3").await.expect(200).json();
    assert_eq!(page["items"], json!(log[..3]));
    let after = page["cursor"].as_str().expect("a cursor");
    let page =
        server.get(&format!("/api/v1/history?limit=2&after={after}")).await.expect(200).json();
    assert_eq!(page["items"], json!(log[3..5]));
}

#[tokio::test]
async fn filters_choose_events_and_the_cursor_moves_past_the_others() {
    let server = Server::start().await;
    let a = server.submit(json!({"kind": "a", "queue": "one", "labels": {"x": "1"}})).await;
    let b = server.submit(json!({"kind": "b", "queue": "two"})).await;
    let (a, b) = (id_of(&a), id_of(&b));
    for (query, wanted) in [
        (format!("&task={a}"), vec![&a]),
        (format!("&task={a}&task={b}"), vec![&a, &b]),
        ("&kind=b".into(), vec![&b]),
        ("&queue=one".into(), vec![&a]),
        ("&label=x=1".into(), vec![&a]),
        ("&state=queued".into(), vec![&a, &b]),
        ("&kind=c".into(), vec![]),
    ] {
        let log = server.log(&query).await;
        let ids: Vec<_> = log.iter().map(|event| event["task_id"].as_str()).collect();
        assert_eq!(ids, wanted.iter().map(|id| Some(id.as_str())).collect::<Vec<_>>(), "{query}");
    }
    let page = server.get("/api/v1/history?kind=c").await.expect(200).json();
    assert_eq!(cursor_position(&page["cursor"]), 2, "what does not match was looked at");
}

#[tokio::test]
async fn a_wait_ends_with_the_first_event_that_matches() {
    let server = Server::start().await;
    server.submit_kind("before").await;
    let end = server.get("/api/v1/history").await.expect(200).json()["cursor"].clone();
    let path = format!("/api/v1/history?kind=wanted&after={}", end.as_str().expect("a cursor"));
    let client = server.clone();
    let waiting =
        tokio::spawn(
            async move { client.get(&path).header("prefer", "wait=20").await.expect(200) },
        );
    tokio::time::sleep(Duration::from_millis(100)).await;
    server.submit_kind("unwanted").await;
    let wanted = server.submit_kind("wanted").await;
    let page = soon("the waiting caller", waiting).await.expect("an answer").json();
    assert_eq!(types_of(page["items"].as_array().expect("items")), ["queued"]);
    assert_eq!(page["items"][0]["task_id"], wanted.as_str());
}

#[tokio::test]
async fn a_cursor_of_no_use_is_told() {
    let server = Server::start().await;
    server.submit_kind("k").await;
    for (after, reason) in [("%F0%9F%98%80", "garbage"), ("00000000.1", "epoch"), ("", "garbage")] {
        let page = server.get(&format!("/api/v1/history?after={after}")).await.expect(200).json();
        if after.is_empty() && page.get("reset").is_none() {
            continue; // An empty parameter may as well be an absent one.
        }
        assert_eq!(page["reset"], reason, "{page}");
        assert_eq!(page["items"].as_array().map(Vec::len), Some(1));
    }
}

#[tokio::test]
async fn wrong_queries_are_named() {
    let server = Server::start().await;
    for (query, field) in [
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("state=x", "state"),
        ("task=a%2Fb", "task"),
    ] {
        server.get(&format!("/api/v1/history?{query}")).await.names_field(400, field);
    }
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = Server::start().await;
    let api = generated::client(&server);
    let task = generated::submitted(&api, "k").await;
    generated::submitted(&api, "other").await;
    let page = api.list_events().kind("k").send().await.expect("a page");
    assert_eq!(page.items.len(), 1);
    let page = api.list_events().after(&task.cursor).send().await.expect("a page");
    assert!(matches!(page.items[..], [types::Event::TaskQueued { .. }]));
    let page = api.list_events().after("garbage").send().await.expect("a page");
    assert_eq!(page.reset, Some(types::ResetReason::Garbage));
}
