use super::{families::child_of, *};
use crate::domain::AfterFailure;

fn after(ids: &[&TaskId]) -> NewTask {
    NewTask { after: ids.iter().copied().cloned().collect(), ..NewTask::of("k") }
}

/// Runs whatever its dependencies come to.
fn anyway(ids: &[&TaskId]) -> NewTask {
    NewTask { after_failure: Some(AfterFailure::Run), ..after(ids) }
}

fn group() -> NewTask {
    NewTask { complete_when_children_done: true, ..NewTask::of("group") }
}

fn named(alias: &str, after: &[&str]) -> NewTask {
    let id = |text: &str| TaskId::parse(text).expect("an id");
    NewTask {
        alias: Some(id(alias)),
        after: after.iter().map(|text| id(text)).collect(),
        ..NewTask::of("k")
    }
}

fn submit_many(rig: &mut Rig, tasks: Vec<NewTask>) -> Result<Vec<TaskId>, Refusal> {
    match rig.run(Command::SubmitMany { tasks, key: None })? {
        Reply::Tasks(tasks) => Ok(tasks.iter().map(|task| task.id.clone()).collect()),
        other => panic!("{other:?}"),
    }
}

fn fails(rig: &mut Rig, lease: &Leased) {
    let error = TaskError::new("boom", "It broke");
    rig.end(lease, Outcome::Fail { error, retryable: false, retry_after_seconds: None });
}

/// Leases what there is, which is these tasks, and returns the leases in the same order.
fn take(rig: &mut Rig, ids: &[&TaskId]) -> Vec<Leased> {
    let mut leases = rig.lease(100);
    assert_eq!(leases.len(), ids.len(), "{:?}", Rig::ids(&leases));
    let place = |lease: &Leased| ids.iter().position(|id| **id == lease.task.id);
    leases.sort_by_key(|lease| place(lease).expect("one of them"));
    leases
}

fn cancel(rig: &mut Rig, id: &TaskId) {
    rig.run(Command::Cancel { id: id.clone(), key: None }).expect("cancelled");
}

fn retry(rig: &mut Rig, id: &TaskId) {
    rig.run(Command::Retry { id: id.clone(), key: None }).expect("retried");
}

/// Until nothing of a batch is left for the next one.
fn settle(rig: &mut Rig) {
    rig.pass(200);
}

fn rows_of(rig: &Rig, table: &str) -> i64 {
    let directory = rig.directory.as_ref().expect("a directory");
    let file = rusqlite::Connection::open(directory.path().join("milepost.db")).expect("a file");
    let sql = format!("SELECT count(*) FROM {table}");
    file.query_row(&sql, [], |row| row.get(0)).expect("counted")
}

#[test]
fn a_task_waits_for_all_that_it_is_after_and_is_queued_then() {
    let mut rig = Rig::new();
    let [a, b] = [(); 2].map(|()| rig.submit(NewTask::of("k")));
    let c = rig.submit(after(&[&a, &b]));
    let task = rig.task(&c);
    assert_eq!((task.state, task.waiting_for), (State::Scheduled, Some(2)));
    assert_eq!(task.after, [a.clone(), b.clone()]);
    rig.pass(10_000);
    let leases = take(&mut rig, &[&a, &b]);
    rig.complete(&leases[1]);
    let task = rig.task(&c);
    assert_eq!((task.state, task.waiting_for), (State::Scheduled, Some(1)));
    rig.complete(&leases[0]);
    let task = rig.task(&c);
    assert_eq!((task.state, task.waiting_for), (State::Queued, None));
    assert_eq!(task.after, [a, b]);
    assert_eq!((rows_of(&rig, "waits"), rows_of(&rig, "releases")), (0, 0));
    take(&mut rig, &[&c]);
}

#[test]
fn what_is_done_already_counts_at_once() {
    let mut rig = Rig::new();
    let a = rig.submit(NewTask::of("k"));
    let lease = take(&mut rig, &[&a]).remove(0);
    rig.complete(&lease);
    let b = rig.submit(after(&[&a]));
    assert_eq!((rig.state(&b), rig.task(&b).waiting_for), (State::Queued, None));
}

