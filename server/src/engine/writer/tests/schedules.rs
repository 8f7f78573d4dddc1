use super::*;
use crate::domain::schedule::{Overlap, ScheduleChange, ScheduleSpec};

fn every_minute(overlap: Overlap) -> ScheduleSpec {
    ScheduleSpec {
        cron: "* * * * *".to_owned(),
        time_zone: "UTC".to_owned(),
        overlap,
        paused: false,
        task: NewTask { queue: "default".to_owned(), ..NewTask::of("report") },
    }
}

fn create(rig: &mut Rig, spec: ScheduleSpec) -> TaskId {
    let id = TaskId::parse("nightly").expect("an id");
    let command = Command::CreateSchedule { id: Some(id.clone()), spec: Box::new(spec), key: None };
    rig.run(command).expect("created");
    id
}

fn runs(rig: &Rig) -> Vec<TaskView> {
    let query = crate::store::ListQuery { limit: 100, ..Default::default() };
    let mut items = rig.reads.list(&query).expect("read").items;
    items.reverse();
    items
}

// The clock starts 20 seconds into a minute, so a run is due 40 seconds later.

#[test]
fn a_schedule_submits_its_task_when_its_time_comes() {
    let mut rig = Rig::new();
    let id = create(&mut rig, every_minute(Overlap::Allow));
    rig.pass(39_000);
    assert!(runs(&rig).is_empty());
    rig.pass(62_000);
    let runs = runs(&rig);
    assert_eq!(runs.len(), 2);
    assert_eq!(runs[0].run_at, Some(START.plus_seconds(40)), "the moment it was for");
    assert_eq!(runs[0].schedule_id, Some(id.clone()));
    let schedule = rig.reads.schedule(&id).expect("read").expect("there");
    assert_eq!(schedule.next_run_at, Some(START.plus_seconds(160)));
    assert_eq!(schedule.last_task_id.as_ref(), Some(&runs[1].id));
}

#[test]
fn a_run_is_left_out_while_the_one_before_is_not_done() {
    let mut rig = Rig::new();
    let id = create(&mut rig, every_minute(Overlap::Skip));
    rig.pass(101_000);
    assert_eq!(runs(&rig).len(), 1);
    let schedule = rig.reads.schedule(&id).expect("read").expect("there");
    assert_eq!(schedule.last_skipped_at, Some(START.plus_seconds(100)));
    let lease = rig.lease(1).remove(0);
    rig.complete(&lease);
    rig.pass(60_000);
    assert_eq!(runs(&rig).len(), 2);
}

#[test]
fn a_run_may_cancel_the_one_before() {
    let mut rig = Rig::new();
    create(&mut rig, every_minute(Overlap::Cancel));
    rig.pass(101_000);
    let states: Vec<State> = runs(&rig).iter().map(|task| task.state).collect();
    assert_eq!(states, [State::Cancelled, State::Queued]);
}

#[test]
fn however_many_runs_were_missed_one_makes_up_for_them() {
    let mut rig = Rig::new();
    let id = create(&mut rig, every_minute(Overlap::Allow));
    rig.pass(41_000);
    let mut rig = rig.restart_after(3_600_000);
    rig.pass(400);
    assert_eq!(runs(&rig).len(), 2);
    let next = rig.reads.schedule(&id).expect("read").expect("there").next_run_at;
    assert!(next > Some(rig.clock.now().wall));
}

#[test]
fn a_paused_schedule_rests_and_is_run_by_hand_all_the_same() {
    let mut rig = Rig::new();
    let id = create(&mut rig, ScheduleSpec { paused: true, ..every_minute(Overlap::Skip) });
    rig.pass(120_000);
    assert!(runs(&rig).is_empty());
    for _ in 0..2 {
        rig.run(Command::RunSchedule { id: id.clone(), key: None }).expect("run");
    }
    assert_eq!(runs(&rig).len(), 2, "the overlap is for runs of the calendar");
    let change = ScheduleChange { paused: Some(false), ..ScheduleChange::default() };
    rig.run(Command::ChangeSchedule { id: id.clone(), change: Box::new(change) }).expect("changed");
    let schedule = rig.reads.schedule(&id).expect("read").expect("there");
    assert_eq!(schedule.next_run_at, Some(START.plus_seconds(160)));
}

#[test]
fn a_deleted_schedule_runs_no_more_and_its_tasks_stay() {
    let mut rig = Rig::new();
    let id = create(&mut rig, every_minute(Overlap::Allow));
    rig.pass(41_000);
    rig.run(Command::DeleteSchedule { id: id.clone() }).expect("deleted");
    rig.pass(120_000);
    assert_eq!(runs(&rig).len(), 1);
    let again = rig.run(Command::DeleteSchedule { id });
    assert!(matches!(again, Err(Refusal::ScheduleNotFound(_))));
}

#[test]
fn replacing_the_task_alone_does_not_move_the_next_run() {
    let mut rig = Rig::new();
    let id = create(&mut rig, every_minute(Overlap::Allow));
    rig.clock.advance(45_000);
    let spec = ScheduleSpec { task: NewTask::of("other"), ..every_minute(Overlap::Allow) };
    rig.run(Command::PutSchedule { id, spec: Box::new(spec) }).expect("put");
    rig.pass(400);
    assert_eq!(runs(&rig).iter().map(|task| &*task.kind).collect::<Vec<_>>(), ["other"]);
}

#[test]
fn what_is_wrong_with_a_schedule_is_named_with_its_task() {
    let mut rig = Rig::new();
    let spec = ScheduleSpec {
        cron: "0 0 31 2 *".to_owned(),
        time_zone: "Mars/Olympus".to_owned(),
        task: NewTask { max_attempts: Some(0), ..NewTask::of("") },
        ..every_minute(Overlap::Skip)
    };
    let command = Command::CreateSchedule { id: None, spec: Box::new(spec), key: None };
    assert_eq!(invalid_fields(rig.run(command)), ["time_zone", "task.kind", "task.max_attempts"]);
    let never = ScheduleSpec { cron: "0 0 31 2 *".to_owned(), ..every_minute(Overlap::Skip) };
    let command = Command::CreateSchedule { id: None, spec: Box::new(never), key: None };
    assert_eq!(invalid_fields(rig.run(command)), ["cron"]);
}
