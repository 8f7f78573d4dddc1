//! Methods and paths that lead nowhere.

use std::collections::BTreeMap;

use milepost_tests::harness::Server;
use reqwest::Method;

/// Every path with the methods it has.
const ROUTES: [(&str, &str); 44] = [
    ("/api/v1/tasks", "GET POST"),
    ("/api/v1/tasks/x", "GET PUT PATCH DELETE"),
    ("/api/v1/tasks/x/cancel", "POST"),
    ("/api/v1/tasks/x/retry", "POST"),
    ("/api/v1/tasks/x/events", "GET"),
    ("/api/v1/tasks/x/history", "GET"),
    ("/api/v1/tasks/x/logs", "GET"),
    ("/api/v1/tasks/x/report", "POST"),
    ("/api/v1/tasks/x/complete", "POST"),
    ("/api/v1/tasks/x/fail", "POST"),
    ("/api/v1/tasks/x/release", "POST"),
    ("/api/v1/tasks/x/attempts", "GET"),
    ("/api/v1/task-batches", "POST"),
    ("/api/v1/reports", "POST"),
    ("/api/v1/bulk/cancel", "POST"),
    ("/api/v1/bulk/retry", "POST"),
    ("/api/v1/bulk/delete", "POST"),
    ("/api/v1/workers", "GET"),
    ("/api/v1/queues", "GET"),
    ("/api/v1/queues/x", "GET PUT PATCH"),
    ("/api/v1/kinds", "GET"),
    ("/api/v1/kinds/x", "GET PUT DELETE"),
    ("/api/v1/schedules", "GET POST"),
    ("/api/v1/schedules/x", "GET PUT PATCH DELETE"),
    ("/api/v1/schedules/x/run", "POST"),
    ("/api/v1/webhooks", "GET POST"),
    ("/api/v1/webhooks/x", "GET PATCH DELETE"),
    ("/api/v1/webhooks/x/test", "POST"),
    ("/api/v1/webhooks/x/rotate-secret", "POST"),
    ("/api/v1/leases", "POST"),
    ("/api/v1/events", "GET"),
    ("/api/v1/event-streams", "POST"),
    ("/api/v1/history", "GET"),
    ("/api/v1/system", "GET"),
    ("/api/data", "GET"),
    ("/api/submit", "POST"),
    ("/start_task/x", "POST"),
    ("/sse_progress/x", "GET"),
    ("/healthz", "GET"),
    ("/readyz", "GET"),
    ("/openapi.json", "GET"),
    ("/docs", "GET"),
    ("/metrics", "GET"),
    ("/problems/task-not-found", "GET"),
];

#[tokio::test]
async fn another_method_is_405_and_says_which_are_allowed() {
    let server = Server::start().await;
    for (path, methods) in ROUTES {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            if methods.split(' ').any(|allowed| allowed == method) {
                continue;
            }
            let request = Method::from_bytes(method.as_bytes()).expect("a method");
            let answer = server.request(request, path).await;
            let allow = answer.header("allow").unwrap_or_default().to_owned();
            answer.problem(405, "");
            let mut allowed: Vec<_> = allow
                .split(',')
                .map(str::trim)
                .filter(|one| !matches!(*one, "HEAD" | "OPTIONS"))
                .collect();
            let mut wanted: Vec<_> = methods.split(' ').collect();
            allowed.sort_unstable();
            wanted.sort_unstable();
            assert_eq!(allowed, wanted, "Allow of {path}");
        }
    }
}

#[tokio::test]
async fn the_routes_of_this_test_are_those_of_the_contract() {
    let server = Server::start().await;
    let document = server.get("/openapi.json").await.expect(200).json();
    let mut published = BTreeMap::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        let path = path.replace("{id}", "x").replace("{name}", "x");
        let mut methods: Vec<_> =
            item.as_object().expect("operations").keys().map(|key| key.to_uppercase()).collect();
        methods.retain(|method| method != "PARAMETERS");
        methods.sort();
        published.insert(path, methods);
    }
    for (path, methods) in &published {
        let known = ROUTES.iter().find(|(route, _)| route == path);
        let (_, known) =
            known.unwrap_or_else(|| panic!("{path} is in the contract and not in this test"));
        let mut known: Vec<_> = known.split(' ').map(str::to_owned).collect();
        known.sort();
        assert_eq!(methods, &known, "{path}");
    }
}

#[tokio::test]
async fn unknown_methods_are_no_crash() {
    let server = Server::start().await;
    for method in ["TRACE", "CONNECT", "PROPFIND", "get", "X"] {
        let request =
            format!("{method} /api/v1/tasks HTTP/1.1\r\nHost: {}\r\n\r\n", server.address());
        let answer = server.raw(request).await;
        assert!(matches!(answer.status, 400 | 404 | 405 | 501), "{method}: {answer:?}");
    }
}

