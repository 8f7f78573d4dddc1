//! Which orders of the steps there are, and which of them differ.

use super::{
    expected::Expected,
    story::{Act, Hands, TWISTS, Twist},
};
use crate::{
    domain::{LeaseToken, State},
    engine::NewTask,
};

const ACTS: [Act; 8] = [
    Act::Lease,
    Act::LeaseAgain,
    Act::Expire,
    Act::Report,
    Act::Complete,
    Act::CompleteAgain,
    Act::Cancel,
    Act::Release,
];

/// The acts of one task in their order.
#[derive(Clone, Debug)]
pub struct Order {
    pub acts: Vec<Act>,
    /// From here on no act may change anything.
    pub quiet_from: usize,
    pub twist: Twist,
    pub max_attempts: u32,
}

impl Order {
    /// When an act comes, counted from 1.
    pub fn step_of(&self, act: Act) -> Option<usize> {
        self.acts.iter().position(|one| *one == act).map(|place| place + 1)
    }
}

/// With attempts left after an expiry, and without.
fn settings() -> impl Iterator<Item = (Twist, u32)> {
    TWISTS.into_iter().flat_map(|twist| [(twist, 1), (twist, 2)])
}

/// All orders of all eight acts. An order of only some of them is the beginning of one of these.
pub fn all() -> Vec<Order> {
    let mut orders = Vec::new();
    for (twist, max_attempts) in settings() {
        permute(&mut ACTS.clone(), 0, &mut |acts| {
            let acts = acts.to_vec();
            orders.push(Order { quiet_from: acts.len(), acts, twist, max_attempts });
        });
    }
    orders
}

fn permute(acts: &mut [Act; 8], from: usize, found: &mut impl FnMut(&[Act; 8])) {
    if from == acts.len() {
        found(acts);
    }
    for at in from..acts.len() {
        acts.swap(from, at);
        permute(acts, from + 1, found);
        acts.swap(from, at);
    }
}

/// The orders that differ. What happens next depends on a task's row alone, so an act that leaves
/// the row as it is can as well be left out of what follows it. Each way a task can really go is
/// therefore walked once; at its end stand all acts that must change nothing there. Should one of
/// them change anything, that is a failure of the test, so nothing is taken on trust.
pub fn different() -> Vec<Order> {
    let mut orders = Vec::new();
    for (twist, max_attempts) in settings() {
        let new = NewTask { max_attempts: Some(max_attempts), ..NewTask::of("k") };
        let task = Expected::new(&new, 0, (0, 0), None);
        Draft { acts: Vec::new(), hands: Hands::new(twist), task }.grow(&mut orders);
    }
    orders
}

/// The beginning of an order, and where the protocol says that it leads.
#[derive(Clone)]
struct Draft {
    acts: Vec<Act>,
    hands: Hands,
    task: Expected,
}

impl Draft {
    fn grow(self, orders: &mut Vec<Order>) {
        let leased = self.acts.contains(&Act::Lease);
        let mut quiet = Vec::new();
        let mut goes_on = false;
        for act in ACTS {
            // Both leases are the same call, so one of them is always the first.
            if self.acts.contains(&act) || (act == Act::LeaseAgain && !leased) {
                continue;
            }
            let mut next = self.clone();
            if next.play(act) {
                next.grow(orders);
                goes_on = true;
            } else {
                quiet.push(act);
            }
        }
        if !quiet.is_empty() || !goes_on {
            let quiet_from = self.acts.len();
            let (twist, max_attempts) = (self.hands.twist, self.task.max_attempts);
            let acts = [self.acts, quiet].concat();
            orders.push(Order { acts, quiet_from, twist, max_attempts });
        }
    }

    /// Plays an act; whether it makes a difference to what can follow.
    fn play(&mut self, act: Act) -> bool {
        self.acts.push(act);
        let hands = self.hands.clone();
        // By the end of the step it is queued again, whatever the act.
        let woken = self.task.state == State::Retrying;
        let moved = match act {
            Act::Lease | Act::LeaseAgain => {
                let ready = woken || self.task.state == State::Queued;
                if ready {
                    let token = LeaseToken::new(format!("{act:?}"));
                    self.hands.tokens.push(token.clone());
                    self.task.start(token, 1, 0, None);
                }
                ready
            }
            Act::Expire => {
                let running = self.task.lease.is_some();
                if running {
                    self.task.fail("", true, None, 0, None);
                }
                running
            }
            Act::Cancel => {
                let running = self.task.state == State::Running;
                let done = self.task.state.is_done();
                if running {
                    self.task.cancel_at = Some(0);
                } else if !done {
                    self.task.cancel(0, None);
                }
                !done
            }
            Act::Report | Act::Release | Act::Complete | Act::CompleteAgain => {
                let held = self.task.held_by(&self.hands.token(act), None);
                match act {
                    _ if !held => {}
                    Act::Report => {}
                    Act::Release => self.task.release((0, 0), 0, None),
                    _ => self.task.succeed(0, None),
                }
                held || self.hands != hands
            }
        };
        if self.task.state == State::Retrying && woken {
            self.task.state = State::Queued;
        }
        moved || woken
    }
}
