//! Who is woken by a commit.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::watch;

use super::ring::Ring;
use crate::{
    domain::{Position, TaskId},
    store::NewEntry,
};

/// Wakes watchers. It carries no events: a woken watcher reads the log, so a wake-up that is lost,
/// doubled or early costs a look and nothing else.
#[derive(Clone)]
pub struct Hub {
    shared: Arc<Shared>,
}

struct Shared {
    ring: Ring,
    tail: watch::Sender<Position>,
    tasks: Mutex<HashMap<TaskId, watch::Sender<Position>>>,
}

/// Woken when something it waits for may have happened.
pub struct Waker {
    receiver: watch::Receiver<Position>,
    watched: Option<(TaskId, Arc<Shared>)>,
}

impl Hub {
    /// `tail` is the last committed position.
    pub fn new(tail: Position) -> Self {
        let ring = Ring::behind(tail);
        let (tail, _) = watch::channel(tail);
        Hub { shared: Arc::new(Shared { ring, tail, tasks: Mutex::default() }) }
    }

    /// The last committed position this process knows of.
    pub fn tail(&self) -> Position {
        *self.shared.tail.borrow()
    }

    /// The newest events.
    pub fn ring(&self) -> &Ring {
        &self.shared.ring
    }

    /// Called by the writer after each commit, with its events and the tasks it touched.
    ///
    /// The events are there before anybody is woken for them.
    /// The tasks' watchers are woken before the tail moves, so that whoever sees the new tail and was
    /// not woken knows that nothing up to there is for it.
    pub fn committed(&self, tail: Position, tasks: &[TaskId], events: &[Arc<NewEntry>]) {
        if self.tail() == tail {
            return;
        }
        self.shared.ring.push(events, tail);
        {
            let watched = self.shared.tasks.lock().unwrap_or_else(PoisonError::into_inner);
            if !watched.is_empty() {
                for sender in tasks.iter().filter_map(|task| watched.get(task)) {
                    sender.send_replace(tail);
                }
            }
        }
        self.shared.tail.send_replace(tail);
    }

    /// Woken by every commit.
    pub fn watch_all(&self) -> Waker {
        Waker { receiver: self.shared.tail.subscribe(), watched: None }
    }

    /// Woken by commits that touch `task`. Subscribe first, read then: what is committed in between
    /// wakes once too often, never once too little.
    pub fn watch_task(&self, task: &TaskId) -> Waker {
        let mut tasks = self.shared.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        let sender = tasks.entry(task.clone()).or_insert_with(|| watch::channel(0).0);
        Waker { receiver: sender.subscribe(), watched: Some((task.clone(), self.shared.clone())) }
    }
}

impl Waker {
    /// Returns at the next wake-up since the last one, at once if there was one already.
    pub async fn woken(&mut self) {
        // The sender lives in the hub for as long as this waker does, so an error is no end.
        if self.receiver.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Whether [`Waker::woken`] would return at once.
    pub fn is_woken(&self) -> bool {
        self.receiver.has_changed().unwrap_or(false)
    }
}

impl Drop for Waker {
    fn drop(&mut self) {
        let Some((task, shared)) = self.watched.take() else { return };
        let mut tasks = shared.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        // This receiver still counts, so 1 means nobody else watches.
        if tasks.get(&task).is_some_and(|sender| sender.receiver_count() <= 1) {
            tasks.remove(&task);
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
    fn a_commit_wakes_the_watchers_of_its_tasks_and_of_everything() {
        let hub = Hub::new(7);
        let (a, b, all) = (hub.watch_task(&id("a")), hub.watch_task(&id("b")), hub.watch_all());
        hub.committed(9, &[id("a"), id("c")], &[]);
        assert!(a.is_woken() && !b.is_woken() && all.is_woken());
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
        assert!(hub.shared.tasks.lock().unwrap_or_else(PoisonError::into_inner).is_empty());
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
