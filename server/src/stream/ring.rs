//! The newest events, in memory: what nearly every wake-up asks for.
//!
//! The writer puts each event in here when it is on the disk, and before anybody is woken. A watcher
//! that is not far behind reads from here; one that is reads the store. Both are the log after a
//! cursor, so there is nothing to hand over between them.
//!
//! Positions are gapless as written, so an event's place follows from its position. One task's events
//! are found by walking its number past the others', which costs a nanosecond each. What a filter
//! makes of an event is found out once for all who watch by the same filter.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard},
};

use crate::{
    domain::{Filters, Position, Verdict},
    store::{LogPage, NewEntry, Selection},
};

/// How much is kept, by the length of the events' JSON.
const MAX_BYTES: usize = 16 * 1024 * 1024;
/// What an event costs beside its JSON, about.
const ENTRY_BYTES: usize = 512;
/// How many filters are remembered; of the others every reader finds out for itself.
const MAX_FILTERS: usize = 1024;

pub struct Ring {
    kept: RwLock<Kept>,
    filters: Mutex<HashMap<Filters, Arc<Mutex<Hits>>>>,
}

struct Kept {
    /// In order, without gaps.
    events: VecDeque<Arc<NewEntry>>,
    /// The events' tasks, side by side for the walk.
    tasks: VecDeque<Position>,
    /// The position the next event will have.
    next: Position,
    bytes: usize,
}

/// What a filter makes of the events.
struct Hits {
    /// Everything kept before here was looked at.
    to: Position,
    found: VecDeque<(Position, Verdict)>,
}

impl Ring {
    /// Empty, behind the last event of the store.
    pub fn behind(log_end: Position) -> Self {
        let kept =
            Kept { events: VecDeque::new(), tasks: VecDeque::new(), next: log_end + 1, bytes: 0 };
        Ring { kept: RwLock::new(kept), filters: Mutex::default() }
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

    /// The page after a cursor, as the store would give it, if all of it is here.
    pub fn page(&self, what: &Selection, after: Position, limit: usize) -> Option<LogPage> {
        let kept = self.read();
        if after + 1 < kept.first() {
            return None;
        }
        let last = kept.next - 1;
        let mut page = LogPage { through: last.max(after), at_end: true, entries: Vec::new() };
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
            Selection::Filters(filters) => match self.hits(filters, &kept) {
                Some(hits) => {
                    let hits = lock(&hits);
                    let seen = hits.found.partition_point(|(position, _)| *position <= after);
                    for (position, verdict) in hits.found.range(seen..) {
                        if take(*position, *verdict).is_some() {
                            break;
                        }
                    }
                }
                None => {
                    for event in kept.events.range(begin.min(kept.events.len())..) {
                        let verdict = event.verdict(filters);
                        let hit = verdict != Verdict::Skip;
                        if hit && take(event.entry.position, verdict).is_some() {
                            break;
                        }
                    }
                }
            },
        }
        Some(page)
    }

    fn read(&self) -> RwLockReadGuard<'_, Kept> {
        self.kept.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a filter makes of all that is kept; `None` where too many are remembered already.
    fn hits(&self, wanted: &Filters, kept: &Kept) -> Option<Arc<Mutex<Hits>>> {
        let mut filters = lock(&self.filters);
        let hits = match filters.get(wanted) {
            Some(hits) => hits.clone(),
            None => {
                if filters.len() >= MAX_FILTERS {
                    // Who has not read for as long as the ring goes back is hardly there any more.
                    filters.retain(|_, hits| lock(hits).to >= kept.first());
                }
                if filters.len() >= MAX_FILTERS {
                    return None;
                }
                let hits = Hits { to: kept.first(), found: VecDeque::new() };
                let hits = Arc::new(Mutex::new(hits));
                filters.insert(wanted.clone(), hits.clone());
                hits
            }
        };
        drop(filters);
        lock(&hits).catch_up(wanted, kept);
        Some(hits)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Kept {
    /// The position of the oldest event that is kept.
    fn first(&self) -> Position {
        self.next - self.events.len() as Position
    }

    fn event(&self, position: Position) -> Option<&Arc<NewEntry>> {
        let at = position.checked_sub(self.first())?;
        self.events.get(usize::try_from(at).ok()?)
    }

    /// Something is missing: only what follows is whole.
    fn begin_anew(&mut self, next: Position) {
        self.events.clear();
        self.tasks.clear();
        self.bytes = 0;
        self.next = next;
    }

    fn push(&mut self, event: Arc<NewEntry>) {
        if event.entry.position != self.next {
            self.begin_anew(event.entry.position);
        }
        self.next = event.entry.position + 1;
        self.bytes += size(&event);
        self.tasks.push_back(event.task_seq);
        self.events.push_back(event);
        while self.bytes > MAX_BYTES {
            let Some(oldest) = self.events.pop_front() else { break };
            self.tasks.pop_front();
            self.bytes -= size(&oldest);
        }
    }
}

fn size(event: &NewEntry) -> usize {
    event.entry.json.len() + ENTRY_BYTES
}

impl Hits {
    fn catch_up(&mut self, filters: &Filters, kept: &Kept) {
        let first = kept.first();
        if self.to < first {
            // It was not asked for as long as the ring goes back.
            self.to = first;
            self.found.clear();
        }
        while self.found.front().is_some_and(|(position, _)| *position < first) {
            self.found.pop_front();
        }
        let begin = (self.to - first) as usize;
        for event in kept.events.range(begin.min(kept.events.len())..) {
            let verdict = event.verdict(filters);
            if verdict != Verdict::Skip {
                self.found.push_back((event.entry.position, verdict));
            }
        }
        self.to = kept.next;
    }
}
