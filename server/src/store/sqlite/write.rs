//! The writer's side.

use std::{fs::File, path::Path, sync::Arc};

use rusqlite::{Connection, params};

use super::{
    super::{Changes, KeyEntry, KeyName, Loaded, Needs, Store, StoreError},
    checkpoint::Checkpointer,
    dependencies, families, kinds, queues, retention,
    rows::{count_number, damaged, state_number, tasks, text, write_facets},
    schedules,
    task_rows::TaskRows,
    webhooks,
};
use crate::domain::{
    Epoch, EventType, Position, Queue, Schedule, State, Task, TaskId, Timestamp, Tombstone,
    after::Release, family::Spread, webhook::Webhook,
};

/// No task has it.
const PROBE_PLACE: i64 = -1;
/// As large as a task with a large input: with less room, the next one would be refused again.
const PROBE_BYTES: i64 = 256 * 1024;

pub struct SqliteStore {
    connection: Connection,
    epoch: Epoch,
    /// As committed, or as this transaction has it.
    next_position: Position,
    rows: TaskRows,
    checkpointer: Checkpointer,
    /// Held for as long as the database is open.
    _lock: File,
}

impl SqliteStore {
    pub fn new(
        mut connection: Connection,
        epoch: Epoch,
        path: &Path,
        lock: File,
    ) -> Result<Self, StoreError> {
        let next_position = stored_position(&connection)?;
        let checkpointer = Checkpointer::start(path, &mut connection)?;
        let rows = TaskRows::default();
        Ok(SqliteStore { connection, epoch, next_position, rows, checkpointer, _lock: lock })
    }

    fn execute(&self, sql: &str, parameters: impl rusqlite::Params) -> Result<usize, StoreError> {
        Ok(self.connection.prepare_cached(sql)?.execute(parameters)?)
    }

    fn write_log(&self, changes: &Changes) -> Result<(), StoreError> {
        let sql = "INSERT INTO events (position, task_seq, task_id, type, after, before, json) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let mut statement = self.connection.prepare_cached(sql)?;
        for event in &changes.events {
            statement.execute(params![
                event.entry.position as i64,
                event.task_seq as i64,
                event.entry.task_id.as_str(),
                event.entry.event_type.as_str(),
                write_facets(&event.after)?,
                event.before.as_ref().map(write_facets).transpose()?,
                event.entry.json,
            ])?;
        }
        Ok(())
    }

    fn write_key(&self, name: &KeyName, entry: &KeyEntry) -> Result<(), StoreError> {
        let sql = "INSERT OR REPLACE INTO keys (scope, name, request_hash, tasks, at, expires_at) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        self.execute(
            sql,
            params![
                name.scope,
                name.name,
                entry.request_hash,
                serde_json::to_string(&entry.tasks).map_err(damaged)?,
                entry.at.0,
                entry.expires_at.map(|at| at.0),
            ],
        )?;
        Ok(())
    }
}

fn stored_position(connection: &Connection) -> Result<Position, StoreError> {
    let sql = "SELECT value FROM meta WHERE name = 'next_position'";
    let position: i64 = connection.query_row(sql, [], |row| row.get(0))?;
    Ok(position as Position)
}

/// A remembered key, on any connection.
pub fn key(connection: &Connection, name: &KeyName) -> Result<Option<KeyEntry>, StoreError> {
    let sql = "SELECT request_hash, tasks, at, expires_at FROM keys WHERE scope = ?1 AND name = ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([&name.scope, &name.name])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    Ok(Some(KeyEntry {
        request_hash: row.get(0)?,
        tasks: serde_json::from_str(text(row, 1)?).map_err(damaged)?,
        at: Timestamp(row.get(2)?),
        expires_at: row.get::<_, Option<i64>>(3)?.map(Timestamp),
    }))
}

impl Store for SqliteStore {
    fn epoch(&self) -> Epoch {
        self.epoch
    }

    fn next_position(&mut self) -> Result<Position, StoreError> {
        Ok(self.next_position)
    }

    fn begin(&mut self) -> Result<(), StoreError> {
        self.execute("BEGIN IMMEDIATE", [])?;
        Ok(())
    }

    fn load(&mut self, needs: &Needs) -> Result<Loaded, StoreError> {
        let mut loaded = Loaded::default();
        for id in &needs.tasks {
            match self.rows.find(&self.connection, id)? {
                Some(task) => loaded.tasks.push(task),
                None => {
                    let stone = retention::tombstone(&self.connection, id)?;
                    loaded.graves.extend(stone.map(|stone| (stone.id, stone.at)));
                }
            }
        }
        for name in &needs.keys {
            let entry = key(&self.connection, name)?;
            loaded.keys.extend(entry.map(|entry| (name.clone(), entry)));
        }
        for &(seq, slot) in &needs.bodies {
            let body = self.rows.body(&self.connection, seq, slot)?;
            loaded.bodies.extend(body.map(|body| ((seq, slot), body)));
        }
        for name in &needs.queues {
            loaded.queues.extend(queues::queue(&self.connection, name)?);
        }
        for id in &needs.schedules {
            loaded.schedules.extend(schedules::schedule(&self.connection, id)?);
        }
        for name in &needs.kinds {
            loaded.kinds.extend(kinds::kind(&self.connection, name)?);
        }
        Ok(loaded)
    }

