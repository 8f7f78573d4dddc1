//! How long to wait before trying again.
//!
//! Doubling with jitter: a server that comes back is not met by everybody in the same moment. A
//! wish of the server's (`Retry-After`, `retry:`) is a lower bound.

use std::time::Duration;

/// Consecutive failures, and what they cost.
#[derive(Clone, Debug)]
pub(crate) struct Backoff {
    first: Duration,
    longest: Duration,
    failures: u32,
}

impl Backoff {
    pub fn new(first: Duration, longest: Duration) -> Self {
        Backoff { first, longest, failures: 0 }
    }

    /// For one request after another: 200 ms, doubling up to 5 s.
    pub fn for_requests() -> Self {
        Backoff::new(Duration::from_millis(200), Duration::from_secs(5))
    }

    /// The server's own idea of how long the first wait should be.
    pub fn set_first(&mut self, first: Duration) {
        self.first = first;
        self.longest = self.longest.max(first);
    }

    /// It worked: the next failure is a first one again.
    pub fn reset(&mut self) {
        self.failures = 0;
    }

    /// The next wait: from 75 % to 125 % of `first × 2^failures`, and at least what the server
    /// asked for.
    pub fn next_delay(&mut self, asked: Option<Duration>) -> Duration {
        let doubled = self.first.saturating_mul(1 << self.failures.min(16)).min(self.longest);
        self.failures = self.failures.saturating_add(1);
        let jittered = doubled.mul_f64(rand::random_range(0.75..1.25));
        asked.map_or(jittered, |asked| jittered.max(asked.mul_f64(rand::random_range(1.0..1.25))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest_and_begin_anew_after_a_success() {
        let mut backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(4));
        let mut next = |asked| backoff.next_delay(asked).as_secs_f64();
        assert!((0.75..1.25).contains(&next(None)));
        assert!((1.5..2.5).contains(&next(None)));
        assert!((3.0..5.0).contains(&next(None)));
        assert!((3.0..5.0).contains(&next(None)));
        assert!((60.0..75.0).contains(&next(Some(Duration::from_secs(60)))));
        backoff.reset();
        assert!((0.75..1.25).contains(&backoff.next_delay(None).as_secs_f64()));
    }
}
