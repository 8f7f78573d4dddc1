//! The loop of a watcher.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::{
    Body, Streams, jitter,
    pace::Pace,
    snapshot::{Picture, Snapshot},
    streams::OpenGuard,
};
use crate::{
    domain::{Cursor, EventType, Filters, Position, Verdict},
    store::{LogEntry, LogPage, Selection, StoreError},
    stream::{frame::Frames, hub::Waker, log::Log, notice::Notice, resume::Reset},
};

/// How many entries one read looks for.
const PAGE: usize = 256;
/// A chunk that has grown to this is sent before more is read.
const CHUNK: usize = 32 * 1024;

/// Where a watcher begins.
pub(super) enum Begin {
    /// With what comes after a position; before it, with a picture of what is new to the watcher.
    After { position: Position, fresh: Option<Snapshot> },
    /// With a picture of the tasks, after saying why it is not what was asked for.
    Anew { reset: Option<Reset>, filters: Filters, noted: Position },
}

/// What a watcher is, beside where it begins.
pub(super) struct Watched {
    pub selection: Selection,
    /// Subscribed before anything was read.
    pub waker: Waker,
    /// For one task's stream, which ends with the task: whether it is done.
    pub done: Option<bool>,
    pub max_seconds: Option<u64>,
    pub pace: Option<Pace>,
}

pub(super) struct Watch {
    log: Log,
    drain: CancellationToken,
    watched: Watched,
    frames: Frames,
    /// What is to be said before the log is read.
    hello: bool,
    reset: Option<Reset>,
    snapshot: Option<(Snapshot, Picture)>,
    /// The snapshot comes beside what the watcher knows, and moves its cursor nowhere.
    fresh: bool,
    /// Everything up to here was read.
    after: Position,
    /// Everything up to here was sent, or is withheld.
    reached: Position,
    /// Whether the log may have more.
    behind: bool,
    closed: bool,
    keep_alive_at: Instant,
    deadline: Option<Instant>,
    open: OpenGuard,
}

impl Watch {
    pub fn body(log: &Log, streams: &Streams, watched: Watched, begin: Begin) -> Body {
        let now = Instant::now();
        let (reset, snapshot, after, fresh) = match begin {
            Begin::After { position, fresh } => (None, fresh, position, true),
            Begin::Anew { reset, filters, noted } => {
                (reset, Some(Snapshot::of(&filters)), noted, false)
            }
        };
        let deadline =
            watched.max_seconds.and_then(|seconds| now.checked_add(Duration::from_secs(seconds)));
        let watch = Watch {
            log: log.clone(),
            drain: streams.drain().clone(),
            watched,
            frames: Frames::default(),
            hello: true,
            reset,
            snapshot: snapshot.map(|snapshot| (snapshot, Picture::default())),
            fresh,
            after,
            reached: after,
            behind: true,
            closed: false,
            keep_alive_at: now,
            deadline,
            open: streams.enter(),
        };
        let next = |mut watch: Watch| async move {
            let chunk = watch.next().await?;
            Some((Ok(chunk), watch))
        };
        stream::unfold(watch, next).boxed()
    }

    /// The next bytes; `None` at the end.
    async fn next(&mut self) -> Option<Bytes> {
        while !self.closed && self.frames.is_empty() {
            if let Err(error) = self.advance().await {
                tracing::error!(%error, "a stream ends early, because the log cannot be read");
                self.closed = true;
            }
        }
        self.keep_alive_at = Instant::now() + jitter::keep_alive();
        self.open.sent();
        (!self.frames.is_empty()).then(|| self.frames.take())
    }

    /// One step: says something, learns something, or waits.
    async fn advance(&mut self) -> Result<(), StoreError> {
        if std::mem::take(&mut self.hello) {
            // Alone, so that proxies and clients see the stream open before anything is read.
            self.frames.retry(jitter::retry());
            if let Some(reason) = self.reset.take() {
                self.open.reset(reason);
                self.say(None, &Notice::Reset { reason })?;
            }
            return Ok(());
        }
        if self.drain.is_cancelled() {
            return self.leave(true);
        }
        if self.snapshot.is_some() {
            return self.picture().await;
        }
        if self.deadline.is_some_and(|deadline| deadline <= Instant::now()) {
            return self.leave(false);
        }
        if self.behind { self.read().await } else { self.wait().await }
    }

    /// One page of the snapshot.
    async fn picture(&mut self) -> Result<(), StoreError> {
        let fresh = self.fresh;
        let Some((snapshot, picture)) = &mut self.snapshot else { return Ok(()) };
        let mut full = VecDeque::new();
        match snapshot.next_page(&self.log).await? {
            Some(tasks) => {
                for task in &tasks {
                    full.extend(picture.add(task)?);
                }
                for tasks in full {
                    let page = Notice::Snapshot { tasks: &tasks, more: true, cursor: None, fresh };
                    self.say(None, &page)?;
                }
            }
            None => {
                let tasks = picture.take();
                self.snapshot = None;
                let cursor = (!fresh).then(|| self.cursor(self.after));
                self.say(cursor, &Notice::Snapshot { tasks: &tasks, more: false, cursor, fresh })?;
            }
        }
        Ok(())
    }

