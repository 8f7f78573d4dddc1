//! Schedules, and when they are due.

use rusqlite::{Connection, params};

use super::{
    super::StoreError,
    rows::{damaged, objects},
};
use crate::domain::{Schedule, ScheduleId, Timestamp};

pub fn schedule(connection: &Connection, id: &ScheduleId) -> Result<Option<Schedule>, StoreError> {
    let sql = "SELECT row FROM schedules WHERE id = ?1";
    Ok(objects(connection, sql, [id.as_str()])?.pop())
}

/// By id, after one.
pub fn page(
    connection: &Connection,
    after: &str,
    limit: usize,
) -> Result<Vec<Schedule>, StoreError> {
    let sql = "SELECT row FROM schedules WHERE id > ?1 ORDER BY id LIMIT ?2";
    objects(connection, sql, params![after, limit as i64])
}

pub fn due(
    connection: &Connection,
    wall: Timestamp,
    limit: usize,
) -> Result<Vec<Schedule>, StoreError> {
    let sql = "SELECT row FROM schedules WHERE next_run_at IS NOT NULL AND next_run_at <= ?1 \
               ORDER BY next_run_at LIMIT ?2";
    objects(connection, sql, params![wall.0, limit as i64])
}

pub fn write(connection: &Connection, schedule: &Schedule) -> Result<(), StoreError> {
    let sql = "INSERT OR REPLACE INTO schedules (id, next_run_at, row) VALUES (?1, ?2, ?3)";
    let json = serde_json::to_string(schedule).map_err(damaged)?;
    let next = schedule.next_run_at.map(|at| at.0);
    connection.prepare_cached(sql)?.execute(params![schedule.id.as_str(), next, json])?;
    Ok(())
}

pub fn delete(connection: &Connection, id: &ScheduleId) -> Result<(), StoreError> {
    connection.prepare_cached("DELETE FROM schedules WHERE id = ?1")?.execute([id.as_str()])?;
    Ok(())
}
