//! Dependencies: the tasks that must be done before a task may begin.

use serde::{Deserialize, Serialize};

use super::{
    cursor::Position,
    name::TaskId,
    task::{State, Task},
};

/// How many tasks one task may wait for.
pub const MAX_AFTER: usize = 50;

/// What a dependency that failed or was cancelled does to a task that waits for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AfterFailure {
    /// It is cancelled.
    #[default]
    Cancel,
    /// It counts as done like any other.
    Run,
}

/// What a task waits for, and whether anybody waits for it; empty for most.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct After {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tasks: Vec<Dependency>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<AfterFailure>,
    /// The position of the event with which its wait began: what ended earlier is not what it waits for.
    #[serde(skip_serializing_if = "is_zero")]
    pub since: Position,
    /// Somebody may wait for its end.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub awaited: bool,
}

/// A task that another one is after. Its `seq` tells it from a later task under the same id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dependency {
    pub id: TaskId,
    pub seq: Position,
    /// It is waited for; never so once the waiting task is done.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub open: bool,
}

/// That somebody waits for a task, as the store keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    pub dependency: Position,
    /// Where the wait began: one of these a wait, so it tells the waiting task apart as well.
    pub since: Position,
    pub dependent: Position,
}

/// The end of a task that must reach those who wait for it. It is kept by itself, because the task may
/// be retried or deleted before it has reached all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// The position of the end: waits that began later are not meant.
    pub at: Position,
    pub dependency: Position,
    pub id: TaskId,
    pub state: State,
}

impl After {
    pub fn is_none(&self) -> bool {
        *self == After::default()
    }

    /// How many tasks it still waits for.
    pub fn open(&self) -> u32 {
        self.tasks.iter().filter(|dependency| dependency.open).count() as u32
    }

    /// Nothing is waited for any more.
    pub fn stop(&mut self) {
        self.tasks.iter_mut().for_each(|dependency| dependency.open = false);
    }

    /// The ids, in the order of the submission.
    pub fn ids(&self) -> impl Iterator<Item = &TaskId> {
        self.tasks.iter().map(|dependency| &dependency.id)
    }

    pub fn is_cancelled_by(&self, state: State) -> bool {
        let lost = matches!(state, State::Failed | State::Cancelled);
        lost && self.failure.unwrap_or_default() == AfterFailure::Cancel
    }
}

impl Task {
    /// What the store keeps of the tasks it waits for.
    pub fn edges(&self) -> impl Iterator<Item = Edge> + '_ {
        let open = self.after.tasks.iter().filter(|dependency| dependency.open);
        open.map(|dependency| Edge {
            dependency: dependency.seq,
            since: self.after.since,
            dependent: self.seq,
        })
    }
}

fn is_zero(position: &Position) -> bool {
    *position == 0
}
