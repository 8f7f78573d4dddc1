use poem::{endpoint::make, error::NotFoundError, http::HeaderName};

use super::*;
use crate::http::fault::in_plain_text;

/// Answers 200, or an error at `/missing`.
async fn send(allowed: &[&str], request: Request) -> Response {
    let allowed = allowed.iter().map(|text| text.parse().unwrap()).collect();
    let inner = make(async |request: Request| {
        if request.uri().path() == "/missing" {
            return Err(NotFoundError.into());
        }
        Ok::<_, poem::Error>(Response::builder().header(VARY, "Accept").body("inner"))
    });
    Cors::new(inner, allowed, in_plain_text).get_response(request).await
}

fn request(method: Method, path: &str, headers: &[(&str, &[u8])]) -> Request {
    let mut request = Request::builder().method(method).uri_str(path).finish();
    request.headers_mut().insert(HOST, HeaderValue::from_static("localhost:8080"));
    for (name, value) in headers {
        let name = HeaderName::from_str(name).unwrap();
        request.headers_mut().append(name, HeaderValue::from_bytes(value).unwrap());
    }
    request
}

fn from(origin: &[u8], method: Method) -> Request {
    request(method, "/", &[("origin", origin)])
}

fn header<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    response.headers().get(name).and_then(|value| value.to_str().ok())
}

fn cors_headers(response: &Response) -> Vec<&str> {
    let names = response.headers().keys().map(HeaderName::as_str);
    names.filter(|name| name.starts_with("access-control-")).collect()
}

fn varies(response: &Response) -> bool {
    let all = response.headers().get_all(VARY).iter();
    all.filter_map(|value| value.to_str().ok()).any(|value| value.to_lowercase().contains("origin"))
}

#[tokio::test]
async fn without_an_origin_everything_passes_and_still_varies() {
    let response = send(&[], request(Method::POST, "/", &[])).await;
    assert_eq!(response.status(), 200);
    assert!(varies(&response) && cors_headers(&response).is_empty());
    assert_eq!(header(&response, "vary"), Some("Accept"), "the inner Vary is kept");
}

#[tokio::test]
async fn the_servers_own_origin_always_passes() {
    for method in [Method::GET, Method::POST, Method::DELETE] {
        let response = send(&[], from(b"http://localhost:8080", method)).await;
        assert_eq!(response.status(), 200);
        assert!(cors_headers(&response).is_empty());
    }
}

#[tokio::test]
async fn another_port_or_scheme_of_the_same_host_is_another_origin() {
    for origin in ["http://localhost", "http://localhost:3000", "https://localhost:8080"] {
        assert_eq!(send(&[], from(origin.as_bytes(), Method::POST)).await.status(), 403);
    }
}

#[tokio::test]
async fn a_listed_origin_may_do_everything_and_read_it() {
    let listed = ["http://localhost:3000"];
    for path in ["/", "/missing"] {
        let headers = [("origin", &b"http://localhost:3000"[..])];
        let response = send(&listed, request(Method::POST, path, &headers)).await;
        assert_eq!(response.status().is_success(), path == "/");
        assert_eq!(header(&response, "access-control-allow-origin"), Some(listed[0]));
        assert_eq!(header(&response, "access-control-allow-credentials"), Some("true"));
        assert_eq!(
            header(&response, "access-control-expose-headers"),
            Some("Location, ETag, Link, Retry-After, Allow")
        );
        assert!(varies(&response));
    }
}

#[tokio::test]
async fn an_unlisted_origin_reads_nothing_and_changes_nothing() {
    let listed = ["http://localhost:3000"];
    for origin in [
        &b"http://evil.example"[..],
        b"null",
        b"http://localhost:3000.evil.example",
        b"http://localhost:30000",
        b"http://\xc3\xa4.example",
        b"\xff",
        b"",
        b"http://localhost:3000 http://localhost:8080",
    ] {
        for method in [Method::GET, Method::HEAD] {
            let response = send(&listed, from(origin, method)).await;
            assert_eq!(response.status(), 200);
            assert!(cors_headers(&response).is_empty() && varies(&response));
        }
        for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS] {
            let response = send(&listed, from(origin, method)).await;
            assert_eq!(response.status(), 403);
            assert!(cors_headers(&response).is_empty() && varies(&response));
        }
        let headers = [("origin", origin), ("access-control-request-method", b"POST")];
        let response = send(&listed, request(Method::OPTIONS, "/", &headers)).await;
        assert_eq!(response.status(), 403);
        assert!(cors_headers(&response).is_empty() && varies(&response));
    }
}

#[tokio::test]
async fn two_origins_at_once_are_nobodys() {
    let headers =
        [("origin", &b"http://localhost:8080"[..]), ("origin", &b"http://evil.example"[..])];
    assert_eq!(send(&[], request(Method::POST, "/", &headers)).await.status(), 403);
}

#[tokio::test]
async fn a_star_admits_everybody_but_never_with_credentials() {
    for origin in [&b"http://evil.example"[..], b"null", b"\xff"] {
        let response = send(&["*"], from(origin, Method::POST)).await;
        assert_eq!(response.status(), 200);
        assert_eq!(header(&response, "access-control-allow-origin"), Some("*"));
        assert_eq!(header(&response, "access-control-allow-credentials"), None);
    }
    let both = ["*", "http://a.example"];
    let response = send(&both, from(b"http://a.example", Method::POST)).await;
    assert_eq!(header(&response, "access-control-allow-origin"), Some("http://a.example"));
    let response = send(&both, from(b"http://b.example", Method::POST)).await;
    assert_eq!(header(&response, "access-control-allow-credentials"), None);
}

#[tokio::test]
async fn a_preflight_passes_only_if_every_header_and_the_method_are_allowed() {
    let listed = ["http://localhost:3000"];
    for (method, names, expected) in [
        ("POST", "content-type", 204),
        ("DELETE", "", 204),
        ("PATCH", "Content-Type, IF-MATCH,idempotency-key", 204),
        ("GET", "last-event-id,prefer,accept,authorization,if-none-match,api-version", 204),
        ("POST", "content-type,x-evil", 403),
        ("POST", "x-evil", 403),
        ("TRACE", "", 403),
        ("post", "", 403),
    ] {
        let headers = [
            ("origin", &b"http://localhost:3000"[..]),
            ("access-control-request-method", method.as_bytes()),
            ("access-control-request-headers", names.as_bytes()),
        ];
        let response = send(&listed, request(Method::OPTIONS, "/anything", &headers)).await;
        assert_eq!(response.status(), expected, "{method} {names}");
        assert_eq!(header(&response, "access-control-allow-origin"), Some(listed[0]));
        assert_eq!(
            header(&response, "access-control-max-age").is_some(),
            expected == 204,
            "{method} {names}"
        );
    }
}
