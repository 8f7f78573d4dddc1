//! The methods that mean the same on every path.
//!
//! HEAD is GET without the body (RFC 9110 §9.3.2) and with every header; poem answers it as well, but
//! loses the length on the way. CONNECT asks for a tunnel, and there is none: hyper would begin one as
//! soon as an endpoint answered it with success.

use bytes::Bytes;
use http_body_util::combinators::BoxBody;
use hyper::body::Body as _;
use poem::{
    Body, Endpoint, Request, Response, Result,
    http::{HeaderValue, Method, StatusCode, header::CONTENT_LENGTH},
};

use super::{
    fault::{Explain, Fault},
    layer::{answer, marked},
};

/// What paths take between them.
const TAKEN: &str = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT";

/// Asks GET for HEAD and keeps what it would have sent to itself; refuses CONNECT.
pub struct Methods<E> {
    inner: E,
    explain: Explain,
}

impl<E> Methods<E> {
    pub fn new(inner: E, explain: Explain) -> Self {
        Methods { inner, explain }
    }
}

/// What is left of an answer to GET when HEAD asked for it.
fn headed(mut response: Response) -> Response {
    // A stream is not read, and dropping its body is what closes it.
    let body: BoxBody<Bytes, std::io::Error> = response.take_body().into();
    let lengthless = matches!(response.status(), StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
    if let Some(length) = body.size_hint().exact()
        && !lengthless
    {
        response.headers_mut().entry(CONTENT_LENGTH).or_insert(HeaderValue::from(length));
    }
    response.set_body(Body::empty());
    response
}

impl<E: Endpoint> Endpoint for Methods<E> {
    type Output = Response;

    fn call(&self, mut request: Request) -> impl Future<Output = Result<Response>> + Send {
        let head = request.method() == Method::HEAD;
        if head {
            request.set_method(Method::GET);
        } else if request.method() == Method::CONNECT {
            return answer((self.explain)(&Fault::MethodNotAllowed(TAKEN), None));
        }
        let mark = move |response| if head { headed(response) } else { response };
        marked(self.inner.call(request), mark)
    }
}

#[cfg(test)]
mod tests {
    use futures_util::stream;
    use poem::endpoint::{make, make_sync};

    use super::*;
    use crate::http::fault::in_plain_text;

    async fn head(inner: impl Endpoint) -> (u16, Option<String>, Vec<u8>) {
        let request = Request::builder().method(Method::HEAD).finish();
        let mut response = Methods::new(inner, in_plain_text).get_response(request).await;
        let length = response.header("content-length").map(str::to_owned);
        let body = response.take_body().into_vec().await.unwrap();
        (response.status().as_u16(), length, body)
    }

    #[tokio::test]
    async fn head_says_how_long_the_body_is_and_leaves_it_out() {
        let get = make(async |request: Request| {
            assert_eq!(request.method(), Method::GET);
            Ok::<_, poem::Error>("hello")
        });
        assert_eq!(head(get).await, (200, Some("5".to_owned()), Vec::new()));
        let refused = make_sync(|_| Response::builder().status(StatusCode::NOT_FOUND).body("no"));
        assert_eq!(head(refused).await, (404, Some("2".to_owned()), Vec::new()));
    }

    #[tokio::test]
    async fn head_of_a_stream_ends_at_once() {
        let endless = make_sync(|_| {
            Body::from_bytes_stream(stream::pending::<Result<Bytes, std::io::Error>>())
        });
        assert_eq!(head(endless).await, (200, None, Vec::new()));
    }

    #[tokio::test]
    async fn an_answer_that_has_no_body_has_no_length() {
        assert_eq!(head(make_sync(|_| StatusCode::NO_CONTENT)).await, (204, None, Vec::new()));
    }
}
