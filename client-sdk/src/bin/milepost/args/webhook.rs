//! Webhooks.

use clap::{Args, Subcommand, ValueEnum};
use milepost_client::types::WebhookEvent;

use super::{
    condition::{Condition, Shown},
    values::label,
};

#[derive(Debug, Subcommand)]
pub enum WebhookCommand {
    /// List webhooks by id.
    List {
        /// Print a JSON array.
        #[arg(long)]
        json: bool,
    },
    /// Print a webhook as JSON.
    Get {
        /// The webhook's id.
        id: String,
        #[command(flatten)]
        shown: Shown,
    },
    /// Make a webhook and print its id and its secret, which is not shown again.
    Create(Box<WebhookCreate>),
    /// Change parts of a webhook. The rest stays as it is.
    Update(Box<WebhookUpdate>),
    /// Send it a message that says nothing, and print what came of it.
    Test {
        /// The webhook's id.
        id: String,
        #[command(flatten)]
        condition: Condition,
        /// Print the delivery's task as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Give it another secret and print that; the one before signs on for 24 hours.
    RotateSecret {
        /// The webhook's id.
        id: String,
        #[command(flatten)]
        condition: Condition,
    },
    /// Remove webhooks. What waits for them is cancelled.
    Delete {
        /// The webhooks' ids.
        #[arg(required = true)]
        ids: Vec<String>,
        #[command(flatten)]
        condition: Condition,
    },
}

#[derive(Debug, Args)]
pub struct WebhookCreate {
    /// Where the messages are posted.
    pub url: String,
    #[command(flatten)]
    pub options: WebhookOptions,
    /// Only of tasks in this queue.
    #[arg(long)]
    pub queue: Option<String>,
    /// Only of tasks of this kind.
    #[arg(long)]
    pub kind: Option<String>,
    /// Let it be told nothing for now.
    #[arg(long)]
    pub disabled: bool,
    /// Print the webhook as JSON.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct WebhookUpdate {
    /// The webhook's id.
    pub id: String,
    /// Where the messages are posted.
    #[arg(long)]
    pub url: Option<String>,
    #[command(flatten)]
    pub options: WebhookOptions,
    /// Only of tasks in this queue.
    #[arg(long)]
    pub queue: Option<String>,
    /// Of tasks in any queue.
    #[arg(long, conflicts_with = "queue")]
    pub any_queue: bool,
    /// Only of tasks of this kind.
    #[arg(long)]
    pub kind: Option<String>,
    /// Of tasks of any kind.
    #[arg(long, conflicts_with = "kind")]
    pub any_kind: bool,
    /// Let it be told again.
    #[arg(long)]
    pub enable: bool,
    /// Let it be told nothing; what waits is cancelled.
    #[arg(long, conflicts_with = "enable")]
    pub disable: bool,
    #[command(flatten)]
    pub condition: Condition,
    /// Print the webhook as JSON.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Default, PartialEq, Eq, Args)]
pub struct WebhookOptions {
    /// Tell of this end; repeat it. Without any, of all three.
    #[arg(long = "event", value_name = "END", value_enum)]
    pub events: Vec<EventArgument>,
    /// Only of tasks with this label; all that are given must match.
    #[arg(long = "label", value_name = "KEY=VALUE", value_parser = label)]
    pub labels: Vec<(String, String)>,
    /// What it is for.
    #[arg(long, value_name = "TEXT")]
    pub description: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum EventArgument {
    Succeeded,
    Failed,
    Cancelled,
}

impl From<EventArgument> for WebhookEvent {
    fn from(event: EventArgument) -> Self {
        match event {
            EventArgument::Succeeded => WebhookEvent::TaskSucceeded,
            EventArgument::Failed => WebhookEvent::TaskFailed,
            EventArgument::Cancelled => WebhookEvent::TaskCancelled,
        }
    }
}
