//! How often a watcher is woken.
//!
//! A wake-up costs a write, and so does everything a busy task says if each event is written by
//! itself. Up to fifty a second nobody minds, and an event goes out at once. Above that a watcher
//! waits for its turn and then takes everything there is: 20 ms later, or up to 50 ms where the
//! server is so busy that its turns come late.

use std::time::Duration;

use tokio::time::Instant;

const INTERVAL: Duration = Duration::from_millis(20);
const LONGEST: Duration = Duration::from_millis(50);
/// How many wake-ups may follow each other at once after a rest, where turns come in time.
const BURST: u32 = 10;

/// One watcher's turns (a bucket that leaks one wake-up an interval).
pub(super) struct Tempo {
    /// When everything taken so far would have been due.
    due: Instant,
    interval: Duration,
}

impl Tempo {
    pub fn new(now: Instant) -> Self {
        Tempo { due: now, interval: INTERVAL }
    }

    /// When a watcher that was woken now may read; `None`: at once.
    pub fn turn(&self, now: Instant) -> Option<Instant> {
        let turn = self.due.checked_sub(INTERVAL * BURST)?;
        (turn > now).then_some(turn)
    }

    /// A turn was taken that was to be at `planned`.
    pub fn taken(&mut self, planned: Instant, now: Instant) {
        let late = now.saturating_duration_since(planned);
        self.interval = (INTERVAL + 2 * late).min(LONGEST);
        self.due = self.due.max(now) + self.interval;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(tempo: &mut Tempo, now: Instant) -> Instant {
        let at = tempo.turn(now).unwrap_or(now);
        tempo.taken(at, at);
        at
    }

    #[test]
    fn what_comes_seldom_goes_at_once() {
        let start = Instant::now();
        let mut tempo = Tempo::new(start);
        for at in 0..1000 {
            let now = start + Duration::from_millis(21 * at);
            assert_eq!(take(&mut tempo, now), now);
        }
    }

    #[test]
    fn what_comes_all_the_time_waits_for_fifty_turns_a_second_and_a_rest_earns_new_ones() {
        let start = Instant::now();
        let mut tempo = Tempo::new(start);
        let (mut now, mut turns) = (start, 0);
        while now < start + Duration::from_secs(2) {
            now = take(&mut tempo, now) + Duration::from_micros(10);
            turns += 1;
        }
        assert!((100..=100 + BURST + 1).contains(&turns), "{turns}");
        let rested = now + Duration::from_secs(1);
        assert_eq!(take(&mut tempo, rested), rested);
    }

    #[test]
    fn turns_that_come_late_come_less_often() {
        let start = Instant::now();
        let mut tempo = Tempo::new(start);
        tempo.taken(start, start + Duration::from_millis(5));
        assert_eq!(tempo.interval, Duration::from_millis(30));
        tempo.taken(start, start + Duration::from_secs(5));
        assert_eq!(tempo.interval, LONGEST);
        tempo.taken(start, start);
        assert_eq!(tempo.interval, INTERVAL);
    }
}
