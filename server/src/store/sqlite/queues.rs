//! Queues: what may be leased from them, who holds places of their keys, and what they hold.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};

use super::{
    super::{QueueStatus, StoreError},
    rows::{PARKED, damaged, objects, state_of, task, tasks},
};
use crate::domain::{Position, Queue, Task, Timestamp};

/// How many places of the ready index one look at a queue's oldest task visits at most.
const MAX_LOOKS: usize = 1000;

/// A place of the index that leases are taken from.
struct Ready {
    priority: i32,
    ready_at: Position,
    seq: Position,
}

/// The best of the queues that stand in `queues` with how many of each are wanted. No row is looked at.
pub fn ready(
    connection: &Connection,
    queues: &[(String, usize)],
    kinds: &[String],
    worker: &str,
    limit: usize,
) -> Result<Vec<Position>, StoreError> {
    // The index gives the best of one kind; the best of several are merged here, so that no lease
    // reads past what it cannot take.
    let sql = "SELECT priority, ready_at, seq FROM tasks INDEXED BY tasks_ready \
               WHERE state = 1 AND queue = ?1 AND kind = ?2 AND only_worker = ?3 \
               ORDER BY priority DESC, ready_at LIMIT ?4";
    let best_first = |places: &mut Vec<Ready>, limit: usize| {
        places.sort_by_key(|place| (-place.priority, place.ready_at));
        places.dedup_by_key(|place| place.seq);
        places.truncate(limit);
    };
    let mut statement = connection.prepare_cached(sql)?;
    let mut best = Vec::new();
    for (queue, room) in queues {
        let waiting;
        let kinds = if kinds.is_empty() {
            waiting = queued_kinds(connection, queue)?;
            &waiting
        } else {
            kinds
        };
        let most = limit.min(*room);
        let mut of_queue = Vec::new();
        for kind in kinds {
            for only in ["", worker] {
                let mut rows = statement.query(params![queue, kind, only, most as i64])?;
                while let Some(row) = rows.next()? {
                    let (ready_at, seq) =
                        (row.get::<_, i64>(1)? as u64, row.get::<_, i64>(2)? as u64);
                    of_queue.push(Ready { priority: row.get(0)?, ready_at, seq });
                }
            }
        }
        best_first(&mut of_queue, most);
        best.append(&mut of_queue);
    }
    best_first(&mut best, limit);
    Ok(best.into_iter().map(|place| place.seq).collect())
}

/// The kinds that have a leasable task in `queue`.
fn queued_kinds(connection: &Connection, queue: &str) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT kind FROM counts WHERE queue = ?1 AND state = 1 AND tasks > 0";
    let mut statement = connection.prepare_cached(sql)?;
    let kinds = statement.query_map([queue], |row| row.get(0))?;
    Ok(kinds.collect::<Result<_, _>>()?)
}

pub fn taken(
    connection: &Connection,
    queue: &str,
    key: &str,
    limit: usize,
) -> Result<usize, StoreError> {
    let sql = "SELECT count(*) FROM (SELECT 1 FROM tasks WHERE queue = ?1 AND concurrency_key = ?2 \
               AND concurrency_key IS NOT NULL AND state IN (1, 2) LIMIT ?3)";
    let mut statement = connection.prepare_cached(sql)?;
    let count: i64 = statement.query_row(params![queue, key, limit as i64], |row| row.get(0))?;
    Ok(count as usize)
}

/// How many tasks of a concurrency key run.
// `state IN (1, 2)` is the condition of the index of taken places; without it, word for word, SQLite
// would not use that index.
pub fn running_of(connection: &Connection, queue: &str, key: &str) -> Result<usize, StoreError> {
    let sql = "SELECT count(*) FROM tasks WHERE queue = ?1 AND concurrency_key = ?2 \
               AND concurrency_key IS NOT NULL AND state IN (1, 2) AND state = 2";
    let mut statement = connection.prepare_cached(sql)?;
    let count: i64 = statement.query_row([queue, key], |row| row.get(0))?;
    Ok(count as usize)
}

pub fn parked(
    connection: &Connection,
    queue: &str,
    key: &str,
    limit: usize,
) -> Result<Vec<Task>, StoreError> {
    let sql = "SELECT row FROM tasks WHERE state = 7 AND queue = ?1 AND concurrency_key = ?2 \
               ORDER BY priority DESC, ready_at LIMIT ?3";
    tasks(connection, sql, params![queue, key, limit as i64])
}

