//! A log in memory, written by a test one event at a time.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::{
    domain::{
        Attempt, Cursor, Epoch, Event, EventBody, EventType, Filters, Kind, LogLevel, LogLine,
        Position, Progress, Schedule, ScheduleId, Shown, State, Task, TaskError, TaskId, TaskView,
        Timestamp, Tombstone, Verdict,
        filter::Facets,
        task::Bodies,
        webhook::{Webhook, WebhookId},
    },
    store::{
        CountKey, EntryFacets, IdPage, KeyEntry, KeyName, ListQuery, LogEntry, LogPage, NewEntry,
        QueueStatus, Reads, RunningTask, Selection, StoreError, TaskPage,
    },
    stream::{hub::Hub, log::Log},
};

pub const EPOCH: Epoch = Epoch(0xabcd_0123);
const NOW: Timestamp = Timestamp(1_790_000_000_000);

type Meanwhile = Box<dyn FnOnce(&Script) + Send>;

#[derive(Clone)]
pub struct Script {
    state: Arc<Mutex<Written>>,
    hub: Hub,
    /// Whether the events are handed to the ring as well.
    ring: bool,
    meanwhile: Arc<Mutex<VecDeque<Meanwhile>>>,
}

#[derive(Default)]
struct Written {
    entries: Vec<(Arc<LogEntry>, Position, Option<EntryFacets>, EntryFacets)>,
    tasks: BTreeMap<TaskId, (Task, Option<TaskError>)>,
    keys: BTreeMap<KeyName, KeyEntry>,
    trimmed_to: Position,
    broken: bool,
}

pub fn id(text: &str) -> TaskId {
    TaskId::parse(text).expect("an id")
}

pub fn cursor(position: Position) -> Option<String> {
    Some(Cursor { epoch: EPOCH, position }.to_string())
}

impl Script {
    pub fn new() -> Self {
        Script { state: Arc::default(), hub: Hub::new(0), ring: false, meanwhile: Arc::default() }
    }

    /// One whose events are read from memory, as a server's are.
    pub fn with_ring() -> Self {
        Script { ring: true, ..Script::new() }
    }

    pub fn log(&self) -> Log {
        Log::new(Arc::new(self.clone()), self.hub.clone())
    }

    fn written(&self) -> MutexGuard<'_, Written> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn create(&self, task: &str) -> Position {
        self.create_with(task, |_| {})
    }

    pub fn create_with(&self, task: &str, change: impl FnOnce(&mut Task)) -> Position {
        let mut written = self.written();
        let mut row = new_task(id(task), written.entries.len() as Position + 1);
        change(&mut row);
        written.tasks.insert(row.id.clone(), (row, None));
        drop(written);
        self.change(task, EventType::Queued, |_| {})
    }

    /// What happens to a task, with the state that goes with it.
    pub fn happen(&self, task: &str, what: EventType) -> Position {
        self.change(task, what, |row| {
            row.state = match what {
                EventType::Scheduled => State::Scheduled,
                EventType::Queued => State::Queued,
                EventType::Started => State::Running,
                EventType::Retrying => State::Retrying,
                EventType::Succeeded => State::Succeeded,
                EventType::Failed => State::Failed,
                EventType::Cancelled => State::Cancelled,
                _ => row.state,
            };
        })
    }

    pub fn progress(&self, task: &str, percent: f64) -> Position {
        self.change(task, EventType::Progress, |row| {
            row.progress =
                Some(Progress { percent: Some(percent), updated_at: NOW, ..Progress::default() });
        })
    }

    pub fn change(&self, task: &str, what: EventType, change: impl FnOnce(&mut Task)) -> Position {
        let mut written = self.written();
        let position = written.entries.len() as Position + 1;
        let (row, error) = written.tasks.get_mut(&id(task)).expect("a task of the script");
        let before = (row.seq != position).then(|| facets(row));
        change(row);
        row.cursor = position;
        *error = match row.state {
            State::Failed => Some(TaskError::new("broken", "It broke\r\nin two")),
            State::Cancelled => Some(TaskError::new(TaskError::CANCELLED, "Somebody cancelled it")),
            _ => None,
        };
        let event = event(row, error.clone(), what);
        let entry = Arc::new(LogEntry {
            position,
            event_type: what,
            task_id: row.id.clone(),
            json: event.json(),
        });
        let (seq, after) = (row.seq, facets(row));
        let event = NewEntry {
            entry: entry.clone(),
            before: before.clone(),
            after: after.clone(),
            task_seq: seq,
        };
        written.entries.push((entry, seq, before, after));
        if what == EventType::Deleted {
            written.tasks.remove(&id(task));
        }
        drop(written);
        // Mostly without its events, so that each read is one of the store.
        let events: &[_] = if self.ring { &[Arc::new(event)] } else { &[] };
        self.hub.committed(position, &[id(task)], events);
        position
    }

    pub fn key(&self, name: KeyName, task: &str) {
        let entry = KeyEntry {
            request_hash: String::new(),
            tasks: [id(task)].into(),
            at: NOW,
            expires_at: None,
        };
        self.written().keys.insert(name, entry);
    }

    pub fn trim(&self, trimmed_to: Position) {
        self.written().trimmed_to = trimmed_to;
    }

    pub fn break_disk(&self) {
        self.written().broken = true;
    }

    /// Done at the next reading of a page, before it: what others commit meanwhile.
    pub fn meanwhile(&self, what: impl FnOnce(&Script) + Send + 'static) {
        let mut meanwhile = self.meanwhile.lock().unwrap_or_else(PoisonError::into_inner);
        meanwhile.push_back(Box::new(what));
    }

    fn page_is_read(&self) -> Result<(), StoreError> {
        let next = self.meanwhile.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        if let Some(what) = next {
            what(self);
        }
        self.disk()
    }

    fn disk(&self) -> Result<(), StoreError> {
        if self.written().broken { Err(StoreError::Io("no disk".into())) } else { Ok(()) }
    }
}

