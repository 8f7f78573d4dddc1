//! The dashboard's files, built into the binary.
//!
//! Files are looked up by name in a table made at build time, never on a disk, so no path can reach
//! another file, and a binary that is copied elsewhere still has its page. Paths of the API are not
//! looked at; any other path a browser opens as a page gets the dashboard, which has its own routes.

use std::fmt::Write;

use percent_encoding::percent_decode_str;
use poem::{
    Endpoint, Request, Response, Result,
    http::{HeaderMap, Method, StatusCode, header},
};
use rust_embed::{EmbeddedFile, RustEmbed};

use super::{
    fault::{Explain, Fault},
    layer::{answer, pass},
};

/// The build script points this at the built dashboard, or at nothing when there is none.
#[derive(RustEmbed)]
#[folder = "$MILEPOST_DASHBOARD"]
struct Files;

const PAGE: &str = "index.html";
/// Shown when the server was built without the dashboard.
const PLACEHOLDER: &str = include_str!("placeholder.html");

/// First segments that belong to the operations.
const OPERATIONS: [&str; 9] = [
    "api",
    "start_task",
    "sse_progress",
    "docs",
    "openapi.json",
    "problems",
    "healthz",
    "readyz",
    "metrics",
];
/// What its files take; HEAD is made of GET further out.
const METHODS: &str = "GET, HEAD, OPTIONS";
/// Vite names files here by their content, so they never change.
const ASSETS: &str = "assets/";

/// Mantine sets styles on elements, hence `unsafe-inline` for them; scripts come from here only.
const POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                      img-src 'self' data:; font-src 'self' data:; connect-src 'self'; \
                      object-src 'none'; base-uri 'none'; form-action 'self'; \
                      frame-ancestors 'none'";

/// Answers with the dashboard where no operation is.
pub struct Dashboard<E> {
    inner: E,
    explain: Explain,
}

/// What a path asks for.
#[derive(Debug, PartialEq, Eq)]
enum Asked<'a> {
    /// Not for the dashboard.
    Operation,
    File(&'a str),
    /// A route of the dashboard's own.
    Page,
    Nothing,
}

impl<E> Dashboard<E> {
    pub fn new(inner: E, explain: Explain) -> Self {
        Dashboard { inner, explain }
    }
}

fn asked(path: &str, exists: impl Fn(&str) -> bool) -> Asked<'_> {
    let path = path.strip_prefix('/').unwrap_or(path);
    let first = path.split('/').next().unwrap_or_default();
    // `OPTIONS *` asks about the server as a whole.
    if OPERATIONS.contains(&first) || path == "*" {
        return Asked::Operation;
    }
    if path.is_empty() || path == PAGE {
        return Asked::Page;
    }
    if exists(path) {
        return Asked::File(path);
    }
    // No route of the dashboard looks like these, and nobody who sends them wants a page.
    let Ok(decoded) = percent_decode_str(path).decode_utf8() else { return Asked::Nothing };
    let odd = decoded.contains(|c: char| c.is_control() || c == '\\')
        || decoded.starts_with('/')
        || decoded.split('/').any(|segment| segment == "." || segment == "..");
    if odd || path.starts_with(ASSETS) { Asked::Nothing } else { Asked::Page }
}

/// Whether the client takes HTML, as browsers say when they open a page and `fetch` does not.
fn takes_html(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    accepted
        .flat_map(|value| value.split(','))
        .filter_map(|range| range.split(';').next())
        .any(|range| matches!(range.trim(), "text/html" | "application/xhtml+xml"))
}

fn etag(file: &EmbeddedFile) -> String {
    let mut tag = String::from("\"");
    for byte in &file.metadata.sha256_hash()[..16] {
        // Writing to a string does not fail.
        let _ = write!(tag, "{byte:02x}");
    }
    tag.push('"');
    tag
}

fn unchanged(headers: &HeaderMap, etag: &str) -> bool {
    let known = headers.get_all(header::IF_NONE_MATCH).iter();
    known.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')).any(|tag| {
        let tag = tag.trim();
        tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag
    })
}

fn file(name: &str, request: &Request) -> Option<Response> {
    let file = Files::get(name)?;
    let etag = etag(&file);
    let lasting = name.starts_with(ASSETS);
    let caching = if lasting { "public, max-age=31536000, immutable" } else { "no-cache" };
    let response = Response::builder()
        .header(header::CACHE_CONTROL, caching)
        .header(header::ETAG, &etag)
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(header::REFERRER_POLICY, "no-referrer");
    if unchanged(request.headers(), &etag) {
        return Some(response.status(StatusCode::NOT_MODIFIED).finish());
    }
    let kind = mime_guess::from_path(name).first_or_octet_stream();
    let kind = match kind.type_().as_str() {
        "text" => format!("{kind}; charset=utf-8"),
        _ => kind.to_string(),
    };
    let response = response.content_type(kind);
    let response = if name.ends_with(".html") || name.ends_with(".svg") {
        response.header(header::CONTENT_SECURITY_POLICY, POLICY)
    } else {
        response
    };
    Some(response.body(file.data.into_owned()))
}

/// The answer to OPTIONS (RFC 9110 §9.3.7).
fn options(methods: &'static str) -> Response {
    Response::builder().status(StatusCode::NO_CONTENT).header(header::ALLOW, methods).finish()
}

