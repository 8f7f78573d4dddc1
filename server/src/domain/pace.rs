//! How fast work goes, from reports that come when they come.
//!
//! The rate is a mean over the attempt in which a moment weighs less the longer ago it is: after one
//! memory's length about a third. The memory is a third of the attempt so far, from 5 seconds to 10
//! minutes, so a young attempt is judged by its last seconds and an old one is not thrown off by
//! them. What counts is time, not reports: a burst is as long as it was, however many reports it
//! made, and a pause pulls the rate down only by its length, once the next report ends it.

use serde::{Deserialize, Serialize};

use super::time::Timestamp;

/// A third of the attempt, within these bounds, is how far the rate looks back, in seconds.
const SHORTEST_MEMORY: f64 = 5.0;
const LONGEST_MEMORY: f64 = 600.0;
/// A shorter time says nothing: what a first report brings after some milliseconds was not done in
/// them.
const SHORTEST_LOOK: i64 = 1000;

/// A rate in the making.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pace {
    /// Where it began, on the steady clock.
    begun: Timestamp,
    /// When `done` was reached, on the steady clock.
    at: Timestamp,
    done: f64,
    /// The weighted sum of rates …
    sum: f64,
    /// … and of their weights: less than 1 until the first moments are forgotten.
    weight: f64,
}

impl Pace {
    /// Nothing is known yet but where it began.
    pub fn from(at: Timestamp, done: f64) -> Self {
        Pace { begun: at, at, done, sum: 0.0, weight: 0.0 }
    }

    /// After `done` was reached at `now`, in an attempt that began at `since`.
    pub fn reached(self, done: f64, now: Timestamp, since: Timestamp) -> Self {
        let seconds = (now.0 - self.at.0) as f64 / 1000.0;
        if seconds <= 0.0 {
            // The same moment: what was done in it counts with the next one.
            return self;
        }
        let age = (now.0 - since.0).max(0) as f64 / 1000.0;
        let memory = (age / 3.0).clamp(SHORTEST_MEMORY, LONGEST_MEMORY);
        let kept = (-seconds / memory).exp();
        let rate = (done - self.done).max(0.0) / seconds;
        let sum = self.sum * kept + rate * (1.0 - kept);
        if !sum.is_finite() {
            // Faster than numbers go; and what is no number cannot be stored.
            return Pace::from(now, done);
        }
        Pace { begun: self.begun, at: now, done, sum, weight: self.weight * kept + (1.0 - kept) }
    }

    /// Units a second, once there is something to go by.
    pub fn per_second(&self) -> Option<f64> {
        let long_enough = self.at.0 - self.begun.0 >= SHORTEST_LOOK && self.weight > 0.0;
        long_enough.then(|| self.sum / self.weight).filter(|rate| rate.is_finite())
    }

    /// Seconds until `whole` is done, if it goes on like that.
    pub fn seconds_to(&self, whole: f64) -> Option<f64> {
        let left = (whole - self.done).max(0.0);
        if left == 0.0 {
            return Some(0.0);
        }
        let seconds = left / self.per_second().filter(|rate| *rate > 0.0)?;
        seconds.is_finite().then_some(seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(reports: impl Iterator<Item = (i64, f64)>) -> Pace {
        let start = Timestamp(0);
        reports.fold(Pace::from(start, 0.0), |pace, (at, done)| {
            pace.reached(done, Timestamp(at), start)
        })
    }

    fn near(value: Option<f64>, wanted: f64, share: f64) -> bool {
        value.is_some_and(|value| (value / wanted - 1.0).abs() <= share)
    }

    #[test]
    fn a_steady_pace_is_told_exactly_after_a_second() {
        assert_eq!(run([(999, 70.0)].into_iter()).per_second(), None);
        for reports in 2..50 {
            let pace = run((1..=reports).map(|n| (n * 500, n as f64)));
            assert!(near(pace.per_second(), 2.0, 1e-9), "{pace:?}");
        }
    }

    #[test]
    fn many_reports_in_a_burst_weigh_no_more_than_one() {
        let slow = (1..=60).map(|n| (n * 1000, n as f64));
        let burst = |steps: i64| {
            (1..=steps)
                .map(move |n| (60_000 + n * 1000 / steps, 60.0 + 10.0 * n as f64 / steps as f64))
        };
        let (one, many) = (run(slow.clone().chain(burst(1))), run(slow.chain(burst(1000))));
        assert!(
            near(many.per_second(), one.per_second().expect("a rate"), 0.02),
            "{one:?} {many:?}"
        );
        assert!(many.per_second() < Some(2.0), "one fast second in a minute: {many:?}");
    }

    #[test]
    fn after_a_pause_the_rate_finds_its_way_back() {
        let before = (1..=600).map(|n| (n * 1000, n as f64));
        let after = (1..=300).map(|n| (660_000 + n * 1000, 600.0 + n as f64));
        let paused = run(before.clone().chain([(660_000, 600.5)]));
        assert!(paused.per_second() > Some(0.6), "a minute in ten: {paused:?}");
        assert!(near(run(before.chain(after)).per_second(), 1.0, 0.1));
    }

    #[test]
    fn no_time_between_two_reports_is_no_division_by_zero() {
        let pace = run([(0, 1.0), (0, 2.0), (1000, 3.0)].into_iter());
        assert!(near(pace.per_second(), 3.0, 1e-9));
        assert_eq!(run(std::iter::empty()).per_second(), None);
    }

    #[test]
    fn numbers_at_the_end_of_what_there_is_make_no_infinity() {
        for done in [f64::MAX, 1e308, f64::MIN_POSITIVE] {
            for at in [1, 10, 1000, 100_000] {
                let pace = run([(at, done), (at + 1, done), (at + 2000, f64::MAX)].into_iter());
                let json = serde_json::to_string(&pace).expect("JSON");
                assert!(!json.contains("null"), "{json}");
                assert!(pace.seconds_to(f64::MAX).is_none_or(f64::is_finite));
                assert!(pace.per_second().is_none_or(f64::is_finite));
            }
        }
    }
}