impl Reads for Script {
    fn epoch(&self) -> Epoch {
        EPOCH
    }

    fn log_end(&self) -> Result<Position, StoreError> {
        self.disk()?;
        Ok(self.written().entries.len() as Position)
    }

    fn queues(&self, _: &str, _: usize) -> Result<Vec<QueueStatus>, StoreError> {
        Ok(Vec::new())
    }

    fn queue(&self, _: &str) -> Result<Option<QueueStatus>, StoreError> {
        Ok(None)
    }

    fn schedules(&self, _: &str, _: usize) -> Result<Vec<Schedule>, StoreError> {
        Ok(Vec::new())
    }

    fn schedule(&self, _: &ScheduleId) -> Result<Option<Schedule>, StoreError> {
        Ok(None)
    }

    fn webhooks(&self, _: &str, _: usize) -> Result<Vec<Webhook>, StoreError> {
        Ok(Vec::new())
    }

    fn webhook(&self, _: &WebhookId) -> Result<Option<Webhook>, StoreError> {
        Ok(None)
    }

    fn kinds(&self, _: &str, _: usize) -> Result<Vec<Kind>, StoreError> {
        Ok(Vec::new())
    }

    fn kind(&self, _: &str) -> Result<Option<Kind>, StoreError> {
        Ok(None)
    }

    fn attempts(&self, _: &TaskId) -> Result<Option<Vec<Attempt>>, StoreError> {
        Ok(None)
    }

    fn running_tasks(&self, _: usize) -> Result<Vec<RunningTask>, StoreError> {
        Ok(Vec::new())
    }

    fn trimmed(&self, what: &Selection, after: Position) -> Result<bool, StoreError> {
        let trimmed_to = self.written().trimmed_to;
        Ok(match what {
            Selection::Task { seq, .. } => after.max(seq.saturating_sub(1)) < trimmed_to,
            Selection::Filters(_) => after < trimmed_to,
        })
    }

    fn tombstone(&self, id: &TaskId) -> Result<Option<Tombstone>, StoreError> {
        let written = self.written();
        let deleted =
            |entry: &LogEntry| entry.task_id == *id && entry.event_type == EventType::Deleted;
        let last = written.entries.iter().rev().find(|(entry, ..)| deleted(entry));
        Ok(last.map(|(entry, seq, ..)| Tombstone {
            position: entry.position,
            seq: *seq,
            id: id.clone(),
            queue: "default".to_owned(),
            at: NOW,
            trimmed_to: 0,
        }))
    }

    fn task(&self, id: &TaskId) -> Result<Option<(Position, TaskView)>, StoreError> {
        let written = self.written();
        Ok(written.tasks.get(id).map(|(row, error)| (row.seq, view(row, error.clone()))))
    }

    fn ids(&self, _: &ListQuery) -> Result<IdPage, StoreError> {
        Err(StoreError::Other("no stream asks for ids".to_owned()))
    }

    fn list(&self, query: &ListQuery) -> Result<TaskPage, StoreError> {
        self.page_is_read()?;
        let written = self.written();
        let mut rows: Vec<_> = written.tasks.values().collect();
        rows.sort_by_key(|(row, _)| std::cmp::Reverse(row.seq));
        let mut fitting: Vec<_> = rows
            .into_iter()
            .filter(|(row, _)| query.below.is_none_or(|below| row.seq < below))
            .filter(|(row, _)| query.filter.matches(facets_of(&row.id, &facets(row))))
            .collect();
        let more = fitting.len() > query.limit;
        fitting.truncate(query.limit);
        let next = fitting.last().filter(|_| more).map(|(row, _)| row.seq);
        let items = fitting.into_iter().map(|(row, error)| view(row, error.clone()).carried());
        Ok(TaskPage { items: items.collect(), next })
    }

