//! What happens to the writer and its model, one step after the other.

use crate::domain::{Retention, schedule::Overlap};

/// The queues there are. Only of the second anything is ever set.
pub const QUEUES: [&str; 2] = ["default", "limited"];

/// `lease` counts back from the newest one, `task` is a place among the tasks there are; both wrap
/// around.
#[derive(Clone, Debug)]
pub enum Step {
    Submit(Wanted),
    /// The last one of them is none, where it is `spoiled`.
    SubmitMany {
        tasks: Vec<Wanted>,
        spoiled: bool,
    },
    Lease {
        worker: u8,
        from: From,
        most: usize,
        seconds: u64,
        /// How long the worker waits where there is nothing.
        wait: u64,
    },
    Report {
        lease: usize,
        sequence: Option<u64>,
        says: Says,
    },
    Complete {
        lease: usize,
    },
    Fail {
        lease: usize,
        retryable: bool,
        after: u64,
    },
    Release {
        lease: usize,
    },
    /// The last call of a worker once more, word for word.
    Again,
    Cancel {
        task: usize,
    },
    Retry {
        task: usize,
    },
    Delete {
        task: usize,
    },
    /// The same with a task counted back from the newest.
    CancelBack {
        back: usize,
    },
    RetryBack {
        back: usize,
    },
    DeleteBack {
        back: usize,
    },
    /// What becomes of one task, by the place of its submission.
    Of(usize, Fate),
    Limit(Limits),
    /// How long the second queue keeps what.
    Keep(Retention),
    Pause(bool),
    /// How many of a key may be under way.
    PerKey(u32),
    Schedule {
        schedule: u8,
        every: i64,
        overlap: Overlap,
    },
    PauseSchedule {
        schedule: u8,
        paused: bool,
    },
    RunSchedule {
        schedule: u8,
    },
    DeleteSchedule {
        schedule: u8,
    },
    Advance {
        milliseconds: i64,
    },
    /// The server goes down, and is back so many milliseconds later.
    Restart {
        away: i64,
    },
    /// Several calls in one round, so in one transaction.
    Together(Vec<Step>),
}

/// What somebody does to one task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Complete,
    Fail,
    FailForGood,
    Cancel,
    Retry,
    Delete,
}

/// A task to be submitted.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub queue: usize,
    pub key: Option<u8>,
    pub priority: i32,
    pub attempts: u32,
    pub delay: i64,
    /// Milliseconds from now; 0 is too early to be taken.
    pub deadline: Option<i64>,
    pub timeout: Option<u64>,
    pub silence: Option<u64>,
    pub retention: Option<u64>,
    pub only: Option<u8>,
    pub staged: bool,
    /// Counted back from the newest.
    pub parent: Option<usize>,
    pub weight: Option<u8>,
    /// Nobody takes it, it waits for its children; whether for all of them, though one has failed.
    pub group: Option<bool>,
    pub unique: Option<u8>,
    /// What it waits for, counted back from the newest.
    pub after: Vec<usize>,
    /// It runs however those end.
    pub anyway: bool,
}

/// The queues a worker wants tasks of.
#[derive(Clone, Copy, Debug)]
pub enum From {
    One(usize),
    Both,
}

/// What a report says.
#[derive(Clone, Debug)]
pub enum Says {
    Nothing,
    Line,
    Checkpoint,
    Progress { stage: Option<u8>, percent: Option<u8> },
}

/// What is set for the second queue.
#[derive(Clone, Debug)]
pub struct Limits {
    pub running: Option<u32>,
    pub per_key: u32,
    pub rate: Option<Rate>,
}

/// A token comes every 512, 1024, … milliseconds: in these numbers a bucket that counts in floats
/// is as exact as one that counts in whole milliseconds, so the two can be compared.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    pub doubled: u32,
    pub burst: u32,
}

impl Rate {
    /// Together with the period, see [`Rate`].
    pub const LIMIT: u32 = 125;

    pub fn period_seconds(self) -> u64 {
        64 << self.doubled
    }
}
