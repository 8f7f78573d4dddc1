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
    tempo::Tempo,
};
use crate::{
    domain::{Cursor, EventType, Filters, Position, Verdict},
    store::{LogEntry, LogPage, Selection, StoreError},
    stream::{
        chunk::{CHUNK, Outcome},
        frame::Frames,
        hub::Waker,
        log::Log,
        notice::Notice,
        resume::Reset,
    },
};

/// How many entries one read of a paced watcher looks for.
const PAGE: usize = 256;

/// Where a watcher begins.
pub(super) enum Begin {
    /// With what comes after a position; before it, with a picture of what is new to the watcher.
    After { position: Position, fresh: Option<Snapshot> },
    /// With every event that is kept; what was there at first ends at a position.
    Start { noted: Position },
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
    pub pace: Option<Box<Pace>>,
}

pub(super) struct Watch {
    log: Log,
    drain: CancellationToken,
    watched: Watched,
    /// What is shared with all who read the same; it goes before the frames.
    chunk: Bytes,
    frames: Frames,
    /// What is to be said before the log is read.
    hello: bool,
    reset: Option<Reset>,
    snapshot: Option<Box<(Snapshot, Picture)>>,
    /// The snapshot comes beside what the watcher knows, and moves its cursor nowhere.
    fresh: bool,
    /// Everything up to here was read.
    after: Position,
    /// After this it is to be told when events are gone that it has not read.
    whole_after: Position,
    /// Everything up to here was sent, or is withheld.
    reached: Position,
    /// Whether the log may have more.
    behind: bool,
    closed: bool,
    keep_alive_at: Instant,
    tempo: Tempo,
    /// When it closes, and whether that is our wish and not the client's.
    deadline: Instant,
    rotated: bool,
    open: OpenGuard,
}

/// Why a stream closes before its end.
enum Leaving {
    /// The client asked for no more, or its connection has lasted long enough.
    Polite { rotated: bool },
    /// The server goes down.
    Draining,
}

impl Watch {
    pub fn body(log: &Log, streams: &Streams, watched: Watched, begin: Begin) -> Body {
        let now = Instant::now();
        let whole_after = if let Begin::Start { noted } = begin { noted } else { 0 };
        let (reset, snapshot, after, fresh) = match begin {
            Begin::After { position, fresh } => (None, fresh, position, true),
            Begin::Start { .. } => (None, None, 0, true),
            Begin::Anew { reset, filters, noted } => {
                (reset, Some(Snapshot::of(&filters)), noted, false)
            }
        };
        let wanted = watched.max_seconds.map(Duration::from_secs);
        let lasting = jitter::rotation();
        let rotated = wanted.is_none_or(|wanted| lasting < wanted);
        let deadline = now + wanted.map_or(lasting, |wanted| wanted.min(lasting));
        let watch = Watch {
            log: log.clone(),
            drain: streams.drain().clone(),
            watched,
            chunk: Bytes::new(),
            frames: Frames::default(),
            hello: true,
            reset,
            snapshot: snapshot.map(|snapshot| Box::new((snapshot, Picture::default()))),
            fresh,
            after,
            whole_after,
            reached: after,
            behind: true,
            closed: false,
            keep_alive_at: now,
            tempo: Tempo::new(now),
            deadline,
            rotated,
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
        while !self.closed && self.is_silent() {
            if let Err(error) = self.advance().await {
                tracing::error!(%error, "a stream ends early, because the log cannot be read");
                self.closed = true;
            }
        }
        self.keep_alive_at = Instant::now() + jitter::keep_alive();
        self.open.sent();
        if !self.chunk.is_empty() {
            return Some(std::mem::take(&mut self.chunk));
        }
        (!self.frames.is_empty()).then(|| self.frames.take())
    }

    /// Whether there is nothing to send.
    fn is_silent(&self) -> bool {
        self.chunk.is_empty() && self.frames.is_empty()
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
            return self.leave(&Leaving::Draining);
        }
        if self.snapshot.is_some() {
            // On the heap, because it is over soon, and a stream is as large as its largest moment.
            return Box::pin(self.picture()).await;
        }
        if self.deadline <= Instant::now() {
            return self.leave(&Leaving::Polite { rotated: self.rotated });
        }
        match (self.behind, self.watched.pace.is_some()) {
            (false, _) => self.wait().await,
            (true, false) => self.read().await,
            (true, true) => Box::pin(self.read_paced()).await,
        }
    }

