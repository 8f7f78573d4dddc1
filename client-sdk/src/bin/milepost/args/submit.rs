//! Submitting tasks.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use clap::Args;
use milepost_client::types::{AfterFailure, StageDefinition};

use super::values::{Moment, after_failure, count, label, moment, seconds, stage};

#[derive(Debug, Args)]
pub struct Submit {
    /// What is to be done; workers choose by it.
    pub kind: String,
    #[command(flatten)]
    pub task: TaskOptions,
    /// When it becomes due, from now, e.g. 90s, 15m, 2h.
    #[arg(long, value_name = "TIME", value_parser = seconds, conflicts_with = "run_at")]
    pub delay: Option<u64>,
    /// When it becomes due: RFC 3339, e.g. 2026-01-31T09:30:00Z.
    #[arg(long, value_name = "TIME")]
    pub run_at: Option<DateTime<Utc>>,
    /// When it must be done, or it fails and is not tried again: from now, e.g. 2h, or RFC 3339.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub deadline: Option<Moment>,
    /// The task it is a part of, by its id; its progress follows from its parts.
    #[arg(long, value_name = "ID")]
    pub parent: Option<String>,
    /// How much of its parent it is, relative to the other parts.
    #[arg(long, value_name = "N", requires = "parent")]
    pub weight: Option<f64>,
    /// No worker takes it: it is done when its children are.
    #[arg(long)]
    pub group: bool,
    /// With --group: a child that fails does not end it; it waits for all, and fails then.
    #[arg(long, requires = "group")]
    pub collect: bool,
    /// It waits until this task is done, by its id; may be given several times.
    #[arg(long, value_name = "ID")]
    pub after: Vec<String>,
    /// With --after: what a task that fails or is cancelled does to this one.
    #[arg(long, value_name = "WHAT", requires = "after", value_parser = after_failure)]
    pub after_failure: Option<AfterFailure>,
    /// While a task of its queue with the same word is not done, it is found instead of making one.
    #[arg(long, value_name = "WORD", conflicts_with = "many")]
    pub unique_key: Option<String>,
    /// Submit one task for each line of a file, which is its input as JSON; - for standard input.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["input", "watch"])]
    pub many: Option<PathBuf>,
    /// Makes sending --many again harmless: tasks of the same file and the same word are made once.
    #[arg(long, value_name = "WORD", requires = "many")]
    pub idempotency_key: Option<String>,
    /// Watch it until it is done.
    #[arg(long)]
    pub watch: bool,
    /// Print the task, or with --watch its events, as JSON; with --many, a JSON array.
    #[arg(long)]
    pub json: bool,
}

/// What can be said of a task, whoever submits it.
#[derive(Debug, Default, PartialEq, Args)]
pub struct TaskOptions {
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
    /// Of the tasks of its queue with the same word, one runs at a time, or as many as the queue says.
    #[arg(long, value_name = "WORD")]
    pub key: Option<String>,
    /// How often it may be tried.
    #[arg(long, alias = "max-attempts", value_name = "N", value_parser = count)]
    pub attempts: Option<u32>,
    /// How long one attempt may take, e.g. 90s, 15m, 2h.
    #[arg(long, value_name = "TIME", value_parser = seconds)]
    pub timeout: Option<u64>,
    /// The longest wait after the first failed attempt; doubled with every further one.
    #[arg(long, value_name = "TIME", value_parser = seconds)]
    pub backoff: Option<u64>,
    /// The longest wait after any failed attempt.
    #[arg(long, value_name = "TIME", value_parser = seconds)]
    pub backoff_max: Option<u64>,
    /// A part of the work, and how much of the whole it is; given several times, in order.
    #[arg(long = "stage", value_name = "NAME[:WEIGHT]", value_parser = stage)]
    pub stages: Vec<StageDefinition>,
    /// After how long without a word from its worker it is shown as stalled.
    #[arg(long, value_name = "TIME", value_parser = seconds)]
    pub stalled_after: Option<u64>,
    /// How long it is kept once it is done, e.g. 7d.
    #[arg(long, value_name = "TIME", value_parser = seconds)]
    pub retention: Option<u64>,
}
