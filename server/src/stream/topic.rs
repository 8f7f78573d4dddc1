//! What several watchers watch alike: one task, or one choice of filters.
//!
//! A topic keeps where in the ring its events are, so that nobody looks for them twice: a task's
//! are noted when they are committed, a filter's when it is held against what is new, once for all
//! who watch by it. It also keeps the last chunk it was read as, because a crowd that was woken
//! together reads the same. It holds no event back for anybody: who asks for more than a topic
//! knows reads the ring or the store.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
};

use tokio::sync::Notify;

use super::{chunk::Chunk, ring::Kept};
use crate::{
    domain::{Filters, Position, TaskId, Verdict},
    store::{LogPage, Selection},
};

/// How many events are noted at most: more than anybody who reads is behind. Who is has them looked
/// for in the ring.
const MAX_NOTED: usize = 4096;

/// What a topic is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    Task(TaskId),
    Filters(Filters),
}

pub struct Topic {
    pub(super) subject: Subject,
    /// Rises whenever there may be something new for the watchers.
    version: AtomicU64,
    woken: Notify,
    watchers: AtomicUsize,
    found: Mutex<Found>,
    /// What was read last, and at which version.
    last: Mutex<Option<(u64, Arc<Chunk>)>>,
}

/// Where the topic's events are.
struct Found {
    /// Every one of them after this is noted.
    complete_after: Position,
    /// Everything up to here was looked at. Only filters look; a task's events are handed in.
    looked_to: Position,
    /// The watchers were woken for everything up to here. Only filters: a task's are woken by whoever
    /// hands its events in.
    told_to: Position,
    /// The newest event that was for the filters, noted still or not.
    newest: Position,
    hits: VecDeque<(Position, Verdict)>,
}

impl Topic {
    /// `tail`: nothing up to here will be noted.
    pub fn behind(subject: Subject, tail: Position) -> Self {
        let found = Found {
            complete_after: tail,
            looked_to: tail,
            told_to: tail,
            newest: tail,
            hits: VecDeque::new(),
        };
        Topic {
            subject,
            version: AtomicU64::new(0),
            woken: Notify::new(),
            watchers: AtomicUsize::new(0),
            found: Mutex::new(found),
            last: Mutex::default(),
        }
    }

    fn found(&self) -> MutexGuard<'_, Found> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    /// Notes an event of the topic's task.
    pub fn note(&self, position: Position) {
        self.found().push(position, Verdict::Deliver);
    }

    /// Wakes everybody who watches.
    pub fn wake(&self) {
        self.version.fetch_add(1, Ordering::Release);
        self.woken.notify_waiters();
    }

    /// Returns when the version is no longer `seen`, with what it is then.
    pub async fn changed(&self, seen: u64) -> u64 {
        loop {
            // Made before the version is read: it hears of every wake-up from here on.
            let woken = self.woken.notified();
            let version = self.version();
            if version != seen {
                return version;
            }
            woken.await;
        }
    }

    /// Holds the filters against what is new in the ring; whether the watchers are to be woken for it.
    pub fn look(&self, kept: &Kept) -> bool {
        let Subject::Filters(filters) = &self.subject else { return false };
        let mut found = self.found();
        found.look(filters, kept);
        // A watcher that was reading may have looked first; the others still have to be told.
        let news = found.newest > found.told_to;
        found.told_to = found.told_to.max(found.newest);
        found.forget_before(kept);
        news
    }

    /// The page after a cursor, if the topic knows all of it.
    ///
    /// `tail` was the end of the log before this was called: a task's events up to there were handed
    /// in, later ones perhaps.
    pub fn page(
        &self,
        what: &Selection,
        kept: &Kept,
        tail: Position,
        after: Position,
        limit: usize,
    ) -> Option<LogPage> {
        let mut found = self.found();
        let through = match &self.subject {
            Subject::Task(_) => tail,
            Subject::Filters(filters) => {
                found.look(filters, kept);
                found.looked_to
            }
        };
        found.forget_before(kept);
        if after < found.complete_after {
            return None;
        }
        let mut page = LogPage { through: through.max(after), at_end: true, ..LogPage::default() };
        let seen = found.hits.partition_point(|(position, _)| *position <= after);
        for (position, verdict) in found.hits.range(seen..) {
            let event = kept.event(*position)?;
            // An id may be used again after its task was deleted; that is another task.
            if matches!(what, Selection::Task { seq, .. } if *seq != event.task_seq) {
                continue;
            }
            page.entries.push((event.entry.clone(), *verdict));
            page.through = page.through.max(*position);
            if page.entries.len() == limit {
                page.through = *position;
                // More may have been handed in since `tail` was.
                let newest = found.hits.back().is_none_or(|(newest, _)| newest == position);
                page.at_end = newest && *position >= through;
                break;
            }
        }
        Some(page)
    }

    /// The chunk after a cursor, if somebody has made it since the last wake-up.
    pub fn chunk(&self, what: &Selection, after: Position) -> Option<Arc<Chunk>> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let (version, chunk) = last.as_ref()?;
        let same = *version == self.version() && chunk.after == after;
        (same && chunk.task_seq == what.task_seq()).then(|| chunk.clone())
    }

    /// Keeps a chunk for the others, if there are any: it was read at `version` or later. Not one that
    /// says nothing but how far the log goes: that changes without a wake-up.
    pub fn share(&self, version: u64, chunk: &Arc<Chunk>) {
        let crowd = self.watchers.load(Ordering::Relaxed) > 1;
        let told = !(chunk.at_end && chunk.bytes.is_empty());
        let kept = (crowd && told).then(|| (version, chunk.clone()));
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = kept;
    }

    /// One more watches.
    pub(super) fn enter(&self) {
        self.watchers.fetch_add(1, Ordering::Relaxed);
    }

    /// One watches no more; whether nobody does.
    pub(super) fn leave(&self) -> bool {
        self.watchers.fetch_sub(1, Ordering::Relaxed) == 1
    }
}

impl Found {
    fn push(&mut self, position: Position, verdict: Verdict) {
        self.hits.push_back((position, verdict));
        if self.hits.len() > MAX_NOTED
            && let Some((oldest, _)) = self.hits.pop_front()
        {
            self.complete_after = oldest;
        }
    }

    fn look(&mut self, filters: &Filters, kept: &Kept) {
        let first = kept.first();
        if self.looked_to + 1 < first {
            // More was written since than the ring keeps.
            self.hits.clear();
            self.complete_after = first - 1;
            self.looked_to = first - 1;
            // Some of it may have been for the watchers.
            self.newest = first - 1;
        }
        for event in kept.after(self.looked_to) {
            let verdict = event.verdict(filters);
            if verdict != Verdict::Skip {
                self.newest = event.entry.position;
                self.push(event.entry.position, verdict);
            }
        }
        self.looked_to = self.looked_to.max(kept.last());
    }

    /// Drops what the ring keeps no longer, and knows nothing of what the ring was never given.
    fn forget_before(&mut self, kept: &Kept) {
        self.complete_after = self.complete_after.max(kept.whole_after());
        while let Some((position, _)) = self.hits.front()
            && *position < kept.first()
        {
            self.complete_after = *position;
            self.hits.pop_front();
        }
    }
}
