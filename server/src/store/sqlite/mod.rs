//! SQLite: one file, one writing connection, many reading ones.
//!
//! WAL with `synchronous=FULL`: a commit that was answered is on the disk. Group commit makes that
//! cheaper than not syncing would be one by one.

mod checkpoint;
mod dependencies;
mod families;
mod kinds;
mod queues;
mod read;
mod recent;
mod retention;
mod rows;
mod schedules;
mod task_rows;
mod webhooks;
mod write;

use std::{
    fs::{File, TryLockError},
    path::{Path, PathBuf},
    sync::Arc,
};

use rusqlite::{Connection, ErrorCode, OpenFlags, config::DbConfig};

pub use self::{read::SqliteReads, write::SqliteStore};
use super::{Reads, Store, StoreError};
use crate::domain::Epoch;

const DATABASE: &str = "milepost.db";
const LOCK: &str = "milepost.lock";
/// Forward-only migrations; the file's `user_version` says how many it has.
const MIGRATIONS: [&str; 4] = [
    include_str!("schema_1.sql"),
    include_str!("schema_2.sql"),
    include_str!("schema_3.sql"),
    include_str!("schema_4.sql"),
];

/// An opened database: the writer's side and the readers' side.
pub struct Opened {
    pub store: Box<dyn Store>,
    pub reads: Arc<dyn Reads>,
}

/// Opens the database in `directory`, making both if need be.
///
/// # Errors
/// A sentence for the operator: the directory cannot be made or written, another server has it, the
/// file is newer than this program, or the disk fails.
pub fn open(directory: &Path) -> Result<Opened, StoreError> {
    let other = |what: &str, error: &dyn std::fmt::Display| {
        StoreError::Other(format!("{what} {}: {error}", directory.display()))
    };
    std::fs::create_dir_all(directory).map_err(|error| other("cannot make", &error))?;
    let lock = lock(directory)?;
    let path = directory.join(DATABASE);
    let mut connection =
        connect(&path, false).map_err(|error| other("cannot open the database in", &error))?;
    connection.execute_batch("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;")?;
    migrate(&mut connection)?;
    let epoch = epoch(&connection)?;
    let reads = Arc::new(SqliteReads::new(path.clone(), epoch));
    let store = SqliteStore::new(connection, epoch, &path, lock)?;
    Ok(Opened { store: Box::new(store), reads })
}

/// Two servers on one file would each believe to be the only writer.
fn lock(directory: &Path) -> Result<File, StoreError> {
    let path = directory.join(LOCK);
    let failed = |error: &dyn std::fmt::Display| {
        StoreError::Other(format!("cannot lock {}: {error}", path.display()))
    };
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(|error| failed(&error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::Other(format!(
            "another milepost-server uses {}; stop it, or give this one another --data-dir",
            directory.display()
        ))),
        Err(TryLockError::Error(error)) => Err(failed(&error)),
    }
}

fn connect(path: &PathBuf, read_only: bool) -> Result<Connection, StoreError> {
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if !read_only {
        flags |= OpenFlags::SQLITE_OPEN_CREATE;
    }
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.set_prepared_statement_cache_capacity(256);
    // Without it SQLite looks at what is bound to `LIMIT ?` for its plan, and so prepares a kept
    // statement anew at each use: 5 % of all the work of a lease. No plan of ours needs that look.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA temp_store = MEMORY;")?;
    // In KiB. Readers share the system's page cache, so their own ones are small.
    connection.execute_batch(if read_only {
        "PRAGMA cache_size = -2048; PRAGMA query_only = ON;"
    } else {
        "PRAGMA cache_size = -32768;"
    })?;
    Ok(connection)
}

fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let have: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let have = have as usize;
    if have > MIGRATIONS.len() {
        return Err(StoreError::Other(format!(
            "the database was written by a newer milepost-server (its version is {have}, this \
             program knows {})",
            MIGRATIONS.len()
        )));
    }
    for (version, sql) in MIGRATIONS.iter().enumerate().skip(have) {
        let transaction = connection.transaction()?;
        transaction.execute_batch(sql)?;
        transaction.pragma_update(None, "user_version", version as u32 + 1)?;
        transaction.commit()?;
    }
    Ok(())
}

