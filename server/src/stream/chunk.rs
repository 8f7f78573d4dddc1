//! A piece of the log as the bytes that watchers are sent.

use bytes::Bytes;

use super::{frame::Frames, notice::Notice};
use crate::{
    domain::{Cursor, Epoch, EventType, Position, Verdict},
    store::{LogPage, Selection, StoreError},
};

/// A chunk that has grown to this takes no more events.
pub const CHUNK: usize = 32 * 1024;

/// Frames for everybody who reads from the same cursor: encoded once, sent as often as needed.
#[derive(Debug)]
pub struct Chunk {
    pub bytes: Bytes,
    /// The row of the task it is about, if it is a task's: an id may be used again.
    pub task_seq: Option<Position>,
    /// The cursor it was read from.
    pub after: Position,
    /// The cursor to go on from.
    pub through: Position,
    /// Whether that was the end of the log.
    pub at_end: bool,
    /// Whether events that may have been wanted are gone after the cursor it was read from.
    pub trimmed: bool,
    /// How many events of the log it carries.
    pub events: u64,
    /// What it says of the watched task, if it is a task's.
    pub outcome: Option<Outcome>,
}

/// What the last event that says so makes of a watched task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Open,
    Done,
    Deleted,
}

impl Outcome {
    /// What an event says of its task, if it does.
    pub fn of(event: EventType) -> Option<Self> {
        match event {
            EventType::Succeeded | EventType::Failed | EventType::Cancelled => Some(Outcome::Done),
            EventType::Deleted => Some(Outcome::Deleted),
            EventType::Scheduled
            | EventType::Queued
            | EventType::Started
            | EventType::CancelRequested
            | EventType::Retrying => Some(Outcome::Open),
            EventType::Updated | EventType::Progress | EventType::Log => None,
        }
    }
}

impl Chunk {
    /// Encodes a page that was read after `after`.
    pub fn of(
        epoch: Epoch,
        what: &Selection,
        after: Position,
        page: LogPage,
    ) -> Result<Self, StoreError> {
        let mut frames = Frames::default();
        let mut chunk = Chunk {
            bytes: Bytes::new(),
            task_seq: what.task_seq(),
            after,
            through: page.through,
            at_end: page.at_end,
            trimmed: page.trimmed,
            events: 0,
            outcome: None,
        };
        for (entry, verdict) in &page.entries {
            let cursor = Cursor { epoch, position: entry.position };
            match verdict {
                Verdict::Deliver => {
                    frames.event(Some(&cursor), Some(entry.event_type.as_str()), &entry.json);
                    chunk.events += 1;
                }
                Verdict::Left => {
                    let notice = Notice::Left { task_id: &entry.task_id, cursor };
                    frames.event(Some(&cursor), Some(notice.name()), &notice.json()?);
                }
                Verdict::Skip => continue,
            }
            if frames.len() >= CHUNK {
                chunk.at_end &= chunk.through == entry.position;
                chunk.through = entry.position;
            }
            if matches!(what, Selection::Task { .. })
                && let Some(outcome) = Outcome::of(entry.event_type)
            {
                chunk.outcome = Some(outcome);
                if outcome == Outcome::Deleted {
                    // Nothing of this task can follow.
                    chunk.through = entry.position;
                    break;
                }
            }
            if frames.len() >= CHUNK {
                break;
            }
        }
        chunk.bytes = frames.take();
        Ok(chunk)
    }
}
