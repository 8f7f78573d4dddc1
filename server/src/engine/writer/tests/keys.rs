use super::*;
use crate::domain::queue::QueueChange;

fn keyed(key: &str, priority: i32) -> NewTask {
    NewTask { concurrency_key: Some(key.to_owned()), priority, ..NewTask::of("k") }
}

fn allow(rig: &mut Rig, per_key: u32) {
    let change = QueueChange { max_concurrency_per_key: Some(per_key), ..QueueChange::default() };
    rig.run(Command::ChangeQueue { name: "default".to_owned(), change }).expect("changed");
}

fn parked(rig: &Rig) -> u64 {
    rig.reads.queue("default").expect("read").map_or(0, |status| status.parked)
}

#[test]
fn one_customer_with_many_tasks_does_not_hold_up_the_others() {
    let mut rig = Rig::new();
    allow(&mut rig, 2);
    let many: Vec<TaskId> = (0..50).map(|_| rig.submit(keyed("a", 0))).collect();
    let other = rig.submit(keyed("b", 0));
    let leases = rig.lease(100);
    assert_eq!(Rig::ids(&leases), [many[0].clone(), many[1].clone(), other]);
    assert_eq!(parked(&rig), 48);
    assert_eq!(rig.reads.queue("default").expect("read").expect("a queue").counts.len(), 2);
}

#[test]
fn whoever_frees_a_place_lets_the_best_of_the_parked_in() {
    let mut rig = Rig::new();
    let first = rig.submit(keyed("a", 0));
    let low = rig.submit(keyed("a", -1));
    let high = rig.submit(keyed("a", 9));
    let middle = rig.submit(keyed("a", 0));
    let mut order = Vec::new();
    for _ in 0..4 {
        let leases = rig.lease(100);
        assert_eq!(leases.len(), 1, "one at a time, unless the queue says more");
        order.extend(Rig::ids(&leases));
        rig.complete(&leases[0]);
    }
    assert_eq!(order, [first, high, middle, low]);
    assert!(rig.lease(1).is_empty());
}

#[test]
fn a_place_is_freed_by_every_way_out() {
    let mut rig = Rig::new();
    let ids: Vec<TaskId> = (0..6).map(|_| rig.submit(keyed("a", 0))).collect();
    let lease = rig.lease(9).remove(0);
    rig.end(
        &lease,
        Outcome::Fail {
            error: TaskError::new("boom", "It broke"),
            retryable: true,
            retry_after_seconds: Some(3600),
        },
    );
    assert_eq!(rig.state(&ids[0]), State::Retrying);
    let lease = rig.lease(9).remove(0);
    assert_eq!(lease.task.id, ids[1]);
    rig.end(&lease, Outcome::Release);
    let again = rig.lease(9).remove(0);
    assert_eq!(again.task.id, ids[1], "a released task keeps its place in the line");
    rig.complete(&again);
    // Cancelled while it is ready, and while it is parked.
    for id in [&ids[2], &ids[3]] {
        rig.run(Command::Cancel { id: id.clone(), key: None }).expect("cancelled");
    }
    let lease = rig.lease(9).remove(0);
    assert_eq!(lease.task.id, ids[4]);
    rig.pass(3_600_200);
    assert_eq!(Rig::ids(&rig.lease(9)), [ids[5].clone()], "an expired lease frees its place");
}

#[test]
fn raising_the_limit_lets_parked_tasks_of_every_key_in() {
    let mut rig = Rig::new();
    for key in 0..150 {
        for _ in 0..3 {
            rig.submit(keyed(&format!("customer {key}"), 0));
        }
    }
    assert_eq!(parked(&rig), 300);
    allow(&mut rig, 2);
    rig.pass(400);
    assert_eq!(parked(&rig), 150);
    allow(&mut rig, 3);
    rig.pass(400);
    assert_eq!(parked(&rig), 0);
}

#[test]
fn a_key_holds_in_its_own_queue_only() {
    let mut rig = Rig::new();
    rig.submit(keyed("a", 0));
    rig.submit(NewTask { queue: "other".to_owned(), ..keyed("a", 0) });
    assert_eq!(rig.lease(9).len(), 1);
    assert_eq!(rig.lease_of("other", 9).len(), 1);
}

#[test]
fn parked_tasks_are_listed_as_queued_and_outlive_a_restart() {
    let mut rig = Rig::new();
    let ids = [rig.submit(keyed("a", 0)), rig.submit(keyed("a", 0))];
    let mut rig = rig.restart_after(0);
    assert_eq!(ids.each_ref().map(|id| rig.state(id)), [State::Queued; 2]);
    let filter = crate::domain::Filter { states: vec![State::Queued], ..Default::default() };
    let query = crate::store::ListQuery { filter, limit: 10, ..Default::default() };
    assert_eq!(rig.reads.list(&query).expect("read").items.len(), 2);
    let lease = rig.lease(9).remove(0);
    rig.complete(&lease);
    assert_eq!(rig.lease(9).len(), 1);
}

#[test]
fn lowering_the_limit_holds_for_tasks_that_were_ready_already() {
    let mut rig = Rig::new();
    allow(&mut rig, 5);
    let many: Vec<TaskId> = (0..5).map(|_| rig.submit(keyed("a", 0))).collect();
    let other = rig.submit(keyed("b", -100));
    allow(&mut rig, 2);
    let leases = rig.lease(100);
    assert_eq!(Rig::ids(&leases), [many[0].clone(), many[1].clone(), other]);
    assert_eq!(parked(&rig), 3);
    rig.complete(&leases[1]);
    assert_eq!(Rig::ids(&rig.lease(100)), [many[2].clone()]);
}

#[test]
fn raising_the_limit_is_felt_at_once() {
    let mut rig = Rig::new();
    for _ in 0..4 {
        rig.submit(keyed("a", 0));
    }
    assert_eq!(rig.lease(100).len(), 1);
    allow(&mut rig, 3);
    assert_eq!(rig.lease(100).len(), 2);
}
