//! Kinds that somebody has said something of.

use rusqlite::{Connection, params};

use super::{
    super::StoreError,
    rows::{damaged, text},
};
use crate::domain::Kind;

fn find(
    connection: &Connection,
    sql: &str,
    parameters: impl rusqlite::Params,
) -> Result<Vec<Kind>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(parameters)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(serde_json::from_str(text(row, 0)?).map_err(damaged)?);
    }
    Ok(found)
}

pub fn kind(connection: &Connection, name: &str) -> Result<Option<Kind>, StoreError> {
    Ok(find(connection, "SELECT row FROM kinds WHERE name = ?1", [name])?.pop())
}

/// By name, after one.
pub fn page(connection: &Connection, after: &str, limit: usize) -> Result<Vec<Kind>, StoreError> {
    let sql = "SELECT row FROM kinds WHERE name > ?1 ORDER BY name LIMIT ?2";
    find(connection, sql, params![after, limit as i64])
}

pub fn write(connection: &Connection, kind: &Kind) -> Result<(), StoreError> {
    let sql = "INSERT OR REPLACE INTO kinds (name, row) VALUES (?1, ?2)";
    let json = serde_json::to_string(kind).map_err(damaged)?;
    connection.prepare_cached(sql)?.execute(params![kind.name, json])?;
    Ok(())
}

pub fn delete(connection: &Connection, name: &str) -> Result<(), StoreError> {
    connection.prepare_cached("DELETE FROM kinds WHERE name = ?1")?.execute([name])?;
    Ok(())
}
