//! A database with many tasks in it, fast: real tasks, made over HTTP, are copied inside SQLite with
//! all that belongs to them (bodies, events, counts), under ids and positions of their own.

use std::path::{Path, PathBuf};

use milepost_tests::harness::{Options, Server};
use rusqlite::Connection;
use serde_json::json;
use tempfile::TempDir;

/// The kind of the queued ones.
pub const QUEUED: &str = "behind";

/// A directory with a database; it goes away with this.
pub struct Seeded {
    directory: TempDir,
    pub finished: u64,
    pub queued: u64,
}

impl Seeded {
    pub fn data_dir(&self) -> PathBuf {
        self.directory.path().join("data")
    }

    /// A server on it. One at a time.
    pub async fn serve(&self) -> Server {
        Server::with(Options { data_dir: Some(self.data_dir()), ..Options::default() }).await
    }
}

/// As many finished and queued tasks as asked for, and one more of each: the originals.
///
/// # Panics
/// When the schema is not what this knows of it.
pub async fn seed(finished: u64, queued: u64) -> Seeded {
    let directory = TempDir::with_prefix("milepost-bench-").expect("a directory can be made");
    let seeded = Seeded { directory, finished, queued };
    if finished == 0 && queued == 0 {
        return seeded;
    }
    let mut server = seeded.serve().await;
    server.submit(json!({"kind": "finished", "input": {"pages": [1, 2, 3]}})).await;
    let lease = server.lease_one(json!({})).await;
    lease.report(json!({"progress": {"percent": 50, "message": "half"}})).await.expect(200);
    lease.complete(json!({"pages": 3})).await.expect(200);
    let done = lease.task_id();
    let waiting = server.submit_kind(QUEUED).await;
    server.terminate().await;

    let path = seeded.data_dir().join("milepost.db");
    let path_too = path.clone();
    let copied = tokio::task::spawn_blocking(move || {
        let mut database = Database::open(&path_too)?;
        database.copy(&done, finished)?;
        database.copy(&waiting, queued)?;
        database.close()
    });
    let copied = copied.await.expect("the copying ends well");
    copied.expect("the schema is the one this copies; see schema.sql");
    // What the kernel still holds back would be written during the measurements.
    std::fs::File::open(&path).and_then(|file| file.sync_all()).expect("the database syncs");
    verify(&seeded).await;
    seeded
}

/// The server takes the copies for its own: the harness holds them against the contract.
async fn verify(seeded: &Seeded) {
    let mut server = seeded.serve().await;
    let list = |state: &str| format!("/api/v1/tasks?state={state}&limit=100");
    for (state, count) in [("succeeded", seeded.finished), ("queued", seeded.queued)] {
        let page = server.get(&list(state)).await.expect(200).json();
        let items = page["items"].as_array().map_or(0, Vec::len) as u64;
        assert_eq!(items, (count + 1).min(100), "tasks that are {state}");
        let id = page["items"][0]["id"].as_str().unwrap_or_default();
        assert_eq!(server.task(id).await["state"], state);
        assert!(!server.history(id).await.is_empty(), "a copied task has its events");
    }
    server.terminate().await;
}

struct Database {
    connection: Connection,
}

/// The columns that a copy does not share with its original. `one` is the original's row, `n` counts
/// the copies, `shift` is how far its positions move; `id` and `cursor` are made of those.
const TASKS: [(&str, &str); 5] = [
    ("seq", "one.seq + shift"),
    ("id", "new_id"),
    ("ready_at", "one.ready_at + shift"),
    ("ended", "one.ended + shift"),
    (
        "row",
        "json_set(one.row, '$.seq', one.seq + shift, '$.id', new_id, \
         '$.cursor', (one.row ->> '$.cursor') + shift, '$.ready_at', one.ready_at + shift, \
         '$.kept.end', one.ended + shift)",
    ),
];
const BODIES: [(&str, &str); 1] = [("place", "one.place + shift * 4")];
const EVENTS: [(&str, &str); 4] = [
    ("position", "one.position + shift"),
    ("task_seq", "one.task_seq + shift"),
    ("task_id", "new_id"),
    (
        "json",
        "replace(replace(one.json, old_id, new_id), \
         format('\"%08x.%d\"', epoch, one.position), \
         format('\"%08x.%d\"', epoch, one.position + shift))",
    ),
];

