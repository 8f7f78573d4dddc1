//! What happens to the writer and its model, one step after the other.

use proptest::prelude::*;

#[derive(Clone, Debug)]
pub enum Step {
    Submit { priority: i32, attempts: u32, delay: i64, timeout: Option<u64>, only: Option<u8> },
    Lease { worker: u8, most: usize, seconds: u64 },
    Report { lease: usize, sequence: u64 },
    Complete { lease: usize },
    Fail { lease: usize, retryable: bool, after: u64 },
    Release { lease: usize },
    Cancel { task: usize },
    Retry { task: usize },
    Delete { task: usize },
    Advance { milliseconds: i64 },
    Restart,
}

pub fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (-1..2i32, 1..4u32, prop_oneof![Just(0i64), 1..5000i64], proptest::option::of(1..4u64),
              proptest::option::weighted(0.2, 0..2u8))
            .prop_map(|(priority, attempts, delay, timeout, only)| Step::Submit {
                priority, attempts, delay, timeout, only,
            }),
        6 => (0..2u8, 1..4usize, 1..6u64)
            .prop_map(|(worker, most, seconds)| Step::Lease { worker, most, seconds }),
        4 => (0..64usize, 0..4u64).prop_map(|(lease, sequence)| Step::Report { lease, sequence }),
        3 => (0..64usize).prop_map(|lease| Step::Complete { lease }),
        3 => (0..64usize, any::<bool>(), 0..3u64)
            .prop_map(|(lease, retryable, after)| Step::Fail { lease, retryable, after }),
        1 => (0..64usize).prop_map(|lease| Step::Release { lease }),
        2 => (0..64usize).prop_map(|task| Step::Cancel { task }),
        2 => (0..64usize).prop_map(|task| Step::Retry { task }),
        1 => (0..64usize).prop_map(|task| Step::Delete { task }),
        4 => (1..4000i64).prop_map(|milliseconds| Step::Advance { milliseconds }),
        1 => Just(Step::Restart),
    ]
}
