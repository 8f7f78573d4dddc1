//! Queues.

use clap::{Args, Subcommand};

use super::{
    condition::{Condition, Shown},
    values::{OrNone, Rate, count, or_none, rate, seconds},
};

#[derive(Debug, Subcommand)]
pub enum QueueCommand {
    /// List queues by name: what is in them, and what limits them.
    List {
        /// Print a JSON array.
        #[arg(long)]
        json: bool,
    },
    /// Print a queue as JSON.
    Get {
        /// The queue's name.
        name: String,
        #[command(flatten)]
        shown: Shown,
    },
    /// Let no worker take tasks of it; what runs goes on.
    Pause {
        /// The queue's name.
        name: String,
        #[command(flatten)]
        condition: Condition,
    },
    /// Let workers take its tasks again.
    Resume {
        /// The queue's name.
        name: String,
        #[command(flatten)]
        condition: Condition,
    },
    /// Set limits, and what tasks get whose submission does not say. The rest stays as it is.
    Set(Box<QueueSet>),
}

// The usage made from the group would name every limit once more.
#[derive(Debug, Args)]
#[command(override_usage = "milepost queue set <NAME> [OPTIONS]")]
pub struct QueueSet {
    /// The queue's name.
    pub name: String,
    #[command(flatten)]
    pub limits: Limits,
    #[command(flatten)]
    pub condition: Condition,
    /// Print the queue as JSON.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub struct Limits {
    /// At most so many of its tasks run at once.
    #[arg(long, value_name = "N|none", value_parser = or_none(count))]
    pub max_concurrency: Option<OrNone<u32>>,
    /// At most so many of its tasks with the same concurrency key run at once.
    #[arg(long, value_name = "N", value_parser = count)]
    pub per_key: Option<u32>,
    /// At most so many attempts begin in a time, e.g. 10/1s, 100/m.
    #[arg(long, value_name = "N/TIME|none", value_parser = or_none(rate))]
    pub rate: Option<OrNone<Rate>>,
    /// How many may begin at once after a rest; without it, as many as the rate names.
    #[arg(long, value_name = "N", value_parser = count)]
    pub burst: Option<u32>,
    /// How often a task may be tried.
    #[arg(long, alias = "max-attempts", value_name = "N|none", value_parser = or_none(count))]
    pub attempts: Option<OrNone<u32>>,
    /// How long one attempt may take, e.g. 90s, 15m, 2h.
    #[arg(long, value_name = "TIME|none", value_parser = or_none(seconds))]
    pub timeout: Option<OrNone<u64>>,
    /// The longest wait after the first failed attempt; doubled with every further one.
    #[arg(long, value_name = "TIME|none", value_parser = or_none(seconds))]
    pub backoff: Option<OrNone<u64>>,
    /// The longest wait after any failed attempt.
    #[arg(long, value_name = "TIME|none", value_parser = or_none(seconds))]
    pub backoff_max: Option<OrNone<u64>>,
    /// After how long without a word from its worker a task is shown as stalled.
    #[arg(long, value_name = "TIME|none", value_parser = or_none(seconds))]
    pub stalled_after: Option<OrNone<u64>>,
    /// How long a task is kept once it is done, e.g. 7d; `none` keeps it for good.
    #[arg(long, value_name = "TIME|none", value_parser = or_none(seconds))]
    pub retention: Option<OrNone<u64>>,
    /// Delete its tasks so long after their end, e.g. 30d, also those that are done already.
    #[arg(long, value_name = "TIME|none", value_parser = or_none(seconds))]
    pub keep_tasks: Option<OrNone<u64>>,
    /// Drop the input and output of a task so long after its end; it cannot be retried then.
    #[arg(long, value_name = "TIME|none", value_parser = or_none(seconds))]
    pub keep_bodies: Option<OrNone<u64>>,
    /// Drop the events of a task so long after its end, but for the last ones.
    #[arg(long, value_name = "TIME|none", value_parser = or_none(seconds))]
    pub keep_events: Option<OrNone<u64>>,
    /// Thin the progress of a task so long after its end.
    #[arg(long, value_name = "TIME|none", value_parser = or_none(seconds))]
    pub keep_progress: Option<OrNone<u64>>,
}
