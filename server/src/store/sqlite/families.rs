//! Families: whose fate is still to reach children, which children it reaches next, and whose counters
//! are still to be told.

use rusqlite::{Connection, params};

use super::{super::StoreError, rows::tasks};
use crate::domain::{
    Task, TaskId,
    family::{Spread, Spreading},
};

pub fn spreading(connection: &Connection, limit: usize) -> Result<Vec<Task>, StoreError> {
    let sql = "SELECT row FROM tasks INDEXED BY tasks_spreading WHERE spreading IS NOT NULL ORDER BY seq LIMIT ?1";
    tasks(connection, sql, [limit as i64])
}

/// The states in the first statement are the condition of the index of open children, word for word;
/// else a parent with a million children that are done would be walked for the one that is not.
pub fn children(
    connection: &Connection,
    parent: &TaskId,
    spread: &Spread,
    limit: usize,
) -> Result<Vec<Task>, StoreError> {
    let sql = match spread.what {
        Spreading::Cancel => {
            "SELECT row FROM tasks INDEXED BY tasks_open_children \
             WHERE parent IS NOT NULL AND (state < 4 OR state > 6) \
             AND parent = ?1 AND seq > ?2 AND seq < ?3 ORDER BY seq LIMIT ?4"
        }
        Spreading::Retry => {
            "SELECT row FROM tasks INDEXED BY tasks_ended_children \
             WHERE parent IS NOT NULL AND state IN (5, 6) \
             AND parent = ?1 AND seq > ?2 AND seq < ?3 ORDER BY seq LIMIT ?4"
        }
    };
    let (after, before) = (spread.after as i64, spread.before as i64);
    tasks(connection, sql, params![parent.as_str(), after, before, limit as i64])
}

pub fn untold(connection: &Connection, limit: usize) -> Result<Vec<Task>, StoreError> {
    let sql = "SELECT row FROM tasks INDEXED BY tasks_untold WHERE tell_at IS NOT NULL ORDER BY tell_at LIMIT ?1";
    tasks(connection, sql, [limit as i64])
}
