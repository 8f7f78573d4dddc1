//! Errors as the wire has them: the only place that decides how HTTP puts a refusal.
//!
//! Every error of the server is a problem (RFC 9457): what a handler refuses, what the router and
//! the parsers refuse, and what the connection refuses before a handler is reached. A problem says
//! to the client what the client can act on; what only an operator may know goes to the log.

mod catalogue;
mod failed;
pub mod fault;
mod framework;
pub mod page;

use std::fmt;

use poem::{IntoResponse, Response, error::ResponseError, http::StatusCode};
use poem_openapi::Object;
use serde::Serialize;

pub use catalogue::ProblemType;
pub use failed::*;
pub use fault::explain;
pub use framework::Catching;

use super::conditional::revision_tag;
use crate::{
    domain::{FieldError, Refusal, precondition::Unmet},
    store::StoreError,
};

/// An error on its way to the client.
#[derive(Clone, Debug)]
pub struct Problem {
    kind: ProblemType,
    detail: String,
    errors: Vec<FieldError>,
    retry_after_seconds: Option<u64>,
    allow: Option<Box<str>>,
    /// The tag of what is there now.
    tag: Option<Box<str>>,
    instance: Option<Box<str>>,
}

/// What went wrong, for programs and for people (RFC 9457).
#[derive(Debug, Object, Serialize)]
#[oai(rename = "Problem", skip_serializing_if_is_none)]
pub struct ProblemBody {
    /// Identifies the type of problem and never changes; a page that explains it, relative to the
    /// server's root.
    #[serde(rename = "type")]
    #[oai(rename = "type")]
    pub kind: String,
    /// One line, the same for every problem of the type.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened here, and how to fix it.
    pub detail: String,
    /// The path of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// The fields that are wrong, where fields are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub errors: Option<Vec<FieldProblem>>,
}

/// One thing wrong with one field.
#[derive(Debug, Object, Serialize)]
pub struct FieldProblem {
    /// The path of the field in the body, or the name of the parameter or header.
    pub field: String,
    /// What it must be.
    pub message: String,
}

impl Problem {
    pub fn new(kind: ProblemType, detail: impl Into<String>) -> Self {
        Problem {
            kind,
            detail: detail.into(),
            errors: Vec::new(),
            retry_after_seconds: match kind {
                ProblemType::Overloaded
                | ProblemType::ShuttingDown
                | ProblemType::TooManyConnections => Some(1),
                ProblemType::StorageFailed | ProblemType::StorageFull => Some(10),
                _ => None,
            },
            allow: None,
            tag: None,
            instance: None,
        }
    }

