//! The time inside a text: written before a report is sent, read where the event arrives. Publisher
//! and watchers live in one process, so it is one clock.

use std::{sync::OnceLock, time::Instant};

/// What a stamp begins with. Nothing else in a frame has this letter, so that a reader finds stamps
/// without looking at what is around them.
pub const SIGN: u8 = b'@';

/// How many hexadecimal digits follow: microseconds, enough for twelve days.
pub const DIGITS: u8 = 10;

/// Microseconds since the first call.
pub fn now() -> u64 {
    static START: OnceLock<Instant> = OnceLock::new();
    let since = START.get_or_init(Instant::now).elapsed();
    u64::try_from(since.as_micros()).unwrap_or(u64::MAX)
}

/// A line as a worker would log it, stamped with now.
pub fn line() -> String {
    format!("@{:010x} page 17 of 40: text found, 3 fonts embedded", now())
}
