//! `max_rate`: no more progress of one task a second than its watcher asked for.
//!
//! A progress event says the whole progress, so the last one is enough. One that comes too early is
//! withheld until its time, or until the next other event of its task; a newer one takes its place.
//! Nothing else waits, so a withheld event may be overtaken by events of other tasks. A cursor must
//! never lie behind something that was not sent: while anything is withheld, frames carry the
//! position just before the oldest of it. A watcher that resumes there may see what overtook a
//! second time, and knows it by its cursor.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
    time::Duration,
};

use tokio::time::Instant;

use crate::{
    domain::{Position, TaskId},
    store::LogEntry,
};

/// Slower than this makes no sense, and would only keep tasks in memory.
const LONGEST_INTERVAL: Duration = Duration::from_secs(3600);

pub(super) struct Pace {
    interval: Duration,
    /// The tasks whose last progress is younger than the interval.
    tasks: HashMap<TaskId, Paced>,
    /// When each of them may say more.
    due: BTreeSet<(Instant, TaskId)>,
    /// The positions of what is withheld.
    withheld: BTreeSet<Position>,
}

struct Paced {
    due: Instant,
    withheld: Option<Arc<LogEntry>>,
}

impl Pace {
    /// `rate`: progress events a second of each task; `None` if it is not a finite number above 0.
    pub fn new(rate: f64) -> Option<Self> {
        if !rate.is_finite() || rate <= 0.0 {
            return None;
        }
        let interval = Duration::try_from_secs_f64(1.0 / rate).unwrap_or(LONGEST_INTERVAL);
        Some(Pace {
            interval: interval.min(LONGEST_INTERVAL),
            tasks: HashMap::new(),
            due: BTreeSet::new(),
            withheld: BTreeSet::new(),
        })
    }

    /// A progress event: given back to be sent now, or withheld.
    pub fn progress(&mut self, entry: Arc<LogEntry>, now: Instant) -> Option<Arc<LogEntry>> {
        match self.tasks.get_mut(&entry.task_id) {
            Some(paced) if paced.due > now => {
                self.withheld.insert(entry.position);
                if let Some(older) = paced.withheld.replace(entry) {
                    self.withheld.remove(&older.position);
                }
                None
            }
            _ => {
                // What is withheld and due is older than this one, so this one stands for it.
                let task = entry.task_id.clone();
                self.withdraw(&task);
                self.arm(task, now);
                Some(entry)
            }
        }
    }

    /// What is withheld of `task`, to be sent before its next other event.
    pub fn release(&mut self, task: &TaskId, now: Instant) -> Option<Arc<LogEntry>> {
        self.tasks.get(task)?.withheld.as_ref()?;
        let entry = self.withdraw(task);
        self.arm(task.clone(), now);
        entry
    }

    /// Something that was withheld long enough; to be asked again until there is nothing.
    ///
    /// One at a time, because the position a frame may carry depends on what is still withheld.
    pub fn release_due(&mut self, now: Instant) -> Option<Arc<LogEntry>> {
        loop {
            let (due, task) = self.due.first()?.clone();
            if due > now {
                return None;
            }
            if let Some(entry) = self.withdraw(&task) {
                self.arm(task, now);
                return Some(entry);
            }
        }
    }

    /// Anything that is withheld, for a stream that closes; to be asked again until there is nothing.
    pub fn release_any(&mut self) -> Option<Arc<LogEntry>> {
        loop {
            let (_, task) = self.due.first()?.clone();
            if let Some(entry) = self.withdraw(&task) {
                return Some(entry);
            }
        }
    }

    /// When [`Pace::release_due`] is to be called again.
    pub fn next_due(&self) -> Option<Instant> {
        self.due.first().map(|(due, _)| *due)
    }

    /// The position a watcher may be told when everything through `reached` was sent or withheld.
    pub fn shown(&self, reached: Position) -> Position {
        self.withheld.first().map_or(reached, |oldest| reached.min(oldest.saturating_sub(1)))
    }

