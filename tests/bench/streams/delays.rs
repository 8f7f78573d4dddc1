//! How long millions of deliveries took, in a few kilobytes: every time falls into a bucket at most
//! 1/64 wide of its value.

use std::time::Duration;

use crate::spread::Times;

/// Buckets for each doubling.
const FINE: u64 = 64;
/// Up to 2^40 µs, twelve days.
const DOUBLINGS: u64 = 36;

pub struct Delays {
    buckets: Vec<u64>,
    count: u64,
    sum: u64,
    longest: u64,
}

impl Default for Delays {
    fn default() -> Delays {
        Delays {
            buckets: vec![0; usize::try_from(FINE * DOUBLINGS).unwrap_or_default()],
            count: 0,
            sum: 0,
            longest: 0,
        }
    }
}

impl Delays {
    /// Counts one, in microseconds.
    pub fn push(&mut self, micros: u64) {
        let last = self.buckets.len() - 1;
        self.buckets[bucket(micros).min(last)] += 1;
        self.count += 1;
        self.sum += micros;
        self.longest = self.longest.max(micros);
    }

    pub fn longest(&self) -> Duration {
        Duration::from_micros(self.longest)
    }

    fn at(&self, share: f64) -> Duration {
        let wanted = (self.count as f64 * share) as u64;
        let mut passed = 0;
        for (index, count) in self.buckets.iter().enumerate() {
            passed += count;
            if passed > wanted {
                return Duration::from_micros(middle(index));
            }
        }
        self.longest()
    }
}

impl From<Delays> for Times {
    fn from(delays: Delays) -> Times {
        Times {
            p50: delays.at(0.5),
            p99: delays.at(0.99),
            mean: Duration::from_micros(delays.sum / delays.count.max(1)),
        }
    }
}

/// Below [`FINE`] each microsecond has its own; above, the leading bits choose.
fn bucket(micros: u64) -> usize {
    let doublings = (micros / FINE).checked_ilog2().map_or(0, |log| u64::from(log) + 1);
    let index = match doublings {
        0 => micros,
        _ => doublings * FINE + (micros >> (doublings - 1)) - FINE,
    };
    usize::try_from(index).unwrap_or(usize::MAX)
}

/// The time in the middle of a bucket.
fn middle(index: usize) -> u64 {
    let index = index as u64;
    let (doublings, offset) = (index / FINE, index % FINE);
    match doublings {
        0 => offset,
        _ => ((FINE + offset) << (doublings - 1)) + ((1 << (doublings - 1)) >> 1),
    }
}
