//! What the engine does not keep yet, each in as few steps as it takes. A rule that is kept again
//! loses its `ignore`, and the model the exception it made.

use super::{meant::wish, rig::Rig, *};
use crate::{
    domain::{NewTask, State, TaskError, TaskId},
    engine::Outcome,
};

/// A running task that is said to be stalled, and its lease.
fn stalled(rig: &mut Rig) -> Leased {
    let task = NewTask { stalled_after_seconds: Some(1), ..NewTask::of("k") };
    let leases =
        vec![Command::Submit { task, key: None }, Command::Acquire(wish("w".to_owned(), 1, 5))];
    let Some(Ok(Reply::Leases(mut leases))) = rig.round(leases).pop() else { panic!("no leases") };
    let lease = leases.pop().expect("one lease");
    rig.pass(1200);
    assert_eq!(shown(rig, &lease.task.id), (State::Running, true));
    lease
}

/// The state of a task, and whether it is said to be stalled.
fn shown(rig: &Rig, id: &TaskId) -> (State, bool) {
    let (_, task) = rig.reads.task(id).expect("read").expect("there");
    (task.state, task.progress.is_some_and(|progress| progress.stalled))
}

#[test]
#[ignore = "only a success takes the mark away; any other end of an attempt leaves it"]
fn a_task_that_nobody_works_on_any_more_is_not_stalled() {
    let mut rig = Rig::new();
    let mut found = Vec::new();
    let error = || TaskError::new("boom", "It broke");
    for outcome in [
        Some(Outcome::Complete { output: None }),
        Some(Outcome::Fail { error: error(), retryable: false, retry_after_seconds: None }),
        Some(Outcome::Fail { error: error(), retryable: true, retry_after_seconds: Some(60) }),
        // The lease expires.
        None,
        // Last, because it leaves a task for whoever asks for one.
        Some(Outcome::Release),
    ] {
        let Leased { task, token, .. } = stalled(&mut rig);
        let id = task.id;
        match outcome {
            Some(outcome) => {
                let end = Command::End { id: id.clone(), token, outcome };
                assert!(rig.round(vec![end])[0].is_ok());
            }
            None => rig.pass(5000),
        }
        found.push(shown(&rig, &id));
    }
    let still: Vec<_> = found.into_iter().filter(|(_, stalled)| *stalled).collect();
    assert_eq!(still, []);
}
