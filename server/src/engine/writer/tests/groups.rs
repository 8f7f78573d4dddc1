use super::{families::child_of, *};
use crate::domain::ChildFailure;

fn group(child_failure: Option<ChildFailure>) -> NewTask {
    NewTask { complete_when_children_done: true, child_failure, ..NewTask::of("group") }
}

fn fail(rig: &mut Rig) {
    let lease = rig.lease(1).remove(0);
    let error = TaskError::new("boom", "It broke");
    rig.end(&lease, Outcome::Fail { error, retryable: false, retry_after_seconds: None });
}

fn complete(rig: &mut Rig) {
    let lease = rig.lease(1).remove(0);
    rig.complete(&lease);
}

fn error(rig: &Rig, id: &TaskId) -> String {
    rig.task(id).error.expect("an error").kind
}

#[test]
fn a_group_runs_from_the_start_and_is_done_when_its_children_are() {
    let mut rig = Rig::new();
    let id = rig.submit(group(None));
    assert_eq!(rig.state(&id), State::Running);
    assert!(rig.lease(9).is_empty(), "nobody takes it");
    rig.pass(5_000);
    assert_eq!(rig.state(&id), State::Running, "without children it waits for them");
    rig.submit(child_of(&id));
    rig.submit(child_of(&id));
    complete(&mut rig);
    assert_eq!(rig.state(&id), State::Running);
    complete(&mut rig);
    let task = rig.task(&id);
    assert_eq!((task.state, task.attempt), (State::Succeeded, 0));
    let output = task.output.expect("counts");
    assert_eq!(output.get(), r#"{"total":2,"done":2,"succeeded":2,"failed":0,"cancelled":0}"#);
    assert_eq!(task.progress.and_then(|progress| progress.percent), Some(100.0));
    let late = rig.run(Command::Submit { task: child_of(&id), key: None });
    assert_eq!(invalid_fields(late), ["parent_id"]);
}

#[test]
fn the_first_failed_child_fails_its_group_and_the_others_are_cancelled() {
    let mut rig = Rig::new();
    let id = rig.submit(group(None));
    let parts = [(); 3].map(|()| rig.submit(child_of(&id)));
    complete(&mut rig);
    fail(&mut rig);
    assert_eq!(error(&rig, &id), TaskError::CHILDREN_FAILED);
    let states = parts.map(|id| rig.state(&id));
    assert_eq!(states, [State::Succeeded, State::Failed, State::Cancelled]);
}

#[test]
fn a_collecting_group_waits_for_all_and_fails_then() {
    let mut rig = Rig::new();
    let id = rig.submit(group(Some(ChildFailure::Collect)));
    for _ in 0..3 {
        rig.submit(child_of(&id));
    }
    fail(&mut rig);
    complete(&mut rig);
    assert_eq!(rig.state(&id), State::Running);
    complete(&mut rig);
    assert_eq!(error(&rig, &id), TaskError::CHILDREN_FAILED);
    assert_eq!(rig.task(&id).children.expect("counts").failed, 1);
}

#[test]
fn a_cancelled_child_has_not_failed() {
    let mut rig = Rig::new();
    let id = rig.submit(group(None));
    let part = rig.submit(child_of(&id));
    rig.submit(child_of(&id));
    rig.run(Command::Cancel { id: part, key: None }).expect("cancelled");
    complete(&mut rig);
    assert_eq!(rig.state(&id), State::Succeeded);
}

#[test]
fn groups_of_groups_end_from_the_inside_out() {
    let mut rig = Rig::new();
    let outer = rig.submit(group(None));
    let inner = rig.submit(NewTask { parent_id: Some(outer.clone()), ..group(None) });
    rig.submit(child_of(&inner));
    let other = rig.submit(child_of(&outer));
    fail(&mut rig);
    assert_eq!(
        (error(&rig, &inner), error(&rig, &outer)),
        ("children-failed".into(), "children-failed".into())
    );
    assert_eq!(rig.state(&other), State::Cancelled);
    // And back.
    rig.run(Command::Retry { id: outer.clone(), key: None }).expect("retried");
    assert_eq!([&outer, &inner].map(|id| rig.state(id)), [State::Running; 2]);
    assert_eq!(rig.state(&other), State::Queued);
    complete(&mut rig);
    complete(&mut rig);
    assert_eq!([&outer, &inner].map(|id| rig.state(id)), [State::Succeeded; 2]);
}

#[test]
fn a_retried_group_opens_those_of_its_children_that_did_not_succeed() {
    let mut rig = Rig::new();
    let id = rig.submit(group(None));
    let parts = [(); 3].map(|()| rig.submit(child_of(&id)));
    complete(&mut rig);
    fail(&mut rig);
    rig.pass(200);
    rig.run(Command::Retry { id: id.clone(), key: None }).expect("retried");
    assert_eq!(rig.state(&id), State::Running);
    let states = parts.each_ref().map(|id| rig.state(id));
    assert_eq!(states, [State::Succeeded, State::Queued, State::Queued]);
    rig.pass(200);
    let progress = rig.task(&id).progress.expect("some");
    assert_eq!(progress.percent, Some(33.333), "the round begins with what is done");
    complete(&mut rig);
    complete(&mut rig);
    assert_eq!(rig.state(&id), State::Succeeded);
}

#[test]
fn a_group_is_cancelled_at_once_and_takes_its_children_along() {
    let mut rig = Rig::new();
    let id = rig.submit(group(None));
    let part = rig.submit(child_of(&id));
    rig.run(Command::Cancel { id: id.clone(), key: None }).expect("cancelled");
    assert_eq!([&id, &part].map(|id| rig.state(id)), [State::Cancelled; 2]);
}

#[test]
fn a_group_keeps_its_deadline_and_outlives_a_restart() {
    let mut rig = Rig::new();
    let id = rig.submit(NewTask { deadline_seconds: Some(3), ..group(None) });
    let part = rig.submit(child_of(&id));
    let mut rig = rig.restart_after(1_000);
    rig.pass(1_000);
    assert_eq!(rig.state(&id), State::Running);
    rig.pass(2_000);
    assert_eq!(error(&rig, &id), TaskError::DEADLINE);
    assert_eq!(rig.state(&part), State::Cancelled);
}

#[test]
fn a_group_takes_no_place_of_what_its_queue_may_have_running() {
    let mut rig = Rig::new();
    let change =
        crate::domain::queue::QueueChange { max_concurrency: Some(Some(1)), ..Default::default() };
    rig.run(Command::ChangeQueue { name: "default".to_owned(), change }).expect("set");
    let id = rig.submit(group(None));
    rig.submit(child_of(&id));
    assert_eq!(rig.lease(9).len(), 1);
    let filter = crate::domain::Filter { states: vec![State::Running], ..Default::default() };
    let query = crate::store::ListQuery { filter, limit: 10, ..Default::default() };
    assert_eq!(rig.reads.list(&query).expect("read").items.len(), 2, "it is listed as running");
    let status = rig.reads.queue("default").expect("read").expect("there");
    assert_eq!(status.counts.get(&State::Running), Some(&2));
}

#[test]
fn what_only_a_worker_could_keep_is_refused_for_a_group() {
    let mut rig = Rig::new();
    let task = NewTask {
        delay_seconds: Some(1),
        worker: Some("w".to_owned()),
        timeout_seconds: Some(1),
        concurrency_key: Some("c".to_owned()),
        ..group(None)
    };
    let wrong = invalid_fields(rig.run(Command::Submit { task, key: None }));
    assert_eq!(wrong, ["delay_seconds", "worker", "timeout_seconds", "concurrency_key"]);
    let task = NewTask { child_failure: Some(ChildFailure::Collect), ..NewTask::of("k") };
    assert_eq!(invalid_fields(rig.run(Command::Submit { task, key: None })), ["child_failure"]);
    for weight in [0.0, -1.0, 1_000_001.0, f64::NAN] {
        let task = NewTask { weight: Some(weight), ..NewTask::of("k") };
        assert_eq!(invalid_fields(rig.run(Command::Submit { task, key: None })), ["weight"]);
    }
}
