use super::*;

fn keyed(key: &str) -> NewTask {
    NewTask { unique_key: Some(key.to_owned()), ..NewTask::of("k") }
}

fn found(rig: &mut Rig, task: NewTask) -> TaskId {
    match rig.run(Command::Submit { task, key: None }) {
        Ok(Reply::Put { task, created: false }) => task.id.clone(),
        other => panic!("expected a task that is there, found {other:?}"),
    }
}

#[test]
fn while_a_task_with_the_key_is_open_no_other_one_is_made() {
    let mut rig = Rig::new();
    let first = rig.submit(keyed("a"));
    let other = NewTask { kind: "other".to_owned(), priority: 5, ..keyed("a") };
    assert_eq!(found(&mut rig, other), first);
    let lease = rig.lease(9).remove(0);
    assert_eq!(found(&mut rig, keyed("a")), first, "running is open");
    rig.end(&lease, failure());
    assert_eq!(found(&mut rig, keyed("a")), first, "retrying is open");
    let mut rig = rig.restart_after(0);
    assert_eq!(found(&mut rig, keyed("a")), first);
    rig.run(Command::Cancel { id: first.clone(), key: None }).expect("cancelled");
    assert_ne!(rig.submit(keyed("a")), first, "its end gives the key free");
}

#[test]
fn a_key_holds_in_its_own_queue() {
    let mut rig = Rig::new();
    let first = rig.submit(keyed("a"));
    let elsewhere = rig.submit(NewTask { queue: "other".to_owned(), ..keyed("a") });
    assert_ne!(first, elsewhere);
    assert_ne!(rig.submit(keyed("b")), first);
}

#[test]
fn two_submits_in_one_transaction_make_one_task() {
    let mut rig = Rig::new();
    let tasks = vec![keyed("a"), NewTask::of("k"), keyed("a")];
    let reply = rig.run(Command::SubmitMany { tasks, key: None }).expect("submitted");
    let Reply::Tasks(tasks) = reply else { panic!("{reply:?}") };
    assert_eq!((tasks.len(), &tasks[0].id), (3, &tasks[2].id));
    assert_eq!(rig.lease(9).len(), 2);
    let (mut jobs, mut answers) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        let (reply, answer) = oneshot::channel();
        let command = Command::Submit { task: keyed("b"), key: None };
        jobs.push(Job { command, reply: Some(reply), at: rig.clock.now() });
        answers.push(answer);
    }
    rig.work.round(jobs);
    let ids: std::collections::BTreeSet<TaskId> = answers
        .into_iter()
        .map(|mut answer| match answer.try_recv().expect("answered") {
            Ok(Reply::Task(task) | Reply::Put { task, .. }) => task.id.clone(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(ids.len(), 1);
}

#[test]
fn a_retry_takes_the_key_again_unless_somebody_else_has_it() {
    let mut rig = Rig::new();
    let first = rig.submit(keyed("a"));
    rig.run(Command::Cancel { id: first.clone(), key: None }).expect("cancelled");
    let second = rig.submit(keyed("a"));
    let retry = || Command::Retry { id: first.clone(), key: None };
    match rig.run(retry()) {
        Err(Refusal::UniqueKeyTaken { key, holder }) => {
            assert_eq!((key.as_str(), holder), ("a", second.clone()))
        }
        other => panic!("{other:?}"),
    }
    rig.run(Command::Cancel { id: second, key: None }).expect("cancelled");
    rig.run(retry()).expect("retried");
    assert_eq!(found(&mut rig, keyed("a")), first);
}

#[test]
fn an_id_of_ones_own_and_a_key_of_another_do_not_go_together() {
    let mut rig = Rig::new();
    let first = rig.submit(keyed("a"));
    let id = TaskId::parse("mine").expect("an id");
    let task = NewTask { id: Some(id), ..keyed("a") };
    let put = || Command::Put { task: task.clone(), hash: "h".to_owned() };
    assert!(matches!(rig.run(put()), Err(Refusal::UniqueKeyTaken { .. })));
    rig.run(Command::Cancel { id: first, key: None }).expect("cancelled");
    assert!(matches!(rig.run(put()), Ok(Reply::Put { created: true, .. })));
    assert!(matches!(rig.run(put()), Ok(Reply::Put { created: false, .. })), "the same again");
}

#[test]
fn a_key_that_is_free_is_forgotten_and_one_that_is_held_is_not() {
    let mut rig = Rig::new();
    let first = rig.submit(keyed("a"));
    let name =
        || crate::store::KeyName { scope: "unique:default".to_owned(), name: "a".to_owned() };
    rig.pass(48 * 3600 * 1000);
    assert_eq!(found(&mut rig, keyed("a")), first);
    rig.run(Command::Cancel { id: first, key: None }).expect("cancelled");
    rig.pass(400);
    assert_eq!(rig.reads.key(&name()).expect("read"), None);
}
