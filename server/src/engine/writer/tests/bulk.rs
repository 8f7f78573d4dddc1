use super::*;
use crate::{
    domain::bulk::{BulkAction, BulkFilter, BulkOrder},
    engine::IdempotencyKey,
};

fn order(action: BulkAction, states: &[State]) -> BulkOrder {
    let filter = BulkFilter { states: states.to_vec(), ..BulkFilter::default() };
    BulkOrder { action, filter, dry_run: false }
}

fn start(rig: &mut Rig, order: BulkOrder, key: Option<&str>) -> Result<TaskId, Refusal> {
    let key = key.map(|key| IdempotencyKey {
        scope: "bulkCancelTasks".to_owned(),
        key: key.to_owned(),
        request_hash: "h".to_owned(),
    });
    match rig.run(Command::StartBulk { order: Box::new(order), key })? {
        Reply::Task(task) => Ok(task.id.clone()),
        other => panic!("{other:?}"),
    }
}

fn runs(rig: &mut Rig) -> Vec<Leased> {
    let wish = Acquire { embedded: true, ..wish("milepost", 10) };
    match rig.run(Command::Acquire(wish)).expect("leases") {
        Reply::Leases(leases) => leases,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_run_is_a_task_of_the_servers_own_that_carries_its_order() {
    let mut rig = Rig::new();
    let wanted = order(BulkAction::Cancel, &[State::Queued]);
    let id = start(&mut rig, wanted.clone(), None).expect("started");
    assert!(rig.lease(10).is_empty(), "no worker of another queue gets it");
    let lease = runs(&mut rig).remove(0);
    assert_eq!(lease.task.id, id);
    let input = lease.task.input.as_ref().expect("an input").get();
    assert_eq!(serde_json::from_str::<BulkOrder>(input).expect("an order"), wanted);
}

#[test]
fn a_run_outlives_many_restarts_with_what_it_has_reached() {
    let mut rig = Rig::new();
    let wanted = order(BulkAction::Delete, &[State::Failed]);
    let id = start(&mut rig, wanted, None).expect("started");
    for round in 0..10 {
        let lease = runs(&mut rig).remove(0);
        let left = lease.checkpoint.as_ref().map(|text| text.get().to_owned());
        assert_eq!(left, (round > 0).then(|| (round - 1).to_string()));
        let checkpoint = RawJson::of(&round).ok();
        rig.report(&lease, Report { checkpoint, ..Report::default() });
        rig = rig.restart_after(1000);
        let task = rig.task(&id);
        assert_eq!((task.state, task.attempt), (State::Queued, 0), "round {round}");
    }
}

#[test]
fn an_order_that_names_no_task_or_none_it_could_change_is_refused() {
    let mut rig = Rig::new();
    let nothing = start(&mut rig, order(BulkAction::Cancel, &[]), None);
    assert!(matches!(nothing, Err(Refusal::Invalid(errors)) if errors[0].field == "filter"));
    for (action, state) in [
        (BulkAction::Cancel, State::Failed),
        (BulkAction::Retry, State::Succeeded),
        (BulkAction::Delete, State::Running),
    ] {
        let refused = start(&mut rig, order(action, &[state]), None);
        let Err(Refusal::Invalid(errors)) = refused else { panic!("{action:?}: {refused:?}") };
        assert_eq!(errors[0].field, "filter.states");
    }
    assert!(runs(&mut rig).is_empty());
}

#[test]
fn the_same_key_again_is_the_same_run() {
    let mut rig = Rig::new();
    let wanted = order(BulkAction::Cancel, &[State::Queued]);
    let first = start(&mut rig, wanted.clone(), Some("one")).expect("started");
    let again = start(&mut rig, wanted, Some("one")).expect("started");
    assert_eq!(first, again);
    assert_eq!(runs(&mut rig).len(), 1);
}
