//! The readers' side: short read transactions on connections of their own.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use rusqlite::{Connection, Row, TransactionBehavior, params, params_from_iter, types::Value};

use serde::Deserialize;

use super::{
    super::{
        CountKey, IdPage, KeyEntry, KeyName, ListQuery, LogEntry, LogPage, QueueStatus, Reads,
        RunningTask, Selection, Slot, StoreError, TaskPage,
    },
    connect, kinds, queues, retention,
    rows::{
        GROUP, PARKED, body, damaged, find, read_facets, readable, state_number, state_of, task,
        tasks, text,
    },
    schedules, webhooks,
    write::key,
};
use crate::domain::{
    Attempt, Epoch, EventType, Filter, Filters, Kind, LogLine, Position, Schedule, ScheduleId,
    State, Task, TaskError, TaskId, TaskView, Tombstone, Verdict,
    filter::Facets,
    task::Bodies,
    webhook::{Webhook, WebhookId},
};

/// How many rows, or entries of the log, one page looks at.
const MAX_LOOKED_AT: usize = 10_000;
/// How many connections are kept for the next reader.
const MAX_IDLE: usize = 8;

pub struct SqliteReads {
    path: PathBuf,
    epoch: Epoch,
    idle: Mutex<Vec<Connection>>,
}

impl SqliteReads {
    pub fn new(path: PathBuf, epoch: Epoch) -> Self {
        SqliteReads { path, epoch, idle: Mutex::default() }
    }

    /// Runs `query` in one read transaction, so that all of it sees one state.
    fn read<T>(
        &self,
        query: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = idle().pop();
        let mut connection = match kept {
            Some(connection) => connection,
            None => connect(&self.path, true)?,
        };
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Deferred)?;
        let result = query(&transaction)?;
        transaction.commit()?;
        let mut idle = idle();
        if idle.len() < MAX_IDLE {
            idle.push(connection);
        }
        Ok(result)
    }

    /// The task as lists carry it.
    fn carried(&self, connection: &Connection, task: &Task) -> Result<TaskView, StoreError> {
        Ok(task.view(self.epoch, outcome(connection, task)?).carried())
    }

    fn named(&self, connection: &Connection, query: &ListQuery) -> Result<TaskPage, StoreError> {
        let mut tasks = Vec::new();
        for id in &query.filter.tasks {
            tasks.extend(find(connection, id)?.filter(|task| wanted(query, task)));
        }
        tasks.sort_by_key(|task| std::cmp::Reverse(task.seq));
        tasks.dedup_by_key(|task| task.seq);
        tasks.retain(|task| query.below.is_none_or(|below| task.seq < below));
        let more = tasks.len() > query.limit;
        tasks.truncate(query.limit);
        let next = tasks.last().filter(|_| more).map(|task| task.seq);
        let items = tasks.iter().map(|task| self.carried(connection, task));
        Ok(TaskPage { items: items.collect::<Result<_, _>>()?, next })
    }

    /// Walks tasks from the newest down, by the narrowest index there is, and stops at a full page
    /// or when it has looked at enough.
    ///
    /// Returns what `take` makes of each, and where the next page begins.
    fn walked<T>(
        &self,
        connection: &Connection,
        query: &ListQuery,
        take: impl Fn(Task) -> Result<T, StoreError>,
    ) -> Result<(Vec<T>, Option<Position>), StoreError> {
        let (sql, fixed) = walk(query);
        let mut below = query.below.map_or(i64::MAX, |below| below as i64);
        let mut items = Vec::new();
        let mut looked_at = 0;
        let mut statement = connection.prepare_cached(&sql)?;
        loop {
            let chunk = (query.limit * 2).clamp(64, 1000);
            let mut parameters = vec![Value::from(below), Value::from(chunk as i64)];
            parameters.extend(fixed.iter().cloned());
            let mut rows = statement.query(params_from_iter(parameters))?;
            let mut found = 0;
            while let Some(row) = rows.next()? {
                found += 1;
                looked_at += 1;
                below = row.get(0)?;
                if may_match(&query.filter, row)? {
                    let Some(task) = readable(task(row, 4)) else { continue };
                    if query.created_after.is_some_and(|after| task.created_at <= after) {
                        // Older ones follow: `seq` rises with the time of creation.
                        return Ok((items, None));
                    }
                    if wanted(query, &task) {
                        items.push(take(task)?);
                    }
                }
                if items.len() == query.limit || looked_at == MAX_LOOKED_AT {
                    return Ok((items, Some(below as Position)));
                }
            }
            if found < chunk {
                return Ok((items, None));
            }
        }
    }
}

