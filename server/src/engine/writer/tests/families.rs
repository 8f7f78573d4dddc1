use super::*;
use crate::{
    domain::{Children, progress::ProgressReport},
    store::Selection,
};

pub fn child_of(parent: &TaskId) -> NewTask {
    NewTask { parent_id: Some(parent.clone()), ..NewTask::of("part") }
}

fn weighing(parent: &TaskId, weight: f64) -> NewTask {
    NewTask { weight: Some(weight), ..child_of(parent) }
}

/// A parent that nobody takes meanwhile.
fn parent(rig: &mut Rig) -> TaskId {
    rig.submit(NewTask { queue: "parents".to_owned(), ..NewTask::of("whole") })
}

fn percent(percent: f64) -> Report {
    let progress = ProgressReport { percent: Some(percent), ..ProgressReport::default() };
    Report { progress: Some(progress), ..Report::default() }
}

fn seen(rig: &Rig, id: &TaskId) -> (Option<f64>, Children) {
    let task = rig.task(id);
    (task.progress.and_then(|progress| progress.percent), task.children.unwrap_or_default())
}

fn events(rig: &Rig, id: &TaskId) -> Vec<String> {
    let (seq, _) = rig.reads.task(id).expect("read").expect("there");
    let page = rig.reads.log(&Selection::Task { id: id.clone(), seq }, 0, 1000).expect("the log");
    page.entries.iter().map(|(entry, _)| entry.event_type.to_string()).collect()
}

fn lease_first(rig: &mut Rig) -> Leased {
    rig.lease(1).remove(0)
}

#[test]
fn a_parent_is_as_far_as_its_children_by_their_weights() {
    let mut rig = Rig::new();
    let whole = parent(&mut rig);
    assert_eq!(rig.task(&whole).children, None);
    for weight in [1.0, 3.0] {
        rig.submit(weighing(&whole, weight));
    }
    let first = lease_first(&mut rig);
    rig.report(&first, percent(50.0));
    rig.pass(200);
    assert_eq!(seen(&rig, &whole).0, Some(12.5));
    rig.complete(&first);
    rig.pass(200);
    let counts = Children { total: 2, done: 1, succeeded: 1, ..Children::default() };
    assert_eq!(seen(&rig, &whole), (Some(25.0), counts));
    let second = lease_first(&mut rig);
    rig.end(&second, failure_for_good());
    rig.pass(200);
    let counts = Children { total: 2, done: 2, succeeded: 1, failed: 1, cancelled: 0 };
    assert_eq!(seen(&rig, &whole), (Some(100.0), counts), "a failed child has nothing left to do");
    assert_eq!(rig.state(&whole), State::Queued, "the children of a task do not end it");
}

fn failure_for_good() -> Outcome {
    let error = TaskError::new("boom", "It broke");
    Outcome::Fail { error, retryable: false, retry_after_seconds: None }
}

#[test]
fn what_children_do_in_a_moment_is_told_at_once_and_once_again() {
    let mut rig = Rig::new();
    let whole = parent(&mut rig);
    let children = (0..40).map(|_| child_of(&whole)).collect();
    rig.run(Command::SubmitMany { tasks: children, key: None }).expect("submitted");
    assert_eq!(seen(&rig, &whole).1.total, 1, "the first one is told at once");
    rig.clock.advance(49);
    rig.work.round(Vec::new());
    assert_eq!(seen(&rig, &whole).1.total, 1);
    rig.clock.advance(1);
    rig.work.round(Vec::new());
    assert_eq!(seen(&rig, &whole).1.total, 40);
    assert_eq!(events(&rig, &whole), ["task.queued", "task.progress", "task.progress"]);
    rig.pass(1_000);
    assert_eq!(events(&rig, &whole).len(), 3, "there is nothing more to tell");
}

#[test]
fn what_had_to_wait_is_told_after_a_restart() {
    let mut rig = Rig::new();
    let whole = parent(&mut rig);
    for _ in 0..3 {
        rig.submit(child_of(&whole));
    }
    assert_eq!(seen(&rig, &whole).1.total, 1);
    let mut rig = rig.restart_after(0);
    rig.work.round(Vec::new());
    assert_eq!(seen(&rig, &whole).1.total, 3);
}

