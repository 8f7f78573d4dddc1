//! Identifiers and names: what may stand in them.

use std::{collections::BTreeMap, fmt, sync::Arc};

use serde::{Deserialize, Serialize};

use super::refusal::FieldError;

/// The longest task id, kind, queue, worker name, label key or label value, in characters.
pub const MAX_NAME: usize = 128;
/// How many labels a task may carry.
pub const MAX_LABELS: usize = 32;
/// How long all of them may be together, in bytes: an event carries them in a bounded frame.
pub const MAX_LABEL_BYTES: usize = 4096;
/// Kinds that begin so, and the queue of that name, belong to the server.
pub const RESERVED: &str = "milepost";

/// `label key → label value`.
pub type Labels = BTreeMap<String, String>;

/// A task's id: a UUIDv7 made by the server, or chosen by the client.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TaskId(Arc<str>);

impl TaskId {
    /// A new id of the server's own.
    pub fn random() -> Self {
        TaskId(uuid::Uuid::now_v7().to_string().into())
    }

    /// An id from outside, if it is one: `[A-Za-z0-9][A-Za-z0-9._~-]{0,127}`.
    pub fn parse(text: &str) -> Option<Self> {
        let first = text.bytes().next()?;
        let fits = text.len() <= MAX_NAME
            && first.is_ascii_alphanumeric()
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._~-".contains(&b));
        fits.then(|| TaskId(text.into()))
    }

    /// Whether the server may have made it, so that no task had it before.
    pub fn is_like_random(&self) -> bool {
        uuid::Uuid::try_parse(&self.0).is_ok_and(|id| id.get_version_num() == 7)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Checks a kind, queue or worker name: 1 to 128 characters, none of them a control character.
pub fn check_name(field: &str, text: &str) -> Result<(), FieldError> {
    check_word(field, text, MAX_NAME)
}

/// The same with at most `max` characters.
pub fn check_word(field: &str, text: &str, max: usize) -> Result<(), FieldError> {
    let message = if text.is_empty() {
        "must not be empty".to_owned()
    } else if text.chars().count() > max {
        format!("must have at most {max} characters")
    } else if text.chars().any(char::is_control) {
        "must not contain control characters".to_owned()
    } else {
        return Ok(());
    };
    Err(FieldError::new(field, message))
}

/// Checks a task's labels: at most 32; keys without `=`, because a filter is written `key=value`.
pub fn check_labels(labels: &Labels) -> Result<(), FieldError> {
    if labels.len() > MAX_LABELS {
        return Err(FieldError::new("labels", "must have at most 32 entries"));
    }
    if labels.iter().map(|(key, value)| key.len() + value.len()).sum::<usize>() > MAX_LABEL_BYTES {
        return Err(FieldError::new("labels", "must have at most 4096 bytes together"));
    }
    for (key, value) in labels {
        check_name("labels", key)?;
        if key.contains('=') {
            return Err(FieldError::new("labels", "a key must not contain \"=\""));
        }
        if value.chars().count() > MAX_NAME {
            return Err(FieldError::new("labels", "a value must have at most 128 characters"));
        }
        if value.chars().any(char::is_control) {
            return Err(FieldError::new("labels", "a value must not contain control characters"));
        }
    }
    Ok(())
}

/// Whether a kind or queue belongs to the server.
pub fn is_reserved(name: &str) -> bool {
    name.strip_prefix(RESERVED).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
