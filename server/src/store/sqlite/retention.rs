//! What may go from the log and the tasks, what is remembered of it, and who would have missed it.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{
    super::{Changes, Selection, StoreError},
    read::meta,
    rows::{damaged, find, objects, task, tasks, text},
};
use crate::domain::{EventType, Filter, Position, Queue, Task, TaskId, Timestamp, Tombstone};

const TOMBSTONE: &str = "SELECT position, task_seq, task_id, queue, at, trimmed_to FROM tombstones";

pub fn outlived(
    connection: &Connection,
    wall: Timestamp,
    limit: usize,
) -> Result<Vec<Task>, StoreError> {
    let sql = "SELECT row FROM tasks INDEXED BY tasks_due_done \
               WHERE due_at IS NOT NULL AND state BETWEEN 4 AND 6 AND due_at <= ?1 \
               ORDER BY due_at LIMIT ?2";
    tasks(connection, sql, params![wall.0, limit as i64])
}

pub fn queues(
    connection: &Connection,
    after: &str,
    limit: usize,
) -> Result<Vec<Queue>, StoreError> {
    let sql = "SELECT row FROM queues INDEXED BY queues_retaining \
               WHERE retaining = 1 AND name > ?1 ORDER BY name LIMIT ?2";
    objects(connection, sql, params![after, limit as i64])
}

pub fn ended(
    connection: &Connection,
    queue: &str,
    after: Position,
    limit: usize,
) -> Result<Vec<Task>, StoreError> {
    let sql = "SELECT row FROM tasks INDEXED BY tasks_ended \
               WHERE queue = ?1 AND ended IS NOT NULL AND ended > ?2 ORDER BY ended LIMIT ?3";
    tasks(connection, sql, params![queue, after as i64, limit as i64])
}

pub fn events_of(
    connection: &Connection,
    seq: Position,
    after: Position,
    limit: usize,
) -> Result<Vec<(Position, EventType)>, StoreError> {
    let sql = "SELECT position, type FROM events INDEXED BY events_by_task \
               WHERE task_seq = ?1 AND position > ?2 ORDER BY position LIMIT ?3";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params![seq as i64, after as i64, limit as i64])?;
    let mut events = Vec::new();
    while let Some(row) = rows.next()? {
        let name = text(row, 1)?;
        let event_type = EventType::parse(name)
            .ok_or_else(|| damaged(format!("{name} is no type of an event")))?;
        events.push((row.get::<_, i64>(0)? as Position, event_type));
    }
    Ok(events)
}

