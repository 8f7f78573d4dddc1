//! Between rows and the words of the domain.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, Row, types::ValueRef};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::super::{EntryFacets, Slot, StoreError};
use crate::domain::{Labels, Position, RawJson, State, Task, TaskId};

/// The number a state has in the file. These never change.
pub fn state_number(state: State) -> i64 {
    match state {
        State::Scheduled => 0,
        State::Queued => 1,
        State::Running => 2,
        State::Retrying => 3,
        State::Succeeded => 4,
        State::Failed => 5,
        State::Cancelled => 6,
    }
}

/// Queued, but behind a full concurrency key: a number of its own keeps such a task out of the index
/// that leases are taken from.
pub const PARKED: i64 = 7;

/// Running, but a group: no worker has it, and it takes no place of what a queue may have running.
pub const GROUP: i64 = 8;

/// The number a task is stored under.
pub fn place_number(task: &Task) -> i64 {
    count_number(task.state, task.parked || task.kin.group.is_some())
}

/// The number a task is counted under.
pub fn count_number(state: State, apart: bool) -> i64 {
    match state {
        State::Queued if apart => PARKED,
        State::Running if apart => GROUP,
        state => state_number(state),
    }
}

pub fn state_of(number: i64) -> Result<State, StoreError> {
    match number {
        PARKED => return Ok(State::Queued),
        GROUP => return Ok(State::Running),
        _ => {}
    }
    State::ALL
        .into_iter()
        .find(|state| state_number(*state) == number)
        .ok_or_else(|| StoreError::Other(format!("{number} is no state of a task")))
}

/// Where a body lies.
pub fn place(seq: Position, slot: Slot) -> i64 {
    seq as i64 * 4 + slot as i64
}

/// The text of a column, borrowed from the statement.
pub fn text<'a>(row: &'a Row<'_>, column: usize) -> Result<&'a str, StoreError> {
    match row.get_ref(column)? {
        ValueRef::Text(bytes) => std::str::from_utf8(bytes).map_err(damaged),
        other => Err(StoreError::Other(format!("expected text, found {}", other.data_type()))),
    }
}

pub fn task(row: &Row<'_>, column: usize) -> Result<Task, StoreError> {
    serde_json::from_str(text(row, column)?).map_err(damaged)
}

/// One task, by its id.
pub fn find(connection: &Connection, id: &TaskId) -> Result<Option<Task>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT row FROM tasks WHERE id = ?1")?;
    let mut rows = statement.query([id.as_str()])?;
    rows.next()?.map(|row| task(row, 0)).transpose()
}

/// One body, on any connection.
pub fn body(
    connection: &Connection,
    seq: Position,
    slot: Slot,
) -> Result<Option<RawJson>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT body FROM bodies WHERE place = ?1")?;
    let text: Option<String> =
        statement.query_row([place(seq, slot)], |row| row.get(0)).optional()?;
    text.map(RawJson::parse).transpose().map_err(damaged)
}

/// The tasks a query finds; its first column is the row. One that does not read is left out, and said
/// so in the log: it must not hold up all the others.
pub fn tasks(
    connection: &Connection,
    sql: &str,
    parameters: impl rusqlite::Params,
) -> Result<Vec<Task>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(parameters)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.extend(readable(task(row, 0)));
    }
    Ok(found)
}

/// What a query finds of things that are kept as JSON, as its first column.
pub fn objects<T: DeserializeOwned>(
    connection: &Connection,
    sql: &str,
    parameters: impl rusqlite::Params,
) -> Result<Vec<T>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(parameters)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(serde_json::from_str(text(row, 0)?).map_err(damaged)?);
    }
    Ok(found)
}

/// The task, unless its row is damaged.
pub fn readable(task: Result<Task, StoreError>) -> Option<Task> {
    task.inspect_err(|error| tracing::error!(%error, "a task is left out")).ok()
}

/// A row that does not read as what this program wrote.
pub fn damaged(error: impl std::fmt::Display) -> StoreError {
    StoreError::Other(format!("a row does not read: {error}"))
}

/// [`EntryFacets`] as the log keeps them: short names, because every event has them.
#[derive(Serialize)]
struct WrittenFacets<'a> {
    q: &'a str,
    k: &'a str,
    s: State,
    #[serde(skip_serializing_if = "Option::is_none")]
    l: Option<&'a Labels>,
    #[serde(skip_serializing_if = "Option::is_none")]
    p: Option<&'a TaskId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    e: Option<&'a str>,
}

/// The same, read.
#[derive(Deserialize)]
struct ReadFacets {
    q: Arc<str>,
    k: Arc<str>,
    s: State,
    #[serde(default)]
    l: Labels,
    #[serde(default)]
    p: Option<TaskId>,
    #[serde(default)]
    e: Option<String>,
}

pub fn write_facets(facets: &EntryFacets) -> Result<String, StoreError> {
    let written = WrittenFacets {
        q: &facets.queue,
        k: &facets.kind,
        s: facets.state,
        l: Some(&*facets.labels).filter(|labels| !labels.is_empty()),
        p: facets.parent.as_ref(),
        e: facets.error_type.as_deref(),
    };
    serde_json::to_string(&written).map_err(damaged)
}

pub fn read_facets(text: &str) -> Result<EntryFacets, StoreError> {
    let ReadFacets { q, k, s, l, p, e } = serde_json::from_str(text).map_err(damaged)?;
    Ok(EntryFacets { queue: q, kind: k, state: s, labels: Arc::new(l), parent: p, error_type: e })
}