/// The statement that walks tasks from the newest down: ?1 is the bound, ?2 the number of rows.
fn walk(query: &ListQuery) -> (String, Vec<Value>) {
    let filter = &query.filter;
    const COLUMNS: &str = "SELECT seq, state, queue, kind, row FROM tasks";
    const ORDER: &str = "ORDER BY seq DESC LIMIT ?2";
    if let Some(parent) = &filter.parent {
        let sql = format!("{COLUMNS} WHERE parent = ?3 AND seq < ?1 {ORDER}");
        return (sql, vec![Value::from(parent.as_str().to_owned())]);
    }
    // One ordered walk a value, merged: `IN (…)` would sort all of them for each page.
    let merged = |source: &str, values: Vec<Value>| {
        let walks = (3..3 + values.len())
            .map(|at| format!("SELECT * FROM ({COLUMNS} {source} = ?{at} AND seq < ?1 {ORDER})"));
        (format!("{} {ORDER}", walks.collect::<Vec<_>>().join(" UNION ALL ")), values)
    };
    if let Some(schedule) = &query.schedule {
        let schedule = Value::from(schedule.as_str().to_owned());
        return merged("INDEXED BY tasks_by_schedule WHERE schedule", vec![schedule]);
    }
    if !filter.error_types.is_empty() {
        let mut types = filter.error_types.clone();
        types.sort_unstable();
        types.dedup();
        let types = types.into_iter().map(Value::from).collect();
        return merged("INDEXED BY tasks_by_error WHERE error_type", types);
    }
    if filter.states.is_empty() {
        return (format!("{COLUMNS} WHERE seq < ?1 {ORDER}"), Vec::new());
    }
    // Queued and running tasks stand in two places.
    let mut states: Vec<i64> = filter.states.iter().map(|state| state_number(*state)).collect();
    if filter.states.contains(&State::Queued) {
        states.push(PARKED);
    }
    if filter.states.contains(&State::Running) {
        states.push(GROUP);
    }
    merged("WHERE state", states.into_iter().map(Value::from).collect())
}

/// What can be told from the columns, before the row is parsed.
fn may_match(filter: &Filter, row: &Row<'_>) -> Result<bool, StoreError> {
    let any =
        |wanted: &[String], value: &str| wanted.is_empty() || wanted.iter().any(|one| one == value);
    let state = || -> Result<State, StoreError> { state_of(row.get(1)?) };
    Ok((filter.states.is_empty() || filter.states.contains(&state()?))
        && any(&filter.queues, text(row, 2)?)
        && any(&filter.kinds, text(row, 3)?))
}

fn wanted(query: &ListQuery, task: &Task) -> bool {
    let facets = Facets {
        id: &task.id,
        queue: &task.queue,
        kind: &task.kind,
        state: task.state,
        labels: &task.labels,
        parent: task.parent_id.as_ref(),
        error_type: task.error_type.as_deref(),
    };
    let contains = |text: &str| {
        let lower = |text: &str| text.to_lowercase();
        lower(task.id.as_str()).contains(&lower(text)) || lower(&task.kind).contains(&lower(text))
    };
    query.filter.matches(facets)
        && (query.schedule.is_none() || query.schedule == task.schedule_id)
        && query.created_after.is_none_or(|after| task.created_at > after)
        && query.created_before.is_none_or(|before| task.created_at < before)
        && query.text.as_deref().is_none_or(contains)
}

