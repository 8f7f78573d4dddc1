//! The steps that can meet on one task, in one order, and who takes them.

use super::{
    deviation::{Deviation, holds},
    orders::Order,
    rows::Row,
};
use crate::{
    domain::{
        LeaseToken, RawJson, TaskId, TaskView,
        progress::{MAX_SILENCE_SECONDS, ProgressReport},
    },
    engine::{Command, NewTask, Outcome, Report},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    Lease,
    LeaseAgain,
    Expire,
    Report,
    Complete,
    CompleteAgain,
    Cancel,
    Release,
}

/// Who makes which call. If nothing else is said it shows the newest token there is, which is a lost
/// one all the same where that lease is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Twist {
    /// Both completions have the same token and output.
    SameWords,
    /// Both completions have the same token, and another output each.
    OtherOutput,
    /// The first worker never learns that it lost its lease: the report, the first completion and
    /// the release are its own, and the other completion is of whoever was leased last.
    FirstHand,
}

pub const TWISTS: [Twist; 3] = [Twist::SameWords, Twist::OtherOutput, Twist::FirstHand];

/// Which token each call is made with.
#[derive(Clone, PartialEq)]
pub struct Hands {
    pub twist: Twist,
    /// Every token given, oldest first.
    pub tokens: Vec<LeaseToken>,
    /// The token of whichever completion came first.
    word: Option<LeaseToken>,
}

impl Hands {
    pub fn new(twist: Twist) -> Self {
        Hands { twist, tokens: Vec::new(), word: None }
    }

    pub fn token(&mut self, act: Act) -> LeaseToken {
        let (Some(first), Some(newest)) = (self.tokens.first(), self.tokens.last()) else {
            return LeaseToken::new("lease_never_given");
        };
        match (self.twist, act) {
            (Twist::FirstHand, Act::CompleteAgain) => newest.clone(),
            (Twist::FirstHand, _) => first.clone(),
            (_, Act::Complete | Act::CompleteAgain) => {
                self.word.get_or_insert_with(|| newest.clone()).clone()
            }
            _ => newest.clone(),
        }
    }
}

/// One task that lives through the acts of an order.
pub struct Story {
    pub order: Order,
    pub id: TaskId,
    pub hands: Hands,
    /// The completion that succeeded, and its answer.
    pub completed: Option<(LeaseToken, Outcome, TaskView)>,
    /// The row as it was seen last.
    pub row: Row,
}

impl Story {
    pub fn new(order: Order, row: Row) -> Self {
        let (id, hands) = (row.task.id.clone(), Hands::new(order.twist));
        Story { order, id, hands, completed: None, row }
    }

    /// The only worker of all stories that lease and expire in the same steps as this: so one call
    /// leases for all of them, and for no other.
    pub fn worker(order: &Order) -> String {
        let mut leases = [Act::Lease, Act::LeaseAgain].map(|act| order.step_of(act));
        leases.sort_unstable();
        format!("leases {leases:?}, expires {:?}", order.step_of(Act::Expire))
    }

    pub fn task(order: &Order) -> NewTask {
        NewTask {
            max_attempts: Some(order.max_attempts),
            worker: Some(Story::worker(order)),
            cancel_grace_seconds: NewTask::MAX_GRACE_SECONDS,
            // A silence would write an event into a step that must write nothing.
            stalled_after_seconds: Some(MAX_SILENCE_SECONDS),
            ..NewTask::of("k")
        }
    }

    /// What comes in this step, counted from 1; a short story is over earlier.
    pub fn act(&self, step: usize) -> Option<Act> {
        self.order.acts.get(step - 1).copied()
    }

    /// The call that a step is; a lease is asked for by the worker, and time needs no call.
    pub fn call(&mut self, step: usize) -> Option<Command> {
        let act = self.act(step)?;
        let id = self.id.clone();
        let outcome = match act {
            Act::Lease | Act::LeaseAgain | Act::Expire => return None,
            Act::Cancel => return Some(Command::Cancel { id, key: None }),
            Act::Report => {
                return Some(Command::Report {
                    id,
                    token: self.hands.token(act),
                    report: halfway(),
                });
            }
            Act::Release => Outcome::Release,
            Act::Complete | Act::CompleteAgain => {
                let other = act == Act::CompleteAgain && self.order.twist != Twist::SameWords;
                let output = RawJson::of(if other { "the other" } else { "the one" }).ok();
                Outcome::Complete { output }
            }
        };
        Some(Command::End { id, token: self.hands.token(act), outcome })
    }

    /// Takes in the row as a step left it; returns it as it was before.
    pub fn turn(&mut self, row: Row) -> Row {
        std::mem::replace(&mut self.row, row)
    }

    /// That a step which must not make a difference has made none.
    pub fn check_quiet(&self, step: usize, before: &Row) -> Result<(), Deviation> {
        let quiet = self.act(step).is_some() && step > self.order.quiet_from;
        holds("nothing changes any more", !quiet || *before == self.row)
    }
}

fn halfway() -> Report {
    let progress = ProgressReport { percent: Some(50.0), ..ProgressReport::default() };
    let checkpoint = RawJson::of("halfway").ok();
    Report { sequence: Some(1), progress: Some(progress), checkpoint, ..Report::default() }
}
