//! Parents and children: what a parent knows of its children without ever looking at them.

use serde::{Deserialize, Serialize};

use super::{
    cursor::Position,
    name::TaskId,
    task::{State, Task},
    time::Timestamp,
};

/// How many generations stand above a task at most.
pub const MAX_DEPTH: usize = 8;
/// The heaviest a child may be.
pub const MAX_WEIGHT: f64 = 1e6;

/// What a group does about a child that failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChildFailure {
    /// It fails at once, and its other children are cancelled.
    #[default]
    FailFast,
    /// It waits for all of them, and fails then.
    Collect,
}

/// How many children a task has, as everybody may see it. Those deleted since count on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Children {
    pub total: u64,
    /// Those that are done: `succeeded`, `failed` and `cancelled` together.
    pub done: u64,
    pub succeeded: u64,
    pub failed: u64,
    pub cancelled: u64,
}

/// Where a task stands in its family; empty for one that has neither parent nor children.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Kin {
    /// Its parent, its parent's parent and so on. A task that was submitted before parents counted
    /// their children has none here, and is not counted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ancestors: Vec<Ancestor>,
    /// How much of its parent it is, relative to its siblings; 1, if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<f64>,
    /// Set for a group: nobody leases it, it is done when its children are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<ChildFailure>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family: Option<Family>,
    /// What was told of `family` last. Everybody sees this one, so that what is seen changes only
    /// with an event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub told: Option<Children>,
    /// On the steady clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub told_at: Option<Timestamp>,
    /// `family` has changed since, and is to be told at this time; on the steady clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tell_at: Option<Timestamp>,
    /// What of its own is still to reach its children.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spread: Option<Spread>,
}

/// A task above another one. Its `seq` tells it from a later task under the same id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ancestor {
    pub id: TaskId,
    pub seq: Position,
}

/// What must reach the children of a task, and how far it has got. It is kept with the task, so it
/// goes on after a restart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spread {
    pub what: Spreading,
    /// Children up to this `seq` were looked at.
    pub after: Position,
    /// Children from this `seq` on came later, and are not meant.
    pub before: Position,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Spreading {
    /// Those not done are cancelled.
    Cancel,
    /// Those that failed or were cancelled get a new round.
    Retry,
}

/// The counters of a task's children, deleted ones included. Whole numbers, so that adding and taking
/// away for ever leaves no error behind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Family {
    pub total: u64,
    pub succeeded: u64,
    pub failed: u64,
    pub cancelled: u64,
    /// Thousandths.
    pub weight: u64,
    /// Thousandths of weight, times thousandths of percent.
    pub reached: u64,
}

impl Kin {
    pub fn is_none(&self) -> bool {
        *self == Kin::default()
    }

    pub fn parent(&self) -> Option<&Ancestor> {
        self.ancestors.first()
    }

    /// Whether any child is not done.
    pub fn has_open_children(&self) -> bool {
        self.family.is_some_and(|family| family.open() > 0)
    }
}

impl Family {
    pub fn done(&self) -> u64 {
        self.succeeded + self.failed + self.cancelled
    }

    pub fn open(&self) -> u64 {
        self.total.saturating_sub(self.done())
    }

    pub fn children(&self) -> Children {
        Children {
            total: self.total,
            done: self.done(),
            succeeded: self.succeeded,
            failed: self.failed,
            cancelled: self.cancelled,
        }
    }

    /// How far the children are together, to three decimals.
    pub fn percent(&self) -> f64 {
        let thousandths = self.reached as f64 / self.weight.max(1) as f64;
        (thousandths.round() / 1000.0).min(100.0)
    }

    /// What one child adds to the counters.
    pub fn of_one(child: &Task) -> Family {
        let one = |state| u64::from(child.state == state);
        let weight = ((child.kin.weight.unwrap_or(1.0) * 1000.0).round() as u64).max(1);
        let percent = child.progress.as_ref().and_then(|progress| progress.percent);
        // However it ended: nothing more is to come of it.
        let percent = if child.state.is_done() { 100.0 } else { percent.unwrap_or(0.0) };
        Family {
            total: 1,
            succeeded: one(State::Succeeded),
            failed: one(State::Failed),
            cancelled: one(State::Cancelled),
            weight,
            reached: weight.saturating_mul((percent * 1000.0).round() as u64),
        }
    }

    pub fn plus(self, other: Family) -> Family {
        self.with(other, u64::saturating_add)
    }

    pub fn minus(self, other: Family) -> Family {
        self.with(other, u64::saturating_sub)
    }

    fn with(self, other: Family, each: impl Fn(u64, u64) -> u64) -> Family {
        Family {
            total: each(self.total, other.total),
            succeeded: each(self.succeeded, other.succeeded),
            failed: each(self.failed, other.failed),
            cancelled: each(self.cancelled, other.cancelled),
            weight: each(self.weight, other.weight),
            reached: each(self.reached, other.reached),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn child(weight: u64, percent: u64) -> Family {
        Family { total: 1, weight, reached: weight * percent * 1000, ..Family::default() }
    }

    #[test]
    fn children_count_by_their_weights() {
        let family = child(1000, 100).plus(child(3000, 0));
        assert_eq!(family.percent(), 25.0);
        assert_eq!(family.plus(child(500, 50)).minus(child(500, 50)), family);
        assert_eq!(Family::default().percent(), 0.0);
        assert_eq!(child(1, 33).plus(child(1, 34)).plus(child(1, 33)).percent(), 33.333);
    }
}
