//! What one transaction is decided on: the rows its commands name, and what changed of them.
//!
//! A rule reads a task, works on a copy, and hands it back with [`Batch::record`] or
//! [`Batch::save`] only when nothing can refuse any more; so a refused command leaves no trace in
//! the batch it shares with others.

mod record;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use super::tally::Tallies;
use crate::{
    domain::{
        Epoch, Kind, Position, Queue, QueueSettings, RawJson, Schedule, ScheduleId, Shown, State,
        Task, TaskError, TaskId, TaskView, Timestamp,
        event::LogLine,
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
    webhooks: Webhooks,
    /// What webhooks are to be told of the ends in this batch.
    deliveries: Vec<Delivery>,
    wake: Wake,
    /// Queue and concurrency key of tasks that came to want a place or left one.
    keys_moved: BTreeSet<(String, String)>,
    tallies: Tallies,
    /// All of them, for those who watch.
    events: Vec<Arc<NewEntry>>,
    /// Tasks with a new event, for waking their watchers.
    touched: BTreeSet<TaskId>,
    /// Tasks whose children are to be reached.
    spreading: BTreeSet<TaskId>,
    /// When the first word about a task's children is due that had to wait.
    tell_at: Option<Timestamp>,
}

impl Batch {
    pub fn new(epoch: Epoch, next_position: Position, webhooks: Webhooks) -> Self {
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
            kinds: HashMap::new(),
            webhooks,
            deliveries: Vec::new(),
            wake: Wake::default(),
            keys_moved: BTreeSet::new(),
            tallies: Tallies::new(),
            events: Vec::new(),
            touched: BTreeSet::new(),
            spreading: BTreeSet::new(),
            tell_at: None,
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
    }

    /// Takes in a schedule the store found by its time.
    pub fn absorb_schedule(&mut self, schedule: Schedule) {
        self.schedules.insert(schedule.id.clone(), Some(schedule));
    }

    /// Takes in a row the store found by other means than its id.
    pub fn absorb_task(&mut self, task: Task) {
        let task = Arc::new(task);
        let row = Row { stored: Some(task.clone()), current: Some(task.clone()), ..Row::UNKNOWN };
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
        match self.queue(name) {
            Some(queue) => queue.settings.clone(),
            None => QueueSettings::unset(name),
        }
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

    pub fn knows_kind(&self, name: &str) -> bool {
        self.kinds.contains_key(name)
    }

    /// What somebody has said of a kind.
    pub fn kind(&self, name: &str) -> Option<&Kind> {
        self.kinds.get(name)?.as_ref()
    }

    pub fn save_kind(&mut self, kind: Kind) {
        self.forget_kind_changes(&kind.name);
        self.changes.kinds.push(kind.clone());
        self.kinds.insert(kind.name.clone(), Some(kind));
    }

    pub fn delete_kind(&mut self, name: &str) {
        self.forget_kind_changes(name);
        self.changes.deleted_kinds.push(name.to_owned());
        self.kinds.insert(name.to_owned(), None);
    }

    fn forget_kind_changes(&mut self, name: &str) {
        self.changes.kinds.retain(|other| other.name != name);
        self.changes.deleted_kinds.retain(|other| other != name);
    }

    pub fn webhooks(&self) -> &Webhooks {
        &self.webhooks
    }

    pub fn save_webhook(&mut self, webhook: Webhook) {
        self.forget_webhook_changes(&webhook.id);
        self.changes.webhooks.push(webhook.clone());
        Arc::make_mut(&mut self.webhooks).insert(webhook.id.clone(), webhook);
    }

    pub fn delete_webhook(&mut self, id: &WebhookId) {
        self.forget_webhook_changes(id);
        self.changes.deleted_webhooks.push(id.clone());
        Arc::make_mut(&mut self.webhooks).remove(id);
    }

    fn forget_webhook_changes(&mut self, id: &WebhookId) {
        self.changes.webhooks.retain(|other| other.id != *id);
        self.changes.deleted_webhooks.retain(|other| other != id);
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

    /// When the first word about a task's children is due that had to wait in this batch.
    pub fn tell_at(&self) -> Option<Timestamp> {
        self.tell_at
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
