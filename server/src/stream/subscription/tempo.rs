//! How often a watcher is woken.
//!
//! A wake-up costs a write, and so does everything a busy task says if each event is written by
//! itself. What comes seldom goes out at once. A watcher that is woken all the time waits for its turn
//! and then takes everything there is. Turns come as often as the server can afford: all busy watchers
//! together have a budget of wake-ups, so that a few of them hardly wait, each of a thousand waits for
//! 20 ms, and of more for up to 40; and all of them longer where turns come late.

use std::{
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::Duration,
};

use tokio::time::Instant;

/// What one busy watcher adds to the time between the turns of each: 50,000 wake-ups a second for all
/// of them, which cost half a core.
const SHARE: Duration = Duration::from_micros(20);
/// Nobody waits longer for others' sake alone.
const CROWDED: Duration = Duration::from_millis(40);
const LONGEST: Duration = Duration::from_millis(50);
/// A timer is no more exact than this, so a turn is not late before.
const TICK: Duration = Duration::from_millis(1);
/// A turn that is late by this much makes the next come later by that many times as much: the server
/// has more to do than it can, and fewer turns are what makes it less.
const LATE: u32 = 4;
/// How many wake-ups may follow each other at once after a rest, where turns come in time.
const BURST: u32 = 10;

/// How many watchers are busy: were woken in this window of time, or the one before.
pub(super) struct Crowd {
    began: Instant,
    /// The window's number, the count of the one before, and of this one (32, 16 and 16 bits).
    count: AtomicU64,
}

const WINDOW: Duration = Duration::from_millis(100);

#[derive(Clone, Copy, Default)]
struct Count {
    window: u32,
    before: u16,
    now: u16,
}

impl Crowd {
    pub fn new(now: Instant) -> Self {
        Crowd {
            began: now,
            count: AtomicU64::new(Count { window: 1, ..Count::default() }.packed()),
        }
    }

    /// The window that `now` is in; the first is 1.
    fn window(&self, now: Instant) -> u32 {
        let windows = now.saturating_duration_since(self.began).as_millis() / WINDOW.as_millis();
        u32::try_from(windows + 1).unwrap_or(u32::MAX)
    }

    /// Counts a watcher that is woken now, if it was not yet in this window, and says how many are busy.
    fn busy(&self, counted: &mut u32, now: Instant) -> u32 {
        let window = self.window(now);
        let mut count = Count::of(self.count.load(Relaxed)).at(window);
        if *counted != window {
            *counted = window;
            count.now = count.now.saturating_add(1);
            let one_more = |packed| {
                let mut count = Count::of(packed).at(window);
                count.now = count.now.saturating_add(1);
                Some(count.packed())
            };
            // Never refused.
            let _ = self.count.fetch_update(Relaxed, Relaxed, one_more);
        }
        count.now.max(count.before).into()
    }
}

impl Count {
    fn of(packed: u64) -> Self {
        Count { window: (packed >> 32) as u32, before: (packed >> 16) as u16, now: packed as u16 }
    }

    fn packed(self) -> u64 {
        u64::from(self.window) << 32 | u64::from(self.before) << 16 | u64::from(self.now)
    }

    /// The same, as of a window that may be later.
    fn at(self, window: u32) -> Self {
        match window.saturating_sub(self.window) {
            0 => self,
            1 => Count { window, before: self.now, now: 0 },
            _ => Count { window, before: 0, now: 0 },
        }
    }
}

/// One watcher's turns (a bucket that leaks one wake-up an interval).
pub(super) struct Tempo {
    /// When everything taken so far would have been due.
    due: Instant,
    /// The time between turns that the crowd leaves to each.
    share: Duration,
    /// The window of [`Crowd`] in which this watcher was counted last.
    counted: u32,
}

impl Tempo {
    pub fn new(now: Instant) -> Self {
        Tempo { due: now, share: Duration::ZERO, counted: 0 }
    }

    /// When a watcher that was woken now may read; `None`: at once.
    pub fn turn(&self, now: Instant) -> Option<Instant> {
        let turn = self.due.checked_sub(self.share * BURST)?;
        (turn > now).then_some(turn)
    }

