//! What can be typed.

mod bulk;
mod condition;
mod kind;
mod queue;
mod reading;
mod running;
mod schedule;
mod submit;
mod values;
mod webhook;

use clap::{Args, Parser, Subcommand};

pub use bulk::{Bulk, BulkCommand};
pub use condition::{Condition, Shown};
pub use kind::{KindCommand, KindPut};
pub use queue::{Limits, QueueCommand, QueueSet};
pub use reading::{Attempts, List, Logs, Watch, Workers};
pub use running::{Exec, Running, Work};
pub use schedule::{ScheduleCommand, ScheduleCreate, ScheduleUpdate};
pub use submit::{Submit, TaskOptions};
pub use values::{Moment, OrNone, stage};
pub use webhook::{WebhookCommand, WebhookCreate, WebhookOptions, WebhookUpdate};

/// Long-running work, live in the browser.
#[derive(Debug, Parser)]
#[command(name = "milepost", version, propagate_version = true, after_help = EXIT_CODES)]
pub struct Arguments {
    /// The server's base URL.
    #[arg(
        long,
        global = true,
        env = "MILEPOST_URL",
        default_value = "http://127.0.0.1:8080",
        value_name = "URL"
    )]
    pub server: String,
    #[command(subcommand)]
    pub command: Command,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  done; every task that was watched succeeded
  1  a watched task failed or was cancelled, or the server refused the request
  2  the command line is wrong
  3  the server cannot be reached
exec ends with the code of its command, 128 + N when signal N ended it, 126 or 127 when it could not
be started.";

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Submit a task, or many, and print the ids.
    Submit(Box<Submit>),
    /// Watch tasks until they are done.
    Watch(Watch),
    /// List tasks, newest first.
    List(List),
    /// Print a task as JSON.
    Get {
        /// The task's id.
        id: String,
        #[command(flatten)]
        shown: Shown,
    },
    /// Cancel tasks.
    Cancel(Ids),
    /// Give failed or cancelled tasks another round of attempts.
    Retry(Ids),
    /// Remove tasks that are done.
    Delete(Ids),
    /// Cancel, retry or remove all tasks that match.
    #[command(subcommand)]
    Bulk(BulkCommand),
    /// Print the lines a task's workers wrote.
    Logs(Logs),
    /// List who tried a task, when, and how that ended.
    Attempts(Attempts),
    /// List the workers that asked for work lately or run a task.
    Workers(Workers),
    /// See queues, pause them, and limit what runs at once.
    #[command(subcommand)]
    Queue(QueueCommand),
    /// Say what inputs of a kind must be, and what its tasks get.
    #[command(subcommand, alias = "kinds")]
    Kind(KindCommand),
    /// Submit tasks by the calendar.
    #[command(subcommand)]
    Schedule(ScheduleCommand),
    /// Tell others how tasks end.
    #[command(subcommand)]
    Webhook(WebhookCommand),
    /// Run a command as a task: its output becomes the task's log, percentages its progress, its exit
    /// code the result; a cancel ends it.
    Exec(Exec),
    /// Be a worker that runs a command for every task.
    Work(Work),
}

#[derive(Debug, Args)]
pub struct Ids {
    /// The tasks' ids.
    #[arg(required = true)]
    pub ids: Vec<String>,
    #[command(flatten)]
    pub condition: Condition,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn everything_behind_the_first_word_of_a_command_belongs_to_it() {
        for dashes in [&["--"][..], &[]] {
            let line = ["milepost", "exec", "--kind", "copy"];
            let command = ["rsync", "-a", "--kind", "x", "--", "y"];
            let words = line.iter().chain(dashes).chain(&command);
            let Command::Exec(exec) = Arguments::parse_from(words).command else { panic!() };
            assert_eq!(exec.kind, "copy");
            assert_eq!(exec.command, command);
        }
    }
}
