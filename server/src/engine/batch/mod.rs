//! What one transaction is decided on: the rows its commands name, and what changed of them.
//!
//! A rule reads a task, works on a copy, and hands it back with [`Batch::record`] or
//! [`Batch::save`] only when nothing can refuse any more; so a refused command leaves no trace in
//! the batch it shares with others.

mod record;
mod settings;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use foldhash::HashMap;

use super::{after::Waiters, tally::Tallies};
use crate::{
    domain::{
        Epoch, Kind, Position, Queue, RawJson, Refusal, Schedule, ScheduleId, Shown, State, Task,
        TaskError, TaskId, TaskView, Timestamp,
        after::{Edge, Release},
        event::LogLine,
        retention::Tombstone,
        task::Bodies,
        webhook::{Delivery, Webhook, WebhookId},
    },
    store::{Changes, CountKey, KeyEntry, KeyName, Loaded, Needs, NewEntry, Slot, Updated},
};

/// All webhooks there are. The writer keeps them from batch to batch.
pub type Webhooks = Arc<BTreeMap<WebhookId, Webhook>>;

/// A place where a task became leasable: who waits there is served.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ready {
    pub queue: Arc<str>,
    pub kind: Arc<str>,
    pub only_worker: Option<String>,
}

/// Why somebody who waits for work should be looked at.
#[derive(Clone, Debug, Default)]
pub struct Wake {
    pub ready: BTreeSet<Ready>,
    /// Queues in which a limit may let more run than before.
    pub opened: BTreeSet<Arc<str>>,
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
    /// Its picture, as the last event has it.
    shown: Option<Shown>,
}

impl Row {
    const UNKNOWN: Row = Row { stored: None, current: None, changed: false, shown: None };
}

/// What an event says beside the task itself.
pub enum Happened {
    Scheduled,
    Queued,
    Started,
    /// The progress is the task's, as it stands in the row.
    Progress,
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
    first_position: Position,
    next_position: Position,
    rows: HashMap<TaskId, Row>,
    keys: HashMap<KeyName, Option<KeyEntry>>,
    bodies: HashMap<(Position, Slot), Option<RawJson>>,
    changes: Changes,
    /// Rows deleted in this batch: bodies set before must not outlive them.
    dead: BTreeSet<Position>,
    queues: HashMap<String, Option<Queue>>,
    schedules: HashMap<ScheduleId, Option<Schedule>>,
    kinds: HashMap<String, Option<Kind>>,
    /// When tasks were deleted that are asked for.
    graves: HashMap<TaskId, Timestamp>,
    webhooks: Webhooks,
    /// What webhooks are to be told of the ends in this batch.
    deliveries: Vec<Delivery>,
    wake: Wake,
    /// Queue and concurrency key of tasks that came to want a place or left one.
    keys_moved: BTreeSet<(Arc<str>, String)>,
    tallies: Tallies,
    /// All of them, for those who watch.
    events: Vec<Arc<NewEntry>>,
    /// Tasks with a new event, for waking their watchers.
    touched: BTreeSet<TaskId>,
    /// Tasks whose children are to be reached.
    spreading: BTreeSet<TaskId>,
    /// When the first word about a task's children is due that had to wait.
    tell_at: Option<Timestamp>,
    /// The last of the events that go from the log.
    dropped_to: Option<Position>,
    /// Ends that are to reach those who wait for them, by their positions.
    releases: BTreeMap<Position, Release>,
    /// Who waits for whom, as far as the command that is decided has to know.
    waiters: Waiters,
}

impl Batch {
    pub fn new(epoch: Epoch, next_position: Position, webhooks: Webhooks) -> Self {
        Batch {
            epoch,
            first_position: next_position,
            next_position,
            rows: HashMap::default(),
            keys: HashMap::default(),
            bodies: HashMap::default(),
            changes: Changes::default(),
            dead: BTreeSet::new(),
            queues: HashMap::default(),
            schedules: HashMap::default(),
            kinds: HashMap::default(),
            graves: HashMap::default(),
            webhooks,
            deliveries: Vec::new(),
            wake: Wake::default(),
            keys_moved: BTreeSet::new(),
            tallies: Tallies::new(),
            events: Vec::new(),
            touched: BTreeSet::new(),
            spreading: BTreeSet::new(),
            tell_at: None,
            dropped_to: None,
            releases: BTreeMap::new(),
            waiters: Waiters::default(),
        }
    }

