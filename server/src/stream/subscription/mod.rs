//! One watcher: where it begins, what it is sent, when it ends.
//!
//! A watcher is a cursor and a way to be woken. It is opened here, after what must be known before
//! the status line is known (whether the task exists, whether there is anything left to say), and
//! from then on it pulls: each poll of its body reads the log from the cursor towards the tip, as
//! one chunk. Nothing is queued for it, and dropping the body is all that leaving takes.

mod countdown;
mod jitter;
mod pace;
mod snapshot;
mod streams;
mod tempo;
mod watch;

use std::io;

use bytes::Bytes;
use futures_util::stream::BoxStream;

pub use self::{
    countdown::{WatchCountdown, open_countdown},
    streams::Streams,
};
use self::{
    pace::Pace,
    snapshot::Snapshot,
    watch::{Begin, Watch, Watched},
};
use super::{
    log::Log,
    resume::{Reset, resume},
};
use crate::{
    domain::{Filter, Filters, Position, Refusal, TaskId},
    store::{Reads, Selection, StoreError},
};

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

/// watchEvents and openEventStream.
#[derive(Clone, Debug, Default)]
pub struct WatchEvents {
    pub filters: Filters,
    /// What is new in them to a watcher that goes on after a cursor: their tasks come first, as they
    /// are. Without a cursor that can be used, the snapshot has them anyway.
    pub fresh: Option<Filters>,
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

/// Watches one task: a snapshot of it or what comes after a cursor, then its events, and the end
/// with the task. A task that does not exist is refused; of one that was deleted, who comes with a
/// cursor from before that is still told.
pub async fn open_task(
    log: &Log,
    streams: &Streams,
    request: WatchTask,
) -> Result<Opened, Refusal> {
    let WatchTask { id, cursor, from_start, max_seconds } = request;
    let waker = log.hub.watch_task(&id);
    let sought = id.clone();
    let found = log
        .read(move |reads| {
            // Before the task, so that nothing falls between the picture and the deltas.
            let noted = reads.log_end()?;
            let found = match reads.task(&sought)? {
                Some((seq, task)) => (seq, task.done, task.cursor.position, None),
                None => match reads.tombstone(&sought)? {
                    Some(stone) => (stone.seq, true, stone.position, Some(stone.at)),
                    None => return Ok(None),
                },
            };
            let selection = Selection::Task { id: sought, seq: found.0 };
            let cursor = resumed(reads, &selection, cursor.as_deref())?;
            Ok(Some((noted, found, selection, cursor)))
        })
        .await
        .map_err(unreadable)?;
    let Some((noted, (_, done, last, deleted_at), selection, cursor)) = found else {
        return Err(Refusal::TaskNotFound(id));
    };
    match (&cursor, deleted_at) {
        (Some(Ok(position)), _) if done && last <= *position => return Ok(Opened::Finished),
        // Who saw it before is told that it was deleted; for anybody else there is nothing to see.
        (Some(Ok(_)), _) | (_, None) => {}
        (_, Some(at)) => return Err(Refusal::TaskDeleted { id, at }),
    }
    let begin = begin(cursor, from_start, noted, || {
        Filter { tasks: [id].into(), ..Filter::default() }.into()
    });
    let watched = Watched { selection, waker, done: Some(done), max_seconds, pace: None };
    Ok(Opened::Stream(Watch::body(log, streams, watched, begin)))
}

/// Watches every task that any of the filters matches, without an end. The snapshot holds every one
/// of them that is not done and the newest 1,000 that are; where a filter names tasks, exactly those.
pub async fn open_events(
    log: &Log,
    streams: &Streams,
    request: WatchEvents,
) -> Result<Opened, Refusal> {
    let WatchEvents { filters, fresh, cursor, from_start, max_seconds, max_rate } = request;
    let pace = match max_rate {
        Some(rate) => {
            let wrong = || Refusal::field("max_rate", "must be a finite number, more than 0");
            Some(Box::new(Pace::new(rate).ok_or_else(wrong)?))
        }
        None => None,
    };
    let waker = log.hub.watch_filters(&filters);
    let selection = Selection::Filters(filters.clone());
    let what = selection.clone();
    let (noted, cursor) = log
        .read(move |reads| Ok((reads.log_end()?, resumed(reads, &what, cursor.as_deref())?)))
        .await
        .map_err(unreadable)?;
    let resumes = matches!(cursor, Some(Ok(_)));
    let mut begin = begin(cursor, from_start, noted, || filters);
    if let (Begin::After { fresh: picture, .. }, Some(fresh), true) = (&mut begin, fresh, resumes) {
        *picture = Some(Snapshot::of(&fresh));
    }
    let watched = Watched { selection, waker, done: None, max_seconds, pace };
    Ok(Opened::Stream(Watch::body(log, streams, watched, begin)))
}

/// What a cursor stands for, if one was sent. An empty one is none.
fn resumed(
    reads: &dyn Reads,
    what: &Selection,
    cursor: Option<&str>,
) -> Result<Option<Result<Position, Reset>>, StoreError> {
    match cursor {
        Some(cursor) if !cursor.is_empty() => resume(reads, what, cursor).map(Some),
        _ => Ok(None),
    }
}

fn begin(
    cursor: Option<Result<Position, Reset>>,
    from_start: bool,
    noted: Position,
    filters: impl FnOnce() -> Filters,
) -> Begin {
    match cursor {
        Some(Ok(position)) => Begin::After { position, fresh: None },
        Some(Err(reset)) => Begin::Anew { reset: Some(reset), filters: filters(), noted },
        None if from_start => Begin::Start { noted },
        None => Begin::Anew { reset: None, filters: filters(), noted },
    }
}

fn unreadable(error: StoreError) -> Refusal {
    tracing::error!(%error, "a stream cannot be opened, because the log cannot be read");
    Refusal::Internal
}
