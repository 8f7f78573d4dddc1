use super::*;
use crate::domain::{
    QueueSettings,
    queue::{QueueChange, RateLimit, TaskDefaults},
};

fn set(rig: &mut Rig, settings: QueueSettings) {
    rig.run(Command::SetQueue { name: "default".to_owned(), settings }).expect("set");
}

fn submit_three(rig: &mut Rig) -> Vec<TaskId> {
    (0..3).map(|_| rig.submit(NewTask::of("k"))).collect()
}

/// A lease call that waits, and its answer.
fn wait_for_one(rig: &mut Rig) -> oneshot::Receiver<Result<Reply, Refusal>> {
    let (reply, answer) = oneshot::channel();
    let command = Command::Acquire(Acquire { wait_seconds: 60, ..wish("default", 1) });
    rig.work.round(vec![Job { command, reply: Some(reply), at: rig.clock.now() }]);
    answer
}

fn is_served(answer: &mut oneshot::Receiver<Result<Reply, Refusal>>) -> bool {
    matches!(answer.try_recv(), Ok(Ok(Reply::Leases(leases))) if leases.len() == 1)
}

#[test]
fn a_paused_queue_gives_no_work_until_it_is_resumed() {
    let mut rig = Rig::new();
    submit_three(&mut rig);
    set(&mut rig, QueueSettings { paused: true, ..QueueSettings::default() });
    assert!(rig.lease(1).is_empty());
    let mut answer = wait_for_one(&mut rig);
    rig.pass(1000);
    assert!(answer.try_recv().is_err(), "it waits");
    let change = QueueChange { paused: Some(false), ..QueueChange::default() };
    rig.run(Command::ChangeQueue { name: "default".to_owned(), change }).expect("resumed");
    assert!(is_served(&mut answer), "who waits is served as soon as the queue is resumed");
}

#[test]
fn no_more_run_at_once_than_the_queue_allows() {
    let mut rig = Rig::new();
    submit_three(&mut rig);
    set(&mut rig, QueueSettings { max_concurrency: Some(2), ..QueueSettings::default() });
    let leases = rig.lease(100);
    assert_eq!(leases.len(), 2);
    assert!(rig.lease(1).is_empty());
    let mut answer = wait_for_one(&mut rig);
    rig.complete(&leases[0]);
    assert!(is_served(&mut answer), "a place that is freed serves who waits for it");
    assert!(rig.lease(1).is_empty());
}

#[test]
fn a_rate_limits_how_many_begin_and_serves_who_waits_when_the_next_may() {
    let mut rig = Rig::new();
    let _ = submit_three(&mut rig);
    let rate = RateLimit { limit: 1, period_seconds: 10, burst: Some(2) };
    set(&mut rig, QueueSettings { rate_limit: Some(rate), ..QueueSettings::default() });
    assert_eq!(rig.lease(100).len(), 2, "as many as the burst at first");
    let mut answer = wait_for_one(&mut rig);
    rig.pass(9_800);
    assert!(answer.try_recv().is_err());
    assert!(rig.work.patience() <= Duration::from_millis(200));
    rig.pass(200);
    assert!(is_served(&mut answer));
}

#[test]
fn the_tokens_left_outlive_a_restart() {
    let mut rig = Rig::new();
    let _ = submit_three(&mut rig);
    let rate = RateLimit { limit: 1, period_seconds: 60, burst: None };
    set(&mut rig, QueueSettings { rate_limit: Some(rate), ..QueueSettings::default() });
    assert_eq!(rig.lease(100).len(), 1);
    let mut rig = rig.restart_after(30_000);
    assert!(rig.lease(1).is_empty());
    rig.pass(30_000);
    assert_eq!(rig.lease(100).len(), 1);
}

