//! What is served for people: Swagger UI, the specification, the pages of the problems, and the
//! dashboard's address.

use std::collections::BTreeSet;

use milepost_tests::harness::Server;
use serde_json::{Value, json};

#[tokio::test]
async fn swagger_ui_is_a_page_that_needs_no_other_host() {
    let server = Server::start().await;
    let answer = server.get("/docs").await;
    let answer = if answer.status.is_redirection() { server.get("/docs/").await } else { answer };
    let answer = answer.expect(200);
    assert!(answer.header("content-type").is_some_and(|kind| kind.starts_with("text/html")));
    let page = answer.text();
    assert!(page.contains("swagger"), "this is not Swagger UI");
    for outside in ["src=\"http", "href=\"http", "src='http", "unpkg.com", "cdn.jsdelivr"] {
        assert!(!page.contains(outside), "the page asks {outside} for something");
    }
}

#[tokio::test]
async fn the_specification_is_served_as_it_is_published() {
    let server = Server::start().await;
    let served = server.get("/openapi.json").await.expect(200);
    assert!(served.header("content-type").is_some_and(|kind| kind.starts_with("application/json")));
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../api-spec/openapi.json");
    let published = std::fs::read_to_string(root).expect("the published specification is there");
    let published: Value = serde_json::from_str(&published).expect("it is JSON");
    assert_eq!(served.json(), published);
}

#[tokio::test]
async fn every_problem_met_has_a_page_to_read() {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    let task = format!("/api/v1/tasks/{id}");
    let answers = [
        server.get("/api/v1/tasks/nobody").await,
        server.get("/api/v1/nothing").await,
        server.put("/api/v1/leases").await,
        server.post("/api/v1/tasks").body("text/plain", "x").await,
        server.post("/api/v1/tasks").body("application/json", "{").await,
        server.post("/api/v1/tasks").json(&json!({})).await,
        server.delete(&task).await,
        server.post(&format!("{task}/retry")).await,
        server.post(&format!("{task}/report")).json(&json!({"lease": "lease_x"})).await,
        server.patch(&task).header("if-match", "\"0\"").json(&json!({"priority": 1})).await,
        server.post("/start_task/x").header("origin", "https://evil.example").await,
    ];
    let mut types = BTreeSet::new();
    for answer in answers {
        assert!(answer.status.is_client_error(), "{answer}");
        let problem = answer.json();
        types.insert(problem["type"].as_str().expect("a type").to_owned());
    }
    assert!(types.len() >= 8, "the problems have types of their own: {types:?}");
    for path in types {
        let page = server.get(&path).await.expect(200);
        assert!(
            page.header("content-type").is_some_and(|kind| kind.starts_with("text/html")),
            "{page}"
        );
        assert!(page.text().len() > 200, "the page of {path} says nothing");
    }
    server.get("/problems/never-heard-of").await.problem(404, "");
}

#[tokio::test]
async fn a_browser_gets_a_page_at_the_root_and_at_the_dashboards_own_addresses() {
    let server = Server::start().await;
    for path in ["/", "/tasks/some-id", "/quickstart"] {
        let answer = server.get(path).header("accept", "text/html,*/*;q=0.8").await.expect(200);
        assert!(
            answer.header("content-type").is_some_and(|kind| kind.starts_with("text/html")),
            "{path}"
        );
    }
}

#[tokio::test]
async fn the_dashboard_never_stands_in_for_the_api() {
    let server = Server::start().await;
    for path in [
        "/api",
        "/api/",
        "/api/v1",
        "/api/v2/tasks",
        "/api/v1/tasks/x/y/z",
        "/start_task",
        "/sse_progress",
        "/start_task/a/b",
    ] {
        let answer = server.get(path).header("accept", "text/html").await;
        assert!(matches!(answer.status.as_u16(), 404 | 405), "{answer}");
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{path}");
    }
}