#[test]
fn a_dependency_that_fails_or_is_cancelled_cancels_who_waits_for_it() {
    let mut rig = Rig::new();
    for end in [fails as fn(&mut Rig, &Leased), |rig, lease| cancel(rig, &lease.task.id)] {
        let a = rig.submit(NewTask { cancel_grace_seconds: 0, ..NewTask::of("k") });
        let b = rig.submit(after(&[&a]));
        let c = rig.submit(after(&[&b]));
        let free = rig.submit(anyway(&[&a]));
        let lease = take(&mut rig, &[&a]).remove(0);
        end(&mut rig, &lease);
        rig.pass(1_000);
        assert_eq!([&b, &c].map(|id| rig.state(id)), [State::Cancelled; 2]);
        let error = rig.task(&b).error.expect("an error");
        assert_eq!(error.kind, TaskError::DEPENDENCY_FAILED);
        assert!(error.title.expect("a title").contains(a.as_str()));
        assert_eq!(rig.state(&free), State::Queued, "it runs anyway");
        cancel(&mut rig, &free);
        let late = rig.submit(after(&[&a]));
        let error = rig.task(&late).error.expect("cancelled as it was made");
        assert_eq!(error.kind, TaskError::DEPENDENCY_FAILED);
    }
    assert_eq!(rows_of(&rig, "waits"), 0);
}

#[test]
fn a_failed_attempt_that_is_tried_again_is_no_end() {
    let mut rig = Rig::new();
    let a = rig.submit(NewTask::of("k"));
    let b = rig.submit(after(&[&a]));
    let lease = take(&mut rig, &[&a]).remove(0);
    rig.end(&lease, failure());
    rig.pass(5_000);
    assert_eq!(rig.state(&b), State::Scheduled);
}

#[test]
fn its_own_time_counts_when_the_wait_is_over() {
    let mut rig = Rig::new();
    let a = rig.submit(NewTask::of("k"));
    let wait = |seconds| NewTask { delay_seconds: Some(seconds), ..after(&[&a]) };
    let [short, long] = [1, 60].map(|seconds| rig.submit(wait(seconds)));
    rig.pass(2_000);
    assert_eq!(rig.state(&short), State::Scheduled, "its time came, but not its dependency's end");
    let lease = take(&mut rig, &[&a]).remove(0);
    rig.complete(&lease);
    assert_eq!([&short, &long].map(|id| rig.state(id)), [State::Queued, State::Scheduled]);
    assert_eq!(rig.task(&long).waiting_for, None);
    rig.pass(60_000);
    assert_eq!(rig.state(&long), State::Queued);
}

#[test]
fn another_run_at_does_not_end_the_wait() {
    let mut rig = Rig::new();
    let a = rig.submit(NewTask::of("k"));
    let b = rig.submit(after(&[&a]));
    for later in [0, 60_000] {
        let run_at = Some(Timestamp(START.0 + later));
        let change = crate::engine::Change { run_at, ..Default::default() };
        rig.run(Command::Update { id: b.clone(), change }).expect("changed");
        let task = rig.task(&b);
        assert_eq!((task.state, task.waiting_for), (State::Scheduled, Some(1)));
        assert_eq!(task.run_at, run_at);
    }
    let lease = take(&mut rig, &[&a]).remove(0);
    rig.complete(&lease);
    assert_eq!(rig.state(&b), State::Scheduled);
    rig.pass(61_000);
    assert_eq!(rig.state(&b), State::Queued);
}

#[test]
fn a_waiting_task_is_cancelled_at_once_and_keeps_its_deadline() {
    let mut rig = Rig::new();
    let a = rig.submit(NewTask::of("k"));
    let b = rig.submit(after(&[&a]));
    let late = rig.submit(NewTask { deadline_seconds: Some(2), ..after(&[&a]) });
    cancel(&mut rig, &b);
    let task = rig.task(&b);
    assert_eq!((task.state, task.waiting_for), (State::Cancelled, None));
    rig.pass(3_000);
    assert_eq!(rig.task(&late).error.expect("an error").kind, TaskError::DEADLINE);
    assert_eq!(rows_of(&rig, "waits"), 0);
    let lease = take(&mut rig, &[&a]).remove(0);
    rig.complete(&lease);
    assert_eq!([&b, &late].map(|id| rig.state(id)), [State::Cancelled, State::Failed]);
}

