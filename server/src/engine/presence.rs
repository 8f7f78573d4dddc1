//! Which workers are about: what they told when they asked for work.
//!
//! Kept in memory only, for people who look: no rule rests on it. What a worker runs is in the
//! store.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{clock::Clock, command::Acquire};
use crate::domain::Timestamp;

/// A worker that did not ask for so long is forgotten.
const REMEMBERED_SECONDS: u64 = 600;
/// More names than this are not kept, so that a caller who makes up names fills no memory.
const MAX_WORKERS: usize = 10_000;

/// What a worker told of itself last.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    pub queues: Vec<String>,
    /// Empty: any kind.
    pub kinds: Vec<String>,
    pub at: Timestamp,
    /// How many of its calls wait for work now.
    pub waiting: usize,
}

/// Cheap to clone.
#[derive(Clone, Default)]
pub struct Presence {
    workers: Arc<Mutex<HashMap<String, Seen>>>,
}

impl Presence {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Seen>> {
        self.workers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that a worker asks; it waits until the guard is dropped.
    pub fn asks(&self, wish: &Acquire, clock: &Clock) -> Asking {
        let now = clock.now().wall;
        let mut workers = self.lock();
        if workers.len() >= MAX_WORKERS && !workers.contains_key(&wish.worker) {
            workers.retain(|_, seen| seen.is_fresh(now));
        }
        if workers.len() < MAX_WORKERS || workers.contains_key(&wish.worker) {
            let waiting = workers.get(&wish.worker).map_or(0, |seen| seen.waiting) + 1;
            let (queues, kinds) = (wish.queues.clone(), wish.kinds.clone());
            workers.insert(wish.worker.clone(), Seen { queues, kinds, at: now, waiting });
        }
        drop(workers);
        Asking { presence: self.clone(), clock: clock.clone(), worker: wish.worker.clone() }
    }

    /// Everybody who was here lately, by name.
    pub fn seen(&self, now: Timestamp) -> Vec<(String, Seen)> {
        let mut workers = self.lock();
        workers.retain(|_, seen| seen.is_fresh(now));
        let mut seen: Vec<_> =
            workers.iter().map(|(name, seen)| (name.clone(), seen.clone())).collect();
        drop(workers);
        seen.sort_by(|a, b| a.0.cmp(&b.0));
        seen
    }
}

impl Seen {
    fn is_fresh(&self, now: Timestamp) -> bool {
        self.waiting > 0 || self.at.plus_seconds(REMEMBERED_SECONDS) > now
    }
}

/// A call that waits for work.
pub struct Asking {
    presence: Presence,
    clock: Clock,
    worker: String,
}

impl Drop for Asking {
    fn drop(&mut self) {
        let now = self.clock.now().wall;
        if let Some(seen) = self.presence.lock().get_mut(&self.worker) {
            seen.waiting = seen.waiting.saturating_sub(1);
            seen.at = now;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worker_waits_while_it_asks_and_is_forgotten_after_a_while() {
        let (presence, clock) = (Presence::default(), Clock::manual(Timestamp(0)));
        let wish = Acquire {
            worker: "w".to_owned(),
            request_id: None,
            queues: vec!["q".to_owned()],
            kinds: Vec::new(),
            max_tasks: 1,
            lease_seconds: 30,
            wait_seconds: 0,
            embedded: false,
        };
        let asking = presence.asks(&wish, &clock);
        clock.advance(3_600_000);
        assert_eq!(presence.seen(clock.now().wall)[0].1.waiting, 1);
        drop(asking);
        assert_eq!(presence.seen(clock.now().wall)[0].1.waiting, 0);
        clock.advance(600_000);
        assert!(presence.seen(clock.now().wall).is_empty());
    }
}
