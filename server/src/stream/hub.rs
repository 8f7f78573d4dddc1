//! Who is woken by a commit.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use tokio::sync::Notify;

use super::{
    ring::Ring,
    topic::{Subject, Topic},
};
use crate::{
    domain::{Filters, Position, TaskId},
    store::{LogPage, NewEntry, Selection},
};

/// Wakes watchers. It carries no events: a woken watcher reads the log, so a wake-up that is doubled or
/// early costs a look, and one that were lost a wait until the next keep-alive, but never an event.
#[derive(Clone)]
pub struct Hub {
    shared: Arc<Shared>,
}

struct Shared {
    ring: Ring,
    /// The last committed position; moved when everything up to it is in the ring and noted.
    tail: AtomicU64,
    topics: Mutex<Topics>,
    /// Wakes the one who holds the filters against what is new.
    advanced: Arc<Notify>,
    looking: AtomicBool,
}

#[derive(Default)]
struct Topics {
    tasks: HashMap<TaskId, Arc<Topic>>,
    filters: HashMap<Filters, Arc<Topic>>,
}

/// One watcher's place: its topic, and how far it was woken.
pub struct Waker {
    pub(super) topic: Arc<Topic>,
    seen: u64,
    shared: Arc<Shared>,
}

impl Hub {
    /// `tail` is the last committed position.
    pub fn new(tail: Position) -> Self {
        let shared = Shared {
            ring: Ring::behind(tail),
            tail: AtomicU64::new(tail),
            topics: Mutex::default(),
            advanced: Arc::default(),
            looking: AtomicBool::new(false),
        };
        Hub { shared: Arc::new(shared) }
    }

    /// The last committed position this process knows of.
    pub fn tail(&self) -> Position {
        self.shared.tail.load(Ordering::Acquire)
    }

    /// The newest events.
    pub fn ring(&self) -> &Ring {
        &self.shared.ring
    }

    /// Called by the writer before that, with the last event that went from the log: what is gone must
    /// not be read from memory.
    pub fn forget(&self, dropped_to: Option<Position>) {
        if let Some(position) = dropped_to {
            self.shared.ring.forget(position);
        }
    }

    /// Called by the writer after each commit, with its events and the tasks it touched.
    ///
    /// The events are in the ring, and noted for those who watch their tasks, before the tail moves;
    /// and the tail has moved before anybody is woken.
    pub fn committed(&self, tail: Position, tasks: &[TaskId], events: &[Arc<NewEntry>]) {
        let shared = &*self.shared;
        if self.tail() == tail {
            return;
        }
        shared.ring.push(events, tail);
        let mut woken = Vec::new();
        let by_filter = {
            let topics = shared.topics();
            if !topics.tasks.is_empty() {
                for event in events {
                    if let Some(topic) = topics.tasks.get(&event.entry.task_id) {
                        topic.note(event.entry.position);
                    }
                }
                woken.extend(tasks.iter().filter_map(|task| topics.tasks.get(task).cloned()));
            }
            // Under the lock: who begins to watch now begins behind what it was not told.
            shared.tail.store(tail, Ordering::Release);
            !topics.filters.is_empty()
        };
        for topic in woken {
            topic.wake();
        }
        if by_filter {
            shared.advanced.notify_one();
        }
    }

    /// The page after a cursor as far as memory reaches; `None` is for the store.
    pub fn page(
        &self,
        waker: &Waker,
        what: &Selection,
        after: Position,
        limit: usize,
    ) -> Option<LogPage> {
        let tail = self.tail();
        let kept = self.shared.ring.read();
        let known = waker.topic.page(what, &kept, tail, after, limit);
        drop(kept);
        known.or_else(|| self.shared.ring.page(what, after, limit))
    }

    /// Woken by commits that touch `task`. Subscribe first, read then: what is committed in between
    /// wakes once too often, never once too little.
    pub fn watch_task(&self, task: &TaskId) -> Waker {
        let mut topics = self.shared.topics();
        // Under the lock: what is committed from here on is noted.
        let tail = self.tail();
        let topic = topics
            .tasks
            .entry(task.clone())
            .or_insert_with(|| Arc::new(Topic::behind(Subject::Task(task.clone()), tail)));
        Waker::of(topic, &self.shared)
    }

