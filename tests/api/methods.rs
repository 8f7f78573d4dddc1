//! HEAD and OPTIONS on every path of the contract and beside it.

use std::collections::BTreeMap;

use milepost_tests::harness::{Connection, Server, id_of, soon};
use serde_json::json;

/// Paths that are not in the contract.
const BESIDE: [(&str, &str); 6] = [
    ("/", "GET, HEAD, OPTIONS"),
    ("/docs", "GET, HEAD, OPTIONS"),
    ("/openapi.json", "GET, HEAD, OPTIONS"),
    ("/metrics", "GET, HEAD, OPTIONS"),
    ("/problems", "GET, HEAD, OPTIONS"),
    ("/problems/not-found", "GET, HEAD, OPTIONS"),
];

/// Paths whose answers are another each time.
const ALIVE: [&str; 2] = ["/api/v1/system", "/metrics"];

/// A server with one of everything, and every path with what it takes.
async fn full() -> (Server, BTreeMap<String, String>) {
    let server = Server::start().await;
    let id = server.submit_kind("k").await;
    let schedule = json!({"cron": "0 0 * * *", "task": {"kind": "k"}});
    server.put("/api/v1/schedules/nightly").json(&schedule).await;
    server.put("/api/v1/kinds/k").json(&json!({})).await;
    let webhook = json!({"url": "https://example.com/"});
    let webhook = id_of(&server.post("/api/v1/webhooks").json(&webhook).await.expect(201).json());
    let document = server.get("/openapi.json").await.expect(200).json();
    let mut paths = BTreeMap::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        let held = if path.contains("/schedules/") {
            "nightly"
        } else if path.contains("/queues/") {
            "default"
        } else if path.contains("/webhooks/") {
            webhook.as_str()
        } else if path.contains("/kinds/") {
            "k"
        } else if path.contains("/api/v1/") {
            id.as_str()
        } else {
            "demo"
        };
        let operations = item.as_object().expect("operations").keys();
        let mut methods: Vec<_> = operations.map(|key| key.to_uppercase()).collect();
        methods.retain(|method| method != "PARAMETERS");
        if methods.iter().any(|method| method == "GET") {
            methods.push("HEAD".to_owned());
        }
        methods.push("OPTIONS".to_owned());
        methods.sort();
        paths.insert(path.replace("{id}", held).replace("{name}", held), methods.join(", "));
    }
    paths.extend(BESIDE.map(|(path, methods)| (path.to_owned(), methods.to_owned())));
    (server, paths)
}

/// The status and the headers of an answer, without those that differ each time.
async fn asked(server: &Server, method: &str, path: &str) -> (u16, BTreeMap<String, String>) {
    let mut connection = Connection::open(server.address()).await;
    let host = server.address();
    let ask = async |connection: &mut Connection, line: &str| {
        let request = format!("{line} HTTP/1.1\r\nHost: {host}\r\n\r\n");
        connection.send(request.as_bytes()).await;
    };
    ask(&mut connection, &format!("{method} {path}")).await;
    let head = soon("a head", connection.head()).await.expect("a head");
    if method != "GET" {
        // What follows is the next answer: there was no body.
        ask(&mut connection, "GET /healthz").await;
        let next = soon("the next answer", connection.answer()).await;
        assert_eq!((next.status, next.text().contains("ok")), (200, true), "after {method} {path}");
    }
    let mut headers: BTreeMap<_, _> = head.headers.into_iter().collect();
    // A stream's connection ends with it; that of its head alone goes on.
    for differs in ["connection", "date", "x-request-id", "transfer-encoding"] {
        headers.remove(differs);
    }
    if ALIVE.contains(&path) {
        headers.remove("content-length");
    }
    (head.status, headers)
}

#[tokio::test]
async fn head_is_get_without_a_body_on_every_path() {
    let (server, paths) = full().await;
    for (path, methods) in &paths {
        let head = asked(&server, "HEAD", path).await;
        if methods.contains("GET") {
            assert_eq!(head, asked(&server, "GET", path).await, "HEAD {path}");
            assert!(matches!(head.0, 200 | 204), "HEAD {path}: {head:?}");
            let streams = head.1["content-type"] == "text/event-stream";
            let counted = head.1.contains_key("content-length") || ALIVE.contains(&path.as_str());
            assert_eq!(counted, !streams, "HEAD {path}: {head:?}");
        } else {
            assert_eq!(head.0, 405, "HEAD {path}");
        }
    }
    for path in ["/api/v1/tasks/none", "/api/v1/nothing", "/nothing.js"] {
        let head = asked(&server, "HEAD", path).await;
        assert_eq!((head.0, &head), (404, &asked(&server, "GET", path).await), "HEAD {path}");
    }
    soon("the streams of GET to be gone", async {
        while server.get("/api/v1/system").await.json()["open_streams"] != 0 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    })
    .await;
}

#[tokio::test]
async fn head_of_a_stream_opens_none() {
    let (server, paths) = full().await;
    for path in paths.keys() {
        asked(&server, "HEAD", path).await;
        let system = server.get("/api/v1/system").await.expect(200).json();
        assert_eq!(system["open_streams"], 0, "after HEAD {path}");
    }
}

#[tokio::test]
async fn options_says_what_a_path_takes() {
    let (server, paths) = full().await;
    for (path, methods) in &paths {
        let (status, headers) = asked(&server, "OPTIONS", path).await;
        assert_eq!((status, headers.get("allow")), (204, Some(methods)), "OPTIONS {path}");
    }
    let (status, headers) = asked(&server, "OPTIONS", "*").await;
    let every = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT";
    assert_eq!((status, headers["allow"].as_str()), (204, every));
    for path in ["/api/v1/nothing", "/nothing.js", "/api/v1/tasks/"] {
        let host = server.address();
        let answer = server.raw(format!("OPTIONS {path} HTTP/1.1\r\nHost: {host}\r\n\r\n")).await;
        answer.problem(404);
    }
}

#[tokio::test]
async fn the_dashboards_files_take_no_other_method() {
    let server = Server::start().await;
    for method in ["POST", "PUT", "DELETE"] {
        let host = server.address();
        let answer = server.raw(format!("{method} / HTTP/1.1\r\nHost: {host}\r\n\r\n")).await;
        answer.problem(405);
        assert_eq!(answer.header("allow"), Some("GET, HEAD, OPTIONS"));
    }
}