fn outcome(connection: &Connection, task: &Task) -> Result<Bodies, StoreError> {
    if !task.state.is_done() {
        return Ok(Bodies::default());
    }
    let error = body(connection, task.seq, Slot::Error)?;
    let parse = |error: crate::domain::RawJson| serde_json::from_str::<TaskError>(error.get());
    Ok(Bodies {
        output: body(connection, task.seq, Slot::Output)?,
        error: error.map(parse).transpose().map_err(damaged)?,
        ..Bodies::default()
    })
}

pub fn meta(connection: &Connection, name: &str) -> Result<Position, StoreError> {
    let mut statement = connection.prepare_cached("SELECT value FROM meta WHERE name = ?1")?;
    let value: i64 = statement.query_row([name], |row| row.get(0))?;
    Ok(value as Position)
}

fn log_end(connection: &Connection) -> Result<Position, StoreError> {
    Ok(meta(connection, "next_position")?.saturating_sub(1))
}

/// position, task_id, type, json, after, before
fn entry(row: &Row<'_>) -> Result<LogEntry, StoreError> {
    let name = text(row, 2)?;
    let event_type = EventType::parse(name)
        .ok_or_else(|| StoreError::Other(format!("{name} is no type of an event")))?;
    let id = text(row, 1)?;
    Ok(LogEntry {
        position: row.get::<_, i64>(0)? as Position,
        event_type,
        task_id: TaskId::parse(id).ok_or_else(|| damaged(format!("{id} is no task id")))?,
        json: text(row, 3)?.to_owned(),
    })
}

fn verdict(filters: &Filters, row: &Row<'_>) -> Result<Verdict, StoreError> {
    let id = text(row, 1)?;
    let id = TaskId::parse(id).ok_or_else(|| damaged(format!("{id} is no task id")))?;
    let after = read_facets(text(row, 4)?)?;
    let before = match row.get_ref(5)? {
        rusqlite::types::ValueRef::Null => None,
        _ => Some(read_facets(text(row, 5)?)?),
    };
    Ok(filters.verdict(before.as_ref().map(|before| before.of(&id)), after.of(&id)))
}

fn running_task(task: Task) -> Option<RunningTask> {
    let attempt = task.running_attempt()?;
    let lease = task.lease?;
    let seconds = i64::try_from(lease.seconds).unwrap_or(i64::MAX);
    Some(RunningTask {
        percent: task.progress.as_ref().and_then(|progress| progress.percent),
        stalled: task.progress.as_ref().is_some_and(|progress| progress.stalled),
        reported_at: lease.expires_at.plus_milliseconds(seconds.saturating_mul(-1000)),
        id: task.id,
        kind: task.kind.to_string(),
        queue: task.queue.to_string(),
        attempt,
    })
}

/// What is read back of a `task.log` event.
#[derive(Deserialize)]
struct LogEvent {
    lines: Vec<LogLine>,
}

impl Reads for SqliteReads {
    fn epoch(&self) -> Epoch {
        self.epoch
    }

    fn log_end(&self) -> Result<Position, StoreError> {
        self.read(log_end)
    }

    fn trimmed(&self, what: &Selection, after: Position) -> Result<bool, StoreError> {
        self.read(|connection| retention::trimmed(connection, what, after))
    }

    fn tombstone(&self, id: &TaskId) -> Result<Option<Tombstone>, StoreError> {
        self.read(|connection| retention::tombstone(connection, id))
    }

