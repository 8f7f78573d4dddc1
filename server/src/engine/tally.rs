//! What commits came to, for whoever counts.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use crate::{
    domain::{Position, TaskId},
    store::NewEntry,
};

/// What happened to the tasks of one queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub submitted: u64,
    /// Attempts begun.
    pub leased: u64,
    pub succeeded: u64,
    pub failed: u64,
    pub cancelled: u64,
    /// Attempts that failed and left another one.
    pub retried: u64,
    /// Leases that ended because their worker was silent.
    pub expired: u64,
}

/// By queue.
pub type Tallies = BTreeMap<Arc<str>, Tally>;

/// One commit of the writer.
pub struct Commit<'a> {
    /// The position of the log's last event.
    pub tail: Position,
    /// The tasks with new events.
    pub touched: &'a [TaskId],
    /// How many commands it decided.
    pub commands: usize,
    /// In the order of the log.
    pub events: &'a [Arc<NewEntry>],
    /// The last of the events that retention took from the log, if it took any.
    pub dropped_to: Option<Position>,
    /// From the beginning of the transaction until it was on the disk.
    pub took: Duration,
    pub tallies: &'a Tallies,
}
