//! Kinds that somebody has said something of.

use rusqlite::{Connection, params};

use super::{
    super::StoreError,
    rows::{damaged, objects},
};
use crate::domain::Kind;

pub fn kind(connection: &Connection, name: &str) -> Result<Option<Kind>, StoreError> {
    Ok(objects(connection, "SELECT row FROM kinds WHERE name = ?1", [name])?.pop())
}

/// By name, after one.
pub fn page(connection: &Connection, after: &str, limit: usize) -> Result<Vec<Kind>, StoreError> {
    let sql = "SELECT row FROM kinds WHERE name > ?1 ORDER BY name LIMIT ?2";
    objects(connection, sql, params![after, limit as i64])
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
