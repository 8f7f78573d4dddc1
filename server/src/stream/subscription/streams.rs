//! The open streams of a server: how many there are, and how they are told to end.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use tokio_util::sync::CancellationToken;

/// All open streams together. Cheap to clone.
#[derive(Clone)]
pub struct Streams {
    open: Arc<AtomicUsize>,
    drain: CancellationToken,
}

impl Streams {
    /// Once `drain` is cancelled every stream says so and closes.
    pub fn new(drain: CancellationToken) -> Self {
        Streams { open: Arc::default(), drain }
    }

    /// How many streams are open now.
    pub fn open(&self) -> usize {
        self.open.load(Ordering::Relaxed)
    }

    pub(super) fn drain(&self) -> &CancellationToken {
        &self.drain
    }

    /// Counts one stream for as long as the guard lives.
    pub(super) fn enter(&self) -> OpenGuard {
        self.open.fetch_add(1, Ordering::Relaxed);
        OpenGuard { open: self.open.clone() }
    }
}

/// One open stream. A body is dropped when its peer is gone, and this with it.
pub(super) struct OpenGuard {
    open: Arc<AtomicUsize>,
}

impl Drop for OpenGuard {
    fn drop(&mut self) {
        self.open.fetch_sub(1, Ordering::Relaxed);
    }
}