#[test]
fn a_retried_task_waits_for_those_that_are_not_done_by_then() {
    let mut rig = Rig::new();
    let [a, b] = [(); 2].map(|()| rig.submit(NewTask::of("k")));
    let c = rig.submit(after(&[&a, &b]));
    let leases = take(&mut rig, &[&a, &b]);
    fails(&mut rig, &leases[0]);
    assert_eq!(rig.state(&c), State::Cancelled);
    retry(&mut rig, &c);
    assert_eq!((rig.state(&c), rig.task(&c).waiting_for), (State::Scheduled, Some(1)));
    rig.complete(&leases[1]);
    assert_eq!(rig.state(&c), State::Queued, "what failed counts no more");

    cancel(&mut rig, &c);
    retry(&mut rig, &a);
    retry(&mut rig, &c);
    assert_eq!(rig.task(&c).waiting_for, Some(1), "what was opened again is waited for");
    let lease = take(&mut rig, &[&a]).remove(0);
    fails(&mut rig, &lease);
    assert_eq!(rig.state(&c), State::Cancelled);
}

#[test]
fn an_id_that_is_used_again_is_another_task() {
    let mut rig = Rig::new();
    let chosen = TaskId::parse("chosen").expect("an id");
    let new = NewTask { id: Some(chosen.clone()), ..NewTask::of("k") };
    let put = Command::Put { task: new, hash: "h".to_owned() };
    rig.run(put.clone()).expect("put");
    let b = rig.submit(after(&[&chosen]));
    let lease = take(&mut rig, &[&chosen]).remove(0);
    rig.complete(&lease);
    rig.run(Command::Delete { id: chosen.clone() }).expect("deleted");
    cancel(&mut rig, &b);
    rig.run(put).expect("put");
    retry(&mut rig, &b);
    assert_eq!(rig.state(&b), State::Queued);
}

#[test]
fn thousands_of_waiting_tasks_are_reached_though_the_server_goes_down_and_the_task_is_deleted() {
    const MANY: usize = 2_400;
    let mut rig = Rig::new();
    let a = rig.submit(NewTask::of("k"));
    let mut waiting = Vec::new();
    for _ in 0..MANY / 800 {
        waiting.extend(submit_many(&mut rig, vec![after(&[&a]); 800]).expect("made"));
    }
    assert_eq!(rows_of(&rig, "waits"), MANY as i64);
    let lease = take(&mut rig, &[&a]).remove(0);
    rig.complete(&lease);
    assert_eq!(rows_of(&rig, "waits"), MANY as i64 - 500, "a page of them at once");
    rig.run(Command::Delete { id: a.clone() }).expect("deleted");
    let mut rig = rig.restart_after(1);
    settle(&mut rig);
    assert_eq!((rows_of(&rig, "waits"), rows_of(&rig, "releases")), (0, 0));
    let mut rounds = 0;
    while rig.lease(100).len() == 100 {
        rounds += 1;
    }
    assert_eq!(rounds, MANY / 100);
    assert!(waiting.iter().all(|id| rig.state(id) == State::Running));
}

#[test]
fn a_wait_that_begins_after_an_end_is_not_for_that_end() {
    let mut rig = Rig::new();
    let a = rig.submit(NewTask::of("k"));
    for _ in 0..2 {
        submit_many(&mut rig, vec![after(&[&a]); 400]).expect("made");
    }
    let lease = take(&mut rig, &[&a]).remove(0);
    fails(&mut rig, &lease);
    assert!(rows_of(&rig, "waits") > 0, "some are still to be reached");
    retry(&mut rig, &a);
    let late = rig.submit(after(&[&a]));
    settle(&mut rig);
    assert_eq!(rows_of(&rig, "waits"), 1);
    assert_eq!(rig.state(&late), State::Scheduled);
    let lease = take(&mut rig, &[&a]).remove(0);
    rig.complete(&lease);
    assert_eq!(rig.state(&late), State::Queued);
}

#[test]
fn tasks_of_one_request_name_each_other_wherever_they_stand() {
    let mut rig = Rig::new();
    let tasks = vec![
        named("deploy", &["test", "build"]),
        named("test", &["build"]),
        named("build", &[]),
        named("notes", &["missing"]),
    ];
    let wrong = rig.run(Command::SubmitMany { tasks: tasks.clone(), key: None });
    assert_eq!(invalid_fields(wrong), ["tasks[3].after[0]"]);
    let ids = submit_many(&mut rig, tasks[..3].to_vec()).expect("made");
    let [deploy, test, build] = [&ids[0], &ids[1], &ids[2]];
    assert_eq!(rig.task(deploy).after, [test.clone(), build.clone()]);
    for (id, left) in [(build, Some(1)), (test, None)] {
        let lease = take(&mut rig, &[id]).remove(0);
        rig.complete(&lease);
        assert_eq!(rig.task(deploy).waiting_for, left);
    }
    take(&mut rig, &[deploy]);
}