#[test]
fn the_parents_own_count_goes_before_its_childrens_until_its_next_attempt() {
    let mut rig = Rig::new();
    let whole = rig.submit(NewTask::of("whole"));
    let own = lease_first(&mut rig);
    rig.submit(NewTask { queue: "other".to_owned(), ..child_of(&whole) });
    rig.report(&own, percent(10.0));
    let part = rig.lease_of("other", 1).remove(0);
    rig.report(&part, percent(80.0));
    rig.pass(200);
    assert_eq!(seen(&rig, &whole).0, Some(10.0));
    rig.end(&own, Outcome::Release);
    rig.pass(200);
    let own = lease_first(&mut rig);
    assert_eq!(own.task.id, whole);
    assert_eq!(seen(&rig, &whole).0, Some(80.0), "in this attempt its worker has not counted");
}

#[test]
fn percent_does_not_fall_when_children_are_added() {
    let mut rig = Rig::new();
    let whole = parent(&mut rig);
    rig.submit(child_of(&whole));
    let first = lease_first(&mut rig);
    rig.report(&first, percent(60.0));
    rig.pass(200);
    rig.submit(child_of(&whole));
    rig.pass(200);
    assert_eq!(seen(&rig, &whole).0, Some(60.0));
    rig.complete(&first);
    let second = lease_first(&mut rig);
    rig.report(&second, percent(40.0));
    rig.pass(200);
    assert_eq!(seen(&rig, &whole).0, Some(70.0), "they have caught up");
}

#[test]
fn a_cancel_reaches_all_generations() {
    let mut rig = Rig::new();
    let whole = parent(&mut rig);
    let part = rig.submit(NewTask { queue: "parents".to_owned(), ..child_of(&whole) });
    let running = rig.submit(child_of(&part));
    let lease = lease_first(&mut rig);
    let waiting = rig.submit(child_of(&part));
    let done = rig.submit(NewTask { queue: "done".to_owned(), ..child_of(&part) });
    let of_done = rig.lease_of("done", 1).remove(0);
    rig.complete(&of_done);
    rig.run(Command::Cancel { id: whole.clone(), key: None }).expect("cancelled");
    assert_eq!([&whole, &part, &waiting].map(|id| rig.state(id)), [State::Cancelled; 3]);
    assert_eq!(rig.state(&done), State::Succeeded);
    assert!(rig.task(&running).cancel_requested);
    rig.complete(&lease);
    rig.pass(200);
    let counts = Children { total: 3, done: 3, succeeded: 2, failed: 0, cancelled: 1 };
    assert_eq!(seen(&rig, &part).1, counts, "told though the parent is done");
    assert_eq!(rig.task(&part).error.expect("kept").kind, TaskError::CANCELLED);
}

#[test]
fn a_cancel_of_thousands_goes_on_after_a_restart() {
    let mut rig = Rig::new();
    let whole = parent(&mut rig);
    for _ in 0..3 {
        let tasks = vec![child_of(&whole); 500];
        rig.run(Command::SubmitMany { tasks, key: None }).expect("submitted");
    }
    rig.run(Command::Cancel { id: whole.clone(), key: None }).expect("cancelled");
    let cancelled = |rig: &Rig| -> u64 {
        let counts = rig.reads.counts().expect("read");
        let of_parts = counts.iter().filter(|(key, _)| &*key.kind == "part");
        of_parts.filter(|(key, _)| key.state == State::Cancelled).map(|(_, count)| *count).sum()
    };
    assert_eq!(cancelled(&rig), 500, "a page of them in the cancel's own transaction");
    let mut rig = rig.restart_after(0);
    rig.pass(400);
    assert_eq!(cancelled(&rig), 1500);
    assert_eq!(
        seen(&rig, &whole).1,
        Children { total: 1500, done: 1500, cancelled: 1500, ..Children::default() }
    );
}

#[test]
fn a_parent_that_fails_takes_its_children_along_and_one_that_succeeds_does_not() {
    for (outcome, state) in [
        (failure_for_good(), State::Cancelled),
        (Outcome::Complete { output: None }, State::Queued),
        (failure(), State::Queued),
    ] {
        let mut rig = Rig::new();
        let whole = rig.submit(NewTask::of("whole"));
        let lease = lease_first(&mut rig);
        let part = rig.submit(child_of(&whole));
        rig.end(&lease, outcome);
        assert_eq!(rig.state(&part), state);
    }
    let mut rig = Rig::new();
    let whole = rig.submit(NewTask { deadline_seconds: Some(1), ..NewTask::of("whole") });
    let part = rig.submit(child_of(&whole));
    rig.pass(1_200);
    assert_eq!((rig.state(&whole), rig.state(&part)), (State::Failed, State::Cancelled));
}

