//! Times that differ from watcher to watcher, so that what happened to all of them at once (a
//! restart, a wave of opens) does not make them act at once ever after.

use std::time::Duration;

/// Milliseconds until a client whose stream broke comes back.
pub(super) fn retry() -> u64 {
    rand::random_range(1600..=2400)
}

/// The same when the server goes down and every watcher is sent away: spread wider.
pub(super) fn retry_drained() -> u64 {
    rand::random_range(1000..=5000)
}

/// The same for one that is sent away in the middle of the day, and finds everything as it was.
pub(super) fn retry_rotated() -> u64 {
    rand::random_range(100..=1000)
}

/// How long a connection lasts: long enough to cost nothing, short enough that a fleet behind a
/// balancer evens out and nothing on the way keeps state for ever.
pub(super) fn rotation() -> Duration {
    Duration::from_millis(rand::random_range(300_000..=600_000))
}

/// How long a stream may be quiet. Below 15 s in any case, because proxies cut at round numbers.
pub(super) fn keep_alive() -> Duration {
    Duration::from_millis(rand::random_range(12_000..15_000))
}
