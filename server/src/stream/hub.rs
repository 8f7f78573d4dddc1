//! Who is woken by a commit.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::watch;

use crate::domain::{Position, TaskId};

/// Wakes watchers. It carries no events: a woken watcher reads the log, so a wake-up that is lost,
/// doubled or early costs a look and nothing else.
#[derive(Clone)]
pub struct Hub {
    shared: Arc<Shared>,
}

struct Shared {
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
        let (tail, _) = watch::channel(tail);
        Hub { shared: Arc::new(Shared { tail, tasks: Mutex::default() }) }
    }

    /// The last committed position this process knows of.
    pub fn tail(&self) -> Position {
        *self.shared.tail.borrow()
    }

    /// Called by the writer after each commit, with the tasks it touched.
    pub fn committed(&self, tail: Position, tasks: &[TaskId]) {
        if self.shared.tail.send_replace(tail) == tail {
            return;
        }
        let watched = self.shared.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        if watched.is_empty() {
            return;
        }
        for task in tasks {
            if let Some(sender) = watched.get(task) {
                sender.send_replace(tail);
            }
        }
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
