//! Moving the write-ahead log into the database, beside the writer.

use std::{
    path::{Path, PathBuf},
    sync::mpsc::{SyncSender, sync_channel},
    thread::JoinHandle,
};

use rusqlite::Connection;

use super::{StoreError, connect};

/// A log longer than this is worth moving.
const WORTH_IT: u64 = 4 * 1024 * 1024;
/// Longer than this, readers keep the log from being reused: the writer pauses for it.
pub const TOO_LONG: u64 = 64 * 1024 * 1024;

/// A thread with a connection of its own. It moves pages while the writer goes on writing, so that
/// no commit waits for it.
pub struct Checkpointer {
    wake: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
    wal: PathBuf,
}

impl Checkpointer {
    pub fn start(database: &Path) -> Result<Self, StoreError> {
        let connection = connect(&database.to_path_buf(), false)?;
        connection.execute_batch("PRAGMA wal_autocheckpoint = 0;")?;
        let mut wal = database.as_os_str().to_owned();
        wal.push("-wal");
        let (wake, woken) = sync_channel(1);
        let thread = std::thread::Builder::new()
            .name("checkpoint".to_owned())
            .spawn(move || {
                while woken.recv().is_ok() {
                    if let Err(error) = move_pages(&connection, "PASSIVE") {
                        tracing::warn!(%error, "the write-ahead log could not be moved");
                    }
                }
            })
            .map_err(|error| StoreError::Other(error.to_string()))?;
        Ok(Checkpointer { wake: Some(wake), thread: Some(thread), wal: wal.into() })
    }

    /// How long the write-ahead log is.
    pub fn wal_length(&self) -> u64 {
        std::fs::metadata(&self.wal).map_or(0, |file| file.len())
    }

    /// Starts moving if it is worth it and not under way.
    pub fn wake(&self, written: u64) {
        if written >= WORTH_IT
            && let Some(wake) = &self.wake
        {
            let _ = wake.try_send(());
        }
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        self.wake = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the checkpoint thread had panicked");
        }
    }
}

pub fn move_pages(connection: &Connection, mode: &str) -> Result<(), StoreError> {
    connection.query_row(&format!("PRAGMA wal_checkpoint({mode})"), [], |_| Ok(()))?;
    Ok(())
}