fn page(request: &Request) -> Response {
    file(PAGE, request).unwrap_or_else(|| {
        Response::builder()
            .header(header::CACHE_CONTROL, "no-store")
            .header(header::CONTENT_SECURITY_POLICY, POLICY)
            .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
            .content_type("text/html; charset=utf-8")
            .body(PLACEHOLDER)
    })
}

impl<E: Endpoint> Endpoint for Dashboard<E> {
    type Output = Response;

    fn call(&self, request: Request) -> impl Future<Output = Result<Response>> + Send {
        let path = request.uri().path();
        let exists = |name: &str| Files::get(name).is_some();
        let read = |get: &dyn Fn() -> Option<Response>| match *request.method() {
            Method::GET | Method::HEAD => get(),
            Method::OPTIONS => Some(options(METHODS)),
            _ => Some((self.explain)(&Fault::MethodNotAllowed(METHODS), Some(path))),
        };
        let own = match asked(path, exists) {
            Asked::Operation => None,
            Asked::File(name) => read(&|| file(name, &request)),
            // The root is the page even to clients that do not say what they take.
            Asked::Page if path == "/" || takes_html(request.headers()) => {
                read(&|| Some(page(&request)))
            }
            Asked::Page => None,
            Asked::Nothing => Some((self.explain)(&Fault::NotFound, Some(path))),
        };
        match own {
            Some(response) => answer(response),
            None => pass(self.inner.call(request)),
        }
    }
}

#[cfg(test)]
mod tests {
    use poem::endpoint::make_sync;

    use super::*;
    use crate::http::fault::in_plain_text;

    fn exists(name: &str) -> bool {
        matches!(name, "index.html" | "favicon.svg" | "assets/index-abc.js")
    }

    async fn get(method: Method, path: &str, accept: &str) -> Response {
        let inner = make_sync(|_| StatusCode::IM_A_TEAPOT);
        let request =
            Request::builder().method(method).uri_str(path).header("accept", accept).finish();
        Dashboard::new(inner, in_plain_text).get_response(request).await
    }

    #[test]
    fn paths_of_operations_are_not_the_dashboards() {
        for path in [
            "/api/v1/tasks/x",
            "/api",
            "/start_task/1",
            "/sse_progress/1",
            "/docs",
            "/openapi.json",
            "/problems/x",
            "/healthz",
            "/readyz",
            "/metrics",
        ] {
            assert_eq!(asked(path, exists), Asked::Operation, "{path}");
        }
        assert_eq!(asked("/apis", exists), Asked::Page);
    }

    #[test]
    fn files_are_found_and_routes_are_the_page() {
        assert_eq!(asked("/favicon.svg", exists), Asked::File("favicon.svg"));
        assert_eq!(asked("/assets/index-abc.js", exists), Asked::File("assets/index-abc.js"));
        for path in ["/", "/index.html", "/tasks/a.b~c", "/tasks/a%20b", "/quickstart"] {
            assert_eq!(asked(path, exists), Asked::Page, "{path}");
        }
    }

    #[test]
    fn tricks_with_paths_find_nothing() {
        for path in [
            "/assets/gone.js",
            "/../Cargo.toml",
            "/%2e%2e/Cargo.toml",
            "/..%2f..%2fetc/passwd",
            "/%00",
            "//etc/passwd",
            "/%2fetc/passwd",
            "/..%5cetc",
            "/a/./b",
            "/%ff",
            "/a/%2E%2e/b",
        ] {
            assert_eq!(asked(path, exists), Asked::Nothing, "{path}");
        }
    }

    #[tokio::test]
    async fn a_browser_gets_a_page_and_a_program_the_operations_answer() {
        let browser = "text/html,application/xhtml+xml,*/*;q=0.8";
        for path in ["/", "/tasks/1"] {
            let response = get(Method::GET, path, browser).await;
            assert_eq!(response.status(), 200, "{path}");
            assert!(response.content_type().is_some_and(|kind| kind.starts_with("text/html")));
            assert!(response.headers().contains_key(header::CONTENT_SECURITY_POLICY));
        }
        assert_eq!(get(Method::HEAD, "/tasks/1", browser).await.status(), 200);
        assert_eq!(get(Method::GET, "/", "*/*").await.status(), 200);
        assert_eq!(get(Method::GET, "/tasks/1", "*/*").await.status(), 418);
        assert_eq!(get(Method::GET, "/api/v1/nothing", browser).await.status(), 418);
        assert_eq!(get(Method::GET, "/assets/gone.js", browser).await.status(), 404);
    }

    #[tokio::test]
    async fn its_paths_say_what_they_take() {
        let options = get(Method::OPTIONS, "/", "*/*").await;
        assert_eq!((options.status().as_u16(), options.header("allow")), (204, Some(METHODS)));
        assert_eq!(get(Method::POST, "/", "*/*").await.status(), 405);
        for path in ["/tasks/1", "*", "/api/data"] {
            assert_eq!(get(Method::OPTIONS, path, "*/*").await.status(), 418, "{path}");
        }
    }

    #[test]
    fn a_known_tag_is_recognised_in_any_form() {
        let known = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_NONE_MATCH, value.parse().unwrap());
            unchanged(&headers, "\"a\"")
        };
        assert!(known("\"a\"") && known("W/\"a\"") && known("\"b\", \"a\"") && known("*"));
        assert!(!known("\"b\"") && !known("a"));
    }
}