pub fn parked_keys(
    connection: &Connection,
    queue: &str,
    after: &str,
    limit: usize,
) -> Result<Vec<String>, StoreError> {
    // One look a key, however many tasks stand behind it.
    let sql = "SELECT concurrency_key FROM tasks WHERE state = 7 AND queue = ?1 \
               AND concurrency_key > ?2 ORDER BY concurrency_key LIMIT 1";
    let mut statement = connection.prepare_cached(sql)?;
    let mut keys: Vec<String> = Vec::new();
    while keys.len() < limit {
        let last = keys.last().map_or(after, String::as_str);
        let next = statement.query_row([queue, last], |row| row.get(0)).optional()?;
        let Some(next) = next else { break };
        keys.push(next);
    }
    Ok(keys)
}

pub fn unparking(connection: &Connection) -> Result<Option<Queue>, StoreError> {
    Ok(objects(connection, "SELECT row FROM queues WHERE unparking = 1 LIMIT 1", [])?.pop())
}

pub fn running_in(connection: &Connection, queue: &str) -> Result<u64, StoreError> {
    let sql = "SELECT coalesce(sum(tasks), 0) FROM counts WHERE queue = ?1 AND state = 2";
    let mut statement = connection.prepare_cached(sql)?;
    let running: i64 = statement.query_row([queue], |row| row.get(0))?;
    Ok(running as u64)
}

pub fn queue(connection: &Connection, name: &str) -> Result<Option<Queue>, StoreError> {
    Ok(objects(connection, "SELECT row FROM queues WHERE name = ?1", [name])?.pop())
}

pub fn write(connection: &Connection, queue: &Queue) -> Result<(), StoreError> {
    let sql =
        "INSERT OR REPLACE INTO queues (name, unparking, row, retaining) VALUES (?1, ?2, ?3, ?4)";
    let json = serde_json::to_string(queue).map_err(damaged)?;
    let unparking = queue.unparking.is_some();
    let retaining = !queue.settings.retention.is_none();
    connection.prepare_cached(sql)?.execute(params![queue.name, unparking, json, retaining])?;
    Ok(())
}

/// Names of queues that have settings or tasks, in order, after one.
pub fn names(
    connection: &Connection,
    after: &str,
    limit: usize,
) -> Result<Vec<String>, StoreError> {
    // One look a queue, however many kinds it has seen.
    let sql = "SELECT min(name) FROM (\
               SELECT * FROM (SELECT name FROM queues WHERE name > ?1 ORDER BY name LIMIT 1) \
               UNION ALL SELECT * FROM (SELECT queue FROM counts WHERE queue > ?1 AND tasks > 0 \
               ORDER BY queue LIMIT 1))";
    let mut statement = connection.prepare_cached(sql)?;
    let mut names: Vec<String> = Vec::new();
    while names.len() < limit {
        let last = names.last().map_or(after, String::as_str);
        let Some(next) = statement.query_row([last], |row| row.get(0))? else { break };
        names.push(next);
    }
    Ok(names)
}

/// What is in a queue; nothing, if it has neither settings nor tasks.
pub fn status(connection: &Connection, name: &str) -> Result<Option<QueueStatus>, StoreError> {
    let queue = queue(connection, name)?;
    let sql = "SELECT state, sum(tasks) FROM counts WHERE queue = ?1 AND tasks > 0 GROUP BY state";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([name])?;
    let (mut counts, mut parked) = (BTreeMap::new(), 0);
    while let Some(row) = rows.next()? {
        let (number, tasks): (i64, i64) = (row.get(0)?, row.get(1)?);
        if number == PARKED {
            parked = tasks as u64;
        }
        *counts.entry(state_of(number)?).or_default() += tasks as u64;
    }
    if queue.is_none() && counts.is_empty() {
        return Ok(None);
    }
    let oldest_queued_at = oldest(connection, name)?;
    Ok(Some(QueueStatus { name: name.to_owned(), queue, counts, parked, oldest_queued_at }))
}

/// When the longest waiting task of anybody's was queued: the first of each kind and priority is the
/// oldest of its own.
fn oldest(connection: &Connection, queue: &str) -> Result<Option<Timestamp>, StoreError> {
    let sql = "SELECT priority, row FROM tasks WHERE state = 1 AND queue = ?1 AND kind = ?2 \
               AND only_worker = '' AND priority < ?3 ORDER BY priority DESC, ready_at LIMIT 1";
    let mut statement = connection.prepare_cached(sql)?;
    let mut looks = 0;
    let mut oldest: Option<Timestamp> = None;
    for kind in queued_kinds(connection, queue)? {
        let mut below = i64::from(i32::MAX);
        while looks < MAX_LOOKS {
            looks += 1;
            let mut rows = statement.query(params![queue, kind, below])?;
            let Some(row) = rows.next()? else { break };
            below = row.get(0)?;
            let task = task(row, 1)?;
            let since = task.queued_at.unwrap_or(task.created_at);
            oldest = Some(oldest.map_or(since, |oldest| oldest.min(since)));
        }
    }
    Ok(oldest)
}