    /// Everything up to the tip, or up to a full chunk.
    async fn read(&mut self) -> Result<(), StoreError> {
        while self.frames.len() < CHUNK {
            let page = self.log.page(&self.watched.selection, self.after, PAGE).await?;
            let at_end = page.at_end;
            self.deliver(page)?;
            if self.closed {
                return Ok(());
            }
            if at_end {
                self.behind = false;
                // Only here: a retry may have opened a done task again in what was just read.
                return if self.watched.done == Some(true) { self.end() } else { Ok(()) };
            }
            if self.frames.is_empty() {
                // Much was read and nothing of it was for this watcher: not to be read once more.
                self.show_position();
                return Ok(());
            }
        }
        Ok(())
    }

    fn deliver(&mut self, page: LogPage) -> Result<(), StoreError> {
        for (entry, verdict) in page.entries {
            match verdict {
                Verdict::Deliver => self.pass(entry)?,
                Verdict::Left => {
                    self.release(&entry)?;
                    let cursor = self.cursor(entry.position);
                    self.reached = entry.position;
                    let notice = Notice::Left { task_id: &entry.task_id, cursor };
                    self.say(Some(self.shown()), &notice)?;
                }
                Verdict::Skip => {}
            }
            if self.closed {
                return Ok(());
            }
        }
        self.after = page.through;
        self.reached = page.through;
        Ok(())
    }

    /// An event of the log: sent, or withheld for its time.
    fn pass(&mut self, entry: Arc<LogEntry>) -> Result<(), StoreError> {
        let entry = match &mut self.watched.pace {
            Some(pace) if entry.event_type == EventType::Progress => {
                let position = entry.position;
                let entry = pace.progress(entry, Instant::now());
                self.reached = position;
                match entry {
                    Some(entry) => entry,
                    None => return Ok(()),
                }
            }
            _ => {
                self.release(&entry)?;
                entry
            }
        };
        self.reached = self.reached.max(entry.position);
        self.send(&entry);
        if let Some(done) = &mut self.watched.done {
            match entry.event_type {
                EventType::Succeeded | EventType::Failed | EventType::Cancelled => *done = true,
                EventType::Updated | EventType::Progress | EventType::Log => {}
                EventType::Deleted => self.end()?,
                EventType::Scheduled
                | EventType::Queued
                | EventType::Started
                | EventType::CancelRequested
                | EventType::Retrying => *done = false,
            }
        }
        Ok(())
    }

    /// Before `next` is sent: what is withheld of its task.
    fn release(&mut self, next: &LogEntry) -> Result<(), StoreError> {
        let pace = self.watched.pace.as_mut();
        if let Some(entry) = pace.and_then(|pace| pace.release(&next.task_id, Instant::now())) {
            self.send(&entry);
        }
        Ok(())
    }

    fn send(&mut self, entry: &LogEntry) {
        let shown = self.shown();
        self.frames.event(Some(&shown), Some(entry.event_type.as_str()), &entry.json);
        self.open.wrote();
    }

    /// Until there is something to do.
    async fn wait(&mut self) -> Result<(), StoreError> {
        let due = self.watched.pace.as_ref().and_then(Pace::next_due);
        let alarm = [Some(self.keep_alive_at), self.deadline, due].into_iter().flatten().min();
        tokio::select! {
            biased;
            () = self.drain.cancelled() => return Ok(()),
            () = self.watched.waker.woken() => {
                self.behind = true;
                return Ok(());
            }
            () = sleep_until(alarm.unwrap_or(self.keep_alive_at)) => {}
        }
        let now = Instant::now();
        while let Some(entry) = self.watched.pace.as_mut().and_then(|pace| pace.release_due(now)) {
            self.send(&entry);
        }
        if self.keep_alive_at <= now && self.frames.is_empty() {
            self.advance_quietly();
            self.show_position();
        }
        Ok(())
    }

    /// A stream that was not woken has nothing to read up to where the log has grown meanwhile.
    fn advance_quietly(&mut self) {
        let tail = self.log.hub.tail();
        if self.watched.waker.is_woken() {
            self.behind = true;
        } else if tail > self.after {
            self.after = tail;
            self.reached = tail;
        }
    }

    /// The watched task is done, and all of it was said.
    fn end(&mut self) -> Result<(), StoreError> {
        self.closed = true;
        self.say(None, &Notice::End {})
    }

    /// Closes before the end: the client is to come back, and then goes on from here.
    fn leave(&mut self, draining: bool) -> Result<(), StoreError> {
        self.closed = true;
        if self.snapshot.is_none() {
            while let Some(entry) = self.watched.pace.as_mut().and_then(Pace::release_any) {
                self.send(&entry);
            }
            self.show_position();
        }
        if draining {
            self.say(None, &Notice::Draining {})?;
            self.frames.retry(jitter::retry_drained());
        }
        Ok(())
    }

    fn show_position(&mut self) {
        let shown = self.shown();
        self.frames.position(&shown);
    }

    fn shown(&self) -> Cursor {
        let position = match &self.watched.pace {
            Some(pace) => pace.shown(self.reached),
            None => self.reached,
        };
        self.cursor(position)
    }

    fn cursor(&self, position: Position) -> Cursor {
        Cursor { epoch: self.log.reads.epoch(), position }
    }

    fn say(&mut self, id: Option<Cursor>, notice: &Notice<'_>) -> Result<(), StoreError> {
        let data =
            serde_json::to_string(notice).map_err(|error| StoreError::Other(error.to_string()))?;
        let id = id.as_ref().map(|id| id as &dyn std::fmt::Display);
        self.frames.event(id, Some(notice.name()), &data);
        Ok(())
    }
}
