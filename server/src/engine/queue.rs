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
    /// Reports, completions and releases: they go first, because a lease runs out while they wait.
    keeping: Lane,
    /// Everything else.
    others: Lane,
    /// Why nothing is taken on any more.
    closed: Option<Refusal>,
    /// Why writes fail at the moment, for whoever asks after the server's readiness.
    ailing: Option<Refusal>,
}

/// Commands in the order they came.
#[derive(Default)]
struct Lane {
    jobs: VecDeque<Job>,
    /// How many ordinary commands they stand for.
    weight: usize,
    bytes: usize,
}

impl Lane {
    fn push(&mut self, job: Job) {
        self.weight += job.command.weight();
        self.bytes += job.command.size();
        self.jobs.push_back(job);
    }

    /// Moves jobs into a batch until it is full. A job too large for any batch has one of its own.
    fn fill(&mut self, batch: &mut Filling, most: usize) {
        while let Some(command) = self.jobs.front().map(|job| &job.command) {
            let (bytes, weight) = (command.size(), command.weight());
            let full = batch.weight + weight > most || batch.bytes + bytes > MAX_BATCH_BYTES;
            if full && !batch.jobs.is_empty() {
                break;
            }
            batch.weight += weight;
            batch.bytes += bytes;
            self.weight -= weight;
            self.bytes -= bytes;
            batch.jobs.extend(self.jobs.pop_front());
        }
    }
}

/// A batch in the making.
#[derive(Default)]
struct Filling {
    jobs: Vec<Job>,
    weight: usize,
    bytes: usize,
}

impl State {
    fn is_empty(&self) -> bool {
        self.keeping.jobs.is_empty() && self.others.jobs.is_empty()
    }
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
        let reserved = job.command.is_reserved();
        let share = if reserved { 5 } else { 4 };
        let weight = state.keeping.weight + state.others.weight + job.command.weight();
        let bytes = state.keeping.bytes + state.others.bytes + job.command.size();
        if weight > MAX_WAITING / 4 * share || bytes > MAX_WAITING_BYTES / 4 * share {
            return Err(Refusal::Overloaded);
        }
        let lane = if reserved { &mut state.keeping } else { &mut state.others };
        lane.push(job);
        drop(state);
        self.arrived.notify_one();
        Ok(())
    }

    /// Waits until something is there, at most `patience`; returns what makes one batch. `None`
    /// when the queue is closed and empty.
    pub fn take(&self, patience: Duration) -> Option<Vec<Job>> {
        let state = self.lock();
        let idle = |state: &mut State| state.is_empty() && state.closed.is_none();
        let (mut state, _) = self
            .arrived
            .wait_timeout_while(state, patience, idle)
            .unwrap_or_else(PoisonError::into_inner);
        if state.is_empty() && state.closed.is_some() {
            return None;
        }
        let mut batch = Filling::default();
        // What keeps leases goes first, and leaves the others a quarter, so that they go on too.
        state.keeping.fill(&mut batch, MAX_BATCH / 4 * 3);
        state.others.fill(&mut batch, MAX_BATCH);
        state.keeping.fill(&mut batch, MAX_BATCH);
        Some(batch.jobs)
    }

    /// How many commands wait.
    pub fn len(&self) -> usize {
        let state = self.lock();
        state.keeping.jobs.len() + state.others.jobs.len()
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
