//! The writer's way to tasks and their bodies: past what was written last, and else in the file.

use std::sync::Arc;

use rusqlite::{Connection, params};

use super::{
    super::{Slot, StoreError, Updated},
    recent::Recent,
    rows::{body, damaged, find, place, place_number, readable, task},
};
use crate::domain::{Position, RawJson, Task, TaskId, Timestamp};

#[derive(Default)]
pub struct TaskRows {
    recent: Recent,
    /// Where rows are written before they go to the file.
    row: Vec<u8>,
}

impl TaskRows {
    pub fn insert(&mut self, connection: &Connection, task: &Arc<Task>) -> Result<(), StoreError> {
        let row = written(&mut self.row, task)?;
        let sql = "INSERT INTO tasks (seq, id, queue, kind, state, only_worker, priority, ready_at, \
                   due_at, parent, concurrency_key, deadline_at, tell_at, spreading, row, ended, \
                   error_type, schedule) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, \
                   ?18)";
        execute(
            connection,
            sql,
            params![
                task.seq as i64,
                task.id.as_str(),
                task.queue,
                task.kind,
                place_number(task),
                task.only_worker.as_deref().unwrap_or(""),
                task.priority,
                task.ready_at as i64,
                task.due_at.map(|at| at.0),
                task.parent_id.as_ref().map(TaskId::as_str),
                task.concurrency_key,
                task.deadline_at.map(|at| at.0),
                task.kin.tell_at.map(|at| at.0),
                task.kin.spread.map(|_| true),
                row,
                task.end_position().map(|end| end as i64),
                task.error_type,
                task.schedule_id.as_ref().map(TaskId::as_str),
            ],
        )?;
        self.recent.inserted(task, row);
        Ok(())
    }

    pub fn update(
        &mut self,
        connection: &Connection,
        Updated { before, after: task }: &Updated,
    ) -> Result<(), StoreError> {
        let row = written(&mut self.row, task)?;
        if columns(before) == columns(task) {
            // As most reports leave it. SQLite takes a row out of each index whose columns are set and
            // puts it back, also where nothing changed.
            execute(
                connection,
                "UPDATE tasks SET row = ?2 WHERE seq = ?1",
                params![task.seq as i64, row],
            )?;
            self.recent.updated(task, row);
            return Ok(());
        }
        let sql = "UPDATE tasks SET state = ?2, priority = ?3, ready_at = ?4, due_at = ?5, \
                   deadline_at = ?6, tell_at = ?7, spreading = ?8, row = ?9, ended = ?10, \
                   error_type = ?11 WHERE seq = ?1";
        execute(
            connection,
            sql,
            params![
                task.seq as i64,
                place_number(task),
                task.priority,
                task.ready_at as i64,
                task.due_at.map(|at| at.0),
                task.deadline_at.map(|at| at.0),
                task.kin.tell_at.map(|at| at.0),
                task.kin.spread.map(|_| true),
                row,
                task.end_position().map(|end| end as i64),
                task.error_type,
            ],
        )?;
        self.recent.updated(task, row);
        Ok(())
    }

    pub fn delete(&mut self, connection: &Connection, seq: Position) -> Result<(), StoreError> {
        self.recent.deleted(seq);
        execute(connection, "DELETE FROM tasks WHERE seq = ?1", [seq as i64])?;
        let (first, last) = (place(seq, Slot::Input), place(seq, Slot::Checkpoint));
        execute(connection, "DELETE FROM bodies WHERE place BETWEEN ?1 AND ?2", [first, last])?;
        Ok(())
    }

    pub fn find(
        &self,
        connection: &Connection,
        id: &TaskId,
    ) -> Result<Option<Arc<Task>>, StoreError> {
        let Some(task) = self.recent.find(id) else {
            return Ok(find(connection, id)?.map(Arc::new));
        };
        Self::debug_assert_current(connection, task);
        Ok(Some(task.clone()))
    }

    pub fn at(
        &self,
        connection: &Connection,
        seq: Position,
    ) -> Result<Option<Arc<Task>>, StoreError> {
        if let Some(task) = self.recent.task(seq) {
            Self::debug_assert_current(connection, task);
            return Ok(Some(task.clone()));
        }
        let mut statement = connection.prepare_cached("SELECT row FROM tasks WHERE seq = ?1")?;
        let mut rows = statement.query([seq as i64])?;
        let found = rows.next()?.and_then(|row| readable(task(row, 0)));
        Ok(found.map(Arc::new))
    }

    pub fn body(
        &self,
        connection: &Connection,
        seq: Position,
        slot: Slot,
    ) -> Result<Option<RawJson>, StoreError> {
        let Some(known) = self.recent.body(seq, slot) else {
            return body(connection, seq, slot);
        };
        debug_assert_eq!(body(connection, seq, slot).ok(), Some(known.cloned()), "{seq}");
        Ok(known.cloned())
    }

    /// Every test of a debug build is a test of what is kept of recent rows.
    fn debug_assert_current(connection: &Connection, task: &Task) {
        if cfg!(debug_assertions) {
            let sql = "SELECT row FROM tasks WHERE seq = ?1";
            let row: Result<String, _> =
                connection.query_row(sql, [task.seq as i64], |row| row.get(0));
            assert_eq!(row.ok(), serde_json::to_string(task).ok(), "{}", task.id);
        }
    }

    pub fn set_body(
        &mut self,
        connection: &Connection,
        seq: Position,
        slot: Slot,
        body: Option<&RawJson>,
    ) -> Result<(), StoreError> {
        let place = place(seq, slot);
        match body {
            Some(body) => {
                let sql = "INSERT OR REPLACE INTO bodies (place, body) VALUES (?1, ?2)";
                execute(connection, sql, params![place, body.get()])?
            }
            None => execute(connection, "DELETE FROM bodies WHERE place = ?1", [place])?,
        };
        self.recent.set_body(seq, slot, body);
        Ok(())
    }

    /// After a rollback.
    pub fn forget_recent(&mut self) {
        self.recent.forget_all();
    }
}

/// A task's row, in a place that is kept: a text that grows while it is written is moved with each step.
fn written<'a>(place: &'a mut Vec<u8>, task: &Task) -> Result<&'a str, StoreError> {
    place.clear();
    serde_json::to_writer(&mut *place, task).map_err(damaged)?;
    std::str::from_utf8(place).map_err(damaged)
}

/// What an update may change beside the row itself.
#[derive(PartialEq)]
struct Columns<'a> {
    state: i64,
    priority: i32,
    ready_at: Position,
    times: [Option<Timestamp>; 3],
    spreading: bool,
    ended: Option<Position>,
    error_type: Option<&'a str>,
}

fn columns(task: &Task) -> Columns<'_> {
    Columns {
        state: place_number(task),
        priority: task.priority,
        ready_at: task.ready_at,
        times: [task.due_at, task.deadline_at, task.kin.tell_at],
        spreading: task.kin.spread.is_some(),
        ended: task.end_position(),
        error_type: task.error_type.as_deref(),
    }
}

fn execute(
    connection: &Connection,
    sql: &str,
    parameters: impl rusqlite::Params,
) -> Result<usize, StoreError> {
    Ok(connection.prepare_cached(sql)?.execute(parameters)?)
}
