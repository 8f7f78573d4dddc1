//! Where tasks and the log are kept: the seam between the rules and a database.
//!
//! A store loads and persists what the engine decides; no rule hides in a query. There are two
//! sides: [`Store`], owned by the one writer, and [`Reads`], shared by everybody who only looks.

pub mod sqlite;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use crate::domain::{
    Attempt, Epoch, EventType, Filter, Filters, Kind, Labels, Position, Queue, RawJson, Schedule,
    ScheduleId, State, Task, TaskId, TaskView, Timestamp, Tombstone, Verdict,
    after::{Edge, Release},
    family::Spread,
    filter::Facets,
    webhook::{Webhook, WebhookId},
};

/// What went wrong in a store, as far as anybody above can act on it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No space; the transaction is rolled back, and writing may work again later.
    #[error("the disk is full: {0}")]
    Full(String),
    /// The disk failed. What was being committed may or may not be there, so nothing may be written
    /// until the file was opened anew.
    #[error("the disk failed: {0}")]
    Io(String),
    /// Anything else; the transaction is rolled back.
    #[error("{0}")]
    Other(String),
}

/// A part of a task that lies beside its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Slot {
    Input = 0,
    Output = 1,
    Error = 2,
    Checkpoint = 3,
}

/// A remembered key: an Idempotency-Key, a lease request, a countdown's name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyName {
    pub scope: String,
    pub name: String,
}

impl KeyName {
    /// Where a countdown's newest run is remembered.
    pub fn countdown(name: &str) -> Self {
        KeyName { scope: "quickstart".to_owned(), name: name.to_owned() }
    }
}

/// What a key stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyEntry {
    pub request_hash: String,
    pub tasks: Vec<TaskId>,
    pub at: Timestamp,
    /// Keys without an end are kept until they are replaced.
    pub expires_at: Option<Timestamp>,
}

/// How many tasks are in one state of one kind in one queue.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CountKey {
    pub queue: Arc<str>,
    pub kind: Arc<str>,
    pub state: State,
    /// Queued behind a full concurrency key, or a group whose children run: counted apart from what is
    /// ready, and from what workers run.
    pub apart: bool,
}

/// An event on its way into the log, or out of it.
#[derive(Clone, Debug, PartialEq)]
pub struct LogEntry {
    pub position: Position,
    pub event_type: EventType,
    pub task_id: TaskId,
    /// The event's JSON, as watchers read it.
    pub json: String,
}

/// An event to be written, with what filters need to know of its task before and after it.
#[derive(Clone, Debug)]
pub struct NewEntry {
    pub entry: Arc<LogEntry>,
    /// The task as the event left it.
    pub after: EntryFacets,
    /// The task as the event found it, where that differs.
    pub before: Option<EntryFacets>,
    pub task_seq: Position,
}

/// What filters look at, kept with each event because the task moves on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryFacets {
    pub queue: Arc<str>,
    pub kind: Arc<str>,
    pub state: State,
    pub labels: Arc<Labels>,
    pub parent: Option<TaskId>,
    pub error_type: Option<String>,
}

impl EntryFacets {
    /// As a filter takes them.
    pub fn of<'a>(&'a self, id: &'a TaskId) -> Facets<'a> {
        Facets {
            id,
            queue: &self.queue,
            kind: &self.kind,
            state: self.state,
            labels: &self.labels,
            parent: self.parent.as_ref(),
            error_type: self.error_type.as_deref(),
        }
    }
}

impl NewEntry {
    /// What the event means to who watches by `filters`.
    pub fn verdict(&self, filters: &Filters) -> Verdict {
        let id = &self.entry.task_id;
        filters.verdict(self.before.as_ref().map(|before| before.of(id)), self.after.of(id))
    }
}

/// What a batch must see before it can be decided.
#[derive(Debug, Default)]
pub struct Needs {
    pub tasks: BTreeSet<TaskId>,
    pub keys: BTreeSet<KeyName>,
    pub bodies: BTreeSet<(Position, Slot)>,
    pub queues: BTreeSet<String>,
    pub schedules: BTreeSet<ScheduleId>,
    pub kinds: BTreeSet<String>,
}

impl Needs {
    pub fn is_empty(&self) -> bool {
        self.tasks.is_empty()
            && self.keys.is_empty()
            && self.bodies.is_empty()
            && self.queues.is_empty()
            && self.schedules.is_empty()
            && self.kinds.is_empty()
    }
}

