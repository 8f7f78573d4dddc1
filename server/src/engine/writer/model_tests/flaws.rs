//! Models with one rule wrong. Each must be found out, else the comparison does not test that rule.

use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::TestRunner,
};

use super::{chance::steps, deviation::Deviation, model::Model, rig::Rig, step::Step};

/// One list for the names and for the test, so that no flaw can be left out of it.
macro_rules! flaws {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// A rule of the protocol, broken.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Flaw {
            $($(#[$doc])* $name,)*
        }

        const ALL: &[Flaw] = &[$(Flaw::$name,)*];
    };
}

flaws! {
    FenceStays,
    StaleTokenAccepted,
    RepeatedEndRefused,
    ReportDoesNotRenew,
    RepeatedReportRenews,
    SequenceIgnored,
    ExpiryIgnored,
    ExpiryCostsNothing,
    TimeoutIgnored,
    ReleaseCounts,
    ReleaseLosesItsPlace,
    AttemptsNeverEnd,
    /// `retryable: false` is not heard.
    LastWordIgnored,
    RetryAfterIgnored,
    CancelOfWaitingForgotten,
    CancelUndoesSuccess,
    CancelForgottenByFailure,
    CancelForgottenByRelease,
    GraceIgnored,
    RetryGrantsNothing,
    SuccessRetried,
    AliveDeleted,
    PriorityIgnored,
    NewestFirst,
    OnlyWorkerIgnored,
    RunAtIgnored,
    RestartKeepsLeases,
    RestartKeepsSilence,
    RestartForgetsParked,
    RestartFillsBucket,
    RestartForgetsMissedRuns,
    PauseIgnored,
    MostRunningIgnored,
    RateIgnored,
    BucketNeverFills,
    BurstUnbounded,
    /// Who waits for work is not looked at again.
    WaitingForgotten,
    LastInLineFirst,
    KeysIgnored,
    KeyHoldsInEveryQueue,
    ParkedLeased,
    /// Among parked tasks the priority does not count.
    PlacesByArrival,
    RetryHoldsItsPlace,
    /// The place of a task that is done goes to nobody.
    FreedPlaceForgotten,
    RaiseForgotten,
    /// createTasks makes those that are right.
    BadOnesLeftOut,
    DeadlineIgnored,
    DeadlineOfWaitingIgnored,
    DeadlineRetried,
    RetryKeepsDeadline,
    RetentionIgnored,
    SilenceIgnored,
    HeartbeatSaysSomething,
    StallStays,
    PercentFalls,
    PercentStaysForTheNext,
    StagesAreWords,
    ReleasedAttemptForgotten,
    MissedRunsAllMadeUp,
    OverlapAllowed,
    OverlapNeverCancels,
    SchedulePauseIgnored,
    /// What is cancelled leaves its children alone.
    CancelStaysAbove,
    FailureStaysAbove,
    /// Who failed or was cancelled gets new children.
    LostParentTakesChildren,
    GroupNeverEnds,
    FirstFailureWaits,
    CollectedFailureForgotten,
    CancelledChildFails,
    GroupRetriedAlone,
    DeletedChildForgotten,
    ParentDeletedEarly,
    /// Retention does not wait for children.
    ParentGoesEarly,
    UniqueKeysIgnored,
    UniqueKeyNeverFree,
    RetryTakesTheKey,
    DependenciesIgnored,
    FirstEndWillDo,
    /// What failed counts as done.
    LostDependencyWillDo,
    AfterFailureIgnored,
    RetryWaitsForNobody,
}

/// Whether the model has this rule wrong.
pub fn is(flaw: Option<Flaw>, this: Flaw) -> bool {
    flaw == Some(this)
}

/// A flaw that so many random runs do not show would slip through the everyday test as well.
const RUNS: usize = 200;

/// Holds all flawed models that are left against one run of the writer, and the right one too;
/// keeps those that nothing gave away.
fn find_out(steps: &[Step], left: &mut Vec<Flaw>) {
    let mut rig = Rig::new();
    let mut right = Model::default();
    let mut flawed: Vec<_> = left.iter().map(|flaw| (*flaw, Model::with(*flaw))).collect();
    for step in steps {
        let played = rig.play(step, |deeds, seen, _| {
            flawed.retain_mut(|(_, model)| model.hold(deeds, seen).is_ok());
            right.hold(deeds, seen)
        });
        if let Err(Deviation(why)) = played {
            panic!("the right model: {why}");
        }
    }
    *left = flawed.into_iter().map(|(flaw, _)| flaw).collect();
}

#[test]
fn a_model_with_any_one_rule_wrong_is_found_out() {
    // Always the same runs: whether a flaw shows must not be a matter of luck.
    let mut random = TestRunner::deterministic();
    let runs = steps(60..61);
    let mut left = ALL.to_vec();
    for _ in 0..RUNS {
        let steps = runs.new_tree(&mut random).expect("steps").current();
        find_out(&steps, &mut left);
        if left.is_empty() {
            return;
        }
    }
    panic!("{RUNS} runs did not find out {left:?}");
}
