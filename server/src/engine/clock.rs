//! The clocks commands are decided by.

use std::time::Instant;

use crate::domain::{Moment, Timestamp};

/// Reads the calendar, and a monotonic clock anchored to it at the process's start.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    started: Instant,
    started_at: Timestamp,
}

impl Clock {
    pub fn start() -> Self {
        Clock { started: Instant::now(), started_at: Timestamp::system() }
    }

    /// When the process started.
    pub fn started_at(&self) -> Timestamp {
        self.started_at
    }

    pub fn now(&self) -> Moment {
        let elapsed = i64::try_from(self.started.elapsed().as_millis()).unwrap_or(i64::MAX);
        Moment {
            wall: Timestamp::system(),
            steady: self.started_at.plus_milliseconds(elapsed),
            random: rand::random(),
        }
    }
}
