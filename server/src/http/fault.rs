//! What a request can be refused for before any operation sees it.
//!
//! This module says what is wrong; how that looks as a problem is decided where all problems are,
//! so [`crate::app`] hands in an [`Explain`].

use poem::Response;

/// Makes the response for a fault. The second argument is the path of the request, when it is known.
pub type Explain = fn(&Fault, Option<&str>) -> Response;

/// A refusal of the connection's, not of an operation's. Its text tells the client what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// 400
    #[error("the request line or a header is malformed; send a request as RFC 9112 describes it")]
    Malformed,
    /// 400
    #[error("the body is not framed as its headers say: {0}")]
    BodyBroken(&'static str),
    /// 400
    #[error("a request names exactly one host, in its Host header")]
    HostMissing,
    /// 403
    #[error(
        "this server does not answer for the host {0:?}; use localhost, or start it with \
         --allowed-host"
    )]
    HostRefused(String),
    /// 403
    #[error(
        "pages of {0:?} may not do this; start the server with --cors-origin to let them, or call \
         it without an Origin header"
    )]
    OriginRefused(String),
    /// 403
    #[error("pages of another origin may not send {0}")]
    PreflightRefused(String),
    /// 404
    #[error("there is nothing at this path; the dashboard is at / and the API under /api/v1")]
    NotFound,
    /// 408
    #[error("the head of the request did not arrive within {0} seconds; send it again, faster")]
    HeadLate(u64),
    /// 408
    #[error("the body of the request arrived too slowly; send it again, faster")]
    BodyLate,
    /// 413
    #[error("a body is at most {0} bytes; send less, or several requests")]
    BodyTooLarge(u64),
    /// 414
    #[error("the path and query are too long; put less into the query")]
    UriTooLong,
    /// 415
    #[error("bodies are taken as they are; send this one without Content-Encoding")]
    EncodingRefused,
    /// 431
    #[error("the headers are too large or too many; send fewer")]
    HeadTooLarge,
    /// 500
    #[error("the server failed on this request; its log has the reason under the X-Request-Id")]
    Internal,
}

impl Fault {
    /// The status code this is answered with.
    pub fn status(&self) -> u16 {
        match self {
            Fault::Malformed | Fault::BodyBroken(_) | Fault::HostMissing => 400,
            Fault::HostRefused(_) | Fault::OriginRefused(_) | Fault::PreflightRefused(_) => 403,
            Fault::NotFound => 404,
            Fault::HeadLate(_) | Fault::BodyLate => 408,
            Fault::BodyTooLarge(_) => 413,
            Fault::UriTooLong => 414,
            Fault::EncodingRefused => 415,
            Fault::HeadTooLarge => 431,
            Fault::Internal => 500,
        }
    }
}

/// Explains in plain text, for tests that need no problems.
#[cfg(test)]
pub(crate) fn in_plain_text(fault: &Fault, _: Option<&str>) -> Response {
    let status = poem::http::StatusCode::from_u16(fault.status()).expect("a valid status");
    Response::builder().status(status).body(fault.to_string())
}
