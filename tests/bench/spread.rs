//! How long many of the same thing took.

use std::time::Duration;

/// What a table says of them.
#[derive(Clone, Copy)]
pub struct Times {
    pub p50: Duration,
    pub p99: Duration,
    pub mean: Duration,
}

impl From<Spread> for Times {
    fn from(spread: Spread) -> Times {
        Times::from(&spread)
    }
}

impl From<&Spread> for Times {
    fn from(spread: &Spread) -> Times {
        Times { p50: spread.at(0.5), p99: spread.at(0.99), mean: spread.mean() }
    }
}

/// Times, shortest first.
pub struct Spread(Vec<Duration>);

impl Spread {
    pub fn of(mut times: Vec<Duration>) -> Spread {
        times.sort_unstable();
        Spread(times)
    }

    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The time that this share of them did not exceed; of a few, the 99th percentile is the worst.
    pub fn at(&self, share: f64) -> Duration {
        let index = (self.0.len() as f64 * share) as usize;
        self.0.get(index).or(self.0.last()).copied().unwrap_or_default()
    }

    pub fn mean(&self) -> Duration {
        self.0.iter().sum::<Duration>() / u32::try_from(self.0.len().max(1)).unwrap_or(u32::MAX)
    }
}
