//! How large, how slow and how encoded a request's body may be.
//!
//! A body is read here, counted, and handed on whole: every operation takes JSON of bounded
//! length, and so none of them can be made to read without end. poem's `SizeLimit` is not used: it
//! trusts Content-Length and answers 411 to requests that have no body.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt, combinators::BoxBody};
use hyper::body::Body as _;
use poem::{
    Body, Endpoint, Request, Response, Result,
    http::{HeaderValue, header},
};
use tokio::time::{Instant, timeout_at};

use super::{
    fault::{Explain, Fault},
    layer::pass,
};

/// Below this many bytes a second, a body uses up its time.
const SLOWEST_BYTES_PER_SECOND: u64 = 8 * 1024;

/// Reads bodies within limits.
pub struct BodyLimit<E> {
    inner: E,
    max_bytes: u64,
    /// How long a body may show no progress to speak of.
    patience: Duration,
    explain: Explain,
}

impl<E> BodyLimit<E> {
    pub fn new(inner: E, max_bytes: u64, patience: Duration, explain: Explain) -> Self {
        BodyLimit { inner, max_bytes, patience, explain }
    }

    async fn read(&self, request: &mut Request) -> Result<(), Fault> {
        let mut body: BoxBody<Bytes, std::io::Error> = request.take_body().into();
        if body.is_end_stream() {
            return Ok(());
        }
        let plain = |value: &HeaderValue| value.as_bytes().eq_ignore_ascii_case(b"identity");
        if !request.headers().get_all(header::CONTENT_ENCODING).iter().all(plain) {
            return Err(Fault::EncodingRefused);
        }
        let announced = body.size_hint().exact();
        if announced.is_some_and(|length| length > self.max_bytes) {
            return Err(Fault::BodyTooLarge(self.max_bytes));
        }
        // Not more than a first piece is set aside for what was only announced.
        let room = announced.unwrap_or(0).min(64 * 1024);
        let mut read = BytesMut::with_capacity(room as usize);
        let start = Instant::now() + self.patience;
        loop {
            let earned = Duration::from_secs(read.len() as u64 / SLOWEST_BYTES_PER_SECOND);
            let frame = timeout_at(start + earned, body.frame()).await;
            let frame = match frame.map_err(|_| Fault::BodyLate)? {
                None => break,
                Some(Err(_)) => return Err(Fault::BodyBroken),
                Some(Ok(frame)) => frame,
            };
            // Trailers carry nothing that is used.
            let Ok(data) = frame.into_data() else { continue };
            if (read.len() + data.len()) as u64 > self.max_bytes {
                return Err(Fault::BodyTooLarge(self.max_bytes));
            }
            read.extend_from_slice(&data);
        }
        request.set_body(Body::from_bytes(read.freeze()));
        Ok(())
    }
}

impl<E: Endpoint> Endpoint for BodyLimit<E> {
    type Output = Response;

    // An `async fn` would keep a second place for the request.
    #[expect(clippy::manual_async_fn)]
    fn call(&self, mut request: Request) -> impl Future<Output = Result<Response>> + Send {
        async move {
            match self.read(&mut request).await {
                Ok(()) => pass(self.inner.call(request)).await,
                Err(fault) => {
                    let mut response = (self.explain)(&fault, Some(request.uri().path()));
                    // The rest of the body is not read, so nothing after it could be understood.
                    let close = HeaderValue::from_static("close");
                    response.headers_mut().insert(header::CONNECTION, close);
                    Ok(response)
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::stream;
    use poem::{endpoint::make, http::Method};

    use super::*;
    use crate::http::fault::in_plain_text;

    const MAX_BYTES: u64 = 1024 * 1024;

    async fn send(body: Body, headers: &[(&str, &str)]) -> (u16, String) {
        let echo = make(async |mut request: Request| {
            let length = request.take_body().into_bytes().await?.len();
            Ok::<_, poem::Error>(length.to_string())
        });
        let limit = BodyLimit::new(echo, MAX_BYTES, Duration::from_secs(10), in_plain_text);
        let mut request = Request::builder().method(Method::POST).body(body);
        for (name, value) in headers {
            let name = poem::http::HeaderName::try_from(*name).unwrap();
            request.headers_mut().append(name, value.parse().unwrap());
        }
        let mut response = limit.get_response(request).await;
        let text = response.take_body().into_string().await.unwrap();
        (response.status().as_u16(), text)
    }

    fn endless(piece: usize) -> Body {
        let piece = Bytes::from(vec![b'x'; piece]);
        Body::from_bytes_stream(stream::repeat_with(move || Ok::<_, std::io::Error>(piece.clone())))
    }

    #[tokio::test]
    async fn a_body_of_just_the_limit_passes_and_one_byte_more_does_not() {
        let body = |length: u64| Body::from(vec![b'x'; length as usize]);
        assert_eq!(send(body(MAX_BYTES), &[]).await, (200, "1048576".to_owned()));
        assert_eq!(send(body(MAX_BYTES + 1), &[]).await.0, 413);
        assert_eq!(send(Body::empty(), &[]).await, (200, "0".to_owned()));
    }

    #[tokio::test]
    async fn a_body_of_unknown_length_is_counted() {
        assert_eq!(send(endless(1000), &[]).await.0, 413);
    }

    #[tokio::test]
    async fn an_encoded_body_is_refused_and_an_identical_one_is_not() {
        for (encoding, status) in [("gzip", 415), ("br", 415), ("x", 415), ("Identity", 200)] {
            let headers = [("content-encoding", encoding)];
            assert_eq!(send(Body::from("x"), &headers).await.0, status, "{encoding}");
        }
        assert_eq!(send(Body::empty(), &[("content-encoding", "gzip")]).await.0, 200);
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_trickles_is_given_up() {
        let trickle = stream::unfold((), |()| async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            Some((Ok::<_, std::io::Error>(Bytes::from_static(b"x")), ()))
        });
        let started = Instant::now();
        assert_eq!(send(Body::from_bytes_stream(trickle), &[]).await.0, 408);
        assert_eq!(started.elapsed().as_secs(), 10);
    }

    #[tokio::test]
    async fn a_body_that_breaks_off_is_refused() {
        let broken =
            stream::iter([Ok(Bytes::from_static(b"x")), Err(std::io::Error::other("gone"))]);
        assert_eq!(send(Body::from_bytes_stream(broken), &[]).await.0, 400);
    }
}