/// What a store found of [`Needs`].
#[derive(Debug, Default)]
pub struct Loaded {
    pub tasks: Vec<Arc<Task>>,
    pub keys: Vec<(KeyName, KeyEntry)>,
    pub bodies: Vec<((Position, Slot), RawJson)>,
    pub queues: Vec<Queue>,
    pub schedules: Vec<Schedule>,
    pub kinds: Vec<Kind>,
    /// Tasks that are not there, and when they were deleted, as long as that is remembered.
    pub graves: Vec<(TaskId, Timestamp)>,
}

/// A row that was there before.
#[derive(Debug)]
pub struct Updated {
    pub before: Arc<Task>,
    pub after: Arc<Task>,
}

/// What one transaction changes.
#[derive(Debug, Default)]
pub struct Changes {
    pub inserted: Vec<Arc<Task>>,
    pub updated: Vec<Updated>,
    pub deleted: Vec<(Position, TaskId)>,
    /// `None` removes the body.
    pub bodies: Vec<(Position, Slot, Option<RawJson>)>,
    pub events: Vec<Arc<NewEntry>>,
    pub keys: Vec<(KeyName, KeyEntry)>,
    pub counts: BTreeMap<CountKey, i64>,
    pub queues: Vec<Queue>,
    pub schedules: Vec<Schedule>,
    pub deleted_schedules: Vec<ScheduleId>,
    pub kinds: Vec<Kind>,
    pub deleted_kinds: Vec<String>,
    /// Waits that are over, and then those that began.
    pub ended_waits: Vec<Edge>,
    pub begun_waits: Vec<Edge>,
    pub releases: Vec<Release>,
    /// Those that have reached everybody, by their `at`.
    pub ended_releases: Vec<Position>,
    pub webhooks: Vec<Webhook>,
    pub deleted_webhooks: Vec<WebhookId>,
    /// Quickstart's submitted names.
    pub names: Vec<String>,
    /// Positions of events that go.
    pub dropped: Vec<Position>,
    /// By queue: events up to here that a watcher may have wanted are no longer all there.
    pub trimmed: BTreeMap<String, Position>,
    /// Tasks that were deleted.
    pub tombstones: Vec<Tombstone>,
    /// Tombstones that go, by their position.
    pub forgotten: Vec<Position>,
    /// The position the next event will have.
    pub next_position: Position,
}

