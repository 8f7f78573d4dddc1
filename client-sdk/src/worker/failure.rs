//! How a job says that it failed.

use std::time::Duration;

use crate::types;

/// The end of an attempt that did not work out.
///
/// Any error becomes one with `?`: its type is then `error`, its text the title, and another attempt
/// may follow. It is not an error type itself, because that conversion could not exist otherwise.
///
/// ```
/// use std::time::Duration;
/// use milepost_client::worker::Failure;
///
/// let for_good = Failure::new("unreadable-image", "beach.jpg is not an image").permanent();
/// let later = Failure::new("rate-limited", "the store asks for patience")
///     .retry_after(Duration::from_secs(60));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    kind: String,
    title: Option<String>,
    detail: Option<String>,
    retryable: bool,
    retry_after: Option<Duration>,
}

impl Failure {
    /// `kind` is for programs: a short stable word of yours, 1 to 128 characters. `title` is for
    /// people: one line.
    pub fn new(kind: impl Into<String>, title: impl Into<String>) -> Self {
        Failure {
            kind: kind.into(),
            title: Some(title.into()),
            detail: None,
            retryable: true,
            retry_after: None,
        }
    }

    /// All that is known, for people.
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Another attempt would fail the same way, so there is to be none.
    pub fn permanent(mut self) -> Self {
        self.retryable = false;
        self
    }

    /// How long the next attempt should wait, in whole seconds; without it the server's backoff
    /// decides.
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// What came out of a panic.
    pub(crate) fn of_panic(payload: &(dyn std::any::Any + Send)) -> Self {
        let text = payload
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| payload.downcast_ref::<String>().cloned());
        let failure = Failure::new("panic", "the handler panicked");
        match text {
            Some(text) => failure.detail(text),
            None => failure,
        }
    }

    pub(crate) fn into_report(self, lease: String) -> types::TaskFailure {
        types::TaskFailure {
            lease,
            error: types::ReportedError {
                type_: self.kind,
                title: self.title,
                detail: self.detail,
            },
            retryable: Some(self.retryable),
            retry_after_seconds: self.retry_after.map(|wait| wait.as_secs()),
        }
    }
}

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        let mut causes = Vec::new();
        let mut cause = error.source();
        while let Some(next) = cause {
            causes.push(next.to_string());
            cause = next.source();
        }
        let failure = Failure::new("error", error.to_string());
        if causes.is_empty() { failure } else { failure.detail(causes.join("\n")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_error_becomes_a_failure_that_may_be_tried_again() {
        fn handler() -> Result<u8, Failure> {
            Ok("300".parse::<u8>()?)
        }
        let report = handler().unwrap_err().into_report("token".to_owned());
        assert_eq!(report.error.type_, "error");
        assert_eq!(report.error.title.as_deref(), Some("number too large to fit in target type"));
        assert_eq!(report.retryable, Some(true));
    }

    #[test]
    fn a_panic_keeps_its_message() {
        let formatted: Box<dyn std::any::Any + Send> = Box::new("at step 7".to_owned());
        let failure = Failure::of_panic(&*formatted);
        assert_eq!(failure, Failure::new("panic", "the handler panicked").detail("at step 7"));
    }
}
