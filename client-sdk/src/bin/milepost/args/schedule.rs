//! Schedules.

use clap::{Args, Subcommand, ValueEnum};
use milepost_client::types::Overlap;

use super::{
    condition::{Condition, Shown},
    submit::TaskOptions,
    values::seconds,
};

#[derive(Debug, Subcommand)]
pub enum ScheduleCommand {
    /// List schedules by id.
    List {
        /// Print a JSON array.
        #[arg(long)]
        json: bool,
    },
    /// Print a schedule as JSON.
    Get {
        /// The schedule's id.
        id: String,
        #[command(flatten)]
        shown: Shown,
    },
    /// Make a schedule and print its id.
    Create(Box<ScheduleCreate>),
    /// Give a schedule another rule, or change parts of its task. The rest stays as it is.
    Update(Box<ScheduleUpdate>),
    /// Let it submit nothing by itself.
    Pause {
        /// The schedule's id.
        id: String,
        #[command(flatten)]
        condition: Condition,
    },
    /// Let it go on with the next moment of its rule.
    Resume {
        /// The schedule's id.
        id: String,
        #[command(flatten)]
        condition: Condition,
    },
    /// Submit its task now, and print the task's id.
    Run {
        /// The schedule's id.
        id: String,
        #[command(flatten)]
        condition: Condition,
        /// Print the task as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Remove schedules. The tasks they submitted stay.
    Delete {
        /// The schedules' ids.
        #[arg(required = true)]
        ids: Vec<String>,
        #[command(flatten)]
        condition: Condition,
    },
}

#[derive(Debug, Args)]
#[command(allow_missing_positional = true)]
pub struct ScheduleCreate {
    /// An id of your own; without it the server makes one.
    pub id: Option<String>,
    /// What is to be done; workers choose by it.
    #[arg(required = true)]
    pub kind: String,
    /// When it runs: minute, hour, day of the month, month, weekday, e.g. "30 9 * * MON-FRI"; a rule
    /// of six fields begins with seconds.
    #[arg(long, value_name = "RULE")]
    pub cron: String,
    /// The time zone of the rule, e.g. Europe/Berlin; without it, UTC.
    #[arg(long, value_name = "ZONE")]
    pub zone: Option<String>,
    /// What happens to a run whose predecessor is not done; without it, skip.
    #[arg(long, value_enum)]
    pub overlap: Option<OverlapArgument>,
    /// Let it submit nothing by itself for now.
    #[arg(long)]
    pub paused: bool,
    #[command(flatten)]
    pub task: TaskOptions,
    /// How long after its submission each task must be done, e.g. 2h.
    #[arg(long, value_name = "TIME", value_parser = seconds)]
    pub deadline: Option<u64>,
    /// Print the schedule as JSON.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct ScheduleUpdate {
    /// The schedule's id.
    pub id: String,
    /// When it runs, e.g. "30 9 * * MON-FRI".
    #[arg(long, value_name = "RULE")]
    pub cron: Option<String>,
    /// The time zone of the rule, e.g. Europe/Berlin.
    #[arg(long, value_name = "ZONE")]
    pub zone: Option<String>,
    /// What happens to a run whose predecessor is not done.
    #[arg(long, value_enum)]
    pub overlap: Option<OverlapArgument>,
    /// What is to be done.
    #[arg(long)]
    pub kind: Option<String>,
    #[command(flatten)]
    pub task: TaskOptions,
    /// How long after its submission each task must be done, e.g. 2h.
    #[arg(long, value_name = "TIME", value_parser = seconds)]
    pub deadline: Option<u64>,
    #[command(flatten)]
    pub condition: Condition,
    /// Print the schedule as JSON.
    #[arg(long)]
    pub json: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum OverlapArgument {
    /// It is left out.
    Skip,
    /// Both go on.
    Allow,
    /// The predecessor is cancelled.
    Cancel,
}

impl From<OverlapArgument> for Overlap {
    fn from(overlap: OverlapArgument) -> Self {
        match overlap {
            OverlapArgument::Skip => Overlap::Skip,
            OverlapArgument::Allow => Overlap::Allow,
            OverlapArgument::Cancel => Overlap::Cancel,
        }
    }
}
