//! Which pages of other origins may do what.
//!
//! An own layer, because poem's (3.1.12) reflects any origin by default, refuses the server's own,
//! and passes a preflight when any one of its headers is allowed. The rules here:
//!
//! - the server's own origin always passes; others must be listed;
//! - a page of an unlisted origin can send a GET but not read the answer, because no CORS header is
//!   sent; every other method is refused, since `/start_task` or `/cancel` need no body and so no
//!   preflight would protect them;
//! - `*` is for development: it admits everybody, and never with credentials;
//! - `Vary: Origin` always, so that no cache hands one origin's answer to another.

use std::str::FromStr;

use poem::{
    Endpoint, Request, Response, Result,
    http::{
        HeaderMap, HeaderValue, Method, StatusCode,
        header::{
            ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS,
            ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
            ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS,
            ACCESS_CONTROL_REQUEST_METHOD, HOST, ORIGIN, VARY,
        },
    },
};

use super::{
    fault::{Explain, Fault},
    layer::{answer, marked},
    origin::Origin,
};

const ALLOWED_METHODS: &str = "GET, HEAD, POST, PUT, PATCH, DELETE";
const ALLOWED_HEADERS: &str = "Content-Type, Accept, Authorization, Idempotency-Key, Prefer, \
                               If-Match, If-None-Match, Last-Event-ID, api-version, \
                               traceparent";
const EXPOSED_HEADERS: &str = "Location, ETag, Link, Retry-After, Allow";
/// Seconds a browser may remember a preflight; no browser takes more than two hours from everybody.
const MAX_AGE: &str = "7200";

/// A value of `--cors-origin`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AllowedOrigin {
    Any,
    Exactly(Origin),
}

impl FromStr for AllowedOrigin {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.trim() {
            "*" => Ok(AllowedOrigin::Any),
            text => text.parse().map(AllowedOrigin::Exactly),
        }
    }
}

/// What a request's `Origin` means here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// No page of another origin is involved.
    Own,
    Listed,
    /// Only `*` admits it.
    Any,
    Unlisted,
}

/// Answers preflights, refuses what unlisted origins may not do, and marks the answers.
pub struct Cors<E> {
    inner: E,
    listed: Vec<Origin>,
    any: bool,
    explain: Explain,
}

impl<E> Cors<E> {
    pub fn new(inner: E, allowed: Vec<AllowedOrigin>, explain: Explain) -> Self {
        let any = allowed.contains(&AllowedOrigin::Any);
        let listed = allowed.into_iter().filter_map(|allowed| match allowed {
            AllowedOrigin::Exactly(origin) => Some(origin),
            AllowedOrigin::Any => None,
        });
        Cors { inner, listed: listed.collect(), any, explain }
    }

    fn standing(&self, request: &Request) -> Standing {
        let mut origins = request.headers().get_all(ORIGIN).iter();
        let Some(sent) = origins.next() else { return Standing::Own };
        let unlisted = if self.any { Standing::Any } else { Standing::Unlisted };
        // `null`, text beyond ASCII and two origins at once are nobody's.
        let origin = sent.to_str().ok().and_then(|text| Origin::from_str(text).ok());
        let (Some(origin), None) = (origin, origins.next()) else { return unlisted };
        let own = authority(request)
            .and_then(|authority| Origin::of(request.scheme().as_str(), &authority));
        if own.as_ref() == Some(&origin) {
            Standing::Own
        } else if self.listed.contains(&origin) {
            Standing::Listed
        } else {
            unlisted
        }
    }
}

fn authority(request: &Request) -> Option<String> {
    match request.uri().authority() {
        Some(authority) => Some(authority.to_string()),
        None => Some(request.headers().get(HOST)?.to_str().ok()?.to_owned()),
    }
}

/// A preflight is answered here, whatever is at its path: the request that follows finds that out.
fn preflight(request: &Request) -> Result<Response, Fault> {
    let headers = request.headers();
    let method = headers.get(ACCESS_CONTROL_REQUEST_METHOD).map(HeaderValue::as_bytes);
    let method = String::from_utf8_lossy(method.unwrap_or_default());
    if !ALLOWED_METHODS.split(", ").any(|allowed| allowed == method) {
        return Err(Fault::PreflightRefused(format!("the method {method:?}")));
    }
    for line in headers.get_all(ACCESS_CONTROL_REQUEST_HEADERS) {
        let line = String::from_utf8_lossy(line.as_bytes());
        for name in line.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            if !ALLOWED_HEADERS.split(", ").any(|allowed| allowed.eq_ignore_ascii_case(name)) {
                return Err(Fault::PreflightRefused(format!("the header {name:?}")));
            }
        }
    }
    Ok(Response::builder()
        .status(StatusCode::NO_CONTENT)
        .header(ACCESS_CONTROL_ALLOW_METHODS, ALLOWED_METHODS)
        .header(ACCESS_CONTROL_ALLOW_HEADERS, ALLOWED_HEADERS)
        .header(ACCESS_CONTROL_MAX_AGE, MAX_AGE)
        .finish())
}

/// Adds to what is there, because `Vary` may name other headers already.
fn vary(headers: &mut HeaderMap, name: &'static str) {
    let named = headers.get_all(VARY).iter().filter_map(|value| value.to_str().ok());
    let there = named
        .flat_map(|value| value.split(','))
        .any(|part| part.trim() == "*" || part.trim().eq_ignore_ascii_case(name));
    if !there {
        headers.append(VARY, HeaderValue::from_static(name));
    }
}

/// What the answer to a request says of its origin.
struct Marks {
    standing: Standing,
    origin: Option<HeaderValue>,
    /// The request asks what a later one may do.
    asks: bool,
}

impl Marks {
    fn put_on(self, mut response: Response) -> Response {
        let headers = response.headers_mut();
        vary(headers, "Origin");
        if self.asks {
            vary(headers, "Access-Control-Request-Method");
            vary(headers, "Access-Control-Request-Headers");
        }
        match (self.standing, self.origin) {
            (Standing::Listed, Some(origin)) => {
                headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
                headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
            }
            (Standing::Any, _) => {
                headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
            }
            _ => return response,
        }
        if !self.asks {
            let exposed = HeaderValue::from_static(EXPOSED_HEADERS);
            headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
        }
        response
    }
}

impl<E: Endpoint> Endpoint for Cors<E> {
    type Output = Response;

    fn call(&self, request: Request) -> impl Future<Output = Result<Response>> + Send {
        let standing = self.standing(&request);
        let origin = request.headers().get(ORIGIN).cloned();
        let asks = request.method() == Method::OPTIONS
            && origin.is_some()
            && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD);
        let harmless = matches!(*request.method(), Method::GET | Method::HEAD);

        let refuse = |fault| (self.explain)(&fault, Some(request.uri().path()));
        let own = if standing == Standing::Unlisted && !harmless {
            let sent = origin.as_ref().map(HeaderValue::as_bytes).unwrap_or_default();
            Some(refuse(Fault::OriginRefused(String::from_utf8_lossy(sent).into_owned())))
        } else {
            asks.then(|| preflight(&request).unwrap_or_else(refuse))
        };
        let marks = Marks { standing, origin, asks };
        match own {
            Some(response) => answer(marks.put_on(response)),
            None => marked(self.inner.call(request), |response| marks.put_on(response)),
        }
    }
}

#[cfg(test)]
#[path = "cors_tests.rs"]
mod tests;
