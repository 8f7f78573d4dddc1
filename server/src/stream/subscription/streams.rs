//! The open streams of a server: how many there are, what they sent, and how they are told to end.

use std::sync::{
    Arc,
    atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed},
};

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::tempo::Crowd;
use crate::stream::resume::Reset;

/// All open streams together. Cheap to clone.
#[derive(Clone)]
pub struct Streams {
    counts: Arc<Counts>,
    drain: CancellationToken,
}

struct Counts {
    open: AtomicUsize,
    delivered: AtomicU64,
    resets: [AtomicU64; Reset::ALL.len()],
    crowd: Crowd,
}

impl Streams {
    /// Once `drain` is cancelled every stream says so and closes.
    pub fn new(drain: CancellationToken) -> Self {
        let counts = Counts {
            open: AtomicUsize::default(),
            delivered: AtomicU64::default(),
            resets: Default::default(),
            crowd: Crowd::new(Instant::now()),
        };
        Streams { counts: Arc::new(counts), drain }
    }

    /// How many streams are open now.
    pub fn open(&self) -> usize {
        self.counts.open.load(Relaxed)
    }

    /// How many events of the log were sent, to each watcher for itself.
    pub fn delivered(&self) -> u64 {
        self.counts.delivered.load(Relaxed)
    }

    /// How many watchers were told that their cursor leads nowhere, for this reason.
    pub fn resets(&self, reason: Reset) -> u64 {
        self.counts.resets[reason as usize].load(Relaxed)
    }

    pub(super) fn drain(&self) -> &CancellationToken {
        &self.drain
    }

    /// Counts one stream for as long as the guard lives.
    pub(super) fn enter(&self) -> OpenGuard {
        self.counts.open.fetch_add(1, Relaxed);
        OpenGuard { counts: self.counts.clone(), undelivered: 0 }
    }
}

/// One open stream. A body is dropped when its peer is gone, and this with it.
pub(super) struct OpenGuard {
    counts: Arc<Counts>,
    /// Events in the chunk that is being made.
    undelivered: u64,
}

impl OpenGuard {
    /// Events were written into the chunk.
    pub fn wrote(&mut self, events: u64) {
        self.undelivered += events;
    }

    /// The chunk goes out. Counted here and not event by event: all watchers share the counter.
    pub fn sent(&mut self) {
        if self.undelivered > 0 {
            self.counts.delivered.fetch_add(std::mem::take(&mut self.undelivered), Relaxed);
        }
    }

    /// The watchers that share a budget of wake-ups.
    pub fn crowd(&self) -> &Crowd {
        &self.counts.crowd
    }

    /// The watcher was told that its cursor leads nowhere.
    pub fn reset(&self, reason: Reset) {
        self.counts.resets[reason as usize].fetch_add(1, Relaxed);
    }
}

impl Drop for OpenGuard {
    fn drop(&mut self) {
        self.counts.open.fetch_sub(1, Relaxed);
    }
}
