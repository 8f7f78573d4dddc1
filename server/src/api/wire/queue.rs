//! Queues, and what is in them.

use std::collections::BTreeMap;

use poem_openapi::Object;
use serde::Serialize;

use super::{
    links,
    queue_settings::{RateLimit, Retention, TaskDefaults},
};
use crate::{
    domain::{self, QueueSettings, State, Timestamp},
    store::QueueStatus,
};

/// A queue: what is set for it, and what is in it.
#[derive(Debug, Object, Serialize)]
#[oai(skip_serializing_if_is_none)]
pub struct Queue {
    /// Its name: 1 to 128 characters, no control characters.
    pub name: String,
    /// Whether no task of it is leased; what runs goes on.
    pub paused: bool,
    /// At most so many of its tasks run at once; absent where any number may.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_concurrency: Option<u32>,
    /// At most so many of its tasks with one `concurrency_key` run at once.
    pub max_concurrency_per_key: u32,
    /// At most so many attempts begin in a time; absent where any number may.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate_limit: Option<RateLimit>,
    /// What its tasks get where their submission does not say.
    pub defaults: TaskDefaults,
    /// What of its done tasks goes by itself, and when.
    pub retention: Retention,
    /// How many of its tasks are in each state.
    pub counts: QueueCounts,
    /// How many of the queued ones wait for their `concurrency_key`.
    pub parked: u64,
    /// Since when the longest waiting of those waits that any worker may lease.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oldest_queued_at: Option<Timestamp>,
    /// When anything was last set for it; absent when nothing ever was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
    /// Where to go from here.
    pub links: QueueLinks,
}

/// How many tasks of a queue are in each state, those that are done as long as they are kept.
#[derive(Debug, Object, Serialize)]
pub struct QueueCounts {
    /// They wait for their `run_at`.
    pub scheduled: u64,
    /// They wait for a worker.
    pub queued: u64,
    /// A worker has their lease.
    pub running: u64,
    /// They failed, and wait for their next attempt.
    pub retrying: u64,
    /// Done, with an output.
    pub succeeded: u64,
    /// Done, with an error.
    pub failed: u64,
    /// Done, because somebody cancelled them.
    pub cancelled: u64,
}

/// Paths relative to the server's root.
#[derive(Debug, Object, Serialize)]
pub struct QueueLinks {
    /// The queue itself.
    #[serde(rename = "self")]
    #[oai(rename = "self")]
    pub itself: String,
    /// Its tasks.
    pub tasks: String,
}

/// A page of queues, by name.
#[derive(Debug, Object, Serialize)]
#[oai(skip_serializing_if_is_none)]
pub struct QueueList {
    /// The queues, the server's own left out.
    pub items: Vec<Queue>,
    /// Give this as `page` to get the next one; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_page: Option<String>,
}

impl From<QueueStatus> for Queue {
    fn from(status: QueueStatus) -> Self {
        let (settings, updated_at) = match status.queue {
            Some(domain::Queue { settings, updated_at, .. }) => (settings, Some(updated_at)),
            None => (QueueSettings::default(), None),
        };
        Queue {
            links: QueueLinks::of(&status.name),
            name: status.name,
            paused: settings.paused,
            max_concurrency: settings.max_concurrency,
            max_concurrency_per_key: settings.max_concurrency_per_key,
            rate_limit: settings.rate_limit.map(RateLimit::from),
            defaults: settings.defaults.into(),
            retention: settings.retention.into(),
            counts: QueueCounts::of(&status.counts),
            parked: status.parked,
            oldest_queued_at: status.oldest_queued_at,
            updated_at,
        }
    }
}

impl QueueCounts {
    fn of(counts: &BTreeMap<State, u64>) -> Self {
        let of = |state: State| counts.get(&state).copied().unwrap_or(0);
        QueueCounts {
            scheduled: of(State::Scheduled),
            queued: of(State::Queued),
            running: of(State::Running),
            retrying: of(State::Retrying),
            succeeded: of(State::Succeeded),
            failed: of(State::Failed),
            cancelled: of(State::Cancelled),
        }
    }
}

impl QueueLinks {
    fn of(name: &str) -> Self {
        QueueLinks {
            itself: format!("/api/v1/queues/{}", links::segment(name)),
            tasks: format!("/api/v1/tasks?queue={}", links::value(name)),
        }
    }
}
