//! Moving the write-ahead log into the database, beside the writer.
//!
//! A page that is written again and again is moved once, so the log may grow long before it is worth
//! moving. A thread moves the bulk while the writer goes on; then the writer moves the little that
//! came meanwhile, between two commits, and the log begins anew at its start. The file keeps its
//! length: writing over what is allocated syncs faster than making a file grow.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
        mpsc::{SyncSender, sync_channel},
    },
    thread::JoinHandle,
};

use rusqlite::{Connection, wal::CheckpointMode};

use super::{StoreError, connect};

/// A log of so many pages is worth moving: 128 MiB. With a quarter of it, a page that is written again
/// and again is moved four times as often: whole lives in batches were a fifth fewer a second, and the
/// slowest answers beside a move stood out more.
const WORTH_IT: u32 = 32_768;
/// With more, readers have kept it from beginning anew for long: the writer waits for them. 512 MiB.
const TOO_LONG: u32 = 131_072;
/// After the thread was asked in vain it is asked again when the log has grown by so many pages.
const ASK_AGAIN: u32 = 2048;

pub struct Checkpointer {
    wake: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
    /// How many pages the log has, by the last commit.
    pages: Arc<AtomicU32>,
    /// The thread has moved the bulk.
    moved: Arc<AtomicBool>,
    /// How many pages it had when the thread was asked last.
    asked_at: u32,
}

impl Checkpointer {
    /// `writer` is the connection whose commits make the log grow.
    pub fn start(database: &Path, writer: &mut Connection) -> Result<Self, StoreError> {
        let pages = Arc::new(AtomicU32::new(0));
        let counted = pages.clone();
        writer.wal_hook(Some(move |_: &mut _, pages: i32| {
            counted.store(u32::try_from(pages).unwrap_or(0), Ordering::Relaxed);
            Ok(())
        }))?;
        let connection = connect(&database.to_path_buf(), false)?;
        connection.execute_batch("PRAGMA wal_autocheckpoint = 0; PRAGMA synchronous = FULL;")?;
        let moved = Arc::new(AtomicBool::new(false));
        let done = moved.clone();
        let (wake, woken) = sync_channel(1);
        let thread = std::thread::Builder::new()
            .name("checkpoint".to_owned())
            .spawn(move || {
                while woken.recv().is_ok() {
                    match move_pages(&connection, CheckpointMode::PASSIVE) {
                        Ok(()) => done.store(true, Ordering::Release),
                        Err(error) => {
                            tracing::warn!(%error, "the write-ahead log could not be moved");
                        }
                    }
                }
            })
            .map_err(|error| StoreError::Other(error.to_string()))?;
        Ok(Checkpointer { wake: Some(wake), thread: Some(thread), pages, moved, asked_at: 0 })
    }

    /// Called by the writer between two commits.
    pub fn maintain(&mut self, writer: &Connection) -> Result<(), StoreError> {
        let pages = self.pages.load(Ordering::Relaxed);
        if pages < WORTH_IT {
            self.asked_at = 0;
            return Ok(());
        }
        if self.moved.swap(false, Ordering::Acquire) {
            let mode =
                if pages > TOO_LONG { CheckpointMode::RESTART } else { CheckpointMode::PASSIVE };
            return move_pages(writer, mode);
        }
        if (self.asked_at == 0 || pages >= self.asked_at + ASK_AGAIN)
            && let Some(wake) = &self.wake
        {
            self.asked_at = pages;
            let _ = wake.try_send(());
        }
        Ok(())
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

fn move_pages(connection: &Connection, mode: CheckpointMode) -> Result<(), StoreError> {
    connection.wal_checkpoint_v2(Some(c"main"), mode)?;
    Ok(())
}
