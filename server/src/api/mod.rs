//! The operations: one file per resource, each translating between the wire and the engine.
//!
//! A handler unwraps a request, asks the engine or the log, and wraps what comes back; it decides
//! nothing. The contract is what these files declare: poem-openapi writes it down, [`canonical`]
//! tidies it, and everything else (SDKs, Swagger UI, tests) is made from that.

mod answers;
mod attempts;
mod batches;
mod bulk;
mod cached;
pub mod canonical;
mod conditional;
mod contract;
mod endpoint;
mod filter;
mod handover;
mod history;
mod idempotency;
mod kinds;
mod leases;
pub mod limits;
mod lines;
mod metrics;
mod paging;
mod params;
mod parse;
mod payload;
mod preference;
pub mod problem;
mod queues;
mod quickstart;
mod schedules;
mod streams;
mod strict;
mod system;
mod tasks;
mod webhooks;
pub mod wire;
mod workers;

use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

pub use contract::{API_VERSION, Tag, service, spec};
pub use endpoint::endpoint;

use self::problem::Problem;

use crate::{
    domain::{Refusal, TaskId, TaskView, Timestamp},
    engine::Engine,
    metrics::Metrics,
    store::StoreError,
    stream::{log::Log, subscription::Streams},
};

/// What handlers work with. Cheap to clone.
#[derive(Clone)]
pub struct Api {
    engine: Engine,
    log: Log,
    streams: Streams,
    metrics: Metrics,
    /// Cancelled when the server begins to shut down: whoever waits answers with what there is.
    drain: CancellationToken,
    started_at: Timestamp,
    started: Instant,
    /// Whether spans of attempts are exported, which workers' own spans can hang under.
    traced: bool,
}

impl Api {
    pub fn new(
        engine: Engine,
        log: Log,
        streams: Streams,
        metrics: Metrics,
        drain: CancellationToken,
    ) -> Self {
        let (started_at, started) = (Timestamp::system(), Instant::now());
        Api { engine, log, streams, metrics, drain, started_at, started, traced: false }
    }

    /// Says whether traces are exported.
    pub fn traced(self, traced: bool) -> Self {
        Api { traced, ..self }
    }

    /// Why there is no such task.
    async fn missing(&self, id: &TaskId) -> Result<Problem, StoreError> {
        let sought = id.clone();
        let stone = self.log.read(move |reads| reads.tombstone(&sought)).await?;
        Ok(match stone {
            Some(stone) => Refusal::TaskDeleted { id: stone.id, at: stone.at },
            None => Refusal::TaskNotFound(id.clone()),
        }
        .into())
    }

    /// The task as soon as `enough` holds of it, or as it is after `wait`; nothing if it is not
    /// there (any more).
    async fn wait_until(
        &self,
        id: &TaskId,
        wait: Duration,
        enough: impl Fn(&TaskView) -> bool,
    ) -> Result<Option<TaskView>, StoreError> {
        let deadline = tokio::time::Instant::now() + wait;
        let mut waker = self.log.hub.watch_task(id);
        loop {
            let sought = id.clone();
            let Some((_, task)) = self.log.read(move |reads| reads.task(&sought)).await? else {
                return Ok(None);
            };
            let over = tokio::time::Instant::now() >= deadline || self.drain.is_cancelled();
            if over || enough(&task) {
                return Ok(Some(task));
            }
            tokio::select! {
                () = waker.woken() => {}
                () = tokio::time::sleep_until(deadline) => {}
                () = self.drain.cancelled() => {}
            }
        }
    }
}
