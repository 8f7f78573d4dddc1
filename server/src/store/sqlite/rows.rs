//! Between rows and the words of the domain.

use rusqlite::{Row, types::ValueRef};
use serde::{Deserialize, Serialize};

use super::super::{EntryFacets, Slot, StoreError};
use crate::domain::{Labels, Position, State, Task, TaskId, filter::Facets};

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

pub fn state_of(number: i64) -> Result<State, StoreError> {
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

/// A row that does not read as what this program wrote.
pub fn damaged(error: impl std::fmt::Display) -> StoreError {
    StoreError::Other(format!("a row does not read: {error}"))
}

/// [`EntryFacets`] as the log keeps them: short names, because every event has them.
#[derive(Serialize, Deserialize)]
struct StoredFacets {
    q: String,
    k: String,
    s: State,
    #[serde(skip_serializing_if = "Labels::is_empty", default)]
    l: Labels,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    p: Option<TaskId>,
}

pub fn write_facets(facets: &EntryFacets) -> Result<String, StoreError> {
    let stored = StoredFacets {
        q: facets.queue.clone(),
        k: facets.kind.clone(),
        s: facets.state,
        l: facets.labels.clone(),
        p: facets.parent.clone(),
    };
    serde_json::to_string(&stored).map_err(damaged)
}

pub fn read_facets(text: &str) -> Result<EntryFacets, StoreError> {
    let stored: StoredFacets = serde_json::from_str(text).map_err(damaged)?;
    Ok(EntryFacets {
        queue: stored.q,
        kind: stored.k,
        state: stored.s,
        labels: stored.l,
        parent: stored.p,
    })
}

/// Facets as a filter takes them.
pub fn facets<'a>(id: &'a TaskId, facets: &'a EntryFacets) -> Facets<'a> {
    Facets {
        id,
        queue: &facets.queue,
        kind: &facets.kind,
        state: facets.state,
        labels: &facets.labels,
        parent: facets.parent.as_ref(),
    }
}