/// The writer's side. Every method runs on the writer's thread; a transaction is open between
/// `begin` and `commit` or `rollback`, and sees its own writes.
pub trait Store: Send {
    fn epoch(&self) -> Epoch;
    /// The position the next event will have, as committed.
    fn next_position(&mut self) -> Result<Position, StoreError>;
    fn begin(&mut self) -> Result<(), StoreError>;
    /// Everything in `needs`, as this transaction sees it; what is not there is not in the answer.
    fn load(&mut self, needs: &Needs) -> Result<Loaded, StoreError>;
    /// The next tasks `worker` may lease, best first: highest priority, then longest queued; of
    /// each queue at most as many as stand beside its name. Parked tasks are not among them.
    fn ready(
        &mut self,
        queues: &[(String, usize)],
        kinds: &[String],
        worker: &str,
        limit: usize,
    ) -> Result<Vec<Arc<Task>>, StoreError>;
    /// How many tasks of a concurrency key are ready or running, counted up to `limit`.
    fn taken(&mut self, queue: &str, key: &str, limit: usize) -> Result<usize, StoreError>;
    /// The next parked tasks of a concurrency key, best first.
    fn parked(&mut self, queue: &str, key: &str, limit: usize) -> Result<Vec<Task>, StoreError>;
    /// Concurrency keys that have parked tasks, in order, after one.
    fn parked_keys(
        &mut self,
        queue: &str,
        after: &str,
        limit: usize,
    ) -> Result<Vec<String>, StoreError>;
    /// A queue whose keys are to be looked at after its limit was raised.
    fn unparking(&mut self) -> Result<Option<Queue>, StoreError>;
    /// How many tasks of a concurrency key run.
    fn running_of(&mut self, queue: &str, key: &str) -> Result<usize, StoreError>;
    /// How many tasks of a queue run.
    fn running_in(&mut self, queue: &str) -> Result<u64, StoreError>;
    /// Schedules whose `next_run_at` is not after `wall`.
    fn due_schedules(&mut self, wall: Timestamp, limit: usize)
    -> Result<Vec<Schedule>, StoreError>;
    /// After a start: all webhooks, because the writer keeps them.
    fn webhooks(&mut self) -> Result<Vec<Webhook>, StoreError>;
    /// Running tasks whose `due_at` is not after `steady`, waiting ones whose is not after `wall`, and any
    /// not done whose deadline is not.
    fn due(
        &mut self,
        steady: Timestamp,
        wall: Timestamp,
        limit: usize,
    ) -> Result<Vec<Task>, StoreError>;
    /// Tasks with something that is still to reach their children.
    fn spreading(&mut self, limit: usize) -> Result<Vec<Task>, StoreError>;
    /// The children of a task that its mark reaches next, by `seq`.
    fn children(
        &mut self,
        parent: &TaskId,
        spread: &Spread,
        limit: usize,
    ) -> Result<Vec<Task>, StoreError>;
    /// The tasks that wait for one, of the waits that began before a position; in their order.
    fn dependents(
        &mut self,
        dependency: Position,
        before: Position,
        limit: usize,
    ) -> Result<Vec<Task>, StoreError>;
    /// Ends of tasks that are still to reach those who wait for them, in their order.
    fn releases(&mut self, limit: usize) -> Result<Vec<Release>, StoreError>;
    /// Tasks whose children's counters are still to be told, by when.
    fn untold(&mut self, limit: usize) -> Result<Vec<Task>, StoreError>;
    /// After a start: every running task, in pages by `seq`, so that its lease can begin anew.
    fn running(&mut self, after: Position, limit: usize) -> Result<Vec<Task>, StoreError>;
    /// Removes keys that ended before `wall`, at most `limit`.
    fn forget_keys(&mut self, wall: Timestamp, limit: usize) -> Result<(), StoreError>;
    /// Done tasks whose `due_at` is not after `wall`.
    fn outlived(&mut self, wall: Timestamp, limit: usize) -> Result<Vec<Task>, StoreError>;
    /// Queues with a retention, by name, after one.
    fn retaining(&mut self, after: &str, limit: usize) -> Result<Vec<Queue>, StoreError>;
    /// Tasks of a queue that are done, by where in the log they ended, after a position.
    fn ended(
        &mut self,
        queue: &str,
        after: Position,
        limit: usize,
    ) -> Result<Vec<Task>, StoreError>;
    /// The places and types of a task's events, after a position.
    fn events_of(
        &mut self,
        seq: Position,
        after: Position,
        limit: usize,
    ) -> Result<Vec<(Position, EventType)>, StoreError>;
    /// Tasks that were deleted at `wall` or before.
    fn tombstones(&mut self, wall: Timestamp, limit: usize) -> Result<Vec<Tombstone>, StoreError>;
    fn write(&mut self, changes: &Changes) -> Result<(), StoreError>;
    fn commit(&mut self) -> Result<(), StoreError>;
    fn rollback(&mut self);
    /// Outside a transaction: writes something of some size and takes it away again, to learn whether
    /// the disk takes writes.
    fn probe(&mut self) -> Result<(), StoreError>;
    /// Moves what was committed from the write-ahead log to its place, when it is time.
    fn maintain(&mut self) -> Result<(), StoreError>;
}

/// A queue, and what is in it.
#[derive(Clone, Debug, PartialEq)]
pub struct QueueStatus {
    pub name: String,
    /// What is set for it, if anything is.
    pub queue: Option<Queue>,
    pub counts: BTreeMap<State, u64>,
    /// How many of the queued ones are parked.
    pub parked: u64,
    /// Since when the longest waiting of those waits that any worker may lease.
    pub oldest_queued_at: Option<Timestamp>,
}

/// A task somebody works on.
#[derive(Clone, Debug, PartialEq)]
pub struct RunningTask {
    pub id: TaskId,
    pub kind: String,
    pub queue: String,
    pub attempt: Attempt,
    pub percent: Option<f64>,
    pub stalled: bool,
    /// When its lease was renewed last.
    pub reported_at: Timestamp,
}

/// A page of a list.
#[derive(Debug, Default)]
pub struct TaskPage {
    /// As carried in lists: without input, without long outputs.
    pub items: Vec<TaskView>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<Position>,
}

/// A page of a list of ids.
#[derive(Debug, Default)]
pub struct IdPage {
    pub items: Vec<TaskId>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<Position>,
}

