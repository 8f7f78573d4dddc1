//! The clocks commands are decided by.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Instant,
};

use crate::domain::{Moment, Timestamp};

/// Reads the calendar, and a monotonic clock anchored to it at the process's start.
#[derive(Clone, Debug)]
pub struct Clock {
    started_at: Timestamp,
    source: Source,
}

#[derive(Clone, Debug)]
enum Source {
    System(Instant),
    /// Milliseconds since the start, set by hand.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// The machine's clocks.
    pub fn start() -> Self {
        Clock { started_at: Timestamp::system(), source: Source::System(Instant::now()) }
    }

    /// A clock that stands still until it is moved, for tests of what time makes happen.
    pub fn manual(started_at: Timestamp) -> Self {
        Clock { started_at, source: Source::Manual(Arc::default()) }
    }

    /// Moves a manual clock; the machine's is not moved.
    pub fn advance(&self, milliseconds: i64) {
        if let Source::Manual(elapsed) = &self.source {
            elapsed.fetch_add(milliseconds, Ordering::SeqCst);
        }
    }

    /// When the process started.
    pub fn started_at(&self) -> Timestamp {
        self.started_at
    }

    pub fn now(&self) -> Moment {
        let (wall, steady) = match &self.source {
            Source::System(started) => {
                let elapsed = i64::try_from(started.elapsed().as_millis()).unwrap_or(i64::MAX);
                (Timestamp::system(), self.started_at.plus_milliseconds(elapsed))
            }
            Source::Manual(elapsed) => {
                let now = self.started_at.plus_milliseconds(elapsed.load(Ordering::SeqCst));
                (now, now)
            }
        };
        Moment { wall, steady, random: rand::random() }
    }
}