    /// One page of the snapshot.
    async fn picture(&mut self) -> Result<(), StoreError> {
        let fresh = self.fresh;
        let Some(both) = &mut self.snapshot else { return Ok(()) };
        let (snapshot, picture) = &mut **both;
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
        let Watched { waker, selection, .. } = &self.watched;
        let chunk = self.log.chunk(waker, selection, self.after).await?;
        if self.has_missed(chunk.trimmed) {
            return Ok(());
        }
        self.open.wrote(chunk.events);
        self.chunk = chunk.bytes.clone();
        self.after = chunk.through;
        self.reached = chunk.through;
        self.behind = !chunk.at_end;
        if let Some(outcome) = chunk.outcome
            && self.heard(outcome)?
        {
            return Ok(());
        }
        if self.behind && self.chunk.is_empty() {
            // Much was read and nothing of it was for this watcher: not to be read once more.
            self.show_position();
        }
        // Only at the tip: a retry may have opened a done task again in what was just read.
        if !self.behind && self.watched.done == Some(true) { self.end() } else { Ok(()) }
    }

    /// The same for who chose a rate: what they are sent is theirs alone.
    async fn read_paced(&mut self) -> Result<(), StoreError> {
        while self.frames.len() < CHUNK {
            let Watched { waker, selection, .. } = &self.watched;
            let page = self.log.page(waker, selection, self.after, PAGE).await?;
            let at_end = page.at_end;
            if self.has_missed(page.trimmed) {
                return Ok(());
            }
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

    /// A watcher that is far behind has lost events it did not read yet. Its stream ends where it is,
    /// and when it comes back with that cursor, it is told and begins anew.
    fn has_missed(&mut self, trimmed: bool) -> bool {
        let missed = trimmed && self.after >= self.whole_after;
        self.closed |= missed;
        missed
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
        if let Some(outcome) = Outcome::of(entry.event_type) {
            self.heard(outcome)?;
        }
        Ok(())
    }

    /// What an event says of the one task that is watched; whether that was the last of it.
    fn heard(&mut self, outcome: Outcome) -> Result<bool, StoreError> {
        let Some(done) = &mut self.watched.done else { return Ok(false) };
        *done = outcome == Outcome::Done;
        if outcome == Outcome::Deleted {
            self.end()?;
        }
        Ok(self.closed)
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
        self.open.wrote(1);
    }

    /// Until there is something to do.
    async fn wait(&mut self) -> Result<(), StoreError> {
        let due = self.watched.pace.as_ref().and_then(|pace| pace.next_due());
        let alarm = self.keep_alive_at.min(self.deadline);
        let alarm = due.map_or(alarm, |due| due.min(alarm));
        let woken = tokio::select! {
            biased;
            () = self.drain.cancelled() => return Ok(()),
            () = self.watched.waker.woken() => true,
            () = sleep_until(alarm) => false,
        };
        let mut now = Instant::now();
        if woken {
            let turn = self.tempo.turn(now);
            if let Some(turn) = turn {
                sleep_until(turn).await;
                now = Instant::now();
            }
            self.tempo.taken(self.open.crowd(), turn.unwrap_or(now), now);
            self.behind = true;
            return Ok(());
        }
        while let Some(entry) = self.watched.pace.as_mut().and_then(|pace| pace.release_due(now)) {
            self.send(&entry);
        }
        if self.keep_alive_at <= now && self.frames.is_empty() {
            self.stay_alive().await?;
        }
        Ok(())
    }

    /// Says how far the log was read, so that a quiet watcher's cursor moves.
    async fn stay_alive(&mut self) -> Result<(), StoreError> {
        match self.watched.pace {
            None => self.read().await?,
            Some(_) => Box::pin(self.read_paced()).await?,
        }
        if self.is_silent() {
            self.show_position();
        }
        Ok(())
    }

    /// The watched task is done, and all of it was said.
    fn end(&mut self) -> Result<(), StoreError> {
        self.closed = true;
        self.say(None, &Notice::End {})
    }

    /// Closes before the end: the client is to come back, and then goes on from here.
    fn leave(&mut self, why: &Leaving) -> Result<(), StoreError> {
        self.closed = true;
        if matches!(why, Leaving::Polite { rotated: true }) {
            // The next connection says again how long to wait when it breaks. Before the position:
            // a stream that ends right behind one ended as it should.
            self.frames.retry(jitter::retry_rotated());
        }
        if self.snapshot.is_none() {
            while let Some(entry) = self.watched.pace.as_mut().and_then(|pace| pace.release_any()) {
                self.send(&entry);
            }
            self.show_position();
        }
        if matches!(why, Leaving::Draining) {
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
        let data = notice.json()?;
        let id = id.as_ref().map(|id| id as &dyn std::fmt::Display);
        self.frames.event(id, Some(notice.name()), &data);
        Ok(())
    }
}
