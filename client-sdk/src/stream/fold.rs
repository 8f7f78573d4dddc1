//! Tasks as a stream tells them: snapshot and deltas, put together.
//!
//! After any number of events the fold holds what getTask would answer at that cursor, but for the
//! `input`, which streams do not carry, and outputs too long to be carried (`output_omitted`). An input
//! that was fetched is kept, until the server keeps it no longer (`bodies_dropped`).

use std::collections::BTreeMap;

use super::{Event, resume::RESTART};
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
            Event::StreamSnapshot { tasks, fresh: Some(true), .. } => {
                // Beside what is here, which is as new as the position the stream goes on from.
                tasks.iter().filter(|task| self.put(task)).count() > 0
            }
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
            Event::StreamLeft { task_id, cursor } | Event::TaskDeleted { task_id, cursor, .. } => {
                // A snapshot may have it as it came back.
                self.older(task_id, cursor).is_some() && self.tasks.remove(task_id).is_some()
            }
            Event::TaskProgress { task_id, cursor, at, progress, children, .. } => {
                let Some(task) = self.older(task_id, cursor) else { return false };
                task.progress = Some(Progress::clone(progress));
                if let Some(children) = children {
                    task.children = Some(children.clone());
                }
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
            Event::Unknown(event) => {
                if event["type"] == RESTART {
                    // The pages so far were of a picture that nobody finishes.
                    self.arriving.clear();
                }
                false
            }
            Event::StreamEnd | Event::StreamDraining => false,
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
    if task.input.is_none() && !task.bodies_dropped {
        task.input = before.and_then(|before| before.input);
    }
}

/// Whether one cursor lies behind another. Cursors of different logs cannot be compared; the newer
/// word counts then.
pub(super) fn is_after(cursor: &str, other: &str) -> bool {
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

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn event(value: Value) -> Event {
        serde_json::from_value(value).unwrap()
    }

    fn task(id: &str, position: u64) -> Value {
        json!({
            "id": id, "kind": "k", "queue": "default", "state": "queued", "done": false,
            "labels": {}, "priority": 0, "attempt": 0, "max_attempts": 3, "cursor": cursor(position),
            "created_at": "2026-01-31T09:30:00Z", "updated_at": "2026-01-31T09:30:00Z",
            "cancel_grace_seconds": 30, "backoff_base_seconds": 1, "backoff_max_seconds": 300,
            "links": {"self": "", "events": "", "history": "", "logs": "", "attempts": "",
                "children": ""},
        })
    }

    fn cursor(position: u64) -> String {
        format!("0000000a.{position}")
    }

    fn snapshot(tasks: &[Value], more: bool, fresh: Option<bool>) -> Event {
        event(json!({"type": "stream.snapshot", "tasks": tasks, "more": more, "fresh": fresh}))
    }

    fn left(id: &str, position: u64) -> Event {
        event(json!({"type": "stream.left", "task_id": id, "cursor": cursor(position)}))
    }

    fn known(fold: &Fold) -> Vec<(&str, &str)> {
        fold.tasks().map(|task| (task.id.as_str(), task.cursor.as_str())).collect()
    }

    #[test]
    fn a_fresh_snapshot_adds_to_what_is_known_and_an_ordinary_one_replaces_it() {
        let mut fold = Fold::new();
        fold.apply(&snapshot(&[task("a", 5), task("b", 5)], false, None));
        assert!(fold.apply(&snapshot(&[task("c", 7)], true, Some(true))));
        assert!(fold.apply(&snapshot(&[task("b", 6), task("a", 4)], false, Some(true))));
        let expected = [("a", "0000000a.5"), ("b", "0000000a.6"), ("c", "0000000a.7")];
        assert_eq!(known(&fold), expected, "nothing goes back");
        fold.apply(&snapshot(&[task("d", 8)], false, None));
        assert_eq!(known(&fold), [("d", "0000000a.8")]);
    }

    #[test]
    fn an_input_is_kept_until_the_server_keeps_it_no_longer() {
        let mut fold = Fold::new();
        let mut whole = task("a", 1);
        whole["input"] = json!({"n": 1});
        fold.apply(&snapshot(&[whole], false, None));
        let updated = |position: u64, dropped: bool| {
            let mut task = task("a", position);
            task["bodies_dropped"] = json!(dropped);
            event(json!({
                "type": "task.updated", "task": task, "task_id": "a", "cursor": cursor(position),
                "at": "2026-01-31T09:30:00Z", "attempt": 0,
            }))
        };
        assert!(fold.apply(&updated(2, false)));
        assert!(fold.get("a").unwrap().input.is_some());
        assert!(fold.apply(&updated(3, true)));
        assert!(fold.get("a").unwrap().input.is_none());
    }

    #[test]
    fn a_task_that_left_before_the_snapshot_was_read_and_came_back_stays() {
        let mut fold = Fold::new();
        fold.apply(&snapshot(&[task("a", 8)], false, None));
        assert!(!fold.apply(&left("a", 6)));
        assert_eq!(fold.len(), 1);
        assert!(fold.apply(&left("a", 9)) && fold.is_empty());
    }

    #[test]
    fn the_pages_of_a_snapshot_that_broke_off_are_forgotten() {
        let mut fold = Fold::new();
        fold.apply(&snapshot(&[task("gone", 1)], true, None));
        fold.apply(&event(json!({"type": RESTART})));
        fold.apply(&snapshot(&[task("a", 5)], false, None));
        assert_eq!(known(&fold), [("a", "0000000a.5")]);
    }
}