    /// Forgets a task, and returns what was withheld of it.
    fn withdraw(&mut self, task: &TaskId) -> Option<Arc<LogEntry>> {
        let paced = self.tasks.remove(task)?;
        self.due.remove(&(paced.due, task.clone()));
        let entry = paced.withheld?;
        self.withheld.remove(&entry.position);
        Some(entry)
    }

    fn arm(&mut self, task: TaskId, now: Instant) {
        let due = now + self.interval;
        self.due.insert((due, task.clone()));
        self.tasks.insert(task, Paced { due, withheld: None });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::EventType;

    fn entry(task: &str, position: Position) -> Arc<LogEntry> {
        Arc::new(LogEntry {
            position,
            event_type: EventType::Progress,
            task_id: TaskId::parse(task).expect("an id"),
            json: format!("{{\"at\":{position}}}"),
        })
    }

    fn position(entry: Option<Arc<LogEntry>>) -> Option<Position> {
        entry.map(|entry| entry.position)
    }

    #[test]
    fn the_first_goes_at_once_and_of_the_rest_the_last_when_it_is_time() {
        let mut pace = Pace::new(2.0).expect("a rate");
        let start = Instant::now();
        let at = |milliseconds| start + Duration::from_millis(milliseconds);
        assert!(pace.progress(entry("a", 1), at(0)).is_some());
        assert!(pace.progress(entry("a", 2), at(100)).is_none());
        assert!(pace.progress(entry("a", 3), at(200)).is_none());
        assert_eq!(pace.next_due(), Some(at(500)));
        assert_eq!(position(pace.release_due(at(499))), None);
        assert_eq!(position(pace.release_due(at(500))), Some(3));
        assert_eq!(position(pace.release_due(at(500))), None);
        assert!(pace.progress(entry("a", 4), at(600)).is_none());
        assert_eq!(position(pace.release_due(at(1000))), Some(4));
    }

    #[test]
    fn the_shown_position_stays_before_what_is_withheld_and_never_falls() {
        let mut pace = Pace::new(1.0).expect("a rate");
        let now = Instant::now();
        assert!(pace.progress(entry("a", 1), now).is_some());
        assert!(pace.progress(entry("b", 2), now).is_some());
        assert_eq!(pace.shown(2), 2);
        assert!(pace.progress(entry("a", 3), now).is_none());
        assert!(pace.progress(entry("b", 5), now).is_none());
        assert_eq!(pace.shown(9), 2);
        assert!(pace.progress(entry("a", 7), now).is_none());
        assert_eq!(pace.shown(9), 4, "3 is superseded by 7, so 5 is the oldest");
        assert_eq!(position(pace.release(&entry("b", 0).task_id, now)), Some(5));
        assert_eq!(pace.shown(9), 6);
        assert_eq!(position(pace.release_any()), Some(7));
        assert_eq!(position(pace.release_any()), None);
        assert_eq!(pace.shown(9), 9);
    }

    #[test]
    fn a_task_that_says_no_more_is_forgotten() {
        let mut pace = Pace::new(1000.0).expect("a rate");
        let now = Instant::now();
        assert!(pace.progress(entry("a", 1), now).is_some());
        assert_eq!(position(pace.release_due(now + Duration::from_secs(1))), None);
        assert!(pace.tasks.is_empty() && pace.next_due().is_none());
    }

    #[test]
    fn a_rate_is_a_finite_number_above_zero_however_small() {
        for none in [f64::NAN, f64::INFINITY, 0.0, -1.0] {
            assert!(Pace::new(none).is_none(), "{none}");
        }
        assert_eq!(Pace::new(f64::MIN_POSITIVE).map(|p| p.interval), Some(LONGEST_INTERVAL));
        assert_eq!(Pace::new(f64::MAX).map(|p| p.interval), Some(Duration::ZERO));
    }
}