#[test]
fn a_task_takes_what_it_does_not_say_from_its_queue() {
    let mut rig = Rig::new();
    let defaults = TaskDefaults {
        max_attempts: Some(7),
        timeout_seconds: Some(90),
        retention_seconds: Some(5),
        ..TaskDefaults::default()
    };
    set(&mut rig, QueueSettings { defaults, ..QueueSettings::default() });
    let plain = rig.submit(NewTask::of("k"));
    let own = rig.submit(NewTask { max_attempts: Some(1), ..NewTask::of("k") });
    assert_eq!((rig.task(&plain).max_attempts, rig.task(&own).max_attempts), (7, 1));
    assert_eq!(rig.task(&plain).timeout_seconds, Some(90));
}

#[test]
fn a_done_task_goes_when_its_retention_ends() {
    let mut rig = Rig::new();
    let id = rig.submit(NewTask { retention_seconds: Some(5), ..NewTask::of("k") });
    let lease = rig.lease(1).remove(0);
    rig.complete(&lease);
    rig.pass(4_800);
    assert_eq!(rig.state(&id), State::Succeeded);
    rig.pass(400);
    assert!(rig.reads.task(&id).expect("read").is_none());
}

#[test]
fn a_queue_tells_what_is_in_it_and_since_when_it_waits() {
    let mut rig = Rig::new();
    let first = rig.clock.now().wall;
    rig.submit(NewTask { priority: -5, ..NewTask::of("a") });
    rig.pass(5_000);
    submit_three(&mut rig);
    assert_eq!(rig.lease(1).len(), 1);
    let status = rig.reads.queue("default").expect("read").expect("it has tasks");
    assert_eq!(status.counts.get(&State::Queued), Some(&3));
    assert_eq!(status.counts.get(&State::Running), Some(&1));
    assert_eq!(status.oldest_queued_at, Some(first), "whatever its priority");
    assert_eq!(rig.reads.queues("", 10).expect("read"), [status]);
    assert!(rig.reads.queue("nobody").expect("read").is_none());
}

#[test]
fn limits_out_of_range_are_named_and_nothing_is_set() {
    let mut rig = Rig::new();
    let settings = QueueSettings {
        max_concurrency: Some(0),
        max_concurrency_per_key: 0,
        rate_limit: Some(RateLimit { limit: 0, period_seconds: 0, burst: Some(0) }),
        ..QueueSettings::default()
    };
    let name = "default".to_owned();
    let wrong = invalid_fields(rig.run(Command::SetQueue { name, settings }));
    assert_eq!(wrong[..2], ["max_concurrency", "max_concurrency_per_key"]);
    assert_eq!(wrong[2..], ["rate_limit.limit", "rate_limit.period_seconds", "rate_limit.burst"]);
    assert!(rig.reads.queue("default").expect("read").is_none());
    let name = "milepost.bulk".to_owned();
    let reserved = rig.run(Command::SetQueue { name, settings: QueueSettings::default() });
    assert!(matches!(reserved, Err(Refusal::Reserved(_))));
}

#[test]
fn who_asks_again_while_the_first_call_waits_is_not_given_twice() {
    let mut rig = Rig::new();
    let ask = |rig: &mut Rig| {
        let (reply, answer) = oneshot::channel();
        let request_id = Some("one".to_owned());
        let wish = Acquire { wait_seconds: 60, request_id, ..wish("default", 1) };
        let command = Command::Acquire(wish);
        rig.work.round(vec![Job { command, reply: Some(reply), at: rig.clock.now() }]);
        answer
    };
    let (mut first, mut second) = (ask(&mut rig), ask(&mut rig));
    submit_three(&mut rig);
    assert!(matches!(first.try_recv(), Ok(Ok(Reply::Leases(none))) if none.is_empty()));
    assert!(is_served(&mut second));
    let mut again = ask(&mut rig);
    assert!(is_served(&mut again), "the same lease");
    let status = rig.reads.queue("default").expect("read").expect("a queue");
    assert_eq!(status.counts.get(&State::Running), Some(&1));
}
