//! What happens to the writer and its model, one step after the other.

use proptest::prelude::*;

/// `lease` counts back from the newest one, `task` is a place among the tasks there are; both wrap
/// around.
#[derive(Clone, Debug)]
pub enum Step {
    Submit {
        priority: i32,
        attempts: u32,
        delay: i64,
        timeout: Option<u64>,
        only: Option<u8>,
    },
    Lease {
        worker: u8,
        most: usize,
        seconds: u64,
    },
    Report {
        lease: usize,
        sequence: u64,
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
    Advance {
        milliseconds: i64,
    },
    Restart,
    /// Several calls in one round, so in one transaction.
    Together(Vec<Step>),
}

/// Mostly a lease that may still be held: drawn evenly from all, nearly every call would only be
/// refused, and the rules of what follows each other on one lease would hardly be tried.
fn lease() -> impl Strategy<Value = usize> {
    prop_oneof![3 => 0..3usize, 1 => 0..64usize]
}

/// What shows only later, by when a lease ends: a report said again, as after an answer that was
/// lost, and a restart while a lease runs. Steps drawn one by one hardly ever meet like that.
fn midway() -> impl Strategy<Value = Vec<Step>> {
    let pause = || (200..1500i64).prop_map(|milliseconds| Step::Advance { milliseconds });
    let report = (0..3u64).prop_map(|sequence| Step::Report { lease: 0, sequence });
    let what = prop_oneof![Just(Step::Again), Just(Step::Restart)];
    (report, pause(), what, pause()).prop_map(|(report, a, what, b)| vec![report, a, what, b])
}

/// A run of so many scenes, nearly all of one step.
pub fn steps(scenes: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Step>> {
    let together = proptest::collection::vec(call(), 2..6).prop_map(Step::Together);
    let scene = prop_oneof![
        36 => call().prop_map(|step| vec![step]),
        4 => together.prop_map(|step| vec![step]),
        4 => (1..3000i64).prop_map(|milliseconds| vec![Step::Advance { milliseconds }]),
        1 => Just(vec![Step::Restart]),
        2 => midway(),
    ];
    proptest::collection::vec(scene, scenes).prop_map(|scenes| scenes.concat())
}

fn call() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (-1..2i32, 1..4u32, prop_oneof![Just(0i64), 1..5000i64], proptest::option::of(1..4u64),
              proptest::option::weighted(0.2, 0..2u8))
            .prop_map(|(priority, attempts, delay, timeout, only)| Step::Submit {
                priority, attempts, delay, timeout, only,
            }),
        6 => (0..2u8, 1..4usize, 1..6u64)
            .prop_map(|(worker, most, seconds)| Step::Lease { worker, most, seconds }),
        5 => (lease(), 0..3u64).prop_map(|(lease, sequence)| Step::Report { lease, sequence }),
        3 => lease().prop_map(|lease| Step::Complete { lease }),
        3 => (lease(), any::<bool>(), 0..3u64)
            .prop_map(|(lease, retryable, after)| Step::Fail { lease, retryable, after }),
        2 => lease().prop_map(|lease| Step::Release { lease }),
        3 => Just(Step::Again),
        3 => (0..64usize).prop_map(|task| Step::Cancel { task }),
        2 => (0..64usize).prop_map(|task| Step::Retry { task }),
        1 => (0..64usize).prop_map(|task| Step::Delete { task }),
    ]
}
