//! Running commands for tasks: `exec` and `work`.

use std::{ffi::OsString, time::Duration};

use clap::{Args, ValueEnum};
use milepost_client::worker::LogLevel;

use super::values::{duration, label};

/// Every command that is run speaks this way.
const LINES: &str = "\
Lines of the command that begin with :: are not logged, but say how far it is:
  ::progress 42 MESSAGE   percent, also as 42%, or 3/12; the message may be absent
  ::stage NAME            a part of the work begins; in one of the task's stages, what is counted
                          counts within it";

/// What a worker's command can say besides.
const WORK_LINES: &str = "\
Lines of the command that begin with :: are not logged, but speak to the server:
  ::progress 42 MESSAGE   percent, also as 42%, or 3/12; the message may be absent
  ::stages NAME:WEIGHT …  the parts of the work, and how much of the whole each is
  ::stage NAME            a part of the work begins; in one of the task's stages, what is counted
                          counts within it
  ::checkpoint JSON       what the next attempt finds in MILEPOST_CHECKPOINT
  ::output JSON           the task's output; without it, the last line of standard output
  ::fail MESSAGE          once the command has ended, whatever its exit code, the task fails for good:
                          no further attempt
Without ::fail, any exit code but 0 fails the attempt, and another one follows while any are left.";

#[derive(Debug, Args)]
#[command(after_help = LINES)]
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
#[command(after_help = WORK_LINES)]
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
    /// MILEPOST_TASK_ID, MILEPOST_KIND, MILEPOST_ATTEMPT, MILEPOST_FENCE, MILEPOST_CHECKPOINT
    /// and TRACEPARENT.
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