    /// Fields that are wrong.
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        let named: Vec<String> = errors
            .iter()
            .map(|error| format!("{}: {}.", error.field, error.message.trim_end_matches('.')))
            .collect();
        Problem { errors, ..Problem::new(ProblemType::InvalidRequest, named.join(" ")) }
    }

    /// One field that is wrong.
    pub fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Problem::invalid(vec![FieldError::new(field, message)])
    }

    /// No task has the id; `text` is what stood in its place.
    pub fn task_not_found(text: &str) -> Self {
        let shown: String = text.chars().take(128).collect();
        let detail = format!("There is no task {shown:?}. Check the id, or list tasks to find it.");
        Problem::new(ProblemType::TaskNotFound, detail)
    }

    /// No schedule has the id; `text` is what stood in its place.
    pub fn schedule_not_found(text: &str) -> Self {
        let shown: String = text.chars().take(128).collect();
        let detail =
            format!("There is no schedule {shown:?}. Check the id, or list schedules to find it.");
        Problem::new(ProblemType::ScheduleNotFound, detail)
    }

    /// No webhook has the id; `text` is what stood in its place.
    pub fn webhook_not_found(text: &str) -> Self {
        let shown: String = text.chars().take(128).collect();
        let detail =
            format!("There is no webhook {shown:?}. Check the id, or list webhooks to find it.");
        Problem::new(ProblemType::WebhookNotFound, detail)
    }

    pub fn not_found(path: &str) -> Self {
        let detail = format!("There is nothing at {path}. The paths there are stand at /docs.");
        Problem::new(ProblemType::NotFound, detail)
    }

    /// `allow` is the value of the Allow header.
    pub fn method_not_allowed(allow: impl Into<String>) -> Self {
        let allow = allow.into();
        let detail = format!("This path takes {allow}.");
        Problem { allow: Some(allow.into()), ..Problem::new(ProblemType::MethodNotAllowed, detail) }
    }

    /// It is not as the request insists.
    fn unmet(unmet: Unmet) -> Self {
        let advice = match unmet {
            Unmet::Changed(_) => "Get it again and decide anew",
            Unmet::Absent => "Leave If-Match out where it is to be made",
            Unmet::There(_) => "Get it, or leave If-None-Match out",
        };
        let detail = format!("{}. {advice}.", sentence(&unmet));
        let tag = unmet.revision().map(|revision| revision_tag(revision).into());
        Problem { tag, ..Problem::new(ProblemType::PreconditionFailed, detail) }
    }

    pub fn shutting_down() -> Self {
        let detail = "The server is shutting down. Try again in a moment.";
        Problem::new(ProblemType::ShuttingDown, detail)
    }

    pub fn internal() -> Self {
        let detail = "The server failed on this request; its log has the details. Try again.";
        Problem::new(ProblemType::Internal, detail)
    }

    /// The path of the request it is the answer to.
    #[must_use]
    pub fn at(mut self, path: impl Into<String>) -> Self {
        self.instance = Some(path.into().into_boxed_str());
        self
    }

    pub fn kind(&self) -> ProblemType {
        self.kind
    }

    /// Its JSON.
    pub fn body(&self) -> ProblemBody {
        let fields = self.errors.iter().map(|error| FieldProblem {
            field: error.field.clone(),
            message: error.message.clone(),
        });
        ProblemBody {
            kind: self.kind.uri(),
            title: self.kind.title().to_owned(),
            status: self.kind.status().as_u16(),
            detail: self.detail.clone(),
            instance: self.instance.as_deref().map(str::to_owned),
            errors: (!self.errors.is_empty()).then(|| fields.collect()),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = Response::builder()
            .status(self.kind.status())
            .content_type(ProblemJson::MEDIA_TYPE)
            .header("cache-control", "no-store");
        if let Some(seconds) = self.retry_after_seconds {
            response = response.header("retry-after", seconds);
        }
        if let Some(allow) = &self.allow {
            response = response.header("allow", &**allow);
        }
        if let Some(tag) = &self.tag {
            response = response.header("etag", &**tag);
        }
        response.body(serde_json::to_vec(&self.body()).unwrap_or_default())
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind.slug(), self.detail)
    }
}

impl std::error::Error for Problem {}

impl ResponseError for Problem {
    fn status(&self) -> StatusCode {
        self.kind.status()
    }

