//! What a stream says of itself, beside the events of the log.

use serde::Serialize;

use super::resume::Reset;
use crate::domain::{Cursor, RawJson, TaskId};

/// A frame that is no event of the log. Its JSON is what watchers read; `type` is also the SSE
/// `event:`.
#[derive(Debug, Serialize)]
#[serde(tag = "type")]
pub enum Notice<'a> {
    /// Tasks as they are; more frames of the same picture follow while `more`. The last one has the
    /// cursor from which the deltas go on. A fresh picture has none: it comes beside what the watcher
    /// knows already, and the deltas go on from where the watcher was.
    #[serde(rename = "stream.snapshot")]
    Snapshot {
        tasks: &'a [RawJson],
        more: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        cursor: Option<Cursor>,
        #[serde(skip_serializing_if = "is_false")]
        fresh: bool,
    },
    /// The watcher's cursor leads nowhere: what it knows is to be thrown away. A snapshot follows.
    #[serde(rename = "stream.reset")]
    Reset { reason: Reset },
    /// The task matches the filter no more.
    #[serde(rename = "stream.left")]
    Left { task_id: &'a TaskId, cursor: Cursor },
    /// The watched task is done, and so is the stream.
    #[serde(rename = "stream.end")]
    End {},
    /// The server goes down; come back.
    #[serde(rename = "stream.draining")]
    Draining {},
}

fn is_false(flag: &bool) -> bool {
    !flag
}

impl Notice<'_> {
    pub fn name(&self) -> &'static str {
        match self {
            Notice::Snapshot { .. } => "stream.snapshot",
            Notice::Reset { .. } => "stream.reset",
            Notice::Left { .. } => "stream.left",
            Notice::End {} => "stream.end",
            Notice::Draining {} => "stream.draining",
        }
    }
}
