//! Tasks as a stream tells them: snapshot and deltas, put together.
//!
//! After any number of events the fold holds what getTask would answer at that cursor, but for the
//! `input`, which streams do not carry, and outputs too long to be carried (`output_omitted`).

use std::collections::BTreeMap;

use super::Event;
use crate::types::{Progress, Task};

/// The tasks a stream is about, by id.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fold {
    tasks: BTreeMap<String, Task>,
    /// The pages of a snapshot so far; they replace everything once the last one is here.
    arriving: BTreeMap<String, Task>,
}

impl Fold {
    /// Nothing yet.
    pub fn new() -> Self {
        Fold::default()
    }

    /// One task.
    pub fn get(&self, id: &str) -> Option<&Task> {
        self.tasks.get(id)
    }

    /// All tasks, in the order of their ids.
    pub fn tasks(&self) -> impl Iterator<Item = &Task> {
        self.tasks.values()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.tasks.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.tasks.is_empty()
    }

    /// Takes the next event. Returns whether anything changed.
    pub fn apply(&mut self, event: &Event) -> bool {
        match event {
            Event::StreamSnapshot { tasks, more, .. } => {
                let page = tasks.iter().map(|task| (task.id.clone(), task.clone()));
                self.arriving.extend(page);
                if !*more {
                    self.replace_all();
                }
                !*more
            }
            Event::StreamReset { .. } => {
                // The old tasks stay to be looked at until the new snapshot is complete.
                self.arriving.clear();
                false
            }
            Event::StreamLeft { task_id, .. } | Event::TaskDeleted { task_id, .. } => {
                self.tasks.remove(task_id).is_some()
            }
            Event::TaskProgress { task_id, cursor, at, progress, .. } => {
                let Some(task) = self.older(task_id, cursor) else { return false };
                task.progress = Some(Progress::clone(progress));
                (task.updated_at, task.cursor) = (*at, cursor.clone());
                true
            }
            Event::TaskLog { task_id, cursor, at, .. } => {
                let Some(task) = self.older(task_id, cursor) else { return false };
                (task.updated_at, task.cursor) = (*at, cursor.clone());
                true
            }
            Event::TaskScheduled { task, .. }
            | Event::TaskQueued { task, .. }
            | Event::TaskStarted { task, .. }
            | Event::TaskCancelRequested { task, .. }
            | Event::TaskRetrying { task, .. }
            | Event::TaskSucceeded { task, .. }
            | Event::TaskFailed { task, .. }
            | Event::TaskCancelled { task, .. }
            | Event::TaskUpdated { task, .. } => self.put(task),
            Event::StreamEnd | Event::StreamDraining | Event::Unknown(_) => false,
        }
    }

    fn replace_all(&mut self) {
        let mut tasks = std::mem::take(&mut self.arriving);
        for (id, task) in &mut tasks {
            keep_input(task, self.tasks.remove(id));
        }
        self.tasks = tasks;
    }

    fn put(&mut self, task: &Task) -> bool {
        if self.tasks.contains_key(&task.id) && self.older(&task.id, &task.cursor).is_none() {
            return false;
        }
        let mut task = task.clone();
        let before = self.tasks.remove(&task.id);
        keep_input(&mut task, before);
        self.tasks.insert(task.id.clone(), task);
        true
    }

    /// The task, if the event at `cursor` is news to it. A snapshot may be newer than the first
    /// events that follow it.
    fn older(&mut self, id: &str, cursor: &str) -> Option<&mut Task> {
        self.tasks.get_mut(id).filter(|task| is_after(cursor, &task.cursor))
    }
}

fn keep_input(task: &mut Task, before: Option<Task>) {
    if task.input.is_none() {
        task.input = before.and_then(|before| before.input);
    }
}

/// Whether one cursor lies behind another. Cursors of different logs cannot be compared; the newer
/// word counts then.
fn is_after(cursor: &str, other: &str) -> bool {
    let parts = |text: &str| -> Option<(String, u64)> {
        let (epoch, position) = text.split_once('.')?;
        Some((epoch.to_owned(), position.parse().ok()?))
    };
    match (parts(cursor), parts(other)) {
        (Some((epoch, position)), Some((other_epoch, other_position))) => {
            epoch != other_epoch || position > other_position
        }
        _ => true,
    }
}