#[tokio::test]
async fn unknown_paths_are_404() {
    let server = Server::start().await;
    for path in [
        "/api/v1",
        "/api/v1/task",
        "/api/v1/tasks/x/unknown",
        "/api/v2/tasks",
        "/api/v1//tasks",
        "/api/datum",
        "/start_task/",
    ] {
        for method in [Method::GET, Method::POST, Method::DELETE] {
            let answer = server.request(method, path).await;
            answer.problem(404, "");
        }
    }
    server.get("/nothing.js").header("accept", "*/*").await.problem(404, "");
}

#[tokio::test]
async fn dots_and_slashes_in_ids_lead_nowhere_however_they_are_written() {
    let server = Server::start().await;
    let ids = [
        "..",
        ".",
        "%2e%2e",
        "%2E%2e",
        "..%2f..%2fetc%2fpasswd",
        "a%2fb",
        "a%2Fb",
        "%2F",
        "a%5cb",
        "%00",
        "a%00b",
        "a%0d%0aX:%20y",
        "%ff",
        "%c0%ae%c0%ae",
        "%zz",
        "%",
        "a b",
        "..;",
        "%252e%252e",
        "{id}",
        ":id",
        "*",
        "C:%5cwindows",
        "\u{202e}x",
        "a?b%00",
    ];
    let long = "a".repeat(129);
    for id in ids.into_iter().chain([long.as_str()]) {
        for path in [
            format!("/api/v1/tasks/{id}"),
            format!("/api/v1/tasks/{id}/events"),
            format!("/api/v1/tasks/{id}/logs"),
        ] {
            let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", server.address());
            let answer = server.raw(request.as_bytes()).await;
            let listed = matches!(id, "." | ".." | "%2e%2e" | "%2E%2e");
            let fits = matches!(answer.status, 400 | 404) || (listed && answer.status == 200);
            assert!(fits, "{path}: {} {}", answer.status, answer.text());
        }
    }
}

#[tokio::test]
async fn a_broken_escape_is_400_and_names_nothing() {
    let server = Server::start().await;
    let host = server.address();
    for name in ["%zz", "%", "a%2", "%%20", "%C3%g9", "ab%ff", "%c0%ae"] {
        for (method, path) in [
            ("PUT", format!("/api/v1/queues/{name}")),
            ("PATCH", format!("/api/v1/queues/{name}")),
            ("GET", format!("/api/v1/queues/{name}")),
            ("PUT", format!("/api/v1/kinds/{name}")),
            ("DELETE", format!("/api/v1/kinds/{name}")),
            ("DELETE", format!("/api/v1/tasks/{name}")),
            ("DELETE", format!("/api/v1/schedules/{name}")),
            ("DELETE", format!("/api/v1/webhooks/{name}")),
            ("POST", format!("/start_task/{name}")),
        ] {
            let head = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\n");
            let body = "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
            let problem = server.raw(format!("{head}{body}")).await.problem(400);
            assert_eq!(problem["type"], "/problems/malformed-request", "{method} {path}");
        }
    }
    let queues = server.get("/api/v1/queues").await.expect(200).json();
    assert_eq!(queues["items"], serde_json::json!([]));
}

#[tokio::test]
async fn no_file_outside_the_dashboard_is_ever_served() {
    let server = Server::start().await;
    for path in [
        "/../Cargo.toml",
        "/..%2fCargo.toml",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/assets/..%2f..%2f..%2fCargo.toml",
        "/assets/../../etc/passwd",
        "//etc/passwd",
        "/%2fetc%2fpasswd",
        "/assets/%00",
        "/assets/..\\..\\etc",
        "/data/milepost.db",
        "/.git/config",
    ] {
        for accept in ["*/*", "text/html"] {
            let host = server.address();
            let answer = server
                .raw(format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept: {accept}\r\n\r\n"))
                .await;
            let text = answer.text();
            assert!(
                !text.contains("root:x:") && !text.contains("[workspace]"),
                "{path} served a file"
            );
            let page =
                answer.header("content-type").is_some_and(|kind| kind.starts_with("text/html"));
            assert!(matches!(answer.status, 400 | 404) || page, "{path}: {answer:?}");
        }
    }
}

#[tokio::test]
async fn an_id_may_be_written_with_escapes_it_does_not_need() {
    let server = Server::start().await;
    server.put("/api/v1/tasks/a~b").json(&serde_json::json!({"kind": "k"})).await.task(202);
    assert_eq!(server.get("/api/v1/tasks/%61%7Eb").await.task(200)["id"], "a~b");
}
