//! What poem itself refuses (unknown paths, wrong methods, parameters it cannot parse) as problems.

use futures_util::FutureExt;
use poem::{
    Endpoint, IntoResponse, Request, Response,
    error::{MethodNotAllowedError, NotFoundError},
    http::StatusCode,
};
use poem_openapi::error::{
    ContentTypeError, ParseParamError, ParsePathError, ParseRequestPayloadError,
};

use super::{Problem, ProblemType};

/// An endpoint whose every error is a problem with the request's path as its `instance`.
pub struct Catching<E> {
    pub inner: E,
    /// The methods a path takes, for the Allow header of a 405.
    pub allowed: fn(&str) -> Option<String>,
}

impl<E: Endpoint> Endpoint for Catching<E> {
    type Output = Response;

    fn call(&self, request: Request) -> impl Future<Output = poem::Result<Response>> + Send {
        let (uri, allowed) = (request.original_uri().clone(), self.allowed);
        self.inner.call(request).map(move |answer| match answer {
            Ok(output) => Ok(output.into_response()),
            Err(error) => Ok(from_error(error, uri.path(), allowed)),
        })
    }
}

/// The answer to an error that poem passed on.
fn from_error(
    error: poem::Error,
    path: &str,
    allowed: impl FnOnce(&str) -> Option<String>,
) -> Response {
    if error.is_from_response() {
        return error.into_response();
    }
    let problem = match error.downcast::<Problem>() {
        Ok(problem) => problem,
        Err(error) => foreign(&error, path, allowed),
    };
    problem.at(path).into_response()
}

/// poem wraps what a parameter's type says in Rust's names: `failed to parse "T": … (occurred while
/// parsing "U")`.
fn in_own_words(reason: &str) -> &str {
    let reason = reason.split(" (occurred while parsing").next().unwrap_or(reason);
    let inner = reason.strip_prefix("failed to parse \"").and_then(|rest| rest.split_once("\": "));
    inner.map_or(reason, |(_, message)| message)
}

fn foreign(
    error: &poem::Error,
    path: &str,
    allowed: impl FnOnce(&str) -> Option<String>,
) -> Problem {
    if error.is::<MethodNotAllowedError>() {
        return Problem::method_not_allowed(allowed(path).unwrap_or_default());
    }
    if error.is::<NotFoundError>() {
        return Problem::not_found(path);
    }
    if let Some(error) = error.downcast_ref::<ParseParamError>() {
        return Problem::field(error.name, in_own_words(&error.reason));
    }
    if let Some(error) = error.downcast_ref::<ParsePathError>() {
        return Problem::new(ProblemType::MalformedRequest, error.reason.clone());
    }
    if let Some(error) = error.downcast_ref::<ParseRequestPayloadError>() {
        return Problem::new(ProblemType::MalformedBody, error.reason.clone());
    }
    if let Some(error) = error.downcast_ref::<ContentTypeError>() {
        return Problem::new(ProblemType::UnsupportedMediaType, error.to_string());
    }
    match error.status() {
        StatusCode::NOT_FOUND => Problem::not_found(path),
        StatusCode::METHOD_NOT_ALLOWED => {
            Problem::method_not_allowed(allowed(path).unwrap_or_default())
        }
        status if status.is_client_error() => Problem::new(
            ProblemType::MalformedRequest,
            "The request could not be read. Check its path, headers and body.",
        ),
        _ => {
            tracing::error!(%error, path, "a request failed");
            Problem::internal()
        }
    }
}
