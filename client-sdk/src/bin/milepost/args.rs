//! What can be typed.

use std::{ffi::OsString, time::Duration};

use clap::{Args, Parser, Subcommand, ValueEnum};
use milepost_client::{types::TaskState, worker::LogLevel};

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
    /// Submit a task and print its id.
    Submit(Submit),
    /// Watch tasks until they are done.
    Watch(Watch),
    /// List tasks, newest first.
    List(List),
    /// Print a task as JSON.
    Get {
        /// The task's id.
        id: String,
    },
    /// Cancel tasks.
    Cancel(Ids),
    /// Give failed or cancelled tasks another round of attempts.
    Retry(Ids),
    /// Remove tasks that are done.
    Delete(Ids),
    /// Print the lines a task's workers wrote.
    Logs(Logs),
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
}

#[derive(Debug, Args)]
pub struct Submit {
    /// What is to be done; workers choose by it.
    pub kind: String,
    /// What the worker is given: JSON, @FILE with JSON, or - for standard input.
    #[arg(long, value_name = "JSON|@FILE|-")]
    pub input: Option<String>,
    /// Where the task waits.
    #[arg(long)]
    pub queue: Option<String>,
    /// A word to find it by; may be given several times.
    #[arg(long = "label", value_name = "KEY=VALUE", value_parser = label)]
    pub labels: Vec<(String, String)>,
    /// From -100 to 100; higher goes first.
    #[arg(long, allow_negative_numbers = true)]
    pub priority: Option<i32>,
    /// How often it may be tried.
    #[arg(long, value_name = "N")]
    pub max_attempts: Option<u32>,
    /// How long one attempt may take, e.g. 90s, 15m, 2h.
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub timeout: Option<Duration>,
    /// When it becomes due: RFC 3339, e.g. 2026-01-31T09:30:00Z.
    #[arg(long, value_name = "TIME")]
    pub run_at: Option<chrono::DateTime<chrono::Utc>>,
    /// Watch it until it is done.
    #[arg(long)]
    pub watch: bool,
    /// Print the task, or with --watch its events, as JSON.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Watch {
    /// The tasks' ids, at most 150.
    #[arg(required = true)]
    pub ids: Vec<String>,
    /// Print every event as a line of JSON.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct List {
    /// Only tasks in this state; may be given several times.
    #[arg(long = "state", value_enum)]
    pub states: Vec<StateArgument>,
    /// Only tasks of this queue.
    #[arg(long)]
    pub queue: Option<String>,
    /// Only tasks of this kind.
    #[arg(long)]
    pub kind: Option<String>,
    /// Only tasks with this label; all that are given must match.
    #[arg(long = "label", value_name = "KEY=VALUE", value_parser = label)]
    pub labels: Vec<(String, String)>,
    /// Only parts of this task.
    #[arg(long, value_name = "ID")]
    pub parent: Option<String>,
    /// Only tasks with this text in their id or kind.
    #[arg(long, value_name = "TEXT")]
    pub text: Option<String>,
    /// The most to list.
    #[arg(long, default_value_t = 50, value_name = "N")]
    pub limit: usize,
    /// Print a JSON array.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Logs {
    /// The task's id.
    pub id: String,
    /// Go on until the task is done.
    #[arg(short, long)]
    pub follow: bool,
    /// How many of the last lines to print, at most 1000.
    #[arg(long, default_value_t = 100, value_name = "N")]
    pub tail: u64,
    /// Print when the server received each line, and its level.
    #[arg(short, long)]
    pub timestamps: bool,
}

#[derive(Debug, Args)]
pub struct Exec {
    /// The kind of the task.
    #[arg(long, default_value = "exec")]
    pub kind: String,
    /// The queue of the task. Nobody else can take it; the queue is for finding it.
    #[arg(long, default_value = "exec")]
    pub queue: String,
    /// A word to find it by; may be given several times.
    #[arg(long = "label", value_name = "KEY=VALUE", value_parser = label)]
    pub labels: Vec<(String, String)>,
    /// What people call it: the label `name`.
    #[arg(long)]
    pub name: Option<String>,
    /// How long the command may take, e.g. 90s, 15m, 2h.
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub timeout: Option<Duration>,
    #[command(flatten)]
    pub running: Running,
    /// The command and its arguments.
    #[arg(required = true, trailing_var_arg = true, value_name = "COMMAND")]
    pub command: Vec<OsString>,
}

