//! Workers inside the server.
//!
//! They have no door of their own: they lease, report and end through the engine like any worker
//! elsewhere, so whoever watches sees the whole chain, and what they have reached outlives a restart as
//! a checkpoint.

use std::{ops::ControlFlow, time::Duration};

use tokio::{
    task::{JoinHandle, JoinSet},
    time::sleep,
};
use tokio_util::sync::CancellationToken;

use crate::{
    domain::{LeaseToken, Refusal, TaskError, TaskId},
    engine::{Acquire, Engine, Leased, Outcome, Report},
};

/// The most the engine leases in one call.
const PER_CALL: usize = 100;
const WAIT_SECONDS: u64 = 30;
/// Before a refused write is tried again.
const PATIENCE: Duration = Duration::from_millis(250);

/// What a worker takes on.
pub struct Trade {
    /// Its name begins with this.
    pub name: &'static str,
    pub queue: &'static str,
    pub kinds: Vec<String>,
    /// How many tasks it runs at once; more of them wait in the queue.
    pub at_once: usize,
    /// Short, so that after a crash a task does not stand still for long.
    pub lease_seconds: u64,
}

/// Runs tasks until `shutdown`, then gives their leases back. The handle ends when that is done.
pub fn start<F, Run>(
    engine: Engine,
    trade: Trade,
    run: F,
    shutdown: CancellationToken,
) -> JoinHandle<()>
where
    F: Fn(Attempt, Leased) -> Run + Send + 'static,
    Run: Future<Output = ControlFlow<()>> + Send + 'static,
{
    tokio::spawn(work(engine, trade, run, shutdown))
}

async fn work<F, Run>(engine: Engine, trade: Trade, run: F, shutdown: CancellationToken)
where
    F: Fn(Attempt, Leased) -> Run + Send + 'static,
    Run: Future<Output = ControlFlow<()>> + Send + 'static,
{
    let worker = format!("{}-{:08x}", trade.name, rand::random::<u32>());
    let mut runs = JoinSet::new();
    loop {
        while runs.try_join_next().is_some() {}
        let free = trade.at_once - runs.len();
        let leases = tokio::select! {
            biased;
            () = shutdown.cancelled() => break,
            _ = runs.join_next(), if free == 0 => continue,
            leases = acquire(&engine, &worker, &trade, free), if free > 0 => leases,
        };
        for lease in leases {
            let (id, token) = (lease.task.id.clone(), lease.token.clone());
            let attempt = Attempt { engine: engine.clone(), id: id.clone(), token: token.clone() };
            let (engine, shutdown) = (engine.clone(), shutdown.clone());
            let running = run(attempt, lease);
            runs.spawn(async move {
                tokio::select! {
                    biased;
                    // Given back, so that the attempt does not count and the next process goes on at once.
                    () = shutdown.cancelled() => engine.give_back(vec![(id, token)]),
                    _ = running => {}
                }
            });
        }
    }
    while runs.join_next().await.is_some() {}
}

/// The next tasks; none, after a while, when there is no work or the engine takes none.
async fn acquire(engine: &Engine, worker: &str, trade: &Trade, free: usize) -> Vec<Leased> {
    let wish = Acquire {
        worker: worker.to_owned(),
        request_id: None,
        queues: vec![trade.queue.to_owned()],
        kinds: trade.kinds.clone(),
        max_tasks: free.min(PER_CALL) as u64,
        lease_seconds: trade.lease_seconds,
        wait_seconds: WAIT_SECONDS,
        embedded: true,
    };
    match engine.acquire(wish).await {
        Ok(leases) => leases,
        Err(error) => {
            tracing::warn!(%error, worker, "an embedded worker gets no work");
            sleep(PATIENCE).await;
            Vec::new()
        }
    }
}

/// One attempt in the hands of an embedded worker. Its methods break when there is nothing left to do.
pub struct Attempt {
    pub engine: Engine,
    id: TaskId,
    token: LeaseToken,
}

impl Attempt {
    /// The task it is an attempt at.
    pub fn task(&self) -> &TaskId {
        &self.id
    }

    /// Says it until it is written down; ends the task if somebody cancelled it.
    pub async fn report(&self, report: &Report) -> ControlFlow<()> {
        loop {
            let said = self.engine.report(self.id.clone(), self.token.clone(), report.clone());
            match said.await {
                Ok(reported) if reported.cancel_requested => return self.stop().await,
                Ok(_) => return ControlFlow::Continue(()),
                Err(refusal) => self.refused(refusal).await?,
            }
        }
    }

    /// A cancel was asked for; the engine makes a failure after that a cancellation.
    pub async fn stop(&self) -> ControlFlow<()> {
        let error = TaskError::new(TaskError::CANCELLED, "The task was cancelled");
        self.end(Outcome::Fail { error, retryable: false, retry_after_seconds: None }).await
    }

    pub async fn end(&self, outcome: Outcome) -> ControlFlow<()> {
        loop {
            let ended = self.engine.end(self.id.clone(), self.token.clone(), outcome.clone()).await;
            match ended {
                Ok(_) => return ControlFlow::Break(()),
                Err(refusal) => self.refused(refusal).await?,
            }
        }
    }

    /// Waits where trying again may help. It ends at the latest when the lease is lost.
    pub async fn refused(&self, refusal: Refusal) -> ControlFlow<()> {
        match refusal {
            Refusal::Overloaded | Refusal::StorageFull => {
                sleep(PATIENCE).await;
                ControlFlow::Continue(())
            }
            Refusal::LeaseLost(_)
            | Refusal::TaskNotFound(_)
            | Refusal::TaskDeleted { .. }
            | Refusal::ShuttingDown => ControlFlow::Break(()),
            other => {
                tracing::error!(task = %self.id, error = %other, "an embedded task stands still");
                ControlFlow::Break(())
            }
        }
    }
}
