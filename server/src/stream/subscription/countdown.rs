//! Quickstart's stream: a countdown's numbers as unnamed events.
//!
//! The wire is that of a Flask tutorial, so that a page written against it works unchanged; what was
//! added (`id:`, `retry:`) is invisible to such a page. Underneath it is the log of one task like
//! any other. It is always read from the beginning, some hundred entries: what lies before the
//! watcher's cursor is not sent, but says which numbers the watcher has, so that none comes twice or
//! goes back when an attempt was repeated.

use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use serde::Deserialize;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::{Opened, Streams, jitter, resumed, streams::OpenGuard, unreadable};
use crate::{
    domain::{Cursor, EventType, Position, Progress, Refusal, TaskError},
    store::{KeyName, LogEntry, Selection, StoreError},
    stream::{frame::Frames, hub::Waker, log::Log},
};

const UNKNOWN: &str = "Task not found or not started";
const KEEP_ALIVE: Duration = Duration::from_secs(1);
/// More than a countdown has, so that one read is enough but for one that failed very often.
const PAGE: usize = 1000;

/// watchProgress.
#[derive(Clone, Debug)]
pub struct WatchCountdown {
    /// The name it was started under.
    pub name: String,
    /// `Last-Event-ID`, as it came. What is no cursor counts as none.
    pub cursor: Option<String>,
}

/// Watches the newest run of a countdown: from its beginning or from a cursor, until it is done.
/// One that was never started is a stream as well, and says so.
pub async fn open_countdown(
    log: &Log,
    streams: &Streams,
    request: WatchCountdown,
) -> Result<Opened, Refusal> {
    let WatchCountdown { name, cursor } = request;
    let key =
        log.read(move |reads| reads.key(&KeyName::countdown(&name))).await.map_err(unreadable)?;
    let Some(id) = key.and_then(|entry| entry.tasks.last().cloned()) else {
        return Ok(unknown(streams));
    };
    let waker = log.hub.watch_task(&id);
    let found = log
        .read(move |reads| {
            let Some((seq, _)) = reads.task(&id)? else { return Ok(None) };
            let selection = Selection::Task { id, seq };
            let cursor = resumed(reads, &selection, cursor.as_deref())?;
            Ok(Some((selection, cursor.and_then(Result::ok).unwrap_or(0))))
        })
        .await
        .map_err(unreadable)?;
    let Some((selection, had)) = found else { return Ok(unknown(streams)) };
    let mut countdown = Countdown {
        log: log.clone(),
        drain: streams.drain().clone(),
        selection,
        waker,
        frames: Frames::default(),
        had,
        after: 0,
        percent: None,
        result: None,
        closed: false,
        keep_alive_at: Instant::now() + KEEP_ALIVE,
        open: streams.enter(),
    };
    countdown.frames.retry(jitter::retry());
    countdown.read().await.map_err(unreadable)?;
    if countdown.closed && countdown.result.is_none_or(|at| at <= had) {
        return Ok(Opened::Finished);
    }
    let next = |mut countdown: Countdown| async move {
        let chunk = countdown.next().await?;
        Some((Ok(chunk), countdown))
    };
    Ok(Opened::Stream(stream::unfold(countdown, next).boxed()))
}

/// Nothing of that name: the body is exactly the tutorial's.
fn unknown(streams: &Streams) -> Opened {
    let mut frames = Frames::default();
    frames.event(None, None, UNKNOWN);
    let body = stream::iter([(Ok(frames.take()), streams.enter())]);
    Opened::Stream(body.map(|(chunk, _open)| chunk).boxed())
}

struct Countdown {
    log: Log,
    drain: CancellationToken,
    selection: Selection,
    waker: Waker,
    frames: Frames,
    /// What the watcher has had.
    had: Position,
    /// Everything up to here was read.
    after: Position,
    /// The highest number the watcher has.
    percent: Option<i64>,
    /// Where its result stands in the log, once it is done.
    result: Option<Position>,
    closed: bool,
    keep_alive_at: Instant,
    open: OpenGuard,
}

impl Countdown {
    /// The next bytes; `None` at the end.
    async fn next(&mut self) -> Option<Bytes> {
        while !self.closed && self.frames.is_empty() {
            if let Err(error) = self.wait().await {
                tracing::error!(%error, "a countdown's stream ends early: the log cannot be read");
                self.closed = true;
            }
        }
        self.keep_alive_at = Instant::now() + KEEP_ALIVE;
        self.open.sent();
        (!self.frames.is_empty()).then(|| self.frames.take())
    }

    async fn wait(&mut self) -> Result<(), StoreError> {
        tokio::select! {
            biased;
            () = self.drain.cancelled() => {
                self.frames.retry(jitter::retry_drained());
                self.closed = true;
            }
            () = self.waker.woken() => self.read().await?,
            () = sleep_until(self.keep_alive_at) => {
                self.frames.event(None, None, "keep-alive");
            }
        }
        Ok(())
    }

    /// Everything up to the tip.
    async fn read(&mut self) -> Result<(), StoreError> {
        // A result counts only at the tip: a retry may have opened the run again behind it.
        let mut result = None;
        loop {
            let page = self.log.page(&self.waker, &self.selection, self.after, PAGE).await?;
            for (entry, _) in &page.entries {
                self.note(entry, &mut result)?;
            }
            self.after = page.through;
            if page.at_end {
                break;
            }
        }
        if let Some((position, text)) = result {
            self.say(position, &text);
            self.result = Some(position);
            self.closed = true;
        }
        Ok(())
    }

    fn note(
        &mut self,
        entry: &LogEntry,
        result: &mut Option<(Position, String)>,
    ) -> Result<(), StoreError> {
        match entry.event_type {
            EventType::Progress => {
                // Whole numbers are what the countdown reports.
                let percent = said(entry)?.progress.and_then(|progress| progress.percent);
                let Some(percent) = percent.map(|percent| percent as i64) else { return Ok(()) };
                if self.percent.is_none_or(|had| had < percent) {
                    self.percent = Some(percent);
                    self.say(entry.position, &percent.to_string());
                }
            }
            EventType::Succeeded => *result = Some((entry.position, "DONE".to_owned())),
            EventType::Failed | EventType::Cancelled => {
                let error = said(entry)?.task.and_then(|task| task.error);
                *result = Some((entry.position, format!("FAILED: {}", reason(error))));
            }
            EventType::Deleted => self.closed = true,
            EventType::Log | EventType::Updated => {}
            EventType::Scheduled
            | EventType::Queued
            | EventType::Started
            | EventType::CancelRequested
            | EventType::Retrying => *result = None,
        }
        Ok(())
    }

    fn say(&mut self, position: Position, data: &str) {
        if position > self.had {
            let id = Cursor { epoch: self.log.reads.epoch(), position };
            self.frames.event(Some(&id), None, data);
            self.open.wrote(1);
        }
    }
}

/// The little of an event that matters here.
#[derive(Deserialize)]
struct Said {
    progress: Option<Progress>,
    task: Option<SaidTask>,
}

#[derive(Deserialize)]
struct SaidTask {
    error: Option<TaskError>,
}

fn said(entry: &LogEntry) -> Result<Said, StoreError> {
    serde_json::from_str(&entry.json)
        .map_err(|error| StoreError::Other(format!("event {}: {error}", entry.position)))
}

/// One line for people.
fn reason(error: Option<TaskError>) -> String {
    match error {
        Some(error) => error.title.unwrap_or(error.kind),
        None => "the error is too long to be shown here".to_owned(),
    }
}
