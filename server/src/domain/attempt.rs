//! One try of a task, as its history keeps it.

use serde::{Deserialize, Serialize};

use super::{TaskError, Timestamp};

/// How many ended attempts a task remembers; of older ones the log tells.
pub const MAX_REMEMBERED: usize = 50;
/// How much of an attempt's error is remembered, in characters of title and detail each.
const MAX_ERROR: usize = 300;

/// How an attempt ended, if it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    Running,
    Succeeded,
    /// By its worker's word or by time: `error` says which.
    Failed,
    /// Its worker gave it back; it does not count.
    Released,
    Cancelled,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attempt {
    /// From 1; a released attempt's number is given again.
    pub number: u32,
    pub worker: String,
    pub state: Ending,
    pub started_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub finished_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub error: Option<TaskError>,
    /// When the next attempt was due after it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub retry_at: Option<Timestamp>,
}

/// The error as the history keeps it.
pub fn remembered(error: &TaskError) -> TaskError {
    let cut = |text: &String| match text.char_indices().nth(MAX_ERROR) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.clone(),
    };
    TaskError {
        kind: error.kind.clone(),
        title: error.title.as_ref().map(cut),
        detail: error.detail.as_ref().map(cut),
    }
}
