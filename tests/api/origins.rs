//! Pages of other origins: which may read, which may act, and what the answers say of it.

use milepost_tests::harness::{Answer, Options, Server};
use reqwest::Method;
use serde_json::json;

const ALLOWED: &str = "https://app.example";

async fn allowing() -> Server {
    Server::with(Options::flags([
        "--cors-origin",
        ALLOWED,
        "--cors-origin",
        "http://localhost:5173",
    ]))
    .await
}

fn assert_silent(answer: &Answer) {
    for name in answer.headers.keys() {
        assert!(!name.as_str().starts_with("access-control-"), "{name}: {answer}");
    }
}

#[tokio::test]
async fn a_listed_origin_may_read_and_act() {
    let server = allowing().await;
    for origin in [ALLOWED, "http://localhost:5173"] {
        let answer = server.get("/api/data").header("origin", origin).await.expect(200);
        assert_eq!(answer.header("access-control-allow-origin"), Some(origin));
        let answer = server.post("/start_task/x").header("origin", origin).await;
        assert!(matches!(answer.status.as_u16(), 202 | 409), "{answer}");
        assert_eq!(answer.header("access-control-allow-origin"), Some(origin));
        let exposed =
            answer.header("access-control-expose-headers").unwrap_or_default().to_lowercase();
        for name in ["location", "etag", "link", "retry-after", "allow"] {
            assert!(
                exposed.split(',').any(|one| one.trim() == name),
                "{name} is not in {exposed:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_preflight_passes_for_the_headers_that_are_documented() {
    let server = allowing().await;
    let wanted = "content-type, accept, authorization, idempotency-key, prefer, if-match, if-none-match, last-event-id, api-version";
    for (path, method) in [
        ("/api/v1/tasks", "POST"),
        ("/api/v1/tasks/x", "PATCH"),
        ("/api/v1/tasks/x", "DELETE"),
        ("/api/v1/tasks/x", "PUT"),
        ("/api/v1/events", "GET"),
        ("/api/submit", "POST"),
    ] {
        let request = server.request(Method::OPTIONS, path).header("origin", ALLOWED);
        let request = request.header("access-control-request-method", method);
        let answer = request.header("access-control-request-headers", wanted).await;
        assert!(answer.status.is_success(), "{answer}");
        assert_eq!(answer.header("access-control-allow-origin"), Some(ALLOWED));
        let list = |name: &str| answer.header(name).unwrap_or_default().to_lowercase();
        let allowed = list("access-control-allow-headers");
        for name in wanted.split(", ") {
            assert!(
                allowed.split(',').any(|one| one.trim() == name),
                "{name} is not in {allowed:?}"
            );
        }
        let methods = list("access-control-allow-methods");
        assert!(methods.contains(&method.to_lowercase()), "{method} is not in {methods:?}");
    }
}

#[tokio::test]
async fn a_preflight_for_more_does_not_pass() {
    let server = allowing().await;
    let ask = |origin: &str, method: &str, headers: &str| {
        let request = server.request(Method::OPTIONS, "/api/v1/tasks").header("origin", origin);
        let request = request.header("access-control-request-method", method);
        request.header("access-control-request-headers", headers)
    };
    let answer = ask("https://evil.example", "POST", "content-type").await;
    assert_silent(&answer);
    let answer = ask(ALLOWED, "POST", "content-type, x-secret").await;
    let allowed = answer.header("access-control-allow-headers").unwrap_or_default().to_lowercase();
    assert!(!allowed.contains("x-secret") && !allowed.contains('*'), "{allowed}");
}

#[tokio::test]
async fn an_unlisted_origin_reads_without_cors_headers_and_acts_not_at_all() {
    let server = allowing().await;
    let id = server.submit_kind("k").await;
    let foreign = [
        "https://evil.example",
        "null",
        "https://app.example.evil.example",
        "https://app.example:8443",
        "http://app.example",
        "https://sub.app.example",
        "file://",
    ];
    for origin in foreign {
        let answer = server.get("/api/data").header("origin", origin).await.expect(200);
        assert_silent(&answer);
        for path in [
            "/start_task/x".to_owned(),
            "/api/submit".to_owned(),
            format!("/api/v1/tasks/{id}/cancel"),
            format!("/api/v1/tasks/{id}/retry"),
        ] {
            let answer = server.post(&path).header("origin", origin).await;
            assert_silent(&answer);
            answer.problem(403, "");
        }
        let answer = server.delete(&format!("/api/v1/tasks/{id}")).header("origin", origin).await;
        answer.problem(403, "");
    }
    assert_eq!(server.task(&id).await["state"], "queued");
}

#[tokio::test]
async fn the_servers_own_origin_always_passes() {
    for server in [Server::start().await, allowing().await] {
        let own = server.url("");
        let request = server.post("/api/v1/tasks").header("origin", &own);
        request.json(&json!({"kind": "k"})).await.task(202);
        server.get("/api/v1/tasks").header("origin", &own).await.expect(200);
    }
}

#[tokio::test]
async fn any_origin_passes_under_a_star_and_never_with_credentials() {
    let server = Server::with(Options::flags(["--cors-origin", "*"])).await;
    for origin in ["https://anywhere.example", "http://localhost:3000"] {
        let request = server.post("/start_task/x").header("origin", origin);
        let answer = request.header("cookie", "a=b").await;
        assert!(matches!(answer.status.as_u16(), 202 | 409), "{answer}");
        let allowed = answer.header("access-control-allow-origin");
        assert!(allowed == Some("*") || allowed == Some(origin), "{allowed:?}");
        assert!(answer.header("access-control-allow-credentials").is_none(), "{answer}");
    }
}

#[tokio::test]
async fn errors_carry_the_same_headers_as_successes() {
    let server = allowing().await;
    let answers = [
        server.get("/api/v1/tasks/nobody").header("origin", ALLOWED).await,
        server.get("/api/v1/nothing").header("origin", ALLOWED).await,
        server.put("/api/v1/leases").header("origin", ALLOWED).await,
        server.post("/api/v1/tasks").header("origin", ALLOWED).body("text/plain", "x").await,
        server.post("/api/v1/tasks").header("origin", ALLOWED).body("application/json", "{").await,
        server.post("/api/submit").header("origin", ALLOWED).body("text/plain", "x").await,
    ];
    for answer in answers {
        assert!(answer.status.is_client_error(), "{answer}");
        assert_eq!(answer.header("access-control-allow-origin"), Some(ALLOWED), "{answer}");
    }
}

#[tokio::test]
async fn streams_carry_them_too() {
    let server = allowing().await;
    for path in ["/sse_progress/nobody", "/api/v1/events?max_seconds=1"] {
        let watcher = server.watch_with(path, &[("Origin", ALLOWED)]).await;
        assert_eq!(watcher.head.header("access-control-allow-origin"), Some(ALLOWED));
        let watcher = server.watch_with(path, &[("Origin", "https://evil.example")]).await;
        assert_eq!(watcher.head.header("access-control-allow-origin"), None);
    }
}

#[tokio::test]
async fn an_origin_that_is_no_text_is_refused_and_not_a_crash() {
    let server = allowing().await;
    for origin in [
        &b"\xff\xfe"[..],
        "https://éxample.com".as_bytes(),
        b"",
        b"https://app.example, https://evil.example",
    ] {
        let answer = server.post("/start_task/x").header("origin", origin).await;
        answer.problem(403, "");
        assert_silent(&server.get("/api/data").header("origin", origin).await.expect(200));
    }
}
