//! Dependencies: who waits for whom, and whose end is still to reach those who wait for it.

use rusqlite::{Connection, params};

use super::{
    super::{Changes, StoreError},
    rows::{damaged, state_number, state_of, tasks, text},
};
use crate::domain::{Position, Task, TaskId, after::Release};

pub fn dependents(
    connection: &Connection,
    dependency: Position,
    before: Position,
    limit: usize,
) -> Result<Vec<Task>, StoreError> {
    // The order of a CROSS JOIN is kept: from the waits to the tasks.
    let sql = "SELECT row FROM waits CROSS JOIN tasks ON tasks.seq = waits.dependent \
               WHERE waits.dependency = ?1 AND waits.since < ?2 ORDER BY waits.since LIMIT ?3";
    tasks(connection, sql, params![dependency as i64, before as i64, limit as i64])
}

pub fn releases(connection: &Connection, limit: usize) -> Result<Vec<Release>, StoreError> {
    let sql = "SELECT at, dependency, id, state FROM releases ORDER BY at LIMIT ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([limit as i64])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let id = TaskId::parse(text(row, 2)?).ok_or_else(|| damaged("a release without an id"))?;
        found.push(Release {
            at: row.get::<_, i64>(0)? as Position,
            dependency: row.get::<_, i64>(1)? as Position,
            id,
            state: state_of(row.get(3)?)?,
        });
    }
    Ok(found)
}

pub fn write(connection: &Connection, changes: &Changes) -> Result<(), StoreError> {
    for wait in &changes.ended_waits {
        let sql = "DELETE FROM waits WHERE dependency = ?1 AND since = ?2";
        let mut statement = connection.prepare_cached(sql)?;
        statement.execute([wait.dependency as i64, wait.since as i64])?;
    }
    for wait in &changes.begun_waits {
        let sql = "INSERT INTO waits (dependency, since, dependent) VALUES (?1, ?2, ?3)";
        let mut statement = connection.prepare_cached(sql)?;
        let (since, dependent) = (wait.since as i64, wait.dependent as i64);
        statement.execute([wait.dependency as i64, since, dependent])?;
    }
    for release in &changes.releases {
        let sql = "INSERT INTO releases (at, dependency, id, state) VALUES (?1, ?2, ?3, ?4)";
        connection.prepare_cached(sql)?.execute(params![
            release.at as i64,
            release.dependency as i64,
            release.id.as_str(),
            state_number(release.state),
        ])?;
    }
    for at in &changes.ended_releases {
        let sql = "DELETE FROM releases WHERE at = ?1";
        connection.prepare_cached(sql)?.execute([*at as i64])?;
    }
    Ok(())
}
