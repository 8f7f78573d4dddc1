//! Everything under one endpoint: the operations, the spec, Swagger UI, the problem pages and the
//! numbers.

use std::{collections::BTreeSet, future::ready, sync::OnceLock};

use futures_util::{FutureExt, future::Either};
use percent_encoding::percent_decode_str;
use poem::{
    Endpoint, IntoEndpoint, Request, Response, Route,
    endpoint::make_sync,
    get,
    http::{Method, StatusCode},
};

use super::{
    Api, contract,
    metrics::Scrape,
    problem::{Catching, Problem, ProblemType, page},
    service, spec,
};

/// The endpoint. Its every error is a problem; panics are caught further out, by what numbers
/// requests.
pub fn endpoint(api: Api) -> impl Endpoint<Output = Response> {
    let scrape = Scrape(api.clone());
    let service = service(api);
    let document = |media_type: &'static str, text: String| {
        get(make_sync(move |_| {
            Response::builder()
                .content_type(media_type)
                .header("cache-control", "no-cache")
                .body(text.clone())
        }))
    };
    // poem puts the raw spec into the page; the published one says the same and reads better.
    let swagger = service.swagger_ui_html().replace(&service.spec(), &spec());
    let swagger = document("text/html; charset=utf-8", swagger);
    let documents = Route::new()
        .at("/docs", swagger)
        .at("/openapi.json", document("application/json", spec()))
        .at("/metrics", get(scrape))
        .at("/problems", get(page::index))
        .at("/problems/:slug", get(page::show));
    let both = Both { documents, operations: service.into_endpoint() };
    Catching { inner: Options(both), allowed }
}

/// Answers OPTIONS (RFC 9110 §9.3.7). What a page of another origin asks by it was answered before.
struct Options<E>(E);

impl<E: Endpoint<Output = Response>> Endpoint for Options<E> {
    type Output = Response;

    fn call(&self, request: Request) -> impl Future<Output = poem::Result<Response>> + Send {
        if request.method() != Method::OPTIONS {
            return Either::Right(self.0.call(request));
        }
        let path = request.uri().path();
        let answer = Response::builder().status(StatusCode::NO_CONTENT);
        let allow = allowed(path).ok_or_else(|| Problem::not_found(path).into());
        Either::Left(ready(allow.map(|allow| answer.header("allow", allow).finish())))
    }
}

/// Documents beside operations. Not a nested route: poem's nesting decodes the whole path before
/// the operations see it, and turns an id that is not UTF-8 into an error without words.
struct Both<O> {
    documents: Route,
    operations: O,
}

impl<O: Endpoint<Output = Response>> Endpoint for Both<O> {
    type Output = Response;

    fn call(&self, request: Request) -> impl Future<Output = poem::Result<Response>> + Send {
        let path = request.uri().path();
        if let Err(problem) = check_escapes(path) {
            return Either::Left(Either::Left(ready(Err(problem.into()))));
        }
        let first = path.split('/').nth(1);
        if matches!(first, Some("docs" | "metrics" | "openapi.json" | "problems")) {
            return Either::Left(Either::Right(self.documents.call(request).boxed()));
        }
        Either::Right(self.operations.call(request))
    }
}

fn check_escapes(path: &str) -> Result<(), Problem> {
    let message = if !is_escaped_rightly(path) {
        "The path has a % that no two hexadecimal digits follow. Write a % itself as %25."
    } else if percent_decode_str(path).decode_utf8().is_err() {
        "The path's escapes are no UTF-8. Escape the bytes of the text in UTF-8."
    } else {
        return Ok(());
    };
    Err(Problem::new(ProblemType::MalformedRequest, message))
}

/// Whether every % begins an escape (RFC 3986 §2.1). poem takes any other for itself, and `%zz` would
/// be another name for `%25zz`.
fn is_escaped_rightly(path: &str) -> bool {
    path.split('%').skip(1).all(|after| {
        let digits = after.as_bytes().get(..2);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    })
}

/// The methods `path` takes, as an Allow header says it; nothing if there is no such path.
fn allowed(path: &str) -> Option<String> {
    static PATHS: OnceLock<Vec<(String, Vec<Method>)>> = OnceLock::new();
    let paths = PATHS.get_or_init(|| {
        let mut paths = contract::paths();
        for page in ["/docs", "/metrics", "/openapi.json", "/problems", "/problems/{slug}"] {
            paths.push((page.to_owned(), vec![Method::GET]));
        }
        paths
    });
    // `*` is the server as a whole.
    let fitting = paths.iter().filter(|(template, _)| path == "*" || fits(template, path));
    let mut names: BTreeSet<&str> =
        fitting.flat_map(|(_, methods)| methods).map(Method::as_str).collect();
    if names.is_empty() {
        return None;
    }
    if names.contains("GET") {
        names.insert("HEAD");
    }
    names.insert("OPTIONS");
    Some(names.into_iter().collect::<Vec<_>>().join(", "))
}

fn fits(template: &str, path: &str) -> bool {
    let (mut wanted, mut given) = (template.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(wanted), Some(given)) => {
                let any = wanted.starts_with('{') && !given.is_empty();
                if !any && wanted != given {
                    return false;
                }
            }
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percent_sign_begins_an_escape() {
        for right in ["", "/a", "/%20%fF/%25zz", "/%c3%a9"] {
            assert!(is_escaped_rightly(right), "{right}");
        }
        for wrong in ["%", "/a%2", "/%zz", "/%2g", "/%%20", "/%é"] {
            assert!(!is_escaped_rightly(wrong), "{wrong}");
        }
    }

    #[test]
    fn the_methods_of_a_path_are_found_by_its_template() {
        assert_eq!(allowed("/api/v1/tasks").as_deref(), Some("GET, HEAD, OPTIONS, POST"));
        assert_eq!(
            allowed("/api/v1/tasks/x").as_deref(),
            Some("DELETE, GET, HEAD, OPTIONS, PATCH, PUT")
        );
        assert_eq!(allowed("/api/v1/tasks/x/cancel").as_deref(), Some("OPTIONS, POST"));
        assert_eq!(allowed("/metrics").as_deref(), Some("GET, HEAD, OPTIONS"));
        assert_eq!(allowed("/problems/x").as_deref(), Some("GET, HEAD, OPTIONS"));
        assert_eq!(allowed("/api/v1/tasks/"), None);
        assert_eq!(allowed("/elsewhere"), None);
        let every = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT";
        assert_eq!(allowed("*").as_deref(), Some(every));
    }
}
