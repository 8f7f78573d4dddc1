//! What waits for the writer, bounded in count and bytes.

use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::oneshot;

use super::command::{Command, Reply};
use crate::domain::{Moment, Refusal};

/// At most so many commands wait …
const MAX_WAITING: usize = 8192;
/// … of at most so many bytes; reports, completions and releases may use a quarter more.
const MAX_WAITING_BYTES: usize = 64 * 1024 * 1024;
/// One batch takes at most so many commands …
const MAX_BATCH: usize = 512;
/// … of at most so many bytes (one command alone may be larger).
const MAX_BATCH_BYTES: usize = 1024 * 1024;

/// A command, when it came, and who waits for its answer.
pub struct Job {
    pub command: Command,
    pub reply: Option<oneshot::Sender<Result<Reply, Refusal>>>,
    pub at: Moment,
}

#[derive(Default)]
pub struct Queue {
    state: Mutex<State>,
    arrived: Condvar,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    /// How many ordinary commands they stand for.
    weight: usize,
    bytes: usize,
    /// Why nothing is taken on any more.
    closed: Option<Refusal>,
    /// Why writes fail at the moment, for whoever asks after the server's readiness.
    ailing: Option<Refusal>,
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Refuses at once when the queue is full, rather than let everybody wait longer.
    pub fn push(&self, job: Job) -> Result<(), Refusal> {
        let mut state = self.lock();
        if let Some(refusal) = &state.closed {
            return Err(refusal.clone());
        }
        let share = if job.command.is_reserved() { 5 } else { 4 };
        let (size, weight) = (job.command.size(), job.command.weight());
        if state.weight + weight > MAX_WAITING / 4 * share
            || state.bytes + size > MAX_WAITING_BYTES / 4 * share
        {
            return Err(Refusal::Overloaded);
        }
        state.bytes += size;
        state.weight += weight;
        state.jobs.push_back(job);
        drop(state);
        self.arrived.notify_one();
        Ok(())
    }

    /// Waits until something is there, at most `patience`; returns what makes one batch. `None`
    /// when the queue is closed and empty.
    pub fn take(&self, patience: Duration) -> Option<Vec<Job>> {
        let state = self.lock();
        let idle = |state: &mut State| state.jobs.is_empty() && state.closed.is_none();
        let (mut state, _) = self
            .arrived
            .wait_timeout_while(state, patience, idle)
            .unwrap_or_else(PoisonError::into_inner);
        if state.jobs.is_empty() && state.closed.is_some() {
            return None;
        }
        let mut batch = Vec::new();
        let (mut bytes, mut weight) = (0, 0);
        while let Some(command) = state.jobs.front().map(|job| &job.command) {
            let (size, more) = (command.size(), command.weight());
            let full = weight + more > MAX_BATCH || bytes + size > MAX_BATCH_BYTES;
            if !batch.is_empty() && full {
                break;
            }
            bytes += size;
            weight += more;
            batch.extend(state.jobs.pop_front());
        }
        state.bytes -= bytes;
        state.weight -= weight;
        Some(batch)
    }

    /// How many commands wait.
    pub fn len(&self) -> usize {
        self.lock().jobs.len()
    }

    /// Takes nothing on any more; what waits is still handed out.
    pub fn close(&self, why: Refusal) {
        self.lock().closed = Some(why);
        self.arrived.notify_one();
    }

    pub fn set_ailing(&self, ailing: Option<Refusal>) {
        self.lock().ailing = ailing;
    }

    pub fn writable(&self) -> Result<(), Refusal> {
        let state = self.lock();
        state.closed.clone().or(state.ailing.clone()).map_or(Ok(()), Err)
    }
}
