//! The newest events, in memory: what nearly every wake-up asks for.
//!
//! The writer puts each event in here when it is on the disk, and before anybody is woken. A watcher
//! that is not far behind reads from here; one that is reads the store. Both are the log after a
//! cursor, so there is nothing to hand over between them.
//!
//! Positions are gapless as written, so an event's place follows from its position. Who watches has a
//! [`super::topic`] that knows the places of its events; who begins further back than that has them
//! looked for, which costs a nanosecond an event for a task and some ten for a filter.

use std::{
    collections::VecDeque,
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard},
};

use crate::{
    domain::{Position, Verdict},
    store::{LogPage, NewEntry, Selection},
};

/// How much is kept, by the length of the events' JSON.
const MAX_BYTES: usize = 16 * 1024 * 1024;
/// What an event costs beside its JSON, about.
const ENTRY_BYTES: usize = 512;

pub struct Ring {
    kept: RwLock<Kept>,
}

/// What the ring holds, under its lock.
pub struct Kept {
    /// In order, without gaps.
    events: VecDeque<Arc<NewEntry>>,
    /// The events' tasks, side by side for the walk.
    tasks: VecDeque<Position>,
    /// The position the next event will have.
    next: Position,
    /// Every event after this was given to the ring, kept or not.
    whole_after: Position,
    bytes: usize,
}

impl Ring {
    /// Empty, behind the last event of the store.
    pub fn behind(log_end: Position) -> Self {
        let kept = Kept {
            events: VecDeque::new(),
            tasks: VecDeque::new(),
            next: log_end + 1,
            whole_after: log_end,
            bytes: 0,
        };
        Ring { kept: RwLock::new(kept) }
    }

    /// Takes in what was committed up to `tail`. What it is not given is read from the store.
    pub fn push(&self, events: &[Arc<NewEntry>], tail: Position) {
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        for event in events {
            kept.push(event.clone());
        }
        if kept.next <= tail {
            kept.begin_anew(tail + 1);
        }
    }

    /// Keeps nothing up to a position: some of it is gone from the log. Mostly that is older than all that
    /// is kept.
    pub fn forget(&self, position: Position) {
        if self.read().first() <= position {
            self.kept.write().unwrap_or_else(PoisonError::into_inner).forget(position);
        }
    }

    /// The page after a cursor, as the store would give it, if all of it is here.
    pub fn page(&self, what: &Selection, after: Position, limit: usize) -> Option<LogPage> {
        let kept = self.read();
        if after + 1 < kept.first() {
            return None;
        }
        let last = kept.last();
        let mut page = LogPage { through: last.max(after), at_end: true, ..LogPage::default() };
        let begin = (after + 1 - kept.first()) as usize;
        let mut take = |position: Position, verdict| {
            page.entries.push((kept.event(position)?.entry.clone(), verdict));
            let full = page.entries.len() == limit;
            if full {
                page.through = position;
                page.at_end = position == last;
            }
            full.then_some(())
        };
        match what {
            Selection::Task { seq, .. } => {
                let walk = kept.tasks.range(begin.min(kept.tasks.len())..);
                for (at, task) in walk.enumerate() {
                    if task == seq && take(after + 1 + at as Position, Verdict::Deliver).is_some() {
                        break;
                    }
                }
            }
            Selection::Filters(filters) => {
                for event in kept.after(after) {
                    let verdict = event.verdict(filters);
                    let hit = verdict != Verdict::Skip;
                    if hit && take(event.entry.position, verdict).is_some() {
                        break;
                    }
                }
            }
        }
        Some(page)
    }

    pub fn read(&self) -> RwLockReadGuard<'_, Kept> {
        self.kept.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    /// The position of the oldest event that is kept.
    pub fn first(&self) -> Position {
        self.next - self.events.len() as Position
    }

    /// The position of the newest event, kept or not.
    pub fn last(&self) -> Position {
        self.next - 1
    }

    /// Every event after this was given to the ring, whether it is still kept or not.
    pub fn whole_after(&self) -> Position {
        self.whole_after
    }

    /// Those after a position, as far as they are kept.
    pub fn after(&self, position: Position) -> impl Iterator<Item = &Arc<NewEntry>> {
        let begin = (position + 1).saturating_sub(self.first()) as usize;
        self.events.range(begin.min(self.events.len())..)
    }

    pub fn event(&self, position: Position) -> Option<&Arc<NewEntry>> {
        let at = position.checked_sub(self.first())?;
        self.events.get(usize::try_from(at).ok()?)
    }

    /// Something is missing: only what follows is whole.
    fn begin_anew(&mut self, next: Position) {
        self.events.clear();
        self.tasks.clear();
        self.bytes = 0;
        self.next = next;
        self.whole_after = next - 1;
    }

    fn push(&mut self, event: Arc<NewEntry>) {
        if event.entry.position != self.next {
            self.begin_anew(event.entry.position);
        }
        self.next = event.entry.position + 1;
        self.bytes += size(&event);
        self.tasks.push_back(event.task_seq);
        self.events.push_back(event);
        while self.bytes > MAX_BYTES && self.pop() {}
    }

    fn forget(&mut self, position: Position) {
        while self.first() <= position && self.pop() {}
    }

    /// Whether there was one.
    fn pop(&mut self) -> bool {
        let Some(oldest) = self.events.pop_front() else { return false };
        self.tasks.pop_front();
        self.bytes -= size(&oldest);
        true
    }
}

fn size(event: &NewEntry) -> usize {
    event.entry.json.len() + ENTRY_BYTES
}
