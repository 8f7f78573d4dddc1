//! The embedded worker behind runs over many tasks.
//!
//! It counts the tasks first, so that the run's progress means something, and then does to each of them
//! what the operation for one task does, page by page from the newest down. What it has reached is its
//! checkpoint: after a restart a page may be done again, and finds its tasks done.

#[cfg(test)]
mod tests;

use std::{ops::ControlFlow, sync::Arc};

use futures_util::future::join_all;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::{
    domain::{
        RawJson, Refusal, TaskError, TaskId,
        bulk::{BulkAction, BulkOrder, BulkResult, BulkState},
        name::RESERVED,
        progress::ProgressReport,
    },
    embedded::{self, Attempt, Trade},
    engine::{Engine, Leased, Outcome, Report},
    store::{IdPage, ListQuery, StoreError},
    stream::log::Log,
};

/// Tasks changed at a time: enough for a good batch of the writer, and no long wait for others.
const PAGE: usize = 200;
/// Tasks counted at a time.
const COUNTED: usize = 1000;

/// Does runs until `shutdown`, then gives its leases back. The handle ends when that is done.
pub fn start(engine: Engine, log: Log, shutdown: CancellationToken) -> JoinHandle<()> {
    let trade = Trade {
        name: "milepost-bulk",
        queue: RESERVED,
        kinds: BulkAction::ALL.iter().map(|action| action.kind().to_owned()).collect(),
        at_once: 4,
        lease_seconds: 10,
    };
    let log = Arc::new(log);
    embedded::start(engine, trade, move |attempt, lease| run(attempt, lease, log.clone()), shutdown)
}

async fn run(attempt: Attempt, lease: Leased, log: Arc<Log>) -> ControlFlow<()> {
    if lease.cancel_requested {
        return attempt.stop().await;
    }
    let order = lease.task.input.as_ref().map(|input| serde_json::from_str(input.get()));
    let Some(Ok(order)) = order else {
        let error = TaskError::new("damaged", "The run's input is not what the server wrote");
        let retry_after_seconds = None;
        return attempt.end(Outcome::Fail { error, retryable: false, retry_after_seconds }).await;
    };
    let left = lease.checkpoint.and_then(|text| serde_json::from_str(text.get()).ok());
    let until = lease.task.cursor.position;
    let state = left.unwrap_or(BulkState { until, ..BulkState::default() });
    let mut run = Run { attempt, log, order, state };
    run.count().await?;
    if !run.order.dry_run {
        run.act().await?;
    }
    run.complete().await
}

/// One attempt at a run.
struct Run {
    attempt: Attempt,
    log: Arc<Log>,
    order: BulkOrder,
    state: BulkState,
}

impl Run {
    async fn count(&mut self) -> ControlFlow<()> {
        while self.state.total.is_none() {
            let page = self.page(COUNTED).await?;
            self.state.counted += page.items.len() as u64;
            self.state.below = page.next;
            if page.next.is_none() {
                self.state.total = Some(self.state.counted);
            }
            let counted = self.state.counted;
            self.say(format!("{counted} counted")).await?;
        }
        ControlFlow::Continue(())
    }

    async fn act(&mut self) -> ControlFlow<()> {
        loop {
            let page = self.page(PAGE).await?;
            let answers = join_all(page.items.iter().map(|id| self.change(id))).await;
            for answer in answers {
                match answer? {
                    true => self.state.changed += 1,
                    false => self.state.skipped += 1,
                }
            }
            let Some(below) = page.next else { return ControlFlow::Continue(()) };
            self.state.below = Some(below);
            self.say(format!("{} changed", self.state.changed)).await?;
        }
    }

    /// Does it to one task; whether it could be done.
    async fn change(&self, id: &TaskId) -> ControlFlow<(), bool> {
        if id == self.attempt.task() {
            // A run over the server's own tasks leaves itself alone.
            return ControlFlow::Continue(false);
        }
        let engine = &self.attempt.engine;
        loop {
            let refusal = match self.order.action {
                BulkAction::Cancel => engine.cancel(id.clone(), None).await.err(),
                BulkAction::Retry => engine.retry(id.clone(), None).await.err(),
                BulkAction::Delete => engine.delete(id.clone()).await.err(),
            };
            match refusal {
                None => return ControlFlow::Continue(true),
                Some(refusal @ (Refusal::Overloaded | Refusal::StorageFull)) => {
                    self.attempt.refused(refusal).await?;
                }
                Some(Refusal::ShuttingDown | Refusal::StorageFailed) => {
                    return ControlFlow::Break(());
                }
                // It went on by itself meanwhile, or is gone.
                Some(_) => return ControlFlow::Continue(false),
            }
        }
    }

    /// The next tasks, by id.
    async fn page(&self, limit: usize) -> ControlFlow<(), IdPage> {
        let filter = &self.order.filter;
        let query = ListQuery {
            filter: self.order.filter(),
            schedule: filter.schedule.clone(),
            created_after: filter.created_after,
            created_before: filter.created_before,
            text: filter.q.clone().filter(|text| !text.is_empty()),
            below: Some(self.state.below.unwrap_or(self.state.until)),
            limit,
        };
        match self.log.read(move |reads| reads.ids(&query)).await {
            Ok(page) => ControlFlow::Continue(page),
            Err(error) => {
                self.fail(&error).await?;
                ControlFlow::Break(())
            }
        }
    }

    /// The store cannot be read; another attempt goes on from the checkpoint.
    async fn fail(&self, error: &StoreError) -> ControlFlow<()> {
        tracing::error!(%error, "a run over many tasks cannot read them");
        let error = TaskError::new("unreadable", "The tasks cannot be read at the moment");
        let retry_after_seconds = Some(5);
        self.attempt.end(Outcome::Fail { error, retryable: true, retry_after_seconds }).await
    }

    async fn say(&self, message: String) -> ControlFlow<()> {
        let BulkState { total, changed, skipped, .. } = self.state;
        let progress = ProgressReport {
            current: total.map(|total| (changed + skipped).min(total) as f64),
            total: total.map(|total| total as f64),
            unit: total.map(|_| "tasks".to_owned()),
            message: Some(message),
            ..ProgressReport::default()
        };
        let report = Report {
            progress: Some(progress),
            checkpoint: RawJson::of(&self.state).ok(),
            ..Report::default()
        };
        self.attempt.report(&report).await
    }

    async fn complete(&self) -> ControlFlow<()> {
        let BulkState { total, changed, skipped, .. } = self.state;
        let BulkOrder { action, dry_run, .. } = self.order;
        let matched = total.unwrap_or(0);
        // What had gone on before its page was read stood in no page.
        let unmet = if dry_run { 0 } else { matched.saturating_sub(changed) };
        let skipped = skipped.max(unmet);
        let result = BulkResult { action, dry_run, matched, changed, skipped };
        self.attempt.end(Outcome::Complete { output: RawJson::of(&result).ok() }).await
    }
}