#[derive(Debug, Args)]
pub struct Work {
    /// A queue to take tasks from; may be given several times.
    #[arg(long = "queue", default_value = "default", value_name = "QUEUE")]
    pub queues: Vec<String>,
    /// A kind of task to take; may be given several times.
    #[arg(long = "kind", required = true, value_name = "KIND")]
    pub kinds: Vec<String>,
    /// How many tasks to run at once.
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub concurrency: usize,
    /// The worker's name; otherwise made from the host's name.
    #[arg(long)]
    pub name: Option<String>,
    /// How long a lease lives without a report, in seconds.
    #[arg(long, default_value_t = 30, value_name = "SECONDS")]
    pub lease_seconds: u64,
    #[command(flatten)]
    pub running: Running,
    /// The command and its arguments. It gets the task's input as JSON on standard input, and
    /// MILEPOST_TASK_ID, MILEPOST_KIND, MILEPOST_ATTEMPT, MILEPOST_FENCE and MILEPOST_CHECKPOINT.
    #[arg(required = true, trailing_var_arg = true, value_name = "COMMAND")]
    pub command: Vec<OsString>,
}

/// How a command is run, whoever wants it.
#[derive(Clone, Debug, Args)]
pub struct Running {
    /// How long the command has after SIGTERM before SIGKILL, e.g. 500ms, 10s.
    #[arg(long, default_value = "10s", value_name = "TIME", value_parser = duration)]
    pub grace: Duration,
    /// Take no progress from percentages in the output, only from `::progress` lines.
    #[arg(long)]
    pub no_percent: bool,
    /// The level of lines on standard error. Many programs print all they have to say there, so it is
    /// the same as that of standard output unless you say otherwise.
    #[arg(long, value_enum, default_value = "info", value_name = "LEVEL")]
    pub stderr_level: LevelArgument,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum StateArgument {
    Scheduled,
    Queued,
    Running,
    Retrying,
    Succeeded,
    Failed,
    Cancelled,
}

impl From<StateArgument> for TaskState {
    fn from(state: StateArgument) -> Self {
        match state {
            StateArgument::Scheduled => TaskState::Scheduled,
            StateArgument::Queued => TaskState::Queued,
            StateArgument::Running => TaskState::Running,
            StateArgument::Retrying => TaskState::Retrying,
            StateArgument::Succeeded => TaskState::Succeeded,
            StateArgument::Failed => TaskState::Failed,
            StateArgument::Cancelled => TaskState::Cancelled,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum LevelArgument {
    Debug,
    Info,
    Warn,
    Error,
}

impl From<LevelArgument> for LogLevel {
    fn from(level: LevelArgument) -> Self {
        match level {
            LevelArgument::Debug => LogLevel::Debug,
            LevelArgument::Info => LogLevel::Info,
            LevelArgument::Warn => LogLevel::Warn,
            LevelArgument::Error => LogLevel::Error,
        }
    }
}

fn label(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err("expected KEY=VALUE".to_owned()),
    }
}

/// `500ms`, `10s`, `15m`, `2h`; a plain number counts seconds.
fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let number: f64 =
        digits.parse().map_err(|_| "expected a time such as 500ms, 10s, 15m or 2h".to_owned())?;
    let unit = match &text[digits.len()..] {
        "ms" => 0.001,
        "" | "s" => 1.0,
        "m" => 60.0,
        "h" => 3600.0,
        unit => return Err(format!("{unit:?} is no unit of time; there are ms, s, m and h")),
    };
    Duration::try_from_secs_f64(number * unit).map_err(|_| "expected a time from 0 on".to_owned())
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

    #[test]
    fn times_have_units() {
        for (text, milliseconds) in [("500ms", 500), ("10s", 10_000), ("1.5m", 90_000), ("2", 2000)]
        {
            assert_eq!(duration(text), Ok(Duration::from_millis(milliseconds)));
        }
        assert!(duration("10d").is_err() && duration("").is_err() && duration("-1s").is_err());
    }
}
