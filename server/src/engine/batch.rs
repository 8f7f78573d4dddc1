//! What one transaction is decided on: the rows its commands name, and what changed of them.
//!
//! A rule reads a task, works on a copy, and hands it back with [`Batch::record`] or
//! [`Batch::save`] only when nothing can refuse any more; so a refused command leaves no trace in
//! the batch it shares with others.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use super::tally::Tallies;
use crate::{
    domain::{
        Cursor, Epoch, Event, EventBody, Moment, Position, Progress, Queue, QueueSettings, RawJson,
        Schedule, ScheduleId, State, Task, TaskError, TaskId, TaskView, event::LogLine,
        task::Bodies,
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

/// Why somebody who waits for work should be looked at.
#[derive(Clone, Debug, Default)]
pub struct Wake {
    pub ready: BTreeSet<Ready>,
    /// Queues in which a limit may let more run than before.
    pub opened: BTreeSet<String>,
}

impl Wake {
    pub fn append(&mut self, mut other: Wake) {
        self.ready.append(&mut other.ready);
        self.opened.append(&mut other.opened);
    }
}

/// A row as the store has it, and as the batch left it.
struct Row {
    stored: Option<Arc<Task>>,
    current: Option<Arc<Task>>,
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
    queues: HashMap<String, Option<Queue>>,
    schedules: HashMap<ScheduleId, Option<Schedule>>,
    wake: Wake,
    /// Queue and concurrency key of tasks that came to want a place or left one.
    keys_moved: BTreeSet<(String, String)>,
    tallies: Tallies,
    /// All of them, for those who watch.
    events: Vec<Arc<NewEntry>>,
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
            queues: HashMap::new(),
            schedules: HashMap::new(),
            wake: Wake::default(),
            keys_moved: BTreeSet::new(),
            tallies: Tallies::new(),
            events: Vec::new(),
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
        self.queues.extend(asked.queues.into_iter().map(|name| (name, None)));
        self.queues.extend(found.queues.into_iter().map(|queue| (queue.name.clone(), Some(queue))));
        self.schedules.extend(asked.schedules.into_iter().map(|id| (id, None)));
        found.schedules.into_iter().for_each(|schedule| self.absorb_schedule(schedule));
    }

    /// Takes in a schedule the store found by its time.
    pub fn absorb_schedule(&mut self, schedule: Schedule) {
        self.schedules.insert(schedule.id.clone(), Some(schedule));
    }

    /// Takes in a row the store found by other means than its id.
    pub fn absorb_task(&mut self, task: Task) {
        let task = Arc::new(task);
        let row = Row { stored: Some(task.clone()), current: Some(task.clone()), changed: false };
        self.rows.insert(task.id.clone(), row);
    }

    pub fn knows_task(&self, id: &TaskId) -> bool {
        self.rows.contains_key(id)
    }

    pub fn knows_key(&self, name: &KeyName) -> bool {
        self.keys.contains_key(name)
    }

    pub fn knows_queue(&self, name: &str) -> bool {
        self.queues.contains_key(name)
    }

    pub fn knows_schedule(&self, id: &ScheduleId) -> bool {
        self.schedules.contains_key(id)
    }

    pub fn queue(&self, name: &str) -> Option<&Queue> {
        self.queues.get(name)?.as_ref()
    }

    /// What holds for a queue, set or not.
    pub fn queue_settings(&self, name: &str) -> QueueSettings {
        self.queue(name).map(|queue| queue.settings.clone()).unwrap_or_default()
    }

    pub fn save_queue(&mut self, queue: Queue) {
        self.changes.queues.retain(|other| other.name != queue.name);
        self.changes.queues.push(queue.clone());
        self.queues.insert(queue.name.clone(), Some(queue));
    }

    /// More of the queue's tasks may be leasable than before.
    pub fn open(&mut self, queue: &str) {
        self.wake.opened.insert(queue.to_owned());
    }

    pub fn schedule(&self, id: &ScheduleId) -> Option<&Schedule> {
        self.schedules.get(id)?.as_ref()
    }

    pub fn save_schedule(&mut self, schedule: Schedule) {
        self.forget_changes_of(&schedule.id);
        self.changes.schedules.push(schedule.clone());
        self.schedules.insert(schedule.id.clone(), Some(schedule));
    }

    pub fn delete_schedule(&mut self, id: &ScheduleId) {
        self.forget_changes_of(id);
        self.changes.deleted_schedules.push(id.clone());
        self.schedules.insert(id.clone(), None);
    }

    fn forget_changes_of(&mut self, id: &ScheduleId) {
        self.changes.schedules.retain(|other| other.id != *id);
        self.changes.deleted_schedules.retain(|other| other != id);
    }

    pub fn knows_body(&self, seq: Position, slot: Slot) -> bool {
        self.bodies.contains_key(&(seq, slot))
    }

    pub fn task(&self, id: &TaskId) -> Option<&Task> {
        self.rows.get(id)?.current.as_deref()
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
    pub fn save(&mut self, task: impl Into<Arc<Task>>) {
        let task = task.into();
        let row = self.rows.entry(task.id.clone()).or_insert(Row {
            stored: None,
            current: None,
            changed: false,
        });
        row.current = Some(task);
        row.changed = true;
    }

    /// Writes an event and puts the row back as it is after it.
    ///
    /// Whoever goes on changing the task takes it out with [`Arc::unwrap_or_clone`].
    pub fn record(&mut self, mut task: Task, happened: Happened, now: &Moment) -> Arc<Task> {
        let position = self.next_position;
        self.next_position += 1;
        if task.seq == 0 {
            task.seq = position;
        }
        task.cursor = position;
        task.updated_at = now.wall;
        if matches!(happened, Happened::Queued) {
            task.queued_at = Some(now.wall);
            if task.ready_at == 0 {
                task.ready_at = position;
            }
        }
        let was = self.rows.get(&task.id).and_then(|row| row.current.as_deref());
        let before = was.filter(|was| !same_facets(was, &task)).map(facets);
        let (was_state, was_parked) =
            was.map_or((None, false), |was| (Some(was.state), was.parked));
        // Who has a key waits for a place first; `keyed` gives the places out when all is decided.
        let enters = task.state == State::Queued && was_state != Some(State::Queued);
        task.parked = match task.state {
            State::Queued if enters => task.concurrency_key.is_some(),
            State::Queued => was_parked,
            _ => false,
        };
        self.note_move(&task, was_state);

        let deleted = matches!(happened, Happened::Deleted);
        self.tally(&task, &happened, was_state);
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
        let entry = LogEntry { position, event_type, task_id: task.id.clone(), json };
        let event = Arc::new(NewEntry {
            entry: Arc::new(entry),
            before,
            after: facets(&task),
            task_seq: task.seq,
        });
        self.changes.events.push(event.clone());
        self.events.push(event);
        self.touched.insert(task.id.clone());
        let task = Arc::new(task);
        self.save(task.clone());
        if deleted && let Some(row) = self.rows.get_mut(&task.id) {
            row.current = None;
            self.dead.insert(task.seq);
        }
        task
    }

    /// What a task's step means for those who wait: for work, or for its key's place.
    fn note_move(&mut self, task: &Task, was: Option<State>) {
        if was == Some(State::Running) && task.state != State::Running {
            self.open(&task.queue);
        }
        match &task.concurrency_key {
            Some(key) if was != Some(task.state) => {
                self.keys_moved.insert((task.queue.clone(), key.clone()));
            }
            _ => {}
        }
        if task.state == State::Queued && !task.parked {
            self.became_ready(task);
        }
    }

    fn became_ready(&mut self, task: &Task) {
        let known = self.wake.ready.last().is_some_and(|last| {
            last.queue == task.queue
                && last.kind == task.kind
                && last.only_worker == task.only_worker
        });
        if known {
            return;
        }
        self.wake.ready.insert(Ready {
            queue: task.queue.clone(),
            kind: task.kind.clone(),
            only_worker: task.only_worker.clone(),
        });
    }

    /// Lets a parked task be leased. Nobody sees a difference in the task, so there is no event.
    pub fn unpark(&mut self, mut task: Task) {
        task.parked = false;
        self.became_ready(&task);
        self.save(task);
    }

    /// Takes a ready task out of the line again: its key allows fewer than when it came in.
    pub fn park(&mut self, mut task: Task) {
        task.parked = true;
        self.save(task);
    }

    /// Keys whose places are to be given out anew.
    pub fn move_key(&mut self, queue: &str, key: String) {
        self.keys_moved.insert((queue.to_owned(), key));
    }

    pub fn take_moved_keys(&mut self) -> BTreeSet<(String, String)> {
        std::mem::take(&mut self.keys_moved)
    }

    fn tally(&mut self, task: &Task, happened: &Happened, was: Option<State>) {
        let new = was.is_none();
        if !new && matches!(happened, Happened::Queued | Happened::Progress(_) | Happened::Log(_)) {
            return;
        }
        if !self.tallies.contains_key(&task.queue) {
            self.tallies.insert(task.queue.clone(), Default::default());
        }
        let Some(tally) = self.tallies.get_mut(&task.queue) else { return };
        tally.submitted += u64::from(new);
        match happened {
            Happened::Started => tally.leased += 1,
            Happened::Retrying(error) => {
                tally.retried += 1;
                tally.expired += u64::from(error.kind == TaskError::LEASE_EXPIRED);
            }
            Happened::Succeeded => tally.succeeded += 1,
            Happened::Failed => {
                tally.failed += 1;
                let last = task.attempts.last().and_then(|attempt| attempt.error.as_ref());
                let expired = last.is_some_and(|error| error.kind == TaskError::LEASE_EXPIRED);
                tally.expired += u64::from(was == Some(State::Running) && expired);
            }
            Happened::Cancelled => tally.cancelled += 1,
            _ => {}
        }
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
            count(&mut changes, row.stored.as_deref(), -1);
            count(&mut changes, row.current.as_deref(), 1);
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

    /// Who that waits for work should be looked at, since the last call.
    pub fn take_wake(&mut self) -> Wake {
        std::mem::take(&mut self.wake)
    }

    /// The tasks with new events, the events, and what came of them, at the end of the batch.
    pub fn into_outcome(self) -> (Vec<TaskId>, Vec<Arc<NewEntry>>, Tallies) {
        (self.touched.into_iter().collect(), self.events, self.tallies)
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

/// Whether filters see no difference between the two.
fn same_facets(a: &Task, b: &Task) -> bool {
    a.state == b.state
        && a.queue == b.queue
        && a.kind == b.kind
        && a.labels == b.labels
        && a.parent_id == b.parent_id
}

fn count(changes: &mut Changes, task: Option<&Task>, by: i64) {
    if let Some(task) = task {
        let key = CountKey {
            queue: task.queue.clone(),
            kind: task.kind.clone(),
            state: task.state,
            parked: task.parked,
        };
        *changes.counts.entry(key).or_default() += by;
    }
}