/// What a list is about beside its filter.
#[derive(Clone, Debug, Default)]
pub struct ListQuery {
    pub filter: Filter,
    /// The schedule that submitted them.
    pub schedule: Option<ScheduleId>,
    pub created_after: Option<Timestamp>,
    pub created_before: Option<Timestamp>,
    /// A part of the id or kind, whatever the case.
    pub text: Option<String>,
    /// Newest first: tasks with a `seq` below this.
    pub below: Option<Position>,
    pub limit: usize,
}

/// The part of the log somebody reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// One task's events.
    Task { id: TaskId, seq: Position },
    /// Those of all tasks that any of the filters matches.
    Filters(Filters),
}

impl Selection {
    /// The row of the task, if it is one task's.
    pub fn task_seq(&self) -> Option<Position> {
        match self {
            Selection::Task { seq, .. } => Some(*seq),
            Selection::Filters(_) => None,
        }
    }
}

/// A piece of the log.
#[derive(Debug, Default)]
pub struct LogPage {
    /// In order; `Verdict::Left` stands for a task that leaves the filter with that event.
    pub entries: Vec<(Arc<LogEntry>, Verdict)>,
    /// Everything up to here was looked at: the cursor to go on from.
    pub through: Position,
    /// Whether the end of the log was reached.
    pub at_end: bool,
    /// Whether events that may have been wanted are gone after where it was to begin.
    pub trimmed: bool,
}

/// The reader's side: consistent, and never in the writer's way. All methods block for as long as a
/// disk takes.
pub trait Reads: Send + Sync {
    fn epoch(&self) -> Epoch;
    /// The position of the last committed event.
    fn log_end(&self) -> Result<Position, StoreError>;
    /// Whether events of `what` after a position may be gone that a watcher would have wanted.
    fn trimmed(&self, what: &Selection, after: Position) -> Result<bool, StoreError>;
    /// What is remembered of a task that was deleted last under this id.
    fn tombstone(&self, id: &TaskId) -> Result<Option<Tombstone>, StoreError>;
    /// One task, whole, with its row's `seq`.
    fn task(&self, id: &TaskId) -> Result<Option<(Position, TaskView)>, StoreError>;
    fn list(&self, query: &ListQuery) -> Result<TaskPage, StoreError>;
    /// The same tasks by their ids only, which is cheaper.
    fn ids(&self, query: &ListQuery) -> Result<IdPage, StoreError>;
    /// At most `limit` entries after `after`, looking at no more than 10,000.
    fn log(&self, what: &Selection, after: Position, limit: usize) -> Result<LogPage, StoreError>;
    /// The last `tail` lines a task wrote, oldest first.
    fn logs(&self, seq: Position, tail: usize) -> Result<Vec<crate::domain::LogLine>, StoreError>;
    /// What a task wrote behind a position, oldest first: the lines of each event, of as many events as
    /// have at least `limit` lines.
    fn log_lines(
        &self,
        seq: Position,
        after: Position,
        limit: usize,
    ) -> Result<Vec<(Position, Vec<crate::domain::LogLine>)>, StoreError>;
    fn key(&self, name: &KeyName) -> Result<Option<KeyEntry>, StoreError>;
    fn counts(&self) -> Result<BTreeMap<CountKey, u64>, StoreError>;
    /// Queues with settings or tasks, by name, after one.
    fn queues(&self, after: &str, limit: usize) -> Result<Vec<QueueStatus>, StoreError>;
    fn queue(&self, name: &str) -> Result<Option<QueueStatus>, StoreError>;
    /// Schedules by id, after one.
    fn schedules(&self, after: &str, limit: usize) -> Result<Vec<Schedule>, StoreError>;
    fn schedule(&self, id: &ScheduleId) -> Result<Option<Schedule>, StoreError>;
    /// Kinds by name, after one.
    fn kinds(&self, after: &str, limit: usize) -> Result<Vec<Kind>, StoreError>;
    fn kind(&self, name: &str) -> Result<Option<Kind>, StoreError>;
    /// Webhooks by id, after one.
    fn webhooks(&self, after: &str, limit: usize) -> Result<Vec<Webhook>, StoreError>;
    fn webhook(&self, id: &WebhookId) -> Result<Option<Webhook>, StoreError>;
    /// A task's attempts, oldest first; the last one may be running.
    fn attempts(&self, id: &TaskId) -> Result<Option<Vec<Attempt>>, StoreError>;
    /// Up to `limit` running tasks.
    fn running_tasks(&self, limit: usize) -> Result<Vec<RunningTask>, StoreError>;
    /// Quickstart's submitted names, newest first.
    fn names(&self, limit: usize) -> Result<Vec<String>, StoreError>;
}
