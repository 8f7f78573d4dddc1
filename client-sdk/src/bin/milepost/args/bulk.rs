//! One thing done to many tasks.

use chrono::{DateTime, Utc};
use clap::{Args, Subcommand};

use super::{reading::StateArgument, values::label};

#[derive(Debug, Subcommand)]
pub enum BulkCommand {
    /// Cancel all tasks that match and are not done.
    Cancel(Bulk),
    /// Give all failed and cancelled tasks that match another round of attempts.
    Retry(Bulk),
    /// Remove all tasks that match and are done.
    Delete(Bulk),
}

/// Which tasks; at least one part must be given.
#[derive(Debug, Args)]
pub struct Bulk {
    /// Tasks in this state; may be given several times.
    #[arg(long = "state", value_enum)]
    pub states: Vec<StateArgument>,
    /// Tasks of this queue.
    #[arg(long)]
    pub queue: Option<String>,
    /// Tasks of this kind.
    #[arg(long)]
    pub kind: Option<String>,
    /// Tasks with this label; all that are given must match.
    #[arg(long = "label", value_name = "KEY=VALUE", value_parser = label)]
    pub labels: Vec<(String, String)>,
    /// Parts of this task.
    #[arg(long, value_name = "ID")]
    pub parent: Option<String>,
    /// Tasks that this schedule submitted.
    #[arg(long, value_name = "ID")]
    pub schedule: Option<String>,
    /// Tasks that ended with an error of this type; may be given several times.
    #[arg(long = "error-type", value_name = "TYPE")]
    pub error_types: Vec<String>,
    /// Tasks with this text in their id or kind.
    #[arg(long, value_name = "TEXT")]
    pub text: Option<String>,
    /// Tasks created after this time: RFC 3339, e.g. 2026-01-31T09:30:00Z.
    #[arg(long, value_name = "TIME")]
    pub created_after: Option<DateTime<Utc>>,
    /// Tasks created before this time.
    #[arg(long, value_name = "TIME")]
    pub created_before: Option<DateTime<Utc>>,
    /// Only count them.
    #[arg(long)]
    pub dry_run: bool,
    /// Watch the run until it is done.
    #[arg(long)]
    pub watch: bool,
    /// Print the run, or with --watch its events, as JSON.
    #[arg(long)]
    pub json: bool,
}
