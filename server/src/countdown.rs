//! The embedded worker behind the Quickstart.
//!
//! It counts to a hundred, and stands in for real work that somebody wants to see move. It has no
//! door of its own: it leases, reports and completes through the engine like any worker elsewhere,
//! so a page that watches it watches the whole chain. What it has reached it leaves as a checkpoint,
//! and goes on from there after a restart.

use std::{ops::ControlFlow, time::Duration};

use tokio::{
    task::{JoinHandle, JoinSet},
    time::{MissedTickBehavior, interval, sleep},
};
use tokio_util::sync::CancellationToken;

use crate::{
    domain::{LeaseToken, RawJson, Refusal, TaskError, TaskId, progress::ProgressReport},
    engine::{
        Acquire, Engine, Leased, Outcome, Report,
        submit::{COUNTDOWN_KIND, COUNTDOWN_QUEUE},
    },
};

/// How many countdowns run at once; more of them wait in the queue.
const AT_ONCE: usize = 256;
/// The most the engine leases in one call.
const PER_CALL: usize = 100;
/// Short, so that after a crash a countdown does not stand still for long.
const LEASE_SECONDS: u64 = 5;
const WAIT_SECONDS: u64 = 30;
const LAST_STEP: u64 = 100;
const STEP: Duration = Duration::from_millis(100);
/// Before a refused write is tried again.
const PATIENCE: Duration = Duration::from_millis(250);

/// Runs countdowns until `shutdown`, then gives its leases back. The handle ends when that is done.
pub fn start(engine: Engine, shutdown: CancellationToken) -> JoinHandle<()> {
    tokio::spawn(work(engine, shutdown))
}

async fn work(engine: Engine, shutdown: CancellationToken) {
    let worker = format!("milepost-quickstart-{:08x}", rand::random::<u32>());
    let mut runs = JoinSet::new();
    loop {
        while runs.try_join_next().is_some() {}
        let free = AT_ONCE - runs.len();
        let leases = tokio::select! {
            biased;
            () = shutdown.cancelled() => break,
            _ = runs.join_next(), if free == 0 => continue,
            leases = acquire(&engine, &worker, free), if free > 0 => leases,
        };
        for lease in leases {
            runs.spawn(run(engine.clone(), lease, shutdown.clone()));
        }
    }
    while runs.join_next().await.is_some() {}
}

/// The next countdowns; none, after a while, when there is no work or the engine takes none.
async fn acquire(engine: &Engine, worker: &str, free: usize) -> Vec<Leased> {
    let wish = Acquire {
        worker: worker.to_owned(),
        request_id: None,
        queues: vec![COUNTDOWN_QUEUE.to_owned()],
        kinds: vec![COUNTDOWN_KIND.to_owned()],
        max_tasks: free.min(PER_CALL) as u64,
        lease_seconds: LEASE_SECONDS,
        wait_seconds: WAIT_SECONDS,
    };
    match engine.acquire(wish).await {
        Ok(leases) => leases,
        Err(error) => {
            tracing::warn!(%error, "the quickstart's worker gets no work");
            sleep(PATIENCE).await;
            Vec::new()
        }
    }
}

/// One attempt, from its checkpoint to its end.
async fn run(engine: Engine, lease: Leased, shutdown: CancellationToken) {
    let id = lease.task.id.clone();
    let token = lease.token.clone();
    let attempt = Attempt { engine: engine.clone(), id: id.clone(), token: token.clone() };
    tokio::select! {
        biased;
        // Given back, so that the attempt does not count and the next process goes on at once.
        () = shutdown.cancelled() => engine.give_back(vec![(id, token)]),
        _ = attempt.count(lease) => {}
    }
}

struct Attempt {
    engine: Engine,
    id: TaskId,
    token: LeaseToken,
}

impl Attempt {
    /// Breaks when there is nothing left to do.
    async fn count(&self, lease: Leased) -> ControlFlow<()> {
        if lease.cancel_requested {
            return self.stop().await;
        }
        let first = lease.checkpoint.and_then(|checkpoint| checkpoint.get().parse().ok());
        let mut ticks = interval(STEP);
        // A late number shifts the ones after it: they are there to be seen one by one.
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        for step in first.unwrap_or(0)..=LAST_STEP {
            ticks.tick().await;
            self.report(step).await?;
        }
        ticks.tick().await;
        self.end(Outcome::Complete { output: None }).await
    }

    /// Says that `step` is reached, until it is written down.
    async fn report(&self, step: u64) -> ControlFlow<()> {
        loop {
            let report = Report {
                sequence: Some(step + 1),
                progress: Some(ProgressReport {
                    percent: Some(step as f64),
                    ..ProgressReport::default()
                }),
                checkpoint: RawJson::of(&(step + 1)).ok(),
                ..Report::default()
            };
            match self.engine.report(self.id.clone(), self.token.clone(), report).await {
                Ok(reported) if reported.cancel_requested => return self.stop().await,
                Ok(_) => return ControlFlow::Continue(()),
                Err(refusal) => self.refused(refusal).await?,
            }
        }
    }

    /// A cancel was asked for; the engine makes a failure after that a cancellation.
    async fn stop(&self) -> ControlFlow<()> {
        let error = TaskError::new(TaskError::CANCELLED, "The countdown was cancelled");
        self.end(Outcome::Fail { error, retryable: false, retry_after_seconds: None }).await
    }

    async fn end(&self, outcome: Outcome) -> ControlFlow<()> {
        loop {
            let ended = self.engine.end(self.id.clone(), self.token.clone(), outcome.clone()).await;
            match ended {
                Ok(_) => return ControlFlow::Break(()),
                Err(refusal) => self.refused(refusal).await?,
            }
        }
    }

    /// Waits where trying again may help. It ends at the latest when the lease is lost.
    async fn refused(&self, refusal: Refusal) -> ControlFlow<()> {
        match refusal {
            Refusal::Overloaded | Refusal::StorageFull => {
                sleep(PATIENCE).await;
                ControlFlow::Continue(())
            }
            Refusal::LeaseLost(_) | Refusal::TaskNotFound(_) | Refusal::ShuttingDown => {
                ControlFlow::Break(())
            }
            other => {
                tracing::error!(task = %self.id, error = %other, "a countdown stands still");
                ControlFlow::Break(())
            }
        }
    }
}