    fn ready(
        &mut self,
        queues: &[(String, usize)],
        kinds: &[String],
        worker: &str,
        limit: usize,
    ) -> Result<Vec<Arc<Task>>, StoreError> {
        let best = queues::ready(&self.connection, queues, kinds, worker, limit)?;
        best.into_iter().filter_map(|seq| self.rows.at(&self.connection, seq).transpose()).collect()
    }

    fn taken(&mut self, queue: &str, key: &str, limit: usize) -> Result<usize, StoreError> {
        queues::taken(&self.connection, queue, key, limit)
    }

    fn parked(&mut self, queue: &str, key: &str, limit: usize) -> Result<Vec<Task>, StoreError> {
        queues::parked(&self.connection, queue, key, limit)
    }

    fn parked_keys(
        &mut self,
        queue: &str,
        after: &str,
        limit: usize,
    ) -> Result<Vec<String>, StoreError> {
        queues::parked_keys(&self.connection, queue, after, limit)
    }

    fn unparking(&mut self) -> Result<Option<Queue>, StoreError> {
        queues::unparking(&self.connection)
    }

    fn running_of(&mut self, queue: &str, key: &str) -> Result<usize, StoreError> {
        queues::running_of(&self.connection, queue, key)
    }

    fn running_in(&mut self, queue: &str) -> Result<u64, StoreError> {
        queues::running_in(&self.connection, queue)
    }

    fn due_schedules(
        &mut self,
        wall: Timestamp,
        limit: usize,
    ) -> Result<Vec<Schedule>, StoreError> {
        schedules::due(&self.connection, wall, limit)
    }

    fn webhooks(&mut self) -> Result<Vec<Webhook>, StoreError> {
        webhooks::all(&self.connection)
    }

    fn due(
        &mut self,
        steady: Timestamp,
        wall: Timestamp,
        limit: usize,
    ) -> Result<Vec<Task>, StoreError> {
        // The index is named each time: left to choose, SQLite takes the one by state, and sorts all
        // tasks that ever ended five times a second.
        let running = "SELECT row FROM tasks INDEXED BY tasks_due_running \
                       WHERE state = 2 AND due_at <= ?1 ORDER BY due_at LIMIT ?2";
        let waiting = "SELECT row FROM tasks INDEXED BY tasks_due_waiting \
                       WHERE state IN (0, 3) AND due_at <= ?1 ORDER BY due_at LIMIT ?2";
        let deadlines = "SELECT row FROM tasks INDEXED BY tasks_by_deadline \
                         WHERE deadline_at IS NOT NULL AND (state < 4 OR state > 6) \
                         AND deadline_at <= ?1 ORDER BY deadline_at LIMIT ?2";
        let mut due: Vec<Task> = Vec::new();
        for (sql, at) in [(running, steady), (waiting, wall), (deadlines, wall)] {
            let left = limit.saturating_sub(due.len());
            if left > 0 {
                due.extend(tasks(&self.connection, sql, params![at.0, left as i64])?);
            }
        }
        Ok(due)
    }

    fn spreading(&mut self, limit: usize) -> Result<Vec<Task>, StoreError> {
        families::spreading(&self.connection, limit)
    }

    fn children(
        &mut self,
        parent: &TaskId,
        spread: &Spread,
        limit: usize,
    ) -> Result<Vec<Task>, StoreError> {
        families::children(&self.connection, parent, spread, limit)
    }

    fn dependents(
        &mut self,
        dependency: Position,
        before: Position,
        limit: usize,
    ) -> Result<Vec<Task>, StoreError> {
        dependencies::dependents(&self.connection, dependency, before, limit)
    }

    fn releases(&mut self, limit: usize) -> Result<Vec<Release>, StoreError> {
        dependencies::releases(&self.connection, limit)
    }

    fn untold(&mut self, limit: usize) -> Result<Vec<Task>, StoreError> {
        families::untold(&self.connection, limit)
    }

    fn running(&mut self, after: Position, limit: usize) -> Result<Vec<Task>, StoreError> {
        let sql = "SELECT row FROM tasks WHERE state = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3";
        let state = state_number(State::Running);
        tasks(&self.connection, sql, params![state, after as i64, limit as i64])
    }

