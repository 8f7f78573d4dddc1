//! Everything under one endpoint: the operations, the spec, Swagger UI, the problem pages and the
//! numbers.

use std::{collections::BTreeSet, sync::OnceLock};

use poem::{
    Endpoint, IntoEndpoint, IntoResponse, Request, Response, Route,
    endpoint::make_sync,
    get,
    http::{Method, StatusCode},
};

use super::{
    Api, contract,
    metrics::Scrape,
    problem::{Catching, Problem, page},
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

    async fn call(&self, request: Request) -> poem::Result<Response> {
        if request.method() != Method::OPTIONS {
            return self.0.call(request).await;
        }
        let path = request.uri().path();
        let allow = allowed(path).ok_or_else(|| Problem::not_found(path))?;
        Ok(Response::builder().status(StatusCode::NO_CONTENT).header("allow", allow).finish())
    }
}

/// Documents beside operations. Not a nested route: poem's nesting decodes the whole path before
/// the operations see it, and turns an id that is not UTF-8 into an error without words.
struct Both<O> {
    documents: Route,
    operations: O,
}

impl<O: Endpoint> Endpoint for Both<O> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let first = request.uri().path().split('/').nth(1);
        if matches!(first, Some("docs" | "metrics" | "openapi.json" | "problems")) {
            return self.documents.call(request).await;
        }
        Ok(self.operations.call(request).await?.into_response())
    }
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