    /// A turn was taken that was to be at `planned`.
    pub fn taken(&mut self, crowd: &Crowd, planned: Instant, now: Instant) {
        let late = now.saturating_duration_since(planned).saturating_sub(TICK);
        self.share = (SHARE * crowd.busy(&mut self.counted, now)).min(CROWDED);
        let interval = (self.share + LATE * late).min(LONGEST);
        // What a crowd that has gone made it owe is forgiven.
        let most = now + self.share * BURST + interval;
        self.due = (self.due.max(now) + interval).min(most);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MILLISECOND: Duration = Duration::from_millis(1);

    fn take(tempo: &mut Tempo, crowd: &Crowd, now: Instant) -> Instant {
        let at = tempo.turn(now).unwrap_or(now);
        tempo.taken(crowd, at, at);
        at
    }

    /// A crowd of that many, all woken in the window of `now`.
    fn busy(watchers: u32, now: Instant) -> Crowd {
        let crowd = Crowd::new(now);
        for _ in 0..watchers {
            crowd.busy(&mut 0, now);
        }
        crowd
    }

    #[test]
    fn what_comes_seldom_goes_at_once() {
        let start = Instant::now();
        let crowd = busy(1000, start);
        let mut tempo = Tempo::new(start);
        for at in 0..1000 {
            let now = start + 21 * at * MILLISECOND;
            assert_eq!(take(&mut tempo, &crowd, now), now);
        }
    }

    #[test]
    fn a_watcher_alone_hardly_waits_and_one_of_a_crowd_for_its_turn() {
        let turns_in_a_second = |others: u32| {
            let start = Instant::now();
            let crowd = Crowd::new(start);
            let mut tempo = Tempo::new(start);
            let (mut now, mut turns, mut counted) = (start, 0, vec![0; others as usize]);
            while now < start + 1000 * MILLISECOND {
                for counted in &mut counted {
                    crowd.busy(counted, now);
                }
                now = take(&mut tempo, &crowd, now) + Duration::from_micros(500);
                turns += 1;
            }
            turns
        };
        let alone = turns_in_a_second(0);
        assert_eq!(alone, 2000);
        let few = turns_in_a_second(99);
        assert!((500..=500 + BURST + 1).contains(&few), "{few}");
        let crowd = turns_in_a_second(999);
        assert!((50..=50 + BURST + 1).contains(&crowd), "{crowd}");
        let masses = turns_in_a_second(3999);
        assert!((25..=25 + BURST + 1).contains(&masses), "{masses}");
    }

    #[test]
    fn a_rest_earns_new_ones() {
        let start = Instant::now();
        let crowd = busy(1000, start);
        let mut tempo = Tempo::new(start);
        let mut now = start;
        while tempo.turn(now).is_none() {
            now = take(&mut tempo, &crowd, now);
        }
        assert_eq!(now, start, "the burst goes at once");
        let rested = now + 1000 * MILLISECOND;
        assert_eq!(take(&mut tempo, &crowd, rested), rested);
    }

    #[test]
    fn turns_that_come_late_come_less_often() {
        let start = Instant::now();
        let crowd = busy(1000, start);
        let interval = |late: Duration| {
            let mut tempo = Tempo { counted: 1, ..Tempo::new(start) };
            tempo.taken(&crowd, start, start + late);
            tempo.due - (start + late)
        };
        assert_eq!(interval(Duration::ZERO), 20 * MILLISECOND);
        assert_eq!(interval(MILLISECOND), 20 * MILLISECOND);
        assert_eq!(interval(6 * MILLISECOND), 40 * MILLISECOND);
        assert_eq!(interval(90 * MILLISECOND), LONGEST);
    }

    #[test]
    fn a_crowd_that_has_gone_is_waited_for_no_more() {
        let start = Instant::now();
        let crowd = busy(5000, start);
        let mut tempo = Tempo::new(start);
        while tempo.turn(start).is_none() {
            take(&mut tempo, &crowd, start);
        }
        let later = start + 3 * WINDOW;
        let last = take(&mut tempo, &crowd, later);
        assert_eq!(last, later);
        let next = take(&mut tempo, &crowd, last);
        assert!(next - last <= MILLISECOND, "{:?}", next - last);
    }

    #[test]
    fn a_watcher_is_counted_once_a_window_and_for_two_of_them() {
        let start = Instant::now();
        let crowd = Crowd::new(start);
        let (mut one, mut other) = (0, 0);
        assert_eq!(crowd.busy(&mut one, start), 1);
        assert_eq!(crowd.busy(&mut one, start + MILLISECOND), 1);
        assert_eq!(crowd.busy(&mut other, start + 2 * MILLISECOND), 2);
        assert_eq!(crowd.busy(&mut one, start + WINDOW), 2, "the other may still be busy");
        assert_eq!(crowd.busy(&mut one, start + 2 * WINDOW), 1);
        assert_eq!(crowd.busy(&mut one, start + 9 * WINDOW), 1);
    }
}