    fn forget_keys(&mut self, wall: Timestamp, limit: usize) -> Result<(), StoreError> {
        let sql = "DELETE FROM keys WHERE (scope, name) IN (SELECT scope, name FROM keys \
                   WHERE expires_at IS NOT NULL AND expires_at <= ?1 LIMIT ?2)";
        self.execute(sql, params![wall.0, limit as i64])?;
        Ok(())
    }

    fn outlived(&mut self, wall: Timestamp, limit: usize) -> Result<Vec<Task>, StoreError> {
        retention::outlived(&self.connection, wall, limit)
    }

    fn retaining(&mut self, after: &str, limit: usize) -> Result<Vec<Queue>, StoreError> {
        retention::queues(&self.connection, after, limit)
    }

    fn ended(
        &mut self,
        queue: &str,
        after: Position,
        limit: usize,
    ) -> Result<Vec<Task>, StoreError> {
        retention::ended(&self.connection, queue, after, limit)
    }

    fn events_of(
        &mut self,
        seq: Position,
        after: Position,
        limit: usize,
    ) -> Result<Vec<(Position, EventType)>, StoreError> {
        retention::events_of(&self.connection, seq, after, limit)
    }

    fn tombstones(&mut self, wall: Timestamp, limit: usize) -> Result<Vec<Tombstone>, StoreError> {
        retention::tombstones(&self.connection, wall, limit)
    }

    fn write(&mut self, changes: &Changes) -> Result<(), StoreError> {
        for (seq, _) in &changes.deleted {
            self.rows.delete(&self.connection, *seq)?;
        }
        for task in &changes.inserted {
            self.rows.insert(&self.connection, task)?;
        }
        for updated in &changes.updated {
            self.rows.update(&self.connection, updated)?;
        }
        for (seq, slot, body) in &changes.bodies {
            self.rows.set_body(&self.connection, *seq, *slot, body.as_ref())?;
        }
        self.write_log(changes)?;
        retention::write(&self.connection, changes)?;
        for (name, entry) in &changes.keys {
            self.write_key(name, entry)?;
        }
        for (key, change) in &changes.counts {
            let sql = "INSERT INTO counts (queue, kind, state, tasks) VALUES (?1, ?2, ?3, ?4) \
                       ON CONFLICT DO UPDATE SET tasks = tasks + ?4";
            let state = count_number(key.state, key.apart);
            self.execute(sql, params![key.queue, key.kind, state, change])?;
        }
        for queue in &changes.queues {
            queues::write(&self.connection, queue)?;
        }
        for schedule in &changes.schedules {
            schedules::write(&self.connection, schedule)?;
        }
        for id in &changes.deleted_schedules {
            schedules::delete(&self.connection, id)?;
        }
        for webhook in &changes.webhooks {
            webhooks::write(&self.connection, webhook)?;
        }
        for id in &changes.deleted_webhooks {
            webhooks::delete(&self.connection, id)?;
        }
        for kind in &changes.kinds {
            kinds::write(&self.connection, kind)?;
        }
        for name in &changes.deleted_kinds {
            kinds::delete(&self.connection, name)?;
        }
        dependencies::write(&self.connection, changes)?;
        for name in &changes.names {
            let json = serde_json::to_string(name).map_err(damaged)?;
            self.execute("INSERT INTO names (name) VALUES (?1)", [json])?;
        }
        if changes.next_position > self.next_position {
            let sql = "UPDATE meta SET value = ?1 WHERE name = 'next_position'";
            self.execute(sql, [changes.next_position as i64])?;
            self.next_position = changes.next_position;
        }
        Ok(())
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        self.execute("COMMIT", [])?;
        Ok(())
    }

    fn rollback(&mut self) {
        self.rows.forget_recent();
        // After some errors SQLite has rolled back by itself.
        if !self.connection.is_autocommit()
            && let Err(error) = self.execute("ROLLBACK", [])
        {
            tracing::error!(%error, "rolling back failed");
        }
        match stored_position(&self.connection) {
            Ok(position) => self.next_position = position,
            Err(error) => tracing::error!(%error, "the log's end cannot be read"),
        }
    }

    fn probe(&mut self) -> Result<(), StoreError> {
        // Two commits: a page that is freed in the one that filled it is never written.
        self.execute(
            "INSERT OR REPLACE INTO bodies (place, body) VALUES (?1, zeroblob(?2))",
            [PROBE_PLACE, PROBE_BYTES],
        )?;
        self.execute("DELETE FROM bodies WHERE place = ?1", [PROBE_PLACE])?;
        Ok(())
    }

    fn maintain(&mut self) -> Result<(), StoreError> {
        self.checkpointer.maintain(&self.connection)
    }
}
