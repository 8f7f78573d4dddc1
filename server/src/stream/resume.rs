//! Whether reading can go on from where a watcher says it was.

use std::str::FromStr;

use serde::Serialize;

use crate::{
    domain::{Cursor, Position},
    store::{Reads, Selection, StoreError},
};

/// Why it cannot: the watcher is told, and begins anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reset {
    /// The text is no cursor.
    Garbage,
    /// It is a cursor of another log: this one was restored or replaced.
    Epoch,
    /// It lies behind the end of the log.
    Future,
    /// Some of what comes after it is no longer kept.
    Trimmed,
}

impl Reset {
    pub const ALL: [Reset; 4] = [Reset::Garbage, Reset::Epoch, Reset::Future, Reset::Trimmed];

    pub fn as_str(self) -> &'static str {
        match self {
            Reset::Garbage => "garbage",
            Reset::Epoch => "epoch",
            Reset::Future => "future",
            Reset::Trimmed => "trimmed",
        }
    }
}

/// The position `cursor` stands for, if everything of `what` after it is there.
///
/// The end of the log is asked of the store: what this process heard of last may be older than what
/// another one has committed.
pub fn resume(
    reads: &dyn Reads,
    what: &Selection,
    cursor: &str,
) -> Result<Result<Position, Reset>, StoreError> {
    let Ok(cursor) = Cursor::from_str(cursor) else { return Ok(Err(Reset::Garbage)) };
    if cursor.epoch != reads.epoch() {
        return Ok(Err(Reset::Epoch));
    }
    if cursor.position > reads.log_end()? {
        return Ok(Err(Reset::Future));
    }
    let trimmed = reads.trimmed(what, cursor.position)?;
    Ok(if trimmed { Err(Reset::Trimmed) } else { Ok(cursor.position) })
}
