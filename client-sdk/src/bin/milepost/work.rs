//! `work`: a worker that runs a command for every task.
//!
//! The command gets the input as JSON on standard input. Its output is the last `::output` line, or
//! else the last line of its standard output: as JSON if it is that, otherwise as a text. Any exit
//! code but 0 fails the attempt, and another one follows while any are left. A `::fail` line fails the
//! task for good, whatever the exit code. It is a line and not an exit code of its own because
//! programs give every code a meaning of theirs.

use std::{sync::Arc, time::Duration};

use milepost_client::{
    Milepost,
    worker::{Failure, Job, Stop, Worker},
};
use nix::sys::signal::Signal;
use serde_json::{Value, json};

use crate::{
    args::Work,
    command::{
        process::{self, Setup},
        session::{Session, Told},
    },
    exec,
    outcome::{Complaint, Outcome, SUCCEEDED},
};

/// How late a cancel may be heard of.
const HEARTBEAT: Duration = Duration::from_secs(2);

pub async fn run(milepost: Milepost, arguments: Work) -> Outcome {
    if arguments.concurrency == 0 {
        return Err(Complaint::usage("--concurrency must be at least 1"));
    }
    let name = arguments.name.clone().unwrap_or_else(|| exec::worker_name("work"));
    tracing::info!(server = milepost.base_url(), name, "waiting for tasks");
    let mut worker = Worker::new(milepost, name)
        .concurrency(arguments.concurrency)
        .lease_seconds(arguments.lease_seconds)
        .heartbeat(HEARTBEAT)
        .log_limit(exec::LOG_LIMIT)
        // The command's own grace comes first.
        .stop_grace(arguments.running.grace + Duration::from_secs(2));
    for queue in &arguments.queues {
        worker = worker.queue(queue);
    }
    let arguments = Arc::new(arguments);
    for kind in &arguments.kinds {
        let arguments = Arc::clone(&arguments);
        worker = worker.register(kind, move |job| do_it(Arc::clone(&arguments), job));
    }
    worker.run().await?;
    Ok(SUCCEEDED)
}

async fn do_it(arguments: Arc<Work>, job: Job<Value>) -> Result<Value, Failure> {
    let setup = Setup {
        command: arguments.command.clone(),
        environment: environment(&job)?,
        input: Some(serde_json::to_vec(&job.input)?),
        pass_through: false,
    };
    let mut session = Session::start(setup, &arguments.running, job.reporter())
        .map_err(|error| Failure::new("not-started", error.to_string()))?;
    let mut listening = true;
    let status = loop {
        tokio::select! {
            status = session.wait() => break status?,
            _ = job.cancelled(), if listening => {
                listening = false;
                session.ask_to_end(Signal::SIGTERM);
            }
        }
    };
    let ended = session.finish(status).await;
    let how = process::describe(status);
    match ended.asked {
        Some(signal) if job.stop() == Some(Stop::Cancelled) => {
            Err(Failure::new("cancelled", format!("{how} after {signal}")))
        }
        Some(signal) => Err(Failure::new("stopped", format!("{how} after {signal}"))),
        None if ended.told.failure.is_some() => Err(for_good(&ended.told)),
        None if status.success() => Ok(output(ended.told)),
        None => Err(Failure::new("exit", how).detail(ended.told.quote())),
    }
}

/// The command said itself that trying again would not help.
fn for_good(told: &Told) -> Failure {
    let title = told.failure.clone().unwrap_or_default();
    let failure = Failure::new("failed", title).permanent();
    let quoted = told.quote();
    if quoted.is_empty() { failure } else { failure.detail(quoted) }
}

fn environment(job: &Job<Value>) -> Result<Vec<(String, String)>, Failure> {
    let mut environment = vec![
        ("MILEPOST_TASK_ID".to_owned(), job.id.clone()),
        ("MILEPOST_KIND".to_owned(), job.kind.clone()),
        ("MILEPOST_ATTEMPT".to_owned(), job.attempt.to_string()),
        ("MILEPOST_FENCE".to_owned(), job.fence.to_string()),
    ];
    environment.extend(job.trace_parent.clone().map(|parent| ("TRACEPARENT".to_owned(), parent)));
    if let Some(checkpoint) = job.last_checkpoint::<Value>()? {
        environment.push(("MILEPOST_CHECKPOINT".to_owned(), checkpoint.to_string()));
    }
    Ok(environment)
}

fn output(told: Told) -> Value {
    let last_line = || {
        let line = told.last_line?;
        Some(serde_json::from_str(&line).unwrap_or(Value::String(line)))
    };
    told.output.or_else(last_line).unwrap_or_else(|| json!({}))
}
