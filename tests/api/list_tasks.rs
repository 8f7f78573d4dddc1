//! listTasks: `GET /api/v1/tasks`.

use milepost_tests::harness::{Server, assert_task, id_of};
use serde_json::{Value, json};

use crate::generated;

/// The ids of a list, in its order.
async fn ids(server: &Server, query: &str) -> Vec<String> {
    let page = server.get(&format!("/api/v1/tasks{query}")).await.expect(200).json();
    let items = page["items"].as_array().expect("a list of tasks");
    items.iter().for_each(assert_task);
    items.iter().map(id_of).collect()
}

#[tokio::test]
async fn the_newest_task_is_first_and_inputs_stay_out() {
    let server = Server::start().await;
    assert_eq!(server.get("/api/v1/tasks").await.expect(200).json(), json!({"items": []}));
    let mut made = Vec::new();
    for n in 0..3 {
        made.push(id_of(&server.submit(json!({"kind": "k", "input": {"n": n}})).await));
    }
    made.reverse();
    let page = server.get("/api/v1/tasks").await.expect(200).json();
    let items = page["items"].as_array().expect("a list");
    assert_eq!(items.iter().map(id_of).collect::<Vec<_>>(), made);
    assert!(items.iter().all(|task| task.get("input").is_none()), "{page}");
    assert!(page.get("next_page").is_none());
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_repeat_while_tasks_are_added() {
    let server = Server::start().await;
    let mut made = Vec::new();
    for _ in 0..5 {
        made.push(server.submit_kind("k").await);
    }
    made.reverse();
    let mut seen = Vec::new();
    let mut path = "/api/v1/tasks?limit=2".to_owned();
    loop {
        let answer = server.get(&path).await.expect(200);
        let page = answer.json();
        let items = page["items"].as_array().expect("a list");
        assert!(items.len() <= 2);
        seen.extend(items.iter().map(id_of));
        server.submit_kind("later").await;
        let Some(next) = page["next_page"].as_str() else {
            assert!(answer.header("link").is_none(), "the last page has no next: {answer}");
            break;
        };
        let link = answer.header("link").expect("a page with a next has a Link");
        let target = link.strip_prefix('<').and_then(|rest| rest.split_once('>'));
        let (target, relation) = target.unwrap_or_else(|| panic!("{link} is no link"));
        assert!(relation.contains(r#"rel="next""#), "{link}");
        assert!(target.contains("limit=2"), "{link} keeps what was asked");
        let by_token = server.get(&format!("/api/v1/tasks?limit=2&page={next}")).await.expect(200);
        path = target.strip_prefix(&server.url("")).unwrap_or(target).to_owned();
        assert_eq!(server.get(&path).await.expect(200).json()["items"], by_token.json()["items"]);
    }
    assert_eq!(seen, made);
}

#[tokio::test]
async fn filters_must_all_match_and_repeated_states_are_alternatives() {
    let server = Server::start().await;
    let a =
        server.submit(json!({"kind": "a", "queue": "one", "labels": {"x": "1", "y": "2"}})).await;
    let b = server.submit(json!({"kind": "b", "queue": "one", "labels": {"x": "1"}})).await;
    let c = server.submit(json!({"kind": "a", "queue": "two", "labels": {"x": "a=b"}})).await;
    let (a, b, c) = (id_of(&a), id_of(&b), id_of(&c));
    server.post(&format!("/api/v1/tasks/{b}/cancel")).await.task(202);
    let cases: [(&str, Vec<&String>); 13] = [
        ("?kind=a", vec![&c, &a]),
        ("?queue=one", vec![&b, &a]),
        ("?queue=one&kind=a", vec![&a]),
        ("?state=cancelled", vec![&b]),
        ("?state=cancelled&state=queued", vec![&c, &b, &a]),
        ("?state=running", vec![]),
        ("?label=x%3D1", vec![&b, &a]),
        ("?label=x=1&label=y=2", vec![&a]),
        ("?label=x=a%3Db", vec![&c]),
        ("?label=x=2", vec![]),
        ("?kind=nothing", vec![]),
        ("?created_after=2020-01-01T00:00:00Z", vec![&c, &b, &a]),
        ("?created_after=2999-01-01T00:00:00Z", vec![]),
    ];
    for (query, wanted) in cases {
        assert_eq!(ids(&server, query).await.iter().collect::<Vec<_>>(), wanted, "{query}");
    }
}

#[tokio::test]
async fn tasks_are_found_by_the_error_they_ended_with_page_by_page() {
    let server = Server::start().await;
    let mut ended = Vec::new();
    for error in ["slow", "broken", "slow", "slow", "odd"] {
        ended.push(server.submit_kind("k").await);
        let lease = server.lease_one(json!({"kinds": ["k"]})).await;
        lease.fail(json!({"error": {"type": error}, "retryable": false})).await.task(200);
    }
    let cancelled = server.submit_kind("k").await;
    server.post(&format!("/api/v1/tasks/{cancelled}/cancel")).await.task(202);
    let [a, b, c, d, _] = &ended[..] else { panic!("five tasks") };
    assert_eq!(ids(&server, "?error_type=slow").await, [d, c, a].map(String::clone));
    let both = "?error_type=slow&error_type=broken&error_type=slow";
    assert_eq!(ids(&server, both).await, [d, c, b, a].map(String::clone));
    assert_eq!(ids(&server, "?error_type=cancelled").await, std::slice::from_ref(&cancelled));
    assert!(ids(&server, "?error_type=cancelled&state=failed").await.is_empty());
    assert!(ids(&server, "?error_type=nothing").await.is_empty());
    let page = server.get("/api/v1/tasks?error_type=slow&limit=2").await.expect(200).json();
    let next = page["next_page"].as_str().expect("there is more");
    server.post(&format!("/api/v1/tasks/{d}/retry")).await.task(202);
    let rest = format!("?error_type=slow&limit=2&page={next}");
    assert_eq!(
        ids(&server, &rest).await,
        std::slice::from_ref(a),
        "what left does not shift the pages"
    );
    assert_eq!(ids(&server, "?error_type=slow").await, [c, a].map(String::clone));
}

#[tokio::test]
async fn the_runs_of_a_schedule_are_a_list_of_their_own() {
    let server = Server::start().await;
    for schedule in ["one", "other"] {
        let body = json!({"cron": "0 0 1 1 *", "paused": true, "task": {"kind": "k"}});
        server.put(&format!("/api/v1/schedules/{schedule}")).json(&body).await.expect(201);
    }
    let mut runs = Vec::new();
    for _ in 0..3 {
        let run = server.post("/api/v1/schedules/one/run").await.task(202);
        runs.insert(0, run["id"].as_str().expect("an id").to_owned());
        server.post("/api/v1/schedules/other/run").await.task(202);
        server.submit_kind("k").await;
    }
    assert_eq!(ids(&server, "?schedule=one").await, runs);
    server.post(&format!("/api/v1/tasks/{}/cancel", runs[1])).await.task(202);
    assert_eq!(ids(&server, "?schedule=one&state=cancelled").await, runs[1..2]);
    let both = "?schedule=one&error_type=cancelled&state=cancelled&kind=k";
    assert_eq!(ids(&server, both).await, runs[1..2]);
    let page = server.get("/api/v1/tasks?schedule=one&limit=2").await.expect(200).json();
    let next = page["next_page"].as_str().expect("there is more");
    assert_eq!(ids(&server, &format!("?schedule=one&limit=2&page={next}")).await, runs[2..]);
    server.delete("/api/v1/schedules/one").await.expect(204);
    assert_eq!(ids(&server, "?schedule=one").await, runs, "they outlive it");
    assert!(ids(&server, "?schedule=nobody").await.is_empty());
}

#[tokio::test]
async fn q_finds_a_part_of_an_id_or_kind_and_takes_nothing_for_a_pattern() {
    let server = Server::start().await;
    for (id, kind) in [("order-17", "Video.Encode"), ("order-18", "mail"), ("other", "100%_sure")] {
        server.put(&format!("/api/v1/tasks/{id}")).json(&json!({"kind": kind})).await.task(202);
    }
    assert_eq!(ids(&server, "?q=order-1").await, ["order-18", "order-17"]);
    assert_eq!(ids(&server, "?q=video").await, ["order-17"]);
    assert_eq!(ids(&server, "?q=%25").await, ["other"]);
    assert_eq!(ids(&server, "?q=_").await, ["other"]);
    assert!(ids(&server, "?q=%27%20OR%201%3D1--").await.is_empty());
}

#[tokio::test]
async fn children_are_listed_under_their_parents_link() {
    let server = Server::start().await;
    let parent = server.submit(json!({"kind": "parent"})).await;
    let child = server.submit(json!({"kind": "child", "parent_id": parent["id"]})).await;
    let children = parent["links"]["children"].as_str().expect("a link");
    let page = server.get(children).await.expect(200).json();
    assert_eq!(page["items"].as_array().map(Vec::len), Some(1), "{page}");
    assert_eq!(page["items"][0]["id"], child["id"]);
}

#[tokio::test]
async fn the_list_has_an_etag_that_changes_with_it() {
    let server = Server::start().await;
    server.submit_kind("k").await;
    let answer = server.get("/api/v1/tasks").await.expect(200);
    assert_eq!(answer.header("cache-control"), Some("no-cache"));
    let etag = answer.header("etag").expect("a list has an ETag").to_owned();
    let unchanged = server.get("/api/v1/tasks").header("if-none-match", &etag).await.expect(304);
    assert!(unchanged.body.is_empty());
    server.submit_kind("k").await;
    server.get("/api/v1/tasks").header("if-none-match", &etag).await.expect(200);
}

#[tokio::test]
async fn queries_that_are_wrong_are_400_and_name_the_parameter() {
    let server = Server::start().await;
    for (query, field) in [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=many", "limit"),
        ("limit=-1", "limit"),
        ("limit=99999999999999999999", "limit"),
        ("page=nonsense", "page"),
        ("page=", "page"),
        ("state=sleeping", "state"),
        ("label=novalue", "label"),
        ("created_after=yesterday", "created_after"),
        ("parent=%2e%2e", "parent"),
        ("schedule=two%20words", "schedule"),
        ("error_type=two%0Alines", "error_type[0]"),
        (&["error_type=t"; 21].join("&"), "error_type"),
    ] {
        let answer = server.get(&format!("/api/v1/tasks?{query}")).await;
        answer.names_field(400, field);
    }
}

#[tokio::test]
async fn long_outputs_stay_out_of_the_list_and_say_so() {
    let server = Server::start().await;
    server.submit_kind("k").await;
    let lease = server.lease_one(json!({})).await;
    let output = json!("x".repeat(20_000));
    lease.complete(output.clone()).await.expect(200);
    let page = server.get("/api/v1/tasks").await.expect(200).json();
    assert_eq!(page["items"][0]["output_omitted"], true);
    assert!(page["items"][0].get("output").is_none());
    let whole: Value = server.task(&lease.task_id()).await;
    assert_eq!(whole["output"], output);
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = Server::start().await;
    let api = generated::client(&server);
    for _ in 0..3 {
        generated::submitted(&api, "k").await;
    }
    let list = api.list_tasks().kind("k").limit(2u64).send().await.expect("a list");
    assert_eq!(list.items.len(), 2);
    let page = list.next_page.clone().expect("there is more");
    let rest = api.list_tasks().kind("k").limit(2u64).page(page).send().await.expect("a list");
    assert_eq!((rest.items.len(), &rest.next_page), (1, &None));
    let refused = api.list_tasks().limit(1000u64).send().await;
    generated::assert_refused(refused, 400, "invalid-request");
}
