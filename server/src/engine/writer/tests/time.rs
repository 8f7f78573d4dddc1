use super::*;
use crate::domain::{Ending, submission::Backoff};

#[test]
fn a_task_that_misses_its_deadline_fails_whatever_it_is_doing() {
    let mut rig = Rig::new();
    let soon = |key: &str| NewTask {
        deadline_seconds: Some(10),
        concurrency_key: Some(key.to_owned()),
        ..NewTask::of("k")
    };
    let (running, parked) = (rig.submit(soon("a")), rig.submit(soon("a")));
    let queued = rig.submit(soon("b"));
    let far = NewTask { deadline_seconds: Some(11), ..NewTask::of("k") };
    let scheduled = rig.submit(NewTask { delay_seconds: Some(9), queue: "q".to_owned(), ..far });
    let lease = rig.lease(1).remove(0);
    assert_eq!(lease.task.id, running);
    rig.pass(9_800);
    assert_eq!(rig.state(&queued), State::Queued);
    rig.pass(400);
    for id in [&running, &parked, &queued] {
        let task = rig.task(id);
        assert_eq!(task.state, State::Failed);
        assert_eq!(task.error.expect("an error").kind, TaskError::DEADLINE);
    }
    assert_eq!(rig.state(&scheduled), State::Queued);
    rig.pass(1_000);
    assert_eq!(rig.state(&scheduled), State::Failed);
    let (id, token) = (lease.task.id.clone(), lease.token.clone());
    let late = rig.run(Command::End { id, token, outcome: Outcome::Complete { output: None } });
    assert!(matches!(late, Err(Refusal::LeaseLost(_))));
}

#[test]
fn a_retry_after_the_deadline_has_none_any_more() {
    let mut rig = Rig::new();
    let id = rig.submit(NewTask { deadline_seconds: Some(1), ..NewTask::of("k") });
    rig.pass(1_200);
    rig.run(Command::Retry { id: id.clone(), key: None }).expect("retried");
    rig.pass(5_000);
    assert_eq!((rig.state(&id), rig.task(&id).deadline_at), (State::Queued, None));
}

#[test]
fn a_deadline_before_the_beginning_is_refused() {
    let mut rig = Rig::new();
    for task in [
        NewTask { deadline_at: Some(START), ..NewTask::of("k") },
        NewTask {
            deadline_at: Some(START.plus_seconds(5)),
            run_at: Some(START.plus_seconds(5)),
            ..NewTask::of("k")
        },
    ] {
        let wrong = invalid_fields(rig.run(Command::Submit { task, key: None }));
        assert_eq!(wrong, ["deadline_at"]);
    }
}

#[test]
fn a_delay_is_counted_from_the_submission() {
    let mut rig = Rig::new();
    let id = rig.submit(NewTask { delay_seconds: Some(2), ..NewTask::of("k") });
    assert_eq!(rig.task(&id).run_at, Some(START.plus_seconds(2)));
    rig.pass(1_800);
    assert_eq!(rig.state(&id), State::Scheduled);
    rig.pass(400);
    assert_eq!(rig.state(&id), State::Queued);
}

#[test]
fn the_history_tells_each_attempt_and_how_it_ended() {
    let mut rig = Rig::new();
    let backoff = Backoff { base_seconds: Some(0), max_seconds: None };
    let new = NewTask { max_attempts: Some(3), backoff, ..NewTask::of("k") };
    let id = rig.submit(new);
    let lease = rig.lease(1).remove(0);
    rig.end(&lease, Outcome::Release);
    let lease = rig.lease(1).remove(0);
    rig.pass(1_000);
    rig.end(&lease, failure());
    rig.pass(400);
    let _ = rig.lease(1).remove(0);
    rig.pass(3_600_400);
    let lease = rig.lease(1).remove(0);
    let attempts = rig.reads.attempts(&id).expect("read").expect("there");
    let told: Vec<(u32, Ending)> =
        attempts.iter().map(|attempt| (attempt.number, attempt.state)).collect();
    assert_eq!(
        told,
        [(1, Ending::Released), (1, Ending::Failed), (2, Ending::Failed), (3, Ending::Running)]
    );
    assert_eq!(attempts[1].error.as_ref().map(|error| error.kind.as_str()), Some("boom"));
    assert_eq!(attempts[1].retry_at, attempts[1].finished_at);
    let expired = attempts[2].error.as_ref().map(|error| error.kind.as_str());
    assert_eq!(expired, Some(TaskError::LEASE_EXPIRED));
    rig.end(&lease, failure());
    let last = rig.reads.attempts(&id).expect("read").expect("there").pop().expect("one");
    assert_eq!((last.number, last.state, last.retry_at), (3, Ending::Failed, None));
}