pub fn tombstones(
    connection: &Connection,
    wall: Timestamp,
    limit: usize,
) -> Result<Vec<Tombstone>, StoreError> {
    let sql = format!(
        "{TOMBSTONE} INDEXED BY tombstones_by_time WHERE at <= ?1 ORDER BY at, position LIMIT ?2"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(params![wall.0, limit as i64])?;
    let mut stones = Vec::new();
    while let Some(row) = rows.next()? {
        stones.push(stone(row)?);
    }
    Ok(stones)
}

/// The last task that was deleted under an id.
pub fn tombstone(connection: &Connection, id: &TaskId) -> Result<Option<Tombstone>, StoreError> {
    let sql = format!("{TOMBSTONE} WHERE task_id = ?1 ORDER BY position DESC LIMIT 1");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([id.as_str()])?;
    rows.next()?.map(stone).transpose()
}

fn stone(row: &Row<'_>) -> Result<Tombstone, StoreError> {
    let id = text(row, 2)?;
    Ok(Tombstone {
        position: row.get::<_, i64>(0)? as Position,
        seq: row.get::<_, i64>(1)? as Position,
        id: TaskId::parse(id).ok_or_else(|| damaged(format!("{id} is no task id")))?,
        queue: row.get(3)?,
        at: Timestamp(row.get(4)?),
        trimmed_to: row.get::<_, i64>(5)? as Position,
    })
}

pub fn write(connection: &Connection, changes: &Changes) -> Result<(), StoreError> {
    let execute = |sql: &str, parameters: &[&dyn rusqlite::ToSql]| {
        connection.prepare_cached(sql)?.execute(parameters)
    };
    for position in &changes.dropped {
        execute("DELETE FROM events WHERE position = ?1", &[&(*position as i64)])?;
    }
    for (queue, position) in &changes.trimmed {
        let position = *position as i64;
        let sql = "INSERT INTO trimmed (queue, position) VALUES (?1, ?2) \
                   ON CONFLICT DO UPDATE SET position = max(position, ?2)";
        execute(sql, &[queue, &position])?;
        execute("UPDATE meta SET value = max(value, ?1) WHERE name = 'trimmed_to'", &[&position])?;
    }
    for stone in &changes.tombstones {
        let sql = "INSERT INTO tombstones (position, task_seq, task_id, queue, at, trimmed_to) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
                   ON CONFLICT DO UPDATE SET trimmed_to = max(trimmed_to, ?6)";
        let (position, seq) = (stone.position as i64, stone.seq as i64);
        let trimmed_to = stone.trimmed_to as i64;
        let id = stone.id.as_str();
        execute(sql, &[&position, &seq, &id, &stone.queue, &stone.at.0, &trimmed_to])?;
    }
    for position in &changes.forgotten {
        execute("DELETE FROM tombstones WHERE position = ?1", &[&(*position as i64)])?;
    }
    Ok(())
}

/// Whether events of `what` after a position may be gone that a watcher would have wanted. Nearly
/// every cursor is newer than all that was ever trimmed, so mostly this is one look.
pub fn trimmed(
    connection: &Connection,
    what: &Selection,
    after: Position,
) -> Result<bool, StoreError> {
    if meta(connection, "trimmed_to")? <= after {
        return Ok(false);
    }
    match what {
        Selection::Task { id, seq } => {
            let mut statement =
                connection.prepare_cached("SELECT row FROM tasks WHERE seq = ?1")?;
            let mut rows = statement.query([*seq as i64])?;
            if let Some(row) = rows.next()? {
                return Ok(task(row, 0)?.kept.trimmed_to > after);
            }
            let stone = tombstone(connection, id)?.filter(|stone| stone.seq == *seq);
            Ok(stone.is_none_or(|stone| stone.trimmed_to > after))
        }
        Selection::Filters(filters) => {
            for filter in &filters.0 {
                if filter_trimmed(connection, filter, after)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
    }
}

/// Whether nothing that a cursor has not seen is gone of the tasks that had this id before the one that
/// was born there.
fn is_whole_before(
    connection: &Connection,
    id: &TaskId,
    born: Option<Position>,
    after: Position,
) -> Result<bool, StoreError> {
    let sql = "SELECT min(task_seq), max(trimmed_to) FROM tombstones WHERE task_id = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let (oldest, trimmed_to): (Option<i64>, Option<i64>) =
        statement.query_row([id.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if trimmed_to.is_some_and(|trimmed_to| trimmed_to as Position > after) {
        return Ok(false);
    }
    // Before the oldest that is known there may have been one whose deletion is forgotten; hardly under
    // an id that is made anew each time.
    let oldest = oldest.map(|seq| seq as Position).or(born);
    Ok(oldest.is_some_and(|seq| seq <= after || id.is_like_random()))
}

/// A filter by tasks or queues misses nothing of others; of any other it is not told apart.
fn filter_trimmed(
    connection: &Connection,
    filter: &Filter,
    after: Position,
) -> Result<bool, StoreError> {
    if !filter.tasks.is_empty() {
        for id in &filter.tasks {
            let current = find(connection, id)?;
            if current.as_ref().is_some_and(|task| task.kept.trimmed_to > after) {
                return Ok(true);
            }
            // An older cursor may have known another task under this id.
            let born = current.map(|task| task.seq);
            if born.is_none_or(|seq| seq > after) && !is_whole_before(connection, id, born, after)?
            {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    for queue in &filter.queues {
        let mut statement =
            connection.prepare_cached("SELECT position FROM trimmed WHERE queue = ?1")?;
        let position: Option<i64> = statement.query_row([queue], |row| row.get(0)).optional()?;
        if position.is_some_and(|position| position as Position > after) {
            return Ok(true);
        }
    }
    Ok(filter.queues.is_empty())
}
