//! What one transaction is decided on: the rows its commands name, and what changed of them.
//!
//! A rule reads a task, works on a copy, and hands it back with [`Batch::record`] or
//! [`Batch::save`] only when nothing can refuse any more; so a refused command leaves no trace in
//! the batch it shares with others.

use std::collections::{BTreeSet, HashMap};

use crate::{
    domain::{
        Cursor, Epoch, Event, EventBody, Moment, Position, Progress, RawJson, Task, TaskError,
        TaskId, TaskView, event::LogLine, task::Bodies,
    },
    store::{
        Changes, CountKey, EntryFacets, KeyEntry, KeyName, Loaded, LogEntry, Needs, NewEntry, Slot,
    },
};

/// A place where a task became leasable: who waits there is served.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ready {
    pub queue: String,
    pub kind: String,
    pub only_worker: Option<String>,
}

/// A row as the store has it, and as the batch left it.
struct Row {
    stored: Option<Task>,
    current: Option<Task>,
    changed: bool,
}

/// What an event says beside the task itself.
pub enum Happened {
    Scheduled,
    Queued,
    Started,
    Progress(Progress),
    Log(Vec<LogLine>),
    CancelRequested,
    Retrying(TaskError),
    Succeeded,
    Failed,
    Cancelled,
    Updated,
    Deleted,
}

pub struct Batch {
    epoch: Epoch,
    next_position: Position,
    rows: HashMap<TaskId, Row>,
    keys: HashMap<KeyName, Option<KeyEntry>>,
    bodies: HashMap<(Position, Slot), Option<RawJson>>,
    changes: Changes,
    /// Rows deleted in this batch: bodies set before must not outlive them.
    dead: BTreeSet<Position>,
    became_ready: BTreeSet<Ready>,
    /// Tasks with a new event, for waking their watchers.
    touched: BTreeSet<TaskId>,
}

impl Batch {
    pub fn new(epoch: Epoch, next_position: Position) -> Self {
        Batch {
            epoch,
            next_position,
            rows: HashMap::new(),
            keys: HashMap::new(),
            bodies: HashMap::new(),
            changes: Changes::default(),
            dead: BTreeSet::new(),
            became_ready: BTreeSet::new(),
            touched: BTreeSet::new(),
        }
    }

    pub fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// The position the next event will have.
    pub fn next_position(&self) -> Position {
        self.next_position
    }

    /// Takes in what the store found; what was asked for and not found is known to be absent.
    pub fn absorb(&mut self, asked: Needs, found: Loaded) {
        for id in asked.tasks {
            self.rows.insert(id, Row { stored: None, current: None, changed: false });
        }
        for task in found.tasks {
            self.absorb_task(task);
        }
        self.keys.extend(asked.keys.into_iter().map(|name| (name, None)));
        self.keys.extend(found.keys.into_iter().map(|(name, entry)| (name, Some(entry))));
        self.bodies.extend(asked.bodies.into_iter().map(|body| (body, None)));
        self.bodies.extend(found.bodies.into_iter().map(|(body, text)| (body, Some(text))));
    }

    /// Takes in a row the store found by other means than its id.
    pub fn absorb_task(&mut self, task: Task) {
        let row = Row { stored: Some(task.clone()), current: Some(task.clone()), changed: false };
        self.rows.insert(task.id, row);
    }

    pub fn knows_task(&self, id: &TaskId) -> bool {
        self.rows.contains_key(id)
    }

    pub fn knows_key(&self, name: &KeyName) -> bool {
        self.keys.contains_key(name)
    }

    pub fn knows_body(&self, seq: Position, slot: Slot) -> bool {
        self.bodies.contains_key(&(seq, slot))
    }

    pub fn task(&self, id: &TaskId) -> Option<&Task> {
        self.rows.get(id)?.current.as_ref()
    }

    pub fn key(&self, name: &KeyName) -> Option<&KeyEntry> {
        self.keys.get(name)?.as_ref()
    }

    pub fn body(&self, seq: Position, slot: Slot) -> Option<RawJson> {
        self.bodies.get(&(seq, slot))?.clone()
    }

    pub fn set_key(&mut self, name: KeyName, entry: KeyEntry) {
        self.keys.insert(name.clone(), Some(entry.clone()));
        self.changes.keys.push((name, entry));
    }

    pub fn set_body(&mut self, seq: Position, slot: Slot, body: Option<RawJson>) {
        self.bodies.insert((seq, slot), body.clone());
        self.changes.bodies.push((seq, slot, body));
    }

    pub fn add_name(&mut self, name: String) {
        self.changes.names.push(name);
    }

    /// The outcome that a done task's picture shows.
    pub fn outcome(&self, task: &Task) -> Bodies {
        if !task.state.is_done() {
            return Bodies::default();
        }
        let error = self.body(task.seq, Slot::Error);
        Bodies {
            output: self.body(task.seq, Slot::Output),
            error: error.and_then(|text| serde_json::from_str(text.get()).ok()),
            ..Bodies::default()
        }
    }

    /// The task as answers and events carry it.
    pub fn view(&self, task: &Task) -> TaskView {
        task.view(self.epoch, self.outcome(task)).carried()
    }

