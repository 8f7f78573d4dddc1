//! Webhooks, with their secrets.

use rusqlite::{Connection, params};

use super::{
    super::StoreError,
    rows::{damaged, objects},
};
use crate::domain::webhook::{Webhook, WebhookId};

pub fn webhook(connection: &Connection, id: &WebhookId) -> Result<Option<Webhook>, StoreError> {
    Ok(objects(connection, "SELECT row FROM webhooks WHERE id = ?1", [id.as_str()])?.pop())
}

/// All of them: they are few.
pub fn all(connection: &Connection) -> Result<Vec<Webhook>, StoreError> {
    objects(connection, "SELECT row FROM webhooks ORDER BY id", [])
}

/// By id, after one.
pub fn page(
    connection: &Connection,
    after: &str,
    limit: usize,
) -> Result<Vec<Webhook>, StoreError> {
    let sql = "SELECT row FROM webhooks WHERE id > ?1 ORDER BY id LIMIT ?2";
    objects(connection, sql, params![after, limit as i64])
}

pub fn write(connection: &Connection, webhook: &Webhook) -> Result<(), StoreError> {
    let sql = "INSERT OR REPLACE INTO webhooks (id, row) VALUES (?1, ?2)";
    let json = serde_json::to_string(webhook).map_err(damaged)?;
    connection.prepare_cached(sql)?.execute(params![webhook.id.as_str(), json])?;
    Ok(())
}

pub fn delete(connection: &Connection, id: &WebhookId) -> Result<(), StoreError> {
    connection.prepare_cached("DELETE FROM webhooks WHERE id = ?1")?.execute([id.as_str()])?;
    Ok(())
}
