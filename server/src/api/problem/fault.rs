//! What the connection refuses before any operation sees it, as problems.

use poem::{IntoResponse, Response};

use super::{Problem, ProblemType};
use crate::http::fault::Fault;

/// The answer to a fault; `path` is the request's, when it is known.
pub fn explain(fault: &Fault, path: Option<&str>) -> Response {
    let kind = match fault {
        Fault::Malformed | Fault::BodyBroken | Fault::HostMissing | Fault::TlsExpected => {
            ProblemType::MalformedRequest
        }
        Fault::HostRefused(_) => ProblemType::HostRefused,
        Fault::OriginRefused(_) | Fault::PreflightRefused(_) => ProblemType::OriginRefused,
        Fault::NotFound => ProblemType::NotFound,
        Fault::MethodNotAllowed(_) => ProblemType::MethodNotAllowed,
        Fault::HeadLate(_) | Fault::BodyLate => ProblemType::RequestTimeout,
        Fault::BodyTooLarge(_) => ProblemType::PayloadTooLarge,
        Fault::EncodingRefused => ProblemType::UnsupportedEncoding,
        Fault::HeadTooLarge => ProblemType::HeadersTooLarge,
        Fault::Internal => ProblemType::Internal,
        Fault::TooManyConnections | Fault::TooManyOfAddress(_) => ProblemType::TooManyConnections,
    };
    let problem = match fault {
        Fault::MethodNotAllowed(allow) => Problem::method_not_allowed(*allow),
        _ => Problem::new(kind, fault.to_string()),
    };
    match path {
        Some(path) => problem.at(path).into_response(),
        None => problem.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_and_its_problem_agree_on_the_status() {
        for fault in [
            Fault::Malformed,
            Fault::BodyBroken,
            Fault::HostMissing,
            Fault::HostRefused("evil.example".to_owned()),
            Fault::OriginRefused("https://evil.example".to_owned()),
            Fault::PreflightRefused("DELETE".to_owned()),
            Fault::NotFound,
            Fault::HeadLate(10),
            Fault::BodyLate,
            Fault::BodyTooLarge(1024),
            Fault::TooManyConnections,
            Fault::TooManyOfAddress(8),
            Fault::TlsExpected,
            Fault::MethodNotAllowed("GET"),
            Fault::EncodingRefused,
            Fault::HeadTooLarge,
            Fault::Internal,
        ] {
            assert_eq!(explain(&fault, Some("/x")).status(), fault.status(), "{fault:?}");
        }
    }
}
