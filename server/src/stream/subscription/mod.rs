//! One watcher: where it begins, what it is sent, when it ends.
//!
//! A watcher is a cursor and a way to be woken. It is opened here, after what must be known before
//! the status line is known (whether the task exists, whether there is anything left to say), and
//! from then on it pulls: each poll of its body reads the log from the cursor to the tip and makes
//! one chunk of it. Nothing is queued for it, and dropping the body is all that leaving takes.

mod countdown;
mod streams;

use std::io;

use bytes::Bytes;
use futures_util::stream::BoxStream;

pub use self::{
    countdown::{WatchCountdown, open_countdown},
    streams::Streams,
};
use super::log::Log;
use crate::domain::{Filter, Refusal, TaskId};

/// watchTask.
#[derive(Clone, Debug)]
pub struct WatchTask {
    pub id: TaskId,
    /// `Last-Event-ID` or `after`, as it came. What is no cursor is answered with a reset.
    pub cursor: Option<String>,
    /// Without a cursor: every event from the first on, in place of a snapshot.
    pub from_start: bool,
    /// Ends the stream after that long.
    pub max_seconds: Option<u64>,
}

/// watchEvents.
#[derive(Clone, Debug, Default)]
pub struct WatchEvents {
    pub filter: Filter,
    /// `Last-Event-ID` or `after`, as it came. What is no cursor is answered with a reset.
    pub cursor: Option<String>,
    /// Without a cursor: every event of the log, in place of a snapshot.
    pub from_start: bool,
    /// Ends the stream after that long.
    pub max_seconds: Option<u64>,
    /// At most that many progress events a second of each task; more than 0.
    pub max_rate: Option<f64>,
}

/// The bytes of a stream's body. It ends early when the log cannot be read; the watcher resumes.
pub type Body = BoxStream<'static, Result<Bytes, io::Error>>;

/// What a watcher is answered.
pub enum Opened {
    /// 200 and these bytes.
    Stream(Body),
    /// 204: all was said, and it is not worth coming back.
    Finished,
}

/// Watches one task. A task that does not exist is refused.
pub async fn open_task(
    log: &Log,
    streams: &Streams,
    request: WatchTask,
) -> Result<Opened, Refusal> {
    let _ = (log, streams, request);
    todo!()
}

/// Watches every task a filter matches.
pub async fn open_events(
    log: &Log,
    streams: &Streams,
    request: WatchEvents,
) -> Result<Opened, Refusal> {
    let _ = (log, streams, request);
    todo!()
}
