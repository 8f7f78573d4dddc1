//! `milepost`: submits, watches and cancels tasks, sets queues, kinds, schedules and webhooks, runs commands as
//! tasks, and works on tasks with commands. `milepost --help` has it all.

mod args;
mod ask;
mod attempts;
mod bulk;
mod command;
mod exec;
mod far;
mod input;
mod kind;
mod list;
mod logs;
mod outcome;
mod queue;
mod schedule;
mod submit;
mod table;
mod tasks;
mod watch;
mod webhook;
mod work;
mod workers;

use std::time::Duration;

use clap::Parser;
use milepost_client::{Error, Milepost};
use tokio::time::timeout;

use args::{Arguments, Command};
use outcome::{Complaint, Outcome};

/// How long the server may take to show that it is there at all.
const FIRST_ANSWER: Duration = Duration::from_secs(10);

fn main() {
    let arguments = Arguments::parse();
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("MILEPOST_LOG")
                .unwrap_or_else(|_| log_filter(&arguments.command).into()),
        )
        .with_writer(std::io::stderr)
        .with_target(false)
        .init();
    let code = match tokio::runtime::Runtime::new() {
        Ok(runtime) => {
            let outcome = runtime.block_on(run(arguments));
            // A pipe that a command's leftovers hold open must not hold us.
            runtime.shutdown_background();
            outcome.unwrap_or_else(|complaint| {
                outcome::note(complaint.message);
                complaint.code
            })
        }
        Err(error) => {
            outcome::note(format!("the async runtime cannot be started: {error}"));
            outcome::FAILED
        }
    };
    std::process::exit(code);
}

/// A worker is a service and tells what it does; the rest prints what was asked for.
fn log_filter(command: &Command) -> &'static str {
    if matches!(command, Command::Work(_)) { "info" } else { "off" }
}

async fn run(arguments: Arguments) -> Outcome {
    let milepost = Milepost::new(&arguments.server)?;
    if !matches!(arguments.command, Command::Work(_)) {
        reach(&milepost).await?;
    }
    match arguments.command {
        Command::Submit(submit) => submit::run(milepost, *submit).await,
        Command::Watch(watch) => watch::run(milepost, watch.ids, watch.json).await,
        Command::List(list) => list::run(milepost, list).await,
        Command::Get { id, shown } => tasks::get(milepost, &id, shown).await,
        Command::Cancel(ids) => tasks::cancel(milepost, ids).await,
        Command::Retry(ids) => tasks::retry(milepost, ids).await,
        Command::Delete(ids) => tasks::delete(milepost, ids).await,
        Command::Bulk(command) => bulk::run(milepost, command).await,
        Command::Logs(logs) => logs::run(milepost, logs).await,
        Command::Attempts(attempts) => attempts::run(milepost, attempts).await,
        Command::Workers(workers) => workers::run(milepost, workers).await,
        Command::Queue(command) => queue::run(milepost, command).await,
        Command::Kind(command) => kind::run(milepost, command).await,
        Command::Schedule(command) => schedule::run(milepost, command).await,
        Command::Webhook(command) => webhook::run(milepost, command).await,
        Command::Exec(exec) => exec::run(milepost, exec).await,
        Command::Work(work) => work::run(milepost, work).await,
    }
}

/// The SDK tries for a while; a person who mistyped an address wants to know at once.
async fn reach(milepost: &Milepost) -> Result<(), Complaint> {
    let asked = timeout(FIRST_ANSWER, milepost.api().get_health().send());
    let error = match asked.await {
        Ok(Ok(_)) => return Ok(()),
        Ok(Err(error)) => Error::from(error),
        Err(_) => Error::Timeout(FIRST_ANSWER),
    };
    Err(Complaint {
        message: format!("no Milepost server answers at {}: {error}", milepost.base_url()),
        code: outcome::UNREACHABLE,
    })
}
