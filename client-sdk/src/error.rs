//! What can go wrong, as far as a caller can act on it.

use std::{error::Error as _, fmt::Write as _, time::Duration};

use reqwest::StatusCode;

use crate::{stream::TooLong, types};

/// Every error of this SDK.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The server, or something between here and there, refused the request and said why.
    #[error("{}", in_words(.0))]
    Problem(Box<Refusal>),
    /// The server could not be reached, or the connection broke before the answer was complete.
    #[error("the server cannot be reached: {}", causes(.0))]
    Unreachable(#[source] reqwest::Error),
    /// No answer came within this time.
    #[error("the server did not answer within {} s", .0.as_secs_f32())]
    Timeout(Duration),
    /// An answer whose status the contract does not know for this operation.
    #[error("the server answered with status {0}, which this client does not expect there")]
    UnexpectedStatus(StatusCode),
    /// An answer or an event that is not what the contract says.
    #[error("the server's answer is not what the contract says: {0}")]
    Undecodable(String),
    /// One event of a stream was longer than this client takes.
    #[error(transparent)]
    StreamTooLong(#[from] TooLong),
    /// The request cannot be sent as it is: something in it is missing or not a value at all.
    #[error("the request cannot be sent: {0}")]
    InvalidRequest(String),
    /// The client itself could not be set up: a wrong base URL, no thread, no certificates.
    #[error("{0}")]
    Setup(String),
}

/// A problem (RFC 9457), with what its headers add.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// What the server said.
    pub problem: types::Problem,
    /// How long to wait before trying again, when it said that too (`Retry-After`).
    pub retry_after: Option<Duration>,
}

impl Error {
    /// Whether the same request may succeed later.
    ///
    /// True without any answer (unreachable, timeout) and for the statuses 408, 429, 500, 502, 503,
    /// 504 and 507. Repeating is safe only for requests that are safe to repeat: reads, and writes with
    /// an `Idempotency-Key` or a lease.
    pub fn is_retryable(&self) -> bool {
        match self {
            Error::Unreachable(_) | Error::Timeout(_) => true,
            Error::Problem(_) | Error::UnexpectedStatus(_) => self.status().is_some_and(|status| {
                matches!(status.as_u16(), 408 | 429 | 500 | 502 | 503 | 504 | 507)
            }),
            Error::Undecodable(_)
            | Error::StreamTooLong(_)
            | Error::InvalidRequest(_)
            | Error::Setup(_) => false,
        }
    }

    /// The HTTP status of the answer, if there was one.
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Error::Problem(refusal) => StatusCode::from_u16(refusal.problem.status).ok(),
            Error::UnexpectedStatus(status) => Some(*status),
            _ => None,
        }
    }

    /// The problem, if the server gave one.
    pub fn problem(&self) -> Option<&types::Problem> {
        match self {
            Error::Problem(refusal) => Some(&refusal.problem),
            _ => None,
        }
    }

    /// Whether the problem is of this type, named by the last part of its URI, e.g. `lease-lost`.
    pub fn is_problem(&self, slug: &str) -> bool {
        self.problem().and_then(|problem| problem.type_.rsplit('/').next()) == Some(slug)
    }

    /// How long the server asked to wait before trying again.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Error::Problem(refusal) => refusal.retry_after,
            _ => None,
        }
    }
}

fn in_words(refusal: &Refusal) -> String {
    let problem = &refusal.problem;
    let mut words = format!("{} ({})", problem.title, problem.status);
    if !problem.detail.is_empty() {
        let _ = write!(words, ": {}", problem.detail);
    }
    for error in &problem.errors {
        let field = format!("{}: {}", error.field, error.message);
        // The detail of a problem often has the fields already, in a sentence.
        if !problem.detail.contains(&field) {
            let _ = write!(words, "; {field}");
        }
    }
    words
}

/// reqwest's own text leaves out what lies beneath, e.g. "Connection refused".
fn causes(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        let _ = write!(text, ": {next}");
        cause = next.source();
    }
    text
}

impl From<progenitor_client::Error<types::Problem>> for Error {
    fn from(error: progenitor_client::Error<types::Problem>) -> Self {
        use progenitor_client::Error as Raw;
        match error {
            Raw::ErrorResponse(answer) => {
                let retry_after = answer
                    .headers()
                    .get(reqwest::header::RETRY_AFTER)
                    .and_then(|value| value.to_str().ok()?.trim().parse().ok())
                    .map(Duration::from_secs);
                Error::Problem(Box::new(Refusal { problem: answer.into_inner(), retry_after }))
            }
            Raw::CommunicationError(error)
            | Raw::ResponseBodyError(error)
            | Raw::InvalidUpgrade(error) => {
                if error.is_builder() {
                    Error::InvalidRequest(causes(&error))
                } else {
                    Error::Unreachable(error)
                }
            }
            Raw::InvalidResponsePayload(_, error) => Error::Undecodable(error.to_string()),
            Raw::UnexpectedResponse(answer) => Error::UnexpectedStatus(answer.status()),
            Raw::InvalidRequest(reason) | Raw::Custom(reason) => Error::InvalidRequest(reason),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_field_is_told_once_whether_or_not_the_detail_has_it() {
        let words = |detail: &str| {
            let problem = serde_json::from_value(json!({
                "type": "/problems/invalid-request", "title": "Wrong fields", "status": 400,
                "detail": detail, "errors": [{"field": "kind", "message": "must not be empty"}],
            }));
            in_words(&Refusal { problem: problem.unwrap(), retry_after: None })
        };
        let once = "Wrong fields (400): kind: must not be empty.";
        assert_eq!(words("kind: must not be empty."), once);
        assert_eq!(words("See below"), "Wrong fields (400): See below; kind: must not be empty");
    }
}
