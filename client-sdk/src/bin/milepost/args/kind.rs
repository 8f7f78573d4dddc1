//! Kinds.

use clap::{Args, Subcommand};

use super::{
    condition::{Condition, Shown, tag},
    values::{count, seconds},
};

#[derive(Debug, Subcommand)]
pub enum KindCommand {
    /// List kinds that something is said of, by name.
    List {
        /// Print a JSON array.
        #[arg(long)]
        json: bool,
    },
    /// Print a kind as JSON, with its schema.
    Get {
        /// The kind's name.
        name: String,
        #[command(flatten)]
        shown: Shown,
    },
    /// Say what inputs of a kind must be, and what its tasks get. What is left out is said no more.
    Put(Box<KindPut>),
    /// Say nothing of kinds any more. Their tasks stay.
    Delete {
        /// The kinds' names.
        #[arg(required = true)]
        names: Vec<String>,
        #[command(flatten)]
        condition: Condition,
    },
}

#[derive(Debug, Args)]
pub struct KindPut {
    /// The kind's name.
    pub name: String,
    /// What its tasks do.
    #[arg(long, value_name = "TEXT")]
    pub description: Option<String>,
    /// A JSON Schema that inputs must fit: JSON, @FILE with JSON, or - for standard input.
    #[arg(long, value_name = "JSON|@FILE|-")]
    pub schema: Option<String>,
    /// How often a task may be tried.
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
    /// After how long without a word from its worker a task is shown as stalled.
    #[arg(long, value_name = "TIME", value_parser = seconds)]
    pub stalled_after: Option<u64>,
    /// How long a task is kept once it is done, e.g. 7d.
    #[arg(long, value_name = "TIME", value_parser = seconds)]
    pub retention: Option<u64>,
    #[command(flatten)]
    pub condition: Condition,
    /// Only if it is not as this ETag says; `*` only if nothing is said of it yet.
    #[arg(long, value_name = "TAG", value_parser = tag)]
    pub if_none_match: Option<String>,
    /// Print the kind as JSON.
    #[arg(long)]
    pub json: bool,
}