#[test]
fn a_cancelled_worker_s_children_are_cancelled_before_it_has_ended() {
    let mut rig = Rig::new();
    let whole = rig.submit(NewTask::of("whole"));
    let lease = lease_first(&mut rig);
    let part = rig.submit(child_of(&whole));
    rig.run(Command::Cancel { id: whole.clone(), key: None }).expect("cancelled");
    assert_eq!((rig.state(&whole), rig.state(&part)), (State::Running, State::Cancelled));
    let late = rig.run(Command::Submit { task: child_of(&whole), key: None });
    assert_eq!(invalid_fields(late), ["parent_id"]);
    rig.complete(&lease);
    assert_eq!(rig.state(&whole), State::Succeeded);
}

#[test]
fn a_task_has_at_most_eight_above_it() {
    let mut rig = Rig::new();
    let mut above = parent(&mut rig);
    for _ in 0..8 {
        above = rig.submit(child_of(&above));
    }
    let ninth = rig.run(Command::Submit { task: child_of(&above), key: None });
    assert_eq!(invalid_fields(ninth), ["parent_id"]);
}

#[test]
fn progress_goes_up_through_all_generations() {
    let mut rig = Rig::new();
    let top = parent(&mut rig);
    let middle = rig.submit(NewTask { queue: "parents".to_owned(), ..child_of(&top) });
    rig.submit(NewTask { queue: "parents".to_owned(), ..child_of(&top) });
    rig.submit(child_of(&middle));
    let lease = lease_first(&mut rig);
    rig.report(&lease, percent(50.0));
    rig.pass(400);
    assert_eq!((seen(&rig, &middle).0, seen(&rig, &top).0), (Some(50.0), Some(25.0)));
}

#[test]
fn a_parent_stays_until_its_children_are_done_and_they_stay_when_it_goes() {
    let mut rig = Rig::new();
    let whole = rig.submit(NewTask { retention_seconds: Some(1), ..NewTask::of("whole") });
    let lease = lease_first(&mut rig);
    let part = rig.submit(child_of(&whole));
    rig.complete(&lease);
    let early = rig.run(Command::Delete { id: whole.clone() });
    assert!(matches!(early, Err(Refusal::ChildrenNotDone { open: 1, .. })), "{early:?}");
    rig.pass(5_000);
    assert_eq!(rig.state(&whole), State::Succeeded);
    let lease = lease_first(&mut rig);
    rig.complete(&lease);
    rig.pass(400);
    assert!(rig.reads.task(&whole).expect("read").is_none());
    assert_eq!(rig.task(&part).parent_id, Some(whole));
}

#[test]
fn the_link_that_deletes_a_parent_comes_with_the_event_that_tells_of_its_last_childs_end() {
    let mut rig = Rig::new();
    let whole = rig.submit(NewTask::of("whole"));
    let lease = lease_first(&mut rig);
    rig.submit(child_of(&whole));
    rig.complete(&lease);
    rig.pass(400);
    assert!(!rig.task(&whole).links.delete, "it would be refused");
    let told = events(&rig, &whole).len();
    let lease = lease_first(&mut rig);
    rig.complete(&lease);
    rig.pass(400);
    assert_eq!(events(&rig, &whole)[told..], ["task.updated"]);
    assert!(rig.task(&whole).links.delete);
    rig.run(Command::Delete { id: whole }).expect("deleted");
}

#[test]
fn deleted_children_count_on_and_another_task_under_the_parents_id_is_not_told_of_them() {
    let mut rig = Rig::new();
    let id = TaskId::parse("whole").expect("an id");
    let named = || NewTask {
        id: Some(id.clone()),
        queue: "parents".to_owned(),
        max_attempts: Some(1),
        ..NewTask::of("whole")
    };
    rig.submit(named());
    for retention in [Some(0), None] {
        rig.submit(NewTask { retention_seconds: retention, ..child_of(&id) });
        let lease = lease_first(&mut rig);
        rig.end(&lease, failure_for_good());
    }
    rig.pass(400);
    assert_eq!(seen(&rig, &id).1, Children { total: 2, done: 2, failed: 2, ..Children::default() });
    let own = rig.lease_of("parents", 1).remove(0);
    rig.complete(&own);
    rig.run(Command::Delete { id: id.clone() }).expect("deleted");
    rig.submit(named());
    let filter = crate::domain::Filter { parent: Some(id.clone()), ..Default::default() };
    let query = crate::store::ListQuery { filter, limit: 10, ..Default::default() };
    let left = rig.reads.list(&query).expect("read").items.remove(0).id;
    rig.run(Command::Retry { id: left, key: None }).expect("retried");
    assert_eq!(rig.task(&id).children, None);
}
