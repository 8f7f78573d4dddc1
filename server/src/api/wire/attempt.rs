//! The tries of a task.

use poem_openapi::{Enum, Object};
use serde::Serialize;

use super::declared_as;
use crate::domain::{Attempt, Ending, TaskError, Timestamp};

declared_as!(Attempt, DeclaredAttempt);
declared_as!(Ending, AttemptState);

/// How an attempt ended, if it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum AttemptState {
    /// It runs.
    Running,
    /// Its worker completed the task.
    Succeeded,
    /// Its worker said so, or its time was up: `error` says which.
    Failed,
    /// Its worker gave it back; it does not count.
    Released,
    /// Somebody cancelled the task.
    Cancelled,
}

/// One try of a task.
#[derive(Debug, Object)]
#[oai(rename = "Attempt", skip_serializing_if_is_none)]
pub struct DeclaredAttempt {
    /// From 1. The number of an attempt that was given back is given again.
    pub number: u32,
    /// Who had its lease.
    pub worker: String,
    /// How it ended, if it has.
    pub state: Ending,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// Why it failed; of a long text the first 300 characters.
    pub error: Option<TaskError>,
    /// When the next attempt was due after it.
    pub retry_at: Option<Timestamp>,
}

/// The tries of a task.
#[derive(Debug, Object, Serialize)]
pub struct AttemptList {
    /// The attempts, oldest first: the last 50 that ended, and the one that runs.
    pub items: Vec<Attempt>,
}
