//! One job, from its lease to its end.

use std::{sync::Arc, time::Duration};

use serde_json::Value;
use tokio::{runtime::Handle, sync::watch, task::JoinError, time::sleep};

use super::{
    Worker,
    failure::Failure,
    hold::{Hold, Outcome},
    job::{Job, Stop},
};
use crate::types;

/// How long a job whose lease is lost may take to notice. Another worker may be at its task already.
const LOST_GRACE: Duration = Duration::from_secs(5);

pub(super) struct Supervisor {
    pub worker: Arc<Worker>,
    pub lease: types::Lease,
    pub hold: Hold,
    pub user: Handle,
    pub stopping: watch::Receiver<bool>,
}

impl Supervisor {
    pub async fn run(mut self) {
        let (id, kind) = (self.lease.task.id.clone(), self.lease.task.kind.clone());
        tracing::info!(task = id, kind, attempt = self.lease.task.attempt, "a job begins");
        let outcome = self.outcome().await;
        let word = match &outcome {
            Some(Outcome::Complete(_)) => "completed",
            Some(Outcome::Fail(_)) => "failed",
            Some(Outcome::Release) => "given back",
            None => "lost",
        };
        let Some(outcome) = outcome else {
            tracing::warn!(task = id, kind, "the lease of a job is lost; its result is dropped");
            return;
        };
        match self.hold.end(outcome).await {
            Ok(task) => tracing::info!(task = id, kind, state = %task.state, "a job is {word}"),
            Err(error) => tracing::warn!(task = id, kind, %error, "a job's end is not counted"),
        }
    }

    /// How the job ends; `None` if that is no longer ours to say.
    async fn outcome(&mut self) -> Option<Outcome> {
        let Some(handler) = self.worker.handlers.get(&self.lease.task.kind).cloned() else {
            let title = "this worker has no handler for the kind";
            return Some(Outcome::Fail(Failure::new("unknown-kind", title)));
        };
        let job = Job::new(self.lease.clone(), self.hold.reporter());
        // A handler may panic before it returns its future, so it is called inside the task.
        let mut running = self.user.spawn(async move { handler(job).await });
        let shared = Arc::clone(self.hold.shared());
        let mut stop = shared.stop.subscribe();
        let given_up = async {
            let _ = stop.wait_for(|stop| *stop == Some(Stop::LeaseLost)).await;
            sleep(LOST_GRACE).await;
        };
        let too_late = async {
            let _ = self.stopping.wait_for(|&stop| stop).await;
            shared.tell_to_stop(Stop::ShuttingDown);
            sleep(self.worker.stop_grace).await;
        };
        let ended = tokio::select! {
            ended = &mut running => ended,
            () = given_up => {
                running.abort();
                return None;
            }
            () = too_late => {
                running.abort();
                return Some(Outcome::Release);
            }
        };
        let stop = *shared.stop.borrow();
        (stop != Some(Stop::LeaseLost)).then(|| judge(ended, stop))
    }
}

fn judge(ended: Result<Result<Value, Failure>, JoinError>, stop: Option<Stop>) -> Outcome {
    match ended {
        Ok(Ok(output)) => Outcome::Complete(Some(output)),
        // That it was stopped is no fault of the job's.
        Ok(Err(_)) if stop == Some(Stop::ShuttingDown) => Outcome::Release,
        Ok(Err(failure)) => Outcome::Fail(failure),
        Err(error) => match error.try_into_panic() {
            Ok(payload) => Outcome::Fail(Failure::of_panic(&*payload)),
            // The runtime of the handlers is shutting down.
            Err(_) => Outcome::Release,
        },
    }
}