#[test]
fn an_alias_stands_for_the_task_that_has_the_unique_key() {
    let mut rig = Rig::new();
    let unique = |new: NewTask| NewTask { unique_key: Some("one".to_owned()), ..new };
    let holder = rig.submit(unique(NewTask::of("k")));
    let tasks = vec![unique(named("a", &[])), named("b", &["a"]), unique(named("c", &["b"]))];
    let ids = submit_many(&mut rig, tasks).expect("made");
    assert_eq!((&ids[0], &ids[2]), (&holder, &holder));
    assert_eq!(rig.task(&ids[1]).after, [holder]);
}

#[test]
fn circles_of_one_request_are_refused() {
    let mut rig = Rig::new();
    let tasks =
        vec![named("behind", &["a"]), named("a", &["b"]), named("b", &["c"]), named("c", &["a"])];
    let wrong = invalid_fields(rig.run(Command::SubmitMany { tasks, key: None }));
    assert_eq!(wrong.len(), 1);
    assert!(["tasks[1].after[0]", "tasks[2].after[0]", "tasks[3].after[0]"].contains(&&*wrong[0]));
    let tasks = vec![named("a", &["a"])];
    let wrong = invalid_fields(rig.run(Command::SubmitMany { tasks, key: None }));
    assert_eq!(wrong, ["tasks[0].after[0]"]);
    let twice = vec![named("a", &[]), named("a", &[])];
    let wrong = invalid_fields(rig.run(Command::SubmitMany { tasks: twice, key: None }));
    assert_eq!(wrong, ["tasks[1].alias"]);
}

#[test]
fn a_child_is_not_after_whoever_waits_for_its_group() {
    let mut rig = Rig::new();
    let outer = rig.submit(group());
    let inner = rig.submit(NewTask { parent_id: Some(outer.clone()), ..group() });
    let behind = rig.submit(after(&[&outer]));
    let other = rig.submit(group());
    let held = rig.submit(NewTask { parent_id: Some(other.clone()), ..after(&[&behind]) });
    let free = rig.submit(NewTask::of("k"));
    for bad in [&inner, &outer, &behind, &other, &held] {
        let new = NewTask { after: vec![free.clone(), bad.clone()], ..child_of(&inner) };
        let wrong = rig.run(Command::Submit { task: new, key: None });
        assert_eq!(invalid_fields(wrong), ["after[1]"], "{bad}");
    }
    rig.submit(NewTask { after: vec![free.clone()], ..child_of(&inner) });
    // Each of the two alone would do.
    let tasks = vec![
        NewTask { parent_id: Some(inner.clone()), ..named("a", &["b"]) },
        named("b", &[outer.as_str()]),
    ];
    let wrong = invalid_fields(rig.run(Command::SubmitMany { tasks: tasks.clone(), key: None }));
    assert_eq!(wrong, ["tasks[0].after[0]"]);
    submit_many(&mut rig, tasks[1..].to_vec()).expect("made");
}

#[test]
fn a_pipeline_in_a_group_runs_through_and_is_opened_again_where_it_broke() {
    let mut rig = Rig::new();
    let whole = rig.submit(group());
    let part = |new: NewTask| NewTask { parent_id: Some(whole.clone()), ..new };
    let a = rig.submit(part(NewTask::of("k")));
    let b = rig.submit(part(after(&[&a])));
    let c = rig.submit(part(after(&[&b])));
    let lease = take(&mut rig, &[&a]).remove(0);
    rig.complete(&lease);
    let lease = take(&mut rig, &[&b]).remove(0);
    fails(&mut rig, &lease);
    assert_eq!([&whole, &c].map(|id| rig.state(id)), [State::Failed, State::Cancelled]);
    retry(&mut rig, &whole);
    assert_eq!([&b, &c].map(|id| rig.state(id)), [State::Queued, State::Scheduled]);
    for id in [&b, &c] {
        let lease = take(&mut rig, &[id]).remove(0);
        rig.complete(&lease);
    }
    assert_eq!(rig.state(&whole), State::Succeeded);
}

