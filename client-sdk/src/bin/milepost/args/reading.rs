//! Looking at tasks: `watch`, `list`, `logs`, `attempts`, and at workers.

use clap::{Args, ValueEnum, value_parser};
use milepost_client::types::TaskState;

use super::values::label;

#[derive(Debug, Args)]
pub struct Watch {
    /// The tasks' ids, at most 500.
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
    /// Only tasks that this schedule submitted.
    #[arg(long, value_name = "ID")]
    pub schedule: Option<String>,
    /// Only tasks that ended with an error of this type; may be given several times.
    #[arg(long = "error-type", value_name = "TYPE")]
    pub error_types: Vec<String>,
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
    #[arg(long, default_value_t = 100, value_name = "N", value_parser = value_parser!(u64).range(0..=1000))]
    pub tail: u64,
    /// Print every line that is kept.
    #[arg(long, conflicts_with = "tail")]
    pub all: bool,
    /// Print when the server received each line, and its level.
    #[arg(short, long)]
    pub timestamps: bool,
}

#[derive(Debug, Args)]
pub struct Attempts {
    /// The task's id.
    pub id: String,
    /// Print a JSON array.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Workers {
    /// Print a JSON array.
    #[arg(long)]
    pub json: bool,
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