    fn as_response(&self) -> Response {
        self.clone().into_response()
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let advice = match &refusal {
            Refusal::Invalid(errors) => return Problem::invalid(errors.clone()),
            Refusal::TaskNotFound(id) => return Problem::task_not_found(id.as_str()),
            Refusal::TaskDeleted { .. } => "Of a task that is gone there is nothing to get",
            Refusal::ShuttingDown => return Problem::shutting_down(),
            Refusal::Internal => return Problem::internal(),
            Refusal::QueueNotFound(_) => "Put it, or submit a task to it, and it is there",
            Refusal::KindNotFound(_) => "Put it, and it is there",
            Refusal::ScheduleNotFound(_) => "Check the id, or list schedules to find it",
            Refusal::ScheduleExists(_) => "Choose another id, or put it to replace it",
            Refusal::WebhookNotFound(_) => "Check the id, or list webhooks to find it",
            Refusal::TooManyWebhooks(_) => "Delete one that is not needed",
            Refusal::TaskExists(_) => "Choose another id, or send the same body again",
            Refusal::Reserved(_) => "Choose another name",
            Refusal::TaskDone { .. } => "There is nothing left to cancel",
            Refusal::TaskNotDone { .. } => "Cancel it first, or wait for its end",
            Refusal::ChildrenNotDone { .. } => "Cancel them first, or wait for their end",
            Refusal::UniqueKeyTaken { .. } => "Wait for its end, or cancel it",
            Refusal::NotRetryable { .. } => "Wait for its end, or submit a new task",
            Refusal::InputDropped(_) => "Submit a new task with its input",
            Refusal::NotWaiting { .. } => "Leave the field out to change the others",
            Refusal::LeaseLost(_) => "Nothing was changed; stop working on the task",
            Refusal::SequenceTooLow { .. } => "Nothing was changed; use a number that rises",
            Refusal::KeyReused => "Make a new key for every new request",
            Refusal::PreconditionFailed(unmet) => return Problem::unmet(*unmet),
            Refusal::CountdownRunning(_) => "Watch the one that runs",
            Refusal::Overloaded => "Send it again after the time in Retry-After",
            Refusal::StorageFull => "Writes resume by themselves when there is space",
            Refusal::StorageFailed => "Reading and watching go on",
        };
        Problem::new(refusal_type(&refusal), format!("{}. {advice}.", sentence(&refusal)))
    }
}

fn refusal_type(refusal: &Refusal) -> ProblemType {
    match refusal {
        Refusal::Invalid(_) => ProblemType::InvalidRequest,
        Refusal::TaskNotFound(_) => ProblemType::TaskNotFound,
        Refusal::TaskDeleted { .. } => ProblemType::TaskDeleted,
        Refusal::QueueNotFound(_) => ProblemType::QueueNotFound,
        Refusal::KindNotFound(_) => ProblemType::KindNotFound,
        Refusal::ScheduleNotFound(_) => ProblemType::ScheduleNotFound,
        Refusal::ScheduleExists(_) => ProblemType::ScheduleExists,
        Refusal::WebhookNotFound(_) => ProblemType::WebhookNotFound,
        Refusal::TooManyWebhooks(_) => ProblemType::TooManyWebhooks,
        Refusal::TaskExists(_) => ProblemType::TaskExists,
        Refusal::Reserved(_) => ProblemType::Reserved,
        Refusal::TaskDone { .. } => ProblemType::TaskDone,
        Refusal::TaskNotDone { .. } => ProblemType::TaskNotDone,
        Refusal::ChildrenNotDone { .. } => ProblemType::ChildrenNotDone,
        Refusal::UniqueKeyTaken { .. } => ProblemType::UniqueKeyTaken,
        Refusal::NotRetryable { .. } => ProblemType::NotRetryable,
        Refusal::InputDropped(_) => ProblemType::InputDropped,
        Refusal::NotWaiting { .. } => ProblemType::NotWaiting,
        Refusal::LeaseLost(_) => ProblemType::LeaseLost,
        Refusal::SequenceTooLow { .. } => ProblemType::SequenceTooLow,
        Refusal::KeyReused => ProblemType::KeyReused,
        Refusal::PreconditionFailed(_) => ProblemType::PreconditionFailed,
        Refusal::CountdownRunning(_) => ProblemType::CountdownRunning,
        Refusal::Overloaded => ProblemType::Overloaded,
        Refusal::StorageFull => ProblemType::StorageFull,
        Refusal::StorageFailed => ProblemType::StorageFailed,
        Refusal::ShuttingDown => ProblemType::ShuttingDown,
        Refusal::Internal => ProblemType::Internal,
    }
}

/// An error's own words, with a capital.
fn sentence(error: &impl fmt::Display) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "a read failed");
        match error {
            StoreError::Full(_) => Refusal::StorageFull.into(),
            StoreError::Io(_) => Refusal::StorageFailed.into(),
            StoreError::Other(_) => Problem::internal(),
        }
    }
}