impl Database {
    fn open(path: &Path) -> rusqlite::Result<Database> {
        let connection = Connection::open(path)?;
        // A crash would cost a directory that is thrown away anyhow. The server turns WAL on again.
        connection.execute_batch(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -262144; \
             PRAGMA temp_store = MEMORY; BEGIN;",
        )?;
        Ok(Database { connection })
    }

    fn close(self) -> rusqlite::Result<()> {
        self.connection.execute_batch("COMMIT;")
    }

    /// Copies a task `count` times, in the order in which the server would have written them.
    fn copy(&mut self, id: &str, count: u64) -> rusqlite::Result<()> {
        let count = count as i64;
        self.connection.execute_batch(
            "DROP TABLE IF EXISTS one_tasks; DROP TABLE IF EXISTS one_bodies; \
             DROP TABLE IF EXISTS one_events; DROP TABLE IF EXISTS copies;",
        )?;
        self.connection.execute(
            "CREATE TEMP TABLE one_tasks AS SELECT * FROM main.tasks WHERE id = ?1",
            [id],
        )?;
        self.connection.execute_batch(
            "CREATE TEMP TABLE one_bodies AS SELECT * FROM main.bodies \
               WHERE place / 4 = (SELECT seq FROM one_tasks); \
             CREATE TEMP TABLE one_events AS SELECT * FROM main.events \
               WHERE task_seq = (SELECT seq FROM one_tasks) ORDER BY position; \
             CREATE TEMP TABLE copies (shift INTEGER PRIMARY KEY, new_id TEXT, old_id TEXT, \
               epoch INTEGER);",
        )?;
        // A copy's positions follow the log's end; its id has its creation's millisecond, as the
        // original has, and then counts.
        self.connection.execute(
            "INSERT INTO copies \
             WITH RECURSIVE numbers (n) AS \
               (SELECT 0 WHERE ?1 > 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < ?1), \
             facts AS (SELECT seq, id, \
               (SELECT value FROM meta WHERE name = 'next_position') - seq AS first, \
               (SELECT count(*) FROM one_events) AS step, \
               (SELECT value FROM meta WHERE name = 'epoch') AS epoch FROM one_tasks) \
             SELECT first + n * step, \
               substr(id, 1, 14) || '7000-8000-' || format('%012x', seq + first + n * step), \
               id, epoch \
             FROM facts CROSS JOIN numbers",
            [count],
        )?;
        for (table, changed) in [("tasks", &TASKS[..]), ("bodies", &BODIES), ("events", &EVENTS)] {
            self.copy_rows(table, changed)?;
        }
        self.connection.execute(
            "UPDATE counts SET tasks = tasks + ?1 WHERE (queue, kind, state) = \
             (SELECT queue, kind, state FROM one_tasks)",
            [count],
        )?;
        self.connection.execute(
            "UPDATE meta SET value = value + ?1 * (SELECT count(*) FROM one_events) \
             WHERE name = 'next_position'",
            [count],
        )?;
        Ok(())
    }

    /// All columns the table has, so that a new one is copied as it is.
    fn copy_rows(&self, table: &str, changed: &[(&str, &str)]) -> rusqlite::Result<()> {
        let mut columns = self.connection.prepare("SELECT name FROM pragma_table_info(?1)")?;
        let columns = columns.query_map([table], |row| row.get::<_, String>(0))?;
        let columns = columns.collect::<Result<Vec<_>, _>>()?;
        let values: Vec<String> = columns
            .iter()
            .map(|column| match changed.iter().find(|(name, _)| name == column) {
                Some((_, value)) => (*value).to_owned(),
                None => format!("one.{column}"),
            })
            .collect();
        // CROSS JOIN keeps the order: copy by copy, so that every B-tree only grows at its end.
        let sql = format!(
            "INSERT INTO main.{table} ({}) SELECT {} FROM copies CROSS JOIN one_{table} AS one",
            columns.join(", "),
            values.join(", ")
        );
        self.connection.execute(&sql, []).map(drop)
    }
}
