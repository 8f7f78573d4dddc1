//! Models with one rule wrong. Each must be found out, else the comparison does not test that rule.

use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::TestRunner,
};

use super::{
    chance::steps,
    deviation::Deviation,
    model::Model,
    rig::Rig,
    step::{Fate, From, Says, Step, Wanted},
};
use crate::domain::Retention;

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
    /// Nothing goes because of its queue.
    QueueRetentionIgnored,
    /// What a task says itself does not count.
    OwnRetentionLoses,
    PolicyForLaterOnly,
    /// A parent that had to wait for its children stays for ever.
    OutstayedStays,
    BodiesStay,
    OutputStaysInTheLog,
    DroppedInputRetried,
    GroupRetriesDropped,
    EventsStay,
    /// The event that ended a task goes with those before it.
    LastEventGoes,
    ProgressStays,
    DeletedForgottenAtOnce,
    DeletedRememberedForever,
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

/// What random steps hardly ever come to.
fn scripts() -> Vec<Vec<Step>> {
    let keep = |retention| vec![Step::Keep(retention)];
    let kept = || Wanted { queue: 1, attempts: 1, priority: 1, ..Wanted::default() };
    let lease = || Step::Lease { worker: 0, from: From::One(1), most: 3, seconds: 60, wait: 0 };
    let pass = || Step::Advance { milliseconds: 1500 };
    let child = || Step::Submit(Wanted { parent: Some(0), ..kept() });
    let report = |percent| Step::Report {
        lease: 0,
        sequence: None,
        says: Says::Progress { stage: None, percent: Some(percent) },
    };
    let second = |part: fn(&mut Retention) -> &mut Option<u64>| {
        let mut retention = Retention::default();
        *part(&mut retention) = Some(1);
        keep(retention)
    };
    let done = |wanted| vec![Step::Submit(wanted), lease(), Step::Of(0, Fate::Complete)];
    let told: Vec<_> = (0..120u32).map(|nth| report((nth * 100 / 120) as u8)).collect();
    let told = Step::Together(told);
    vec![
        // More progress than is kept, of two attempts.
        [
            second(|it| &mut it.progress_seconds),
            vec![Step::Submit(Wanted { attempts: 2, ..kept() }), lease(), told.clone()],
            vec![Step::Of(0, Fate::Fail), pass(), lease(), told, Step::Of(0, Fate::Complete)],
            vec![pass(), pass()],
        ]
        .concat(),
        // A group is tried again that has a child without its input.
        [
            second(|it| &mut it.body_seconds),
            vec![Step::Submit(Wanted { queue: 0, group: Some(true), ..kept() })],
            vec![child(), lease(), Step::Of(1, Fate::Fail), pass(), Step::Of(0, Fate::Retry)],
            vec![Step::Of(1, Fate::Retry)],
        ]
        .concat(),
        // A parent waits for its child longer than it would be kept.
        [
            second(|it| &mut it.task_seconds),
            vec![Step::Submit(kept()), lease(), child(), Step::Of(0, Fate::Complete), pass()],
            vec![lease(), Step::Of(1, Fate::Complete), pass(), pass(), pass(), pass()],
        ]
        .concat(),
        [done(kept()), vec![pass()], second(|it| &mut it.event_seconds), vec![pass()]].concat(),
        [done(kept()), second(|it| &mut it.body_seconds), vec![pass()]].concat(),
        [
            done(Wanted { retention: Some(3), ..kept() }),
            second(|it| &mut it.task_seconds),
            vec![pass(), pass(), pass(), pass(), pass()],
        ]
        .concat(),
    ]
}

#[test]
fn a_model_with_any_one_rule_wrong_is_found_out() {
    // Always the same runs: whether a flaw shows must not be a matter of luck.
    let mut random = TestRunner::deterministic();
    let runs = steps(60..61);
    let mut left = ALL.to_vec();
    for steps in scripts() {
        find_out(&steps, &mut left);
    }
    for _ in 0..RUNS {
        let steps = runs.new_tree(&mut random).expect("steps").current();
        find_out(&steps, &mut left);
        if left.is_empty() {
            return;
        }
    }
    panic!("{RUNS} runs did not find out {left:?}");
}
