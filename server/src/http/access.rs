//! The outermost layer: a number and a log line for every request, and no way out but a response.
//!
//! A line holds the method, the path, the status and the time, and never what could be a secret: no
//! query, no header, no body.

use std::{any::Any, panic::AssertUnwindSafe, time::Instant};

use futures_util::FutureExt;
use poem::{
    Endpoint, Request, Response, Result,
    http::{HeaderName, HeaderValue, Method, Uri, header::X_CONTENT_TYPE_OPTIONS},
};
use tracing::Instrument;
use uuid::Uuid;

use super::{
    fault::{Explain, Fault},
    layer,
};

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// A longer one is replaced: it goes into every line of the request.
const LONGEST_REQUEST_ID: usize = 128;

/// Numbers and logs requests, and turns a panic into an answer.
pub struct Access<E> {
    inner: E,
    explain: Explain,
}

impl<E> Access<E> {
    pub fn new(inner: E, explain: Explain) -> Self {
        Access { inner, explain }
    }
}

/// The client's own number if it is printable, else a new one.
fn request_id(request: &Request) -> HeaderValue {
    let sent = request.headers().get(X_REQUEST_ID).filter(|value| {
        !value.is_empty()
            && value.len() <= LONGEST_REQUEST_ID
            && value.as_bytes().iter().all(u8::is_ascii_graphic)
    });
    if let Some(value) = sent {
        return value.clone();
    }
    let mut room = Uuid::encode_buffer();
    let id = Uuid::new_v4().hyphenated().encode_lower(&mut room);
    HeaderValue::from_str(id).unwrap_or(HeaderValue::from_static("none"))
}

/// It is printable, as [`request_id`] has seen to.
fn text(id: &HeaderValue) -> &str {
    id.to_str().unwrap_or_default()
}

/// Writes the line when it is dropped, so that a request whose client went away has one too.
struct Line {
    method: Method,
    uri: Uri,
    id: HeaderValue,
    started: Instant,
    status: Option<u16>,
}

impl Drop for Line {
    fn drop(&mut self) {
        let (method, path, id) = (self.method.as_str(), self.uri.path(), text(&self.id));
        let ms = (self.started.elapsed().as_secs_f64() * 1e4).round() / 1e1;
        match self.status {
            // A line a request costs as much as a small request does.
            Some(status) if status < 400 => {
                tracing::debug!(method, path, status, ms, request_id = id, "request");
            }
            Some(status) => tracing::info!(method, path, status, ms, request_id = id, "request"),
            None => tracing::info!(method, path, ms, request_id = id, "request, client gone"),
        }
    }
}

impl<E: Endpoint> Endpoint for Access<E> {
    type Output = Response;

    fn call(&self, mut request: Request) -> impl Future<Output = Result<Response>> + Send {
        let id = request_id(&request);
        let mut line = Line {
            method: request.method().clone(),
            uri: request.uri().clone(),
            id: id.clone(),
            started: Instant::now(),
            status: None,
        };
        // Whatever a handler logs carries the number as well.
        let span = tracing::info_span!("request", id = text(&id));
        request.headers_mut().insert(X_REQUEST_ID, id);
        let explain = self.explain;
        // The next layer begins in here too, so that nothing of it can panic elsewhere.
        let inner = async move { self.inner.call(request).await };
        let answer = AssertUnwindSafe(inner.instrument(span)).catch_unwind();
        answer.map(move |answer| {
            let mut response = answer.map(layer::response).unwrap_or_else(|panic| {
                let (request_id, panic) = (text(&line.id), message(&*panic));
                tracing::error!(request_id, panic, "a handler panicked");
                explain(&Fault::Internal, Some(line.uri.path()))
            });
            line.status = Some(response.status().as_u16());
            let headers = response.headers_mut();
            headers.insert(X_REQUEST_ID, line.id.clone());
            headers.entry(X_CONTENT_TYPE_OPTIONS).or_insert(HeaderValue::from_static("nosniff"));
            Ok(response)
        })
    }
}

fn message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}

#[cfg(test)]
mod tests {
    use poem::endpoint::make_sync;

    use super::*;
    use crate::http::fault::in_plain_text;

    async fn id_for(sent: &str) -> String {
        let access = Access::new(make_sync(|_| ()), in_plain_text);
        let request = Request::builder().header(X_REQUEST_ID, sent).finish();
        let response = access.get_response(request).await;
        response.headers()[X_REQUEST_ID].to_str().unwrap().to_owned()
    }

    #[tokio::test]
    async fn a_printable_request_id_comes_back_and_any_other_is_replaced() {
        assert_eq!(id_for("abc-1").await, "abc-1");
        for odd in ["", "two words", &"x".repeat(129)] {
            assert!(Uuid::parse_str(&id_for(odd).await).is_ok(), "{odd:?}");
        }
    }

    #[tokio::test]
    async fn a_panic_becomes_an_answer_that_says_nothing_of_it() {
        let panics = make_sync(|_| -> () { panic!("the secret") });
        let mut response =
            Access::new(panics, in_plain_text).get_response(Request::default()).await;
        assert_eq!(response.status(), 500);
        assert!(response.headers().contains_key(X_REQUEST_ID));
        assert!(!response.take_body().into_string().await.unwrap().contains("secret"));
    }
}
