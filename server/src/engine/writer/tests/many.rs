use super::*;
use crate::engine::IdempotencyKey;

fn submit_many(rig: &mut Rig, tasks: Vec<NewTask>, key: Option<&str>) -> Result<Reply, Refusal> {
    let key = key.map(|key| IdempotencyKey {
        scope: "createTasks".to_owned(),
        key: key.to_owned(),
        request_hash: "h".to_owned(),
    });
    rig.run(Command::SubmitMany { tasks, key })
}

fn ids(reply: Result<Reply, Refusal>) -> Vec<TaskId> {
    match reply {
        Ok(Reply::Tasks(tasks)) => tasks.into_iter().map(|task| task.id.clone()).collect(),
        other => panic!("expected tasks, found {other:?}"),
    }
}

#[test]
fn a_thousand_tasks_come_at_once_and_in_order() {
    let mut rig = Rig::new();
    let tasks = (0..1000).map(|n| NewTask::of(format!("k{}", n % 7))).collect();
    let made = ids(submit_many(&mut rig, tasks, None));
    assert_eq!(made.len(), 1000);
    assert_eq!(Rig::ids(&rig.lease(100)), made[..100]);
}

#[test]
fn one_bad_task_among_many_and_none_is_made() {
    let mut rig = Rig::new();
    let end = rig.reads.log_end().expect("read");
    let tasks = vec![NewTask::of("k"), NewTask { priority: 101, ..NewTask::of("") }];
    let wrong = invalid_fields(submit_many(&mut rig, tasks, None));
    assert_eq!(wrong, ["tasks[1].kind", "tasks[1].priority"]);
    let tasks = vec![NewTask::of("k"), NewTask::of("milepost.bulk")];
    assert!(matches!(submit_many(&mut rig, tasks, None), Err(Refusal::Reserved(_))));
    assert_eq!(invalid_fields(submit_many(&mut rig, Vec::new(), None)), ["tasks"]);
    let tasks = vec![NewTask::of("k"); 1001];
    assert_eq!(invalid_fields(submit_many(&mut rig, tasks, None)), ["tasks"]);
    assert_eq!(rig.reads.log_end().expect("read"), end);
}

#[test]
fn the_same_key_again_answers_the_same_tasks() {
    let mut rig = Rig::new();
    let tasks = vec![NewTask::of("a"), NewTask::of("b")];
    let first = ids(submit_many(&mut rig, tasks.clone(), Some("one")));
    let lease = rig.lease(1).remove(0);
    rig.complete(&lease);
    assert_eq!(ids(submit_many(&mut rig, tasks, Some("one"))), first);
    assert_eq!(rig.lease(9).len(), 1, "nothing was made twice");
}

#[test]
fn the_same_key_again_finds_the_others_when_one_was_deleted() {
    let mut rig = Rig::new();
    let gone = NewTask { retention_seconds: Some(0), ..NewTask::of("a") };
    let tasks = vec![gone, NewTask::of("b")];
    let first = ids(submit_many(&mut rig, tasks.clone(), Some("one")));
    let lease = rig.lease(1).remove(0);
    rig.complete(&lease);
    rig.pass(400);
    assert_eq!(ids(submit_many(&mut rig, tasks, Some("one"))), first[1..]);
}

#[test]
fn a_queue_of_commands_counts_each_task_of_a_batch() {
    let queue = Queue::default();
    let push =
        |command: Command| queue.push(Job { command, reply: None, at: Clock::manual(START).now() });
    let many = || Command::SubmitMany { tasks: vec![NewTask::of("k"); 1000], key: None };
    let taken = (0..100).take_while(|_| push(many()).is_ok()).count();
    assert_eq!(taken, 8, "as many as 8,192 single ones");
    let id = TaskId::parse("t").expect("an id");
    let report = Report::default();
    let token = crate::domain::LeaseToken::random();
    assert!(push(Command::Report { id, token, report }).is_ok(), "its share is its own");
    let first = queue.take(Duration::ZERO).expect("open");
    assert_eq!(first.len(), 1);
    assert!(matches!(first[0].command, Command::Report { .. }), "what keeps a lease goes first");
    let second = queue.take(Duration::ZERO).expect("open");
    assert_eq!(second.len(), 1, "a large command makes a batch of its own");
}

#[test]
fn reports_that_keep_coming_leave_new_work_a_share_of_each_batch() {
    let queue = Queue::default();
    let push = |command: Command| {
        let at = Clock::manual(START).now();
        queue.push(Job { command, reply: None, at }).expect("there is room");
    };
    for _ in 0..600 {
        push(Command::Submit { task: NewTask::of("k"), key: None });
        push(Command::GiveBack { leases: Vec::new() });
    }
    let batch = queue.take(Duration::ZERO).expect("open");
    let new = batch.iter().filter(|job| matches!(job.command, Command::Submit { .. })).count();
    assert_eq!((batch.len(), new), (512, 128));
}