    /// Puts a row back whose change nobody sees (a lease renewed); every other change is recorded.
    pub fn save(&mut self, task: Task) {
        let row = self.rows.entry(task.id.clone()).or_insert(Row {
            stored: None,
            current: None,
            changed: false,
        });
        row.current = Some(task);
        row.changed = true;
    }

    /// Writes an event and puts the row back as it is after it.
    pub fn record(&mut self, mut task: Task, happened: Happened, now: &Moment) -> Task {
        let before = self.rows.get(&task.id).and_then(|row| row.current.as_ref()).map(facets);
        let position = self.next_position;
        self.next_position += 1;
        if task.seq == 0 {
            task.seq = position;
        }
        task.cursor = position;
        task.updated_at = now.wall;
        if matches!(happened, Happened::Queued) && task.ready_at == 0 {
            task.ready_at = position;
        }
        let deleted = matches!(happened, Happened::Deleted);
        let body = self.event_body(&task, happened);
        let event_type = body.event_type();
        let event = Event {
            body,
            cursor: Cursor { epoch: self.epoch, position },
            task_id: task.id.clone(),
            at: now.wall,
            attempt: task.attempt,
        };
        // An event of ours is always JSON: its maps have string keys and its floats are finite.
        let json = serde_json::to_string(&event).unwrap_or_default();
        let after = facets(&task);
        self.changes.events.push(NewEntry {
            entry: LogEntry { position, event_type, task_id: task.id.clone(), json },
            before: before.filter(|before| *before != after),
            after,
            task_seq: task.seq,
        });
        self.touched.insert(task.id.clone());
        if task.state == crate::domain::State::Queued {
            self.became_ready.insert(Ready {
                queue: task.queue.clone(),
                kind: task.kind.clone(),
                only_worker: task.only_worker.clone(),
            });
        }
        self.save(task.clone());
        if deleted && let Some(row) = self.rows.get_mut(&task.id) {
            row.current = None;
            self.dead.insert(task.seq);
        }
        task
    }

    fn event_body(&self, task: &Task, happened: Happened) -> EventBody {
        let task = || Box::new(self.view(task));
        match happened {
            Happened::Scheduled => EventBody::Scheduled { task: task() },
            Happened::Queued => EventBody::Queued { task: task() },
            Happened::Started => EventBody::Started { task: task() },
            Happened::Progress(progress) => EventBody::Progress { progress },
            Happened::Log(lines) => EventBody::Log { lines },
            Happened::CancelRequested => EventBody::CancelRequested { task: task() },
            Happened::Retrying(error) => {
                EventBody::Retrying { error: error.shortened(), task: task() }
            }
            Happened::Succeeded => EventBody::Succeeded { task: task() },
            Happened::Failed => EventBody::Failed { task: task() },
            Happened::Cancelled => EventBody::Cancelled { task: task() },
            Happened::Updated => EventBody::Updated { task: task() },
            Happened::Deleted => EventBody::Deleted { task: task() },
        }
    }

    /// What changed since the last call, ready to be written; the batch goes on as if it were
    /// stored.
    pub fn take_changes(&mut self) -> Changes {
        let mut changes = std::mem::take(&mut self.changes);
        changes.next_position = self.next_position;
        for (id, row) in &mut self.rows {
            if !std::mem::take(&mut row.changed) {
                continue;
            }
            count(&mut changes, row.stored.as_ref(), -1);
            count(&mut changes, row.current.as_ref(), 1);
            match (&row.stored, &row.current) {
                (None, Some(task)) => changes.inserted.push(task.clone()),
                (Some(stored), Some(task)) if stored.seq == task.seq => {
                    changes.updated.push(task.clone());
                }
                // Deleted and submitted again under the same id within one batch.
                (Some(stored), Some(task)) => {
                    changes.deleted.push((stored.seq, id.clone()));
                    changes.inserted.push(task.clone());
                }
                (Some(stored), None) => changes.deleted.push((stored.seq, id.clone())),
                (None, None) => {}
            }
            row.stored = row.current.clone();
        }
        changes.counts.retain(|_, change| *change != 0);
        changes.bodies.retain(|(seq, _, _)| !self.dead.contains(seq));
        changes.inserted.sort_by_key(|task| task.seq);
        changes.updated.sort_by_key(|task| task.seq);
        changes
    }

    /// Where tasks became leasable since the last call.
    pub fn take_ready(&mut self) -> BTreeSet<Ready> {
        std::mem::take(&mut self.became_ready)
    }

    /// The tasks with new events, at the end of the batch.
    pub fn into_touched(self) -> Vec<TaskId> {
        self.touched.into_iter().collect()
    }
}

fn facets(task: &Task) -> EntryFacets {
    EntryFacets {
        queue: task.queue.clone(),
        kind: task.kind.clone(),
        state: task.state,
        labels: task.labels.clone(),
        parent: task.parent_id.clone(),
    }
}

fn count(changes: &mut Changes, task: Option<&Task>, by: i64) {
    if let Some(task) = task {
        let key =
            CountKey { queue: task.queue.clone(), kind: task.kind.clone(), state: task.state };
        *changes.counts.entry(key).or_default() += by;
    }
}
