//! What is done to the writer, and what is to be seen of it.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    domain::{EventType, Position, Refusal, Schedule, ScheduleId, Task, TaskId, TaskView},
    engine::{Acquire, Command, Leased, Reply},
};

/// What was done.
#[derive(Debug)]
pub enum What {
    Command(Box<Command>),
    TimePassed,
    /// Those who stand in line were looked at, as at the end of each round.
    Line(Vec<Place>),
    Restart,
}

/// Somebody in the line.
#[derive(Debug)]
pub struct Place {
    pub wish: Acquire,
    /// How long the caller waits.
    pub until: i64,
    /// Not looked at in an earlier round.
    pub fresh: bool,
    /// Nothing while it waits on.
    pub answer: Option<Vec<Leased>>,
}

/// What was done, when, and what came of it.
pub struct Deed {
    pub what: What,
    /// On the steady clock.
    pub now: i64,
    pub answer: Result<Reply, Refusal>,
    /// How many events it wrote; not known where it shared its round with others.
    pub events: Option<u64>,
}

/// A task as everybody may see it, and its row.
pub struct Sight {
    pub view: TaskView,
    pub row: Task,
}

/// All that there is.
pub struct Seen {
    pub tasks: BTreeMap<TaskId, Sight>,
    pub schedules: BTreeMap<ScheduleId, Schedule>,
    /// Of the tasks that are gone, those that are remembered.
    pub remembered: BTreeSet<TaskId>,
    /// Every event there ever was, by task.
    pub events: BTreeMap<TaskId, Vec<(Position, EventType)>>,
    /// Those that are in the log no more.
    pub lost: BTreeSet<Position>,
    /// The round left something that is due.
    pub more: bool,
}
