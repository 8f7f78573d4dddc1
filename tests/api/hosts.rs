//! The `Host` a request names: loopback always passes, others only when they were allowed, so that a
//! foreign page cannot reach a server on loopback by rebinding its own name.

use milepost_tests::harness::{Options, RawAnswer, Server};

async fn get_from(server: &Server, host: &str) -> RawAnswer {
    server.raw(format!("GET /api/v1/system HTTP/1.1\r\nHost: {host}\r\n\r\n")).await
}

#[tokio::test]
async fn loopback_passes_under_all_its_names() {
    let server = Server::start().await;
    let port = server.address().port();
    for host in ["127.0.0.1", "localhost", "LOCALHOST", "[::1]", "127.0.0.2"] {
        for host in [host.to_owned(), format!("{host}:{port}")] {
            assert_eq!(get_from(&server, &host).await.status, 200, "{host}");
        }
    }
}

#[tokio::test]
async fn an_unknown_host_is_a_problem_that_names_the_flag() {
    let server = Server::start().await;
    for host in [
        "evil.example",
        "evil.example:80",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "0.0.0.0",
        "10.0.0.1",
    ] {
        let answer = get_from(&server, host).await;
        assert!(matches!(answer.status, 400 | 403 | 421), "{host}: {answer:?}");
        let problem = answer.problem(answer.status);
        let detail = problem["detail"].as_str().unwrap_or_default();
        assert!(detail.contains("--allowed-host"), "{problem}");
    }
    for host in ["", " ", "a b", "\u{fffd}", "localhost@evil.example", "evil.example#localhost"] {
        let answer = get_from(&server, host).await;
        assert!((400..500).contains(&answer.status), "{host}: {answer:?}");
    }
    let none = server.raw("GET /api/v1/system HTTP/1.1\r\n\r\n").await;
    assert!((400..500).contains(&none.status), "HTTP/1.1 must name a host: {none:?}");
}

#[tokio::test]
async fn an_allowed_host_passes_and_no_other() {
    let server = Server::with(Options::flags(["--allowed-host", "milepost.example"])).await;
    assert_eq!(get_from(&server, "milepost.example").await.status, 200);
    assert_eq!(get_from(&server, "milepost.example:443").await.status, 200);
    assert_eq!(get_from(&server, "Milepost.Example").await.status, 200);
    assert_ne!(get_from(&server, "other.milepost.example").await.status, 200);
    assert_eq!(get_from(&server, "localhost").await.status, 200);
}

#[tokio::test]
async fn streams_and_pages_are_held_to_it_too() {
    let server = Server::start().await;
    for path in ["/", "/docs", "/openapi.json", "/api/v1/events", "/sse_progress/x", "/healthz"] {
        let request = format!("GET {path} HTTP/1.1\r\nHost: evil.example\r\n\r\n");
        let answer = server.raw(request).await;
        assert!((400..500).contains(&answer.status), "{path}: {}", answer.status);
    }
}