    pub fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// The position of its first event, if it has any.
    pub fn first_position(&self) -> Position {
        self.first_position
    }

    /// The position the next event will have.
    pub fn next_position(&self) -> Position {
        self.next_position
    }

    /// Takes in what the store found; what was asked for and not found is known to be absent.
    pub fn absorb(&mut self, asked: Needs, found: Loaded) {
        for id in asked.tasks {
            self.rows.insert(id, Row::UNKNOWN);
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
        self.kinds.extend(asked.kinds.into_iter().map(|name| (name, None)));
        self.kinds.extend(found.kinds.into_iter().map(|kind| (kind.name.clone(), Some(kind))));
        self.graves.extend(found.graves);
    }

    /// Takes in a row the store found by other means than its id.
    pub fn absorb_task(&mut self, task: impl Into<Arc<Task>>) {
        let task = task.into();
        let row = Row { stored: Some(task.clone()), current: Some(task.clone()), ..Row::UNKNOWN };
        self.rows.insert(task.id.clone(), row);
    }

    pub fn knows_task(&self, id: &TaskId) -> bool {
        self.rows.contains_key(id)
    }

    pub fn knows_key(&self, name: &KeyName) -> bool {
        self.keys.contains_key(name)
    }

    /// More of the queue's tasks may be leasable than before.
    pub fn open(&mut self, queue: &Arc<str>) {
        if !self.wake.opened.contains(queue) {
            self.wake.opened.insert(queue.clone());
        }
    }

    /// What is to be delivered, since the last call.
    pub fn take_deliveries(&mut self) -> Vec<Delivery> {
        std::mem::take(&mut self.deliveries)
    }

    pub fn knows_body(&self, seq: Position, slot: Slot) -> bool {
        self.bodies.contains_key(&(seq, slot))
    }

    pub fn task(&self, id: &TaskId) -> Option<&Task> {
        self.rows.get(id)?.current.as_deref()
    }

    /// The same, to be kept while the batch changes.
    pub fn shared(&self, id: &TaskId) -> Option<Arc<Task>> {
        self.rows.get(id)?.current.clone()
    }

    /// Why there is no such task.
    pub fn missing(&self, id: &TaskId) -> Refusal {
        match self.graves.get(id) {
            Some(at) => Refusal::TaskDeleted { id: id.clone(), at: *at },
            None => Refusal::TaskNotFound(id.clone()),
        }
    }

    /// Events of tasks of a queue go from the log, and nobody needs them.
    pub fn drop_events(&mut self, positions: impl IntoIterator<Item = Position>) {
        for position in positions {
            self.dropped_to = self.dropped_to.max(Some(position));
            self.changes.dropped.push(position);
        }
    }

    /// The same with events that a watcher of the queue may have wanted, up to and including `to`.
    pub fn trim(
        &mut self,
        queue: &str,
        positions: impl IntoIterator<Item = Position>,
        to: Position,
    ) {
        self.drop_events(positions);
        let trimmed = self.changes.trimmed.entry(queue.to_owned()).or_default();
        *trimmed = to.max(*trimmed);
    }

    /// A deleted task is still remembered, but not all of its events are kept.
    pub fn save_tombstone(&mut self, stone: Tombstone) {
        self.changes.tombstones.push(stone);
    }

    /// A deleted task is not remembered any more.
    pub fn forget_deleted(&mut self, position: Position) {
        self.changes.forgotten.push(position);
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

    /// The same with its JSON, which is there already if an event was just written of it.
    pub fn shown(&self, task: &Task) -> Shown {
        let shown = self.rows.get(&task.id).and_then(|row| row.shown.as_ref());
        match shown.filter(|shown| shown.cursor.position == task.cursor) {
            Some(shown) => shown.clone(),
            None => Shown::of(self.view(task)),
        }
    }

    /// Puts a row back whose change nobody sees (a lease renewed); every other change is recorded.
    pub fn save(&mut self, task: impl Into<Arc<Task>>) {
        let task = task.into();
        if task.kin.spread.is_some() {
            self.spreading.insert(task.id.clone());
        }
        if let Some(at) = task.kin.tell_at {
            self.tell_at = Some(self.tell_at.map_or(at, |soonest| soonest.min(at)));
        }
        let row = self.rows.entry(task.id.clone()).or_insert(Row::UNKNOWN);
        row.current = Some(task);
        row.shown = None;
        row.changed = true;
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
            let (stored, current) = (row.stored.as_deref(), row.current.as_deref());
            note_waits(&mut changes, stored, current);
            if !stored.zip(current).is_some_and(|(a, b)| counted_alike(a, b)) {
                count(&mut changes, stored, -1);
                count(&mut changes, current, 1);
            }
            match (&row.stored, &row.current) {
                (None, Some(task)) => changes.inserted.push(task.clone()),
                (Some(stored), Some(task)) if stored.seq == task.seq => {
                    let (before, after) = (stored.clone(), task.clone());
                    changes.updated.push(Updated { before, after });
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
        changes.updated.sort_by_key(|updated| updated.after.seq);
        changes
    }

    /// A task whose children are to be reached; to be asked again until there is none.
    pub fn take_spreading(&mut self) -> Option<TaskId> {
        self.spreading.pop_first()
    }

    /// A task that an earlier transaction left marked.
    pub fn spread_from(&mut self, id: &TaskId) {
        self.spreading.insert(id.clone());
    }

    /// Whether there are such tasks.
    pub fn is_spreading(&self) -> bool {
        !self.spreading.is_empty()
    }

    /// An end that is to reach those who wait for it; to be asked again until there is none.
    pub fn take_release(&mut self) -> Option<Release> {
        self.releases.pop_first().map(|(_, end)| end)
    }

    pub fn release_by(&mut self, end: Release) {
        self.releases.insert(end.at, end);
    }

    /// It has reached everybody.
    pub fn end_release(&mut self, at: Position) {
        self.changes.ended_releases.push(at);
    }

    pub fn waiters(&self) -> &Waiters {
        &self.waiters
    }

    pub fn set_waiters(&mut self, waiters: Waiters) {
        self.waiters = waiters;
    }

    /// When the first word about a task's children is due that had to wait in this batch.
    pub fn tell_at(&self) -> Option<Timestamp> {
        self.tell_at
    }

    /// The last of the events that go from the log in this batch.
    pub fn dropped_to(&self) -> Option<Position> {
        self.dropped_to
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

/// What the store keeps of who waits for whom follows the rows.
fn note_waits(changes: &mut Changes, stored: Option<&Task>, current: Option<&Task>) {
    let of =
        |task: Option<&Task>| -> Vec<Edge> { task.into_iter().flat_map(Task::edges).collect() };
    let (before, after) = (of(stored), of(current));
    changes.ended_waits.extend(before.iter().filter(|edge| !after.contains(edge)));
    changes.begun_waits.extend(after.iter().filter(|edge| !before.contains(edge)));
}

/// Whether the counts see no difference between the two.
fn counted_alike(a: &Task, b: &Task) -> bool {
    (a.state, a.parked) == (b.state, b.parked) && a.queue == b.queue && a.kind == b.kind
}

fn count(changes: &mut Changes, task: Option<&Task>, by: i64) {
    if let Some(task) = task {
        let key = CountKey {
            queue: task.queue.clone(),
            kind: task.kind.clone(),
            state: task.state,
            // A group takes up no worker, so it must not count as what a queue has running.
            apart: task.parked || (task.state == State::Running && task.kin.group.is_some()),
        };
        *changes.counts.entry(key).or_default() += by;
    }
}