    fn task(&self, id: &TaskId) -> Result<Option<(Position, TaskView)>, StoreError> {
        self.read(|connection| {
            let Some(task) = find(connection, id)? else { return Ok(None) };
            let input = body(connection, task.seq, Slot::Input)?;
            let bodies = Bodies { input, ..outcome(connection, &task)? };
            Ok(Some((task.seq, task.view(self.epoch, bodies))))
        })
    }

    fn list(&self, query: &ListQuery) -> Result<TaskPage, StoreError> {
        self.read(|connection| {
            if query.filter.tasks.is_empty() {
                let carried = |task: Task| self.carried(connection, &task);
                let (items, next) = self.walked(connection, query, carried)?;
                Ok(TaskPage { items, next })
            } else {
                self.named(connection, query)
            }
        })
    }

    fn ids(&self, query: &ListQuery) -> Result<IdPage, StoreError> {
        self.read(|connection| {
            let (items, next) = self.walked(connection, query, |task| Ok(task.id))?;
            Ok(IdPage { items, next })
        })
    }

    fn log(&self, what: &Selection, after: Position, limit: usize) -> Result<LogPage, StoreError> {
        self.read(|connection| {
            let end = log_end(connection)?;
            // In one transaction with what is read: it is trimmed while somebody reads.
            let trimmed = retention::trimmed(connection, what, after)?;
            let mut page =
                LogPage { through: end.max(after), at_end: true, trimmed, entries: Vec::new() };
            let (sql, seq, most) = match what {
                Selection::Task { seq, .. } => (
                    "SELECT position, task_id, type, json FROM events \
                     WHERE task_seq = ?3 AND position > ?1 ORDER BY position LIMIT ?2",
                    *seq as i64,
                    limit,
                ),
                Selection::Filters(_) => (
                    "SELECT position, task_id, type, json, after, before FROM events \
                     WHERE position > ?1 AND ?3 = 0 ORDER BY position LIMIT ?2",
                    0,
                    MAX_LOOKED_AT,
                ),
            };
            let mut statement = connection.prepare_cached(sql)?;
            let mut rows = statement.query(params![after as i64, most as i64, seq])?;
            let mut looked_at = 0;
            while let Some(row) = rows.next()? {
                looked_at += 1;
                let verdict = match what {
                    Selection::Task { .. } => Verdict::Deliver,
                    Selection::Filters(filters) => verdict(filters, row)?,
                };
                if verdict != Verdict::Skip {
                    page.entries.push((Arc::new(entry(row)?), verdict));
                }
                if looked_at == most || page.entries.len() == limit {
                    let position: i64 = row.get(0)?;
                    page.through = position as Position;
                    page.at_end = page.through >= end;
                    break;
                }
            }
            Ok(page)
        })
    }

    fn logs(&self, seq: Position, tail: usize) -> Result<Vec<LogLine>, StoreError> {
        self.read(|connection| {
            let sql = "SELECT json FROM events WHERE task_seq = ?1 AND type = 'task.log' \
                       ORDER BY position DESC";
            let mut statement = connection.prepare_cached(sql)?;
            let mut rows = statement.query([seq as i64])?;
            let mut newest_first = Vec::new();
            while newest_first.len() < tail {
                let Some(row) = rows.next()? else { break };
                let event: LogEvent = serde_json::from_str(text(row, 0)?).map_err(damaged)?;
                newest_first.extend(event.lines.into_iter().rev());
            }
            newest_first.truncate(tail);
            newest_first.reverse();
            Ok(newest_first)
        })
    }

    fn log_lines(
        &self,
        seq: Position,
        after: Position,
        limit: usize,
    ) -> Result<Vec<(Position, Vec<LogLine>)>, StoreError> {
        self.read(|connection| {
            let sql = "SELECT position, json FROM events WHERE task_seq = ?1 AND type = 'task.log' \
                       AND position > ?2 ORDER BY position";
            let mut statement = connection.prepare_cached(sql)?;
            let mut rows = statement.query([seq as i64, after as i64])?;
            let (mut found, mut count) = (Vec::new(), 0);
            while count < limit {
                let Some(row) = rows.next()? else { break };
                let event: LogEvent = serde_json::from_str(text(row, 1)?).map_err(damaged)?;
                count += event.lines.len();
                found.push((row.get::<_, i64>(0)? as Position, event.lines));
            }
            Ok(found)
        })
    }

