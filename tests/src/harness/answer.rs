//! An answer, and what may be asked of it.

use reqwest::{
    Method, StatusCode,
    header::{AsHeaderName, HeaderMap},
};
use serde_json::Value;

use super::checks;

/// A whole answer.
#[derive(Clone, Debug)]
pub struct Answer {
    pub method: Method,
    pub path: String,
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub(super) fn new(
        method: Method,
        path: String,
        status: StatusCode,
        headers: HeaderMap,
        body: Vec<u8>,
    ) -> Self {
        Answer { method, path, status, headers, body }
    }

    /// Asserts what holds for every answer of a Milepost server, whatever was asked.
    pub(super) fn assert_sound(&self) {
        checks::assert_sound(self);
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header's value; `None` when it is absent.
    pub fn header(&self, name: impl AsHeaderName) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("a header is plain text"))
    }

    /// Asserts the status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{self}");
        self
    }

    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        match serde_json::from_slice(&self.body) {
            Ok(json) => json,
            Err(error) => panic!("{error} in {self}"),
        }
    }

    /// Asserts the status and that the body is a task, and returns it.
    #[track_caller]
    pub fn task(self, status: u16) -> Value {
        let task = self.expect(status).json();
        checks::assert_task(&task);
        task
    }

    /// Asserts that it is a problem of this status and type, and returns it. Where `slug` is empty,
    /// the type does not matter.
    #[track_caller]
    pub fn problem(self, status: u16, slug: &str) -> Value {
        let answer = self.expect(status);
        let problem = answer.json();
        checks::assert_problem(&answer, &problem);
        if !slug.is_empty() {
            assert_eq!(problem["type"], format!("/problems/{slug}"), "{answer}");
        }
        problem
    }

    /// Asserts that it is a problem that names this field, e.g. `progress.percent`.
    #[track_caller]
    pub fn names_field(self, status: u16, field: &str) {
        let text = self.to_string();
        let problem = self.problem(status, "");
        let errors = problem["errors"].as_array().cloned().unwrap_or_default();
        assert!(errors.iter().any(|error| error["field"] == field), "{field} is not named: {text}");
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = self.text();
        let shown: String = text.chars().take(2000).collect();
        write!(f, "{} {} → {}\n{shown}", self.method, self.path, self.status)
    }
}