    fn log(&self, what: &Selection, after: Position, limit: usize) -> Result<LogPage, StoreError> {
        self.page_is_read()?;
        let trimmed = self.trimmed(what, after)?;
        let written = self.written();
        let mut page = LogPage { through: after, at_end: true, trimmed, entries: Vec::new() };
        for (entry, seq, before, now) in written.entries.iter().skip(after as usize) {
            if page.entries.len() == limit {
                page.at_end = false;
                return Ok(page);
            }
            page.through = entry.position;
            let verdict = match what {
                Selection::Task { seq: wanted, .. } if wanted == seq => Verdict::Deliver,
                Selection::Task { .. } => Verdict::Skip,
                Selection::Filters(filters) => verdict(filters, entry, before.as_ref(), now),
            };
            if verdict != Verdict::Skip {
                page.entries.push((entry.clone(), verdict));
            }
        }
        Ok(page)
    }

    fn logs(&self, _: Position, _: usize) -> Result<Vec<LogLine>, StoreError> {
        Ok(Vec::new())
    }

    fn log_lines(
        &self,
        _: Position,
        _: Position,
        _: usize,
    ) -> Result<Vec<(Position, Vec<LogLine>)>, StoreError> {
        Ok(Vec::new())
    }

    fn key(&self, name: &KeyName) -> Result<Option<KeyEntry>, StoreError> {
        Ok(self.written().keys.get(name).cloned())
    }

    fn counts(&self) -> Result<BTreeMap<CountKey, u64>, StoreError> {
        Ok(BTreeMap::new())
    }

    fn names(&self, _: usize) -> Result<Vec<String>, StoreError> {
        Ok(Vec::new())
    }
}

fn verdict(
    filters: &Filters,
    entry: &LogEntry,
    before: Option<&EntryFacets>,
    after: &EntryFacets,
) -> Verdict {
    let id = &entry.task_id;
    filters.verdict(before.map(|before| facets_of(id, before)), facets_of(id, after))
}

fn facets(row: &Task) -> EntryFacets {
    EntryFacets {
        queue: row.queue.clone(),
        kind: row.kind.clone(),
        state: row.state,
        labels: row.labels.clone(),
        parent: row.parent_id.clone(),
        error_type: row.error_type.clone(),
    }
}

fn facets_of<'a>(id: &'a TaskId, facets: &'a EntryFacets) -> Facets<'a> {
    Facets {
        id,
        queue: &facets.queue,
        kind: &facets.kind,
        state: facets.state,
        labels: &facets.labels,
        parent: facets.parent.as_ref(),
        error_type: facets.error_type.as_deref(),
    }
}

fn view(row: &Task, error: Option<TaskError>) -> TaskView {
    row.view(EPOCH, Bodies { error, ..Bodies::default() })
}

fn event(row: &Task, error: Option<TaskError>, what: EventType) -> Event {
    let task = Shown::of(view(row, error));
    let body = match what {
        EventType::Scheduled => EventBody::Scheduled { task },
        EventType::Queued => EventBody::Queued { task },
        EventType::Started => EventBody::Started { task },
        EventType::Progress => {
            let progress = row.progress.clone().unwrap_or_default();
            EventBody::Progress { progress, children: None }
        }
        EventType::Log => EventBody::Log {
            lines: vec![LogLine { at: NOW, level: LogLevel::Info, text: "a line".into() }],
        },
        EventType::CancelRequested => EventBody::CancelRequested { task },
        EventType::Retrying => {
            EventBody::Retrying { error: TaskError::new("broken", "It broke"), task }
        }
        EventType::Succeeded => EventBody::Succeeded { task },
        EventType::Failed => EventBody::Failed { task },
        EventType::Cancelled => EventBody::Cancelled { task },
        EventType::Updated => EventBody::Updated { task },
        EventType::Deleted => EventBody::Deleted { task },
    };
    let cursor = Cursor { epoch: EPOCH, position: row.cursor };
    Event { body, cursor, task_id: row.id.clone(), at: NOW, attempt: row.attempt }
}

fn new_task(id: TaskId, seq: Position) -> Task {
    Task {
        seq,
        id,
        kind: "test".into(),
        queue: "default".into(),
        state: State::Queued,
        labels: Default::default(),
        priority: 0,
        only_worker: None,
        attempt: 0,
        max_attempts: 3,
        attempts_per_round: 3,
        timeout_seconds: None,
        cancel_grace_seconds: 30,
        run_at: None,
        created_at: NOW,
        started_at: None,
        updated_at: NOW,
        finished_at: None,
        parent_id: None,
        trace_parent: None,
        progress: None,
        cursor: seq,
        ready_at: seq,
        fence: 0,
        lease: None,
        cancel_requested_at: None,
        ended: None,
        due_at: None,
        request_hash: None,
        queued_at: None,
        concurrency_key: None,
        parked: false,
        deadline_at: None,
        backoff: Default::default(),
        stages: Vec::new(),
        stalled_after_seconds: None,
        retention_seconds: None,
        schedule_id: None,
        attempts: Vec::new(),
        kin: Default::default(),
        unique_key: None,
        kept: Default::default(),
        after: Default::default(),
        error_type: None,
    }
}