#[test]
fn a_cancelled_parent_takes_its_waiting_children_along() {
    let mut rig = Rig::new();
    let whole = rig.submit(group());
    let a = rig.submit(child_of(&whole));
    let b = rig.submit(NewTask { after: vec![a.clone()], ..child_of(&whole) });
    let outside = rig.submit(anyway(&[&whole]));
    cancel(&mut rig, &whole);
    assert_eq!([&a, &b].map(|id| rig.state(id)), [State::Cancelled; 2]);
    assert_eq!(rig.state(&outside), State::Queued);
    assert_eq!(rows_of(&rig, "waits"), 0);
}

#[test]
fn dependencies_must_be_there_and_be_named_once() {
    let mut rig = Rig::new();
    let a = rig.submit(NewTask::of("k"));
    let missing = TaskId::parse("missing").expect("an id");
    for (task, wrong) in [
        (after(&[&a, &missing]), "after[1]"),
        (after(&[&a, &a]), "after[1]"),
        (NewTask { after: vec![a.clone()], ..group() }, "after"),
        (anyway(&[]), "after_failure"),
        (named("a", &[]), "alias"),
    ] {
        assert_eq!(invalid_fields(rig.run(Command::Submit { task, key: None })), [wrong]);
    }
    let many = vec![missing; 51];
    let task = NewTask { after: many, ..NewTask::of("k") };
    let wrong = invalid_fields(rig.run(Command::Submit { task, key: None }));
    assert!(wrong.contains(&"after".to_owned()));
    let own = TaskId::parse("own").expect("an id");
    let task = NewTask { id: Some(own.clone()), ..after(&[&own]) };
    let put = rig.run(Command::Put { task, hash: "h".to_owned() });
    assert_eq!(invalid_fields(put), ["after[0]"]);
}

/// All orders of what can meet on a task that waits for two, each act in a transaction of its own and
/// all of them in one.
#[test]
fn whatever_meets_on_a_waiting_task_it_ends_up_where_the_last_word_says() {
    const ORDERS: [[usize; 3]; 6] =
        [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    for fails in [false, true] {
        for order in ORDERS {
            for together in [false, true] {
                let mut rig = Rig::new();
                let [a, b] = [(); 2].map(|()| rig.submit(NewTask::of("k")));
                let c = rig.submit(after(&[&a, &b]));
                let free = rig.submit(anyway(&[&a, &b]));
                let leases = take(&mut rig, &[&a, &b]);
                let end = |lease: &Leased, outcome| Command::End {
                    id: lease.task.id.clone(),
                    token: lease.token.clone(),
                    outcome,
                };
                let error = TaskError::new("boom", "It broke");
                let complete = || Outcome::Complete { output: None };
                let fail = Outcome::Fail { error, retryable: false, retry_after_seconds: None };
                let acts = [
                    end(&leases[0], complete()),
                    end(&leases[1], if fails { fail } else { complete() }),
                    Command::Cancel { id: c.clone(), key: None },
                ];
                let acts: Vec<Command> = order.iter().map(|at| acts[*at].clone()).collect();
                if together {
                    let at = rig.clock.now();
                    let job = |command| Job { command, reply: None, at };
                    rig.work.round(acts.into_iter().map(job).collect());
                } else {
                    // A task that its dependency has cancelled already may be cancelled again.
                    acts.into_iter().for_each(|act| drop(rig.run(act).expect("done")));
                }
                let case = format!("{order:?}, fails: {fails}, together: {together}");
                let task = rig.task(&c);
                assert_eq!((task.state, task.waiting_for), (State::Cancelled, None), "{case}");
                let lost = fails
                    && !together
                    && order.iter().position(|at| *at == 1) < order.iter().position(|at| *at == 2);
                let expected =
                    if lost { TaskError::DEPENDENCY_FAILED } else { TaskError::CANCELLED };
                assert_eq!(task.error.expect("an error").kind, expected, "{case}");
                assert_eq!(rig.state(&free), State::Queued, "{case}");
                assert_eq!((rows_of(&rig, "waits"), rows_of(&rig, "releases")), (0, 0), "{case}");
            }
        }
    }
}