    fn key(&self, name: &KeyName) -> Result<Option<KeyEntry>, StoreError> {
        self.read(|connection| key(connection, name))
    }

    fn counts(&self) -> Result<BTreeMap<CountKey, u64>, StoreError> {
        self.read(|connection| {
            let sql = "SELECT queue, kind, state, tasks FROM counts WHERE tasks > 0";
            let mut statement = connection.prepare_cached(sql)?;
            let mut rows = statement.query([])?;
            let mut counts = BTreeMap::new();
            while let Some(row) = rows.next()? {
                let number = row.get(2)?;
                let key = CountKey {
                    queue: row.get(0)?,
                    kind: row.get(1)?,
                    state: state_of(number)?,
                    apart: matches!(number, PARKED | GROUP),
                };
                counts.insert(key, row.get::<_, i64>(3)? as u64);
            }
            Ok(counts)
        })
    }

    fn queues(&self, after: &str, limit: usize) -> Result<Vec<QueueStatus>, StoreError> {
        self.read(|connection| {
            let names = queues::names(connection, after, limit)?;
            let found = names.iter().map(|name| queues::status(connection, name));
            Ok(found.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
        })
    }

    fn queue(&self, name: &str) -> Result<Option<QueueStatus>, StoreError> {
        self.read(|connection| queues::status(connection, name))
    }

    fn schedules(&self, after: &str, limit: usize) -> Result<Vec<Schedule>, StoreError> {
        self.read(|connection| schedules::page(connection, after, limit))
    }

    fn schedule(&self, id: &ScheduleId) -> Result<Option<Schedule>, StoreError> {
        self.read(|connection| schedules::schedule(connection, id))
    }

    fn webhooks(&self, after: &str, limit: usize) -> Result<Vec<Webhook>, StoreError> {
        self.read(|connection| webhooks::page(connection, after, limit))
    }

    fn webhook(&self, id: &WebhookId) -> Result<Option<Webhook>, StoreError> {
        self.read(|connection| webhooks::webhook(connection, id))
    }

    fn kinds(&self, after: &str, limit: usize) -> Result<Vec<Kind>, StoreError> {
        self.read(|connection| kinds::page(connection, after, limit))
    }

    fn kind(&self, name: &str) -> Result<Option<Kind>, StoreError> {
        self.read(|connection| kinds::kind(connection, name))
    }

    fn attempts(&self, id: &TaskId) -> Result<Option<Vec<Attempt>>, StoreError> {
        self.read(|connection| {
            let Some(task) = find(connection, id)? else { return Ok(None) };
            let running = task.running_attempt();
            Ok(Some(task.attempts.into_iter().chain(running).collect()))
        })
    }

    fn running_tasks(&self, limit: usize) -> Result<Vec<RunningTask>, StoreError> {
        self.read(|connection| {
            let sql = "SELECT row FROM tasks WHERE state = 2 ORDER BY seq LIMIT ?1";
            let running = tasks(connection, sql, [limit as i64])?;
            Ok(running.into_iter().filter_map(running_task).collect())
        })
    }

    fn names(&self, limit: usize) -> Result<Vec<String>, StoreError> {
        self.read(|connection| {
            let sql = "SELECT name FROM names ORDER BY place DESC LIMIT ?1";
            let mut statement = connection.prepare_cached(sql)?;
            let mut rows = statement.query([limit as i64])?;
            let mut names = Vec::new();
            while let Some(row) = rows.next()? {
                names.push(serde_json::from_str(text(row, 0)?).map_err(damaged)?);
            }
            Ok(names)
        })
    }
}
