//! What a request can be refused for before any operation sees it.
//!
//! This module says what is wrong; how that looks as a problem is decided where all problems are,
//! so [`crate::app`] hands in an [`Explain`].

use poem::{Response, http::StatusCode};

/// Makes the response for a fault. The second argument is the path of the request, when it is known.
pub type Explain = fn(&Fault, Option<&str>) -> Response;

/// A refusal of the connection's, not of an operation's. Its text tells the client what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// 400
    #[error("The request line or a header is malformed. Send a request as RFC 9112 describes it.")]
    Malformed,
    /// 400
    #[error("The body ends early, or its chunks are malformed. Frame it as its headers say.")]
    BodyBroken,
    /// 400
    #[error("A request names exactly one host, in its Host header.")]
    HostMissing,
    /// 400
    #[error("This port speaks HTTPS. Send the request to https://, not to http://.")]
    TlsExpected,
    /// 403
    #[error("The server does not answer as {0:?}. Use localhost, or start it with --allowed-host.")]
    HostRefused(String),
    /// 403
    #[error(
        "Pages of {0:?} may not change anything here. Start the server with --cors-origin to allow \
         them."
    )]
    OriginRefused(String),
    /// 403
    #[error("Pages of other origins may not send {0} here.")]
    PreflightRefused(String),
    /// 404
    #[error("There is nothing at this path. The dashboard is at /, the paths of the API at /docs.")]
    NotFound,
    /// 405; the methods that are taken
    #[error("This path takes {0} only.")]
    MethodNotAllowed(&'static str),
    /// 408
    #[error("The head of the request did not arrive within {0} seconds. Send it again, faster.")]
    HeadLate(u64),
    /// 408
    #[error("The body of the request arrived too slowly. Send it again, faster.")]
    BodyLate,
    /// 413
    #[error("The body may have at most {0} bytes. Send less, or several requests.")]
    BodyTooLarge(u64),
    /// 415
    #[error("Bodies are taken as they are. Send this one without Content-Encoding.")]
    EncodingRefused,
    /// 431
    #[error("Path, query and headers are too long, or too many. Send less of them.")]
    HeadTooLarge,
    /// 500
    #[error("The server failed on this request; its log has the reason under the X-Request-Id.")]
    Internal,
    /// 503
    #[error(
        "The server has as many connections as it takes. Close some, or try again in a moment."
    )]
    TooManyConnections,
    /// 503
    #[error(
        "Your address has {0} connections, which is as many as one may have. Close some, or send \
         several requests over one."
    )]
    TooManyOfAddress(usize),
}

impl Fault {
    pub fn status(&self) -> StatusCode {
        match self {
            Fault::Malformed | Fault::BodyBroken | Fault::HostMissing | Fault::TlsExpected => {
                StatusCode::BAD_REQUEST
            }
            Fault::HostRefused(_) | Fault::OriginRefused(_) | Fault::PreflightRefused(_) => {
                StatusCode::FORBIDDEN
            }
            Fault::NotFound => StatusCode::NOT_FOUND,
            Fault::MethodNotAllowed(_) => StatusCode::METHOD_NOT_ALLOWED,
            Fault::HeadLate(_) | Fault::BodyLate => StatusCode::REQUEST_TIMEOUT,
            Fault::BodyTooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Fault::EncodingRefused => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Fault::HeadTooLarge => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Fault::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Fault::TooManyConnections | Fault::TooManyOfAddress(_) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
        }
    }
}

/// Explains in plain text, for tests that need no problems.
#[cfg(test)]
pub(crate) fn in_plain_text(fault: &Fault, _: Option<&str>) -> Response {
    Response::builder().status(fault.status()).body(fault.to_string())
}