    /// Woken by commits that concern any of the filters.
    pub fn watch_filters(&self, filters: &Filters) -> Waker {
        self.look_after_filters();
        let mut topics = self.shared.topics();
        let topic = topics.filters.entry(filters.clone()).or_insert_with(|| {
            let last = self.shared.ring.read().last();
            Arc::new(Topic::behind(Subject::Filters(filters.clone()), last))
        });
        Waker::of(topic, &self.shared)
    }

    /// Begins to hold the filters against each commit: beside the writer, which has better to do.
    fn look_after_filters(&self) {
        if self.shared.looking.swap(true, Ordering::AcqRel) {
            return;
        }
        let advanced = self.shared.advanced.clone();
        let hub = Arc::downgrade(&self.shared);
        tokio::spawn(async move {
            // Held only for a look, lest the hub live for ever.
            while let Some(hub) = hub.upgrade() {
                hub.look().await;
                drop(hub);
                advanced.notified().await;
            }
        });
    }
}

impl Shared {
    /// Wakes those whose filters the newest events concern.
    async fn look(&self) {
        let topics: Vec<_> = self.topics().filters.values().cloned().collect();
        for topic in topics {
            let news = topic.look(&self.ring.read());
            if news {
                topic.wake();
            }
            // There may be thousands, and others want the thread.
            tokio::task::yield_now().await;
        }
    }

    fn topics(&self) -> MutexGuard<'_, Topics> {
        self.topics.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        // Whoever looks after filters finds that the hub is gone.
        self.advanced.notify_one();
    }
}

impl Waker {
    fn of(topic: &Arc<Topic>, shared: &Arc<Shared>) -> Self {
        topic.enter();
        Waker { topic: topic.clone(), seen: topic.version(), shared: shared.clone() }
    }

    /// Returns at the next wake-up since the last one, at once if there was one already.
    pub async fn woken(&mut self) {
        self.seen = self.topic.changed(self.seen).await;
    }

    /// Whether [`Waker::woken`] would return at once.
    pub fn is_woken(&self) -> bool {
        self.topic.version() != self.seen
    }
}

impl Drop for Waker {
    fn drop(&mut self) {
        let mut topics = self.shared.topics();
        if self.topic.leave() {
            match &self.topic.subject {
                Subject::Task(task) => drop(topics.tasks.remove(task)),
                Subject::Filters(filters) => drop(topics.filters.remove(filters)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> TaskId {
        TaskId::parse(text).expect("an id")
    }

    #[test]
    fn a_commit_wakes_the_watchers_of_its_tasks() {
        let hub = Hub::new(7);
        let (a, b) = (hub.watch_task(&id("a")), hub.watch_task(&id("b")));
        hub.committed(9, &[id("a"), id("c")], &[]);
        assert!(a.is_woken() && !b.is_woken());
        assert_eq!(hub.tail(), 9);
    }

    #[test]
    fn a_task_is_forgotten_with_its_last_watcher() {
        let hub = Hub::new(0);
        let (first, second) = (hub.watch_task(&id("a")), hub.watch_task(&id("a")));
        drop(first);
        hub.committed(1, &[id("a")], &[]);
        assert!(second.is_woken());
        drop(second);
        assert!(hub.shared.topics().tasks.is_empty());
    }

    #[tokio::test]
    async fn a_filter_is_forgotten_with_its_last_watcher_and_the_hub_with_its_last_user() {
        let hub = Hub::new(0);
        let (first, second) =
            (hub.watch_filters(&Filters::default()), hub.watch_filters(&Filters::default()));
        drop(first);
        assert_eq!(hub.shared.topics().filters.len(), 1);
        drop(second);
        assert!(hub.shared.topics().filters.is_empty());
        let shared = Arc::downgrade(&hub.shared);
        drop(hub);
        tokio::task::yield_now().await;
        assert!(shared.upgrade().is_none());
    }

    #[tokio::test]
    async fn a_wake_up_between_two_waits_is_not_lost() {
        let hub = Hub::new(0);
        let mut waker = hub.watch_task(&id("a"));
        hub.committed(1, &[id("a")], &[]);
        waker.woken().await;
        assert!(!waker.is_woken());
        hub.committed(2, &[id("a")], &[]);
        waker.woken().await;
    }
}