/// Random per database, written once.
fn epoch(connection: &Connection) -> Result<Epoch, StoreError> {
    let fresh: u32 = rand::random();
    connection.execute("INSERT OR IGNORE INTO meta (name, value) VALUES ('epoch', ?1)", [fresh])?;
    let sql = "SELECT value FROM meta WHERE name = 'epoch'";
    Ok(Epoch(connection.query_row(sql, [], |row| row.get(0))?))
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => StoreError::Full(error.to_string()),
            Some(
                ErrorCode::SystemIoFailure
                | ErrorCode::DatabaseCorrupt
                | ErrorCode::NotADatabase
                | ErrorCode::CannotOpen,
            ) => StoreError::Io(error.to_string()),
            _ => StoreError::Other(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use rusqlite::StatementStatus;

    use super::*;
    use crate::{
        domain::{Filter, State, TaskId, Timestamp},
        store::{ListQuery, Selection},
    };

    /// Files of earlier versions, by their number.
    const VERSIONS: [&str; 3] = [
        include_str!("versions/1.sql"),
        include_str!("versions/2.sql"),
        include_str!("versions/3.sql"),
    ];

    fn left_behind(version: &str) -> tempfile::TempDir {
        let directory = tempfile::tempdir().expect("a directory");
        let file = Connection::open(directory.path().join(DATABASE)).expect("a file");
        file.execute_batch(version).expect("the dump is SQL");
        directory
    }

    #[test]
    fn files_of_every_earlier_version_open_with_all_that_was_in_them() {
        for version in VERSIONS {
            let directory = left_behind(version);
            let mut opened = open(directory.path()).expect("it opens");
            let reads = &opened.reads;
            let query = ListQuery { limit: 10, ..ListQuery::default() };
            let states: Vec<State> =
                reads.list(&query).expect("read").items.iter().map(|task| task.state).collect();
            assert_eq!(states, [State::Running, State::Scheduled, State::Queued, State::Succeeded]);
            let log =
                reads.log(&Selection::Filters(Filter::default().into()), 0, 100).expect("the log");
            assert_eq!(log.entries.len(), 10);
            let chosen = TaskId::parse("chosen").expect("an id");
            assert_eq!(reads.attempts(&chosen).expect("read"), Some(Vec::new()));
            let status = reads.queue("default").expect("read").expect("it has tasks");
            assert_eq!((status.counts.get(&State::Running), status.parked), (Some(&1), 0));

            let store = &mut opened.store;
            store.begin().expect("begun");
            let wanted = [("default".to_owned(), 9)];
            let ready = store.ready(&wanted, &[], "w", 9).expect("ready");
            assert_eq!(ready.len(), 1);
            assert_eq!(ready[0].id, chosen);
            let due = store.due(Timestamp::MAX, Timestamp::MAX, 9).expect("due");
            let due: BTreeSet<_> = due.iter().map(|task| task.state).collect();
            let should = BTreeSet::from([State::Running, State::Scheduled]);
            assert_eq!(due, should, "the running one and the scheduled one");
            assert_eq!(store.untold(9).expect("read").len(), 0);
            assert_eq!(store.spreading(9).expect("read").len(), 0);
            store.rollback();
        }
    }

    #[test]
    fn tasks_that_failed_before_are_found_by_their_error() {
        for version in VERSIONS {
            let directory = left_behind(version);
            let file = Connection::open(directory.path().join(DATABASE)).expect("a file");
            file.execute_batch(
                r#"UPDATE tasks SET state = 5, row = json_set(row, '$.state', 'failed')
                       WHERE id = 'chosen' OR state = 0;
                   INSERT OR REPLACE INTO bodies
                       SELECT seq * 4 + 2, '{"type":"broken"}' FROM tasks WHERE id = 'chosen';
                   INSERT OR REPLACE INTO bodies
                       SELECT seq * 4 + 2, 'no JSON' FROM tasks WHERE state = 5 AND id <> 'chosen';"#,
            )
            .expect("SQL");
            drop(file);
            let opened = open(directory.path()).expect("it opens");
            let error_types = vec!["broken".to_owned()];
            let filter = Filter { error_types, ..Filter::default() };
            let query = ListQuery { filter, limit: 10, ..ListQuery::default() };
            let found = opened.reads.list(&query).expect("read").items;
            assert_eq!(found.len(), 1);
            assert_eq!(found[0].id.as_str(), "chosen");
        }
    }

    #[test]
    fn runs_of_before_are_found_by_their_schedule() {
        for version in VERSIONS {
            let directory = left_behind(version);
            let file = Connection::open(directory.path().join(DATABASE)).expect("a file");
            file.execute_batch(
                "UPDATE tasks SET row = json_set(row, '$.schedule_id', 'nightly') WHERE id = 'chosen';",
            )
            .expect("SQL");
            drop(file);
            let opened = open(directory.path()).expect("it opens");
            let schedule = TaskId::parse("nightly");
            let query = ListQuery { schedule, limit: 10, ..ListQuery::default() };
            let found = opened.reads.list(&query).expect("read").items;
            assert_eq!(found.len(), 1);
            assert_eq!(found[0].id.as_str(), "chosen");
        }
    }

    /// Each time would be a parse and a plan, on the writer's thread.
    #[test]
    fn a_kept_statement_with_a_limit_is_not_prepared_again() {
        let directory = tempfile::tempdir().expect("a directory");
        drop(open(directory.path()).expect("it opens"));
        for read_only in [false, true] {
            let connection = connect(&directory.path().join(DATABASE), read_only).expect("one");
            for limit in [1, 100, 1] {
                let sql = "SELECT seq FROM tasks WHERE state = 1 ORDER BY seq LIMIT ?1";
                let mut statement = connection.prepare_cached(sql).expect("SQL");
                assert!(!statement.exists([limit]).expect("read"));
                assert_eq!(statement.get_status(StatementStatus::RePrepare), 0);
            }
        }
    }

    #[test]
    fn a_file_of_a_later_version_is_left_alone() {
        let directory = left_behind("PRAGMA user_version = 1000;");
        let error = open(directory.path()).err().expect("refused").to_string();
        assert!(error.contains("newer milepost-server"), "{error}");
    }
}
