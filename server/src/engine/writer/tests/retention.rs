//! What goes of done tasks when its time is over, what is remembered of it, and who is told.

use super::*;
use crate::{
    domain::{
        EventType, Filter, Moment, Position, QueueSettings, Retention, progress::ProgressReport,
    },
    store::Selection,
};

const ALL: usize = 100_000;

fn set(rig: &mut Rig, retention: Retention) {
    let settings = QueueSettings { retention, ..QueueSettings::default() };
    let name = "default".to_owned();
    rig.run(Command::SetQueue { name, settings }).expect("set");
}

fn reports(rig: &mut Rig, lease: &Leased, count: u64) {
    for current in 1..=count {
        let progress =
            ProgressReport { current: Some(current as f64), ..ProgressReport::default() };
        rig.report(lease, Report { progress: Some(progress), ..Report::default() });
    }
}

fn with_bodies() -> NewTask {
    let input = RawJson::parse(r#"{"in":1}"#.to_owned()).expect("json");
    NewTask { input: Some(input), ..NewTask::of("k") }
}

fn output() -> Outcome {
    Outcome::Complete { output: RawJson::parse(r#"{"out":1}"#.to_owned()).ok() }
}

impl Rig {
    fn seq(&self, id: &TaskId) -> Position {
        self.reads.task(id).expect("read").expect("there is such a task").0
    }

    fn events_of(&self, what: &Selection) -> Vec<(Position, EventType)> {
        let page = self.reads.log(what, 0, ALL).expect("read");
        page.entries.iter().map(|(entry, _)| (entry.position, entry.event_type)).collect()
    }

    fn types(&self, what: &Selection) -> Vec<EventType> {
        self.events_of(what).into_iter().map(|(_, event)| event).collect()
    }

    fn of_task(&self, id: &TaskId) -> Selection {
        Selection::Task { id: id.clone(), seq: self.seq(id) }
    }

    fn trimmed(&self, what: &Selection, after: Position) -> bool {
        self.reads.trimmed(what, after).expect("read")
    }

    fn is_there(&self, id: &TaskId) -> bool {
        self.reads.task(id).expect("read").is_some()
    }
}

fn queue(name: &str) -> Selection {
    let filter = Filter { queues: vec![name.to_owned()], ..Filter::default() };
    Selection::Filters(filter.into())
}

fn everything() -> Selection {
    Selection::Filters(Filter::default().into())
}

#[test]
fn a_done_task_goes_when_its_queue_keeps_it_no_longer_also_one_done_before_that_was_set() {
    let mut rig = Rig::new();
    let before = rig.submit(NewTask::of("k"));
    let own = rig.submit(NewTask { retention_seconds: Some(60), ..NewTask::of("k") });
    for lease in rig.lease(2) {
        rig.complete(&lease);
    }
    set(&mut rig, Retention { task_seconds: Some(5), ..Retention::default() });
    let waits = rig.submit(NewTask::of("k"));
    rig.pass(4_600);
    assert!(rig.is_there(&before));
    rig.pass(800);
    assert!(!rig.is_there(&before));
    rig.pass(50_000);
    assert!(rig.is_there(&own), "what a task says itself wins");
    assert!(rig.is_there(&waits), "only what is done goes");
    rig.pass(10_000);
    assert!(!rig.is_there(&own));
}

#[test]
fn many_done_tasks_go_in_shares_and_commands_are_answered_in_between() {
    let mut rig = Rig::new();
    for _ in 0..500 {
        rig.submit(NewTask::of("k"));
    }
    while let leases = rig.lease(50)
        && !leases.is_empty()
    {
        leases.iter().for_each(|lease| rig.complete(lease));
    }
    set(&mut rig, Retention { task_seconds: Some(0), ..Retention::default() });
    let held = |rig: &Rig| {
        let status = rig.reads.queue("default").expect("read").expect("it is set");
        status.counts.get(&State::Succeeded).copied().unwrap_or(0)
    };
    let mut shares = 0;
    let mut last = held(&rig);
    rig.clock.advance(200);
    loop {
        // A command is answered in its round; a share is done beside it now and then, not in each.
        rig.clock.advance(20);
        rig.submit(NewTask { queue: "other".to_owned(), ..NewTask::of("k") });
        let left = held(&rig);
        rig.submit(NewTask { queue: "other".to_owned(), ..NewTask::of("k") });
        assert_eq!(held(&rig), left, "no time has passed");
        assert!(last - left <= 20, "{last} to {left}");
        last = left;
        shares += 1;
        if last == 0 {
            break;
        }
        assert!(rig.work.retention.has_more(), "{last} are left");
    }
    assert!(shares >= 25);
}

#[test]
fn a_parent_that_outstayed_goes_with_the_end_of_its_last_child() {
    let mut rig = Rig::new();
    set(&mut rig, Retention { task_seconds: Some(1), ..Retention::default() });
    let parent = rig.submit(NewTask::of("whole"));
    let lease = rig.lease(1).remove(0);
    let child = rig.submit(NewTask {
        parent_id: Some(parent.clone()),
        queue: "other".to_owned(),
        ..NewTask::of("part")
    });
    rig.complete(&lease);
    rig.pass(5_000);
    assert!(rig.is_there(&parent));
    let lease = rig.lease_of("other", 1).remove(0);
    rig.complete(&lease);
    rig.pass(500);
    assert!(!rig.is_there(&parent));
    assert!(rig.is_there(&child), "its queue keeps everything");
}

#[test]
fn bodies_go_before_the_task_and_an_event_tells_it() {
    let mut rig = Rig::new();
    set(&mut rig, Retention { body_seconds: Some(5), ..Retention::default() });
    let id = rig.submit(with_bodies());
    let lease = rig.lease(1).remove(0);
    rig.end(&lease, output());
    let done = rig.task(&id);
    assert!(done.input.is_some() && done.output.is_some() && !done.bodies_dropped);
    rig.pass(6_000);
    let task = rig.task(&id);
    assert!(task.input.is_none() && task.output.is_none() && task.bodies_dropped);
    assert!(task.cursor.position > done.cursor.position);
    let what = rig.of_task(&id);
    let expected = [EventType::Queued, EventType::Started, EventType::Updated];
    assert_eq!(rig.types(&what), expected, "the event with the output has gone");
    assert!(rig.trimmed(&what, done.cursor.position - 1), "a watcher would have wanted it");
    assert!(!rig.trimmed(&what, done.cursor.position));
    let page = rig.reads.log(&what, 0, ALL).expect("read");
    assert!(page.trimmed && page.entries.iter().all(|(entry, _)| !entry.json.contains("out\":1")));
    rig.pass(5_000);
    assert_eq!(rig.task(&id).cursor, task.cursor, "it is told once");
}

#[test]
fn an_event_of_the_transaction_that_drops_the_bodies_does_not_keep_the_output() {
    let mut rig = Rig::new();
    set(&mut rig, Retention { body_seconds: Some(5), ..Retention::default() });
    let parent = rig.submit(with_bodies());
    let lease = rig.lease(1).remove(0);
    rig.submit(NewTask {
        parent_id: Some(parent.clone()),
        queue: "other".to_owned(),
        ..NewTask::of("part")
    });
    let child = rig.lease_of("other", 1).remove(0);
    rig.end(&lease, output());
    rig.pass(4_800);
    rig.clock.advance(300);
    // Told of its child, it shows its output once more; and then its time is over.
    rig.complete(&child);
    rig.pass(1_000);
    assert!(rig.task(&parent).bodies_dropped);
    let page = rig.reads.log(&rig.of_task(&parent), 0, ALL).expect("read");
    assert!(page.entries.iter().all(|(entry, _)| !entry.json.contains("out\":1")));
}

#[test]
fn a_task_without_its_input_keeps_its_error_and_is_not_retried() {
    let mut rig = Rig::new();
    set(&mut rig, Retention { body_seconds: Some(0), ..Retention::default() });
    let id = rig.submit(NewTask { max_attempts: Some(1), ..with_bodies() });
    let lease = rig.lease(1).remove(0);
    rig.end(&lease, failure());
    rig.pass(500);
    let task = rig.task(&id);
    assert!(task.bodies_dropped && task.input.is_none() && !task.links.retry);
    assert_eq!(task.error.expect("an error").kind, "boom");
    let refused = rig.run(Command::Retry { id: id.clone(), key: None });
    assert_eq!(refused.err(), Some(Refusal::InputDropped(id)));
}

#[test]
fn the_events_of_a_done_task_go_but_for_its_last_ones() {
    let mut rig = Rig::new();
    set(&mut rig, Retention { event_seconds: Some(5), ..Retention::default() });
    let other = rig.submit(NewTask { queue: "other".to_owned(), ..NewTask::of("k") });
    let id = rig.submit(NewTask::of("k"));
    let lease = rig.lease(1).remove(0);
    reports(&mut rig, &lease, 1_000);
    let what = rig.of_task(&id);
    rig.complete(&lease);
    let end = rig.task(&id).cursor.position;
    rig.pass(4_000);
    assert_eq!(rig.types(&what).len(), 1_003);
    rig.pass(2_000);
    assert_eq!(rig.events_of(&what), [(end, EventType::Succeeded)]);
    let cursors = [(&what, end - 2, true), (&what, end - 1, false)];
    let filters = [(&queue("default"), end - 2, true), (&queue("default"), end - 1, false)];
    for (selection, after, trimmed) in cursors.into_iter().chain(filters) {
        assert_eq!(rig.trimmed(selection, after), trimmed, "{selection:?} after {after}");
    }
    assert!(rig.trimmed(&everything(), end - 2));
    assert!(!rig.trimmed(&queue("other"), 0), "nothing of that queue has gone");
    assert!(!rig.trimmed(&rig.of_task(&other), 0));
    let named = Filter { tasks: [other].into(), ..Filter::default() };
    assert!(!rig.trimmed(&Selection::Filters(named.into()), 0));
}

#[test]
fn progress_is_thinned_evenly_by_attempt_and_nobody_misses_it() {
    let mut rig = Rig::new();
    set(&mut rig, Retention { progress_seconds: Some(5), ..Retention::default() });
    let id = rig.submit(NewTask { max_attempts: Some(2), ..NewTask::of("k") });
    let lease = rig.lease(1).remove(0);
    reports(&mut rig, &lease, 50);
    let error = TaskError::new("boom", "It broke");
    let outcome = Outcome::Fail { error, retryable: true, retry_after_seconds: Some(0) };
    rig.end(&lease, outcome);
    rig.pass(400);
    let lease = rig.lease(1).remove(0);
    reports(&mut rig, &lease, 700);
    rig.complete(&lease);
    let what = rig.of_task(&id);
    let before = rig.events_of(&what);
    rig.pass(6_000);
    let after = rig.events_of(&what);
    let progress = |events: &[(Position, EventType)]| {
        let of = |event: &&(Position, EventType)| event.1 == EventType::Progress;
        events.iter().filter(of).map(|event| event.0).collect::<Vec<_>>()
    };
    let (all, left) = (progress(&before), progress(&after));
    assert_eq!((all.len(), left.len()), (750, 150));
    assert_eq!(left[..50], all[..50], "the first attempt had few");
    assert_eq!((left[50], left[149]), (all[50], all[749]), "the first and the last stay");
    assert_eq!(after.len() - left.len(), before.len() - all.len(), "only progress is thinned");
    assert!(!rig.trimmed(&what, 0) && !rig.trimmed(&everything(), 0));
}

#[test]
fn a_task_that_is_opened_again_while_it_is_thinned_is_thinned_anew_after_its_next_end() {
    let mut rig = Rig::new();
    set(&mut rig, Retention { progress_seconds: Some(5), ..Retention::default() });
    let id = rig.submit(NewTask { max_attempts: Some(1), ..NewTask::of("k") });
    let lease = rig.lease(1).remove(0);
    reports(&mut rig, &lease, 700);
    rig.end(&lease, failure());
    let what = rig.of_task(&id);
    let left =
        |rig: &Rig| rig.types(&what).iter().filter(|event| **event == EventType::Progress).count();
    rig.clock.advance(6_000);
    while left(&rig) == 700 {
        rig.work.round(Vec::new());
        rig.clock.advance(5);
    }
    assert!(left(&rig) > 100, "it is in the middle of it");
    rig.run(Command::Retry { id: id.clone(), key: None }).expect("retried");
    rig.pass(400);
    let lease = rig.lease(1).remove(0);
    reports(&mut rig, &lease, 300);
    rig.complete(&lease);
    rig.pass(7_000);
    assert_eq!(left(&rig), 200, "a hundred of each attempt");
}

#[test]
fn a_task_that_was_retried_meanwhile_is_left_alone_until_its_new_end() {
    let mut rig = Rig::new();
    set(&mut rig, Retention { task_seconds: Some(5), ..Retention::default() });
    let id = rig.submit(NewTask { max_attempts: Some(1), ..NewTask::of("k") });
    let lease = rig.lease(1).remove(0);
    rig.end(&lease, failure());
    rig.pass(3_000);
    rig.run(Command::Retry { id: id.clone(), key: None }).expect("retried");
    rig.pass(10_000);
    let lease = rig.lease(1).remove(0);
    rig.complete(&lease);
    rig.pass(4_000);
    assert!(rig.is_there(&id));
    rig.pass(2_000);
    assert!(!rig.is_there(&id));
}

#[test]
fn who_watches_a_deleted_task_is_told_while_its_events_go_share_by_share() {
    let mut rig = Rig::new();
    let id = rig.submit(NewTask::of("k"));
    let lease = rig.lease(1).remove(0);
    reports(&mut rig, &lease, 300);
    rig.complete(&lease);
    let of_task = rig.of_task(&id);
    let filter = Filter { tasks: [id.clone()].into(), ..Filter::default() };
    let by_filter = Selection::Filters(filter.into());
    rig.run(Command::Delete { id }).expect("deleted");
    rig.clock.advance(25 * 3_600_000);
    rig.work.round(Vec::new());
    let left = rig.events_of(&of_task);
    assert!(!left.is_empty() && left[0].0 > 1, "some of its events have gone");
    for what in [of_task, by_filter] {
        assert!(rig.trimmed(&what, left[0].0 - 2), "{what:?}");
        assert!(!rig.trimmed(&what, left[0].0 - 1), "{what:?}");
    }
}

#[test]
fn a_clock_that_went_back_lets_no_task_be_passed_over() {
    let mut rig = Rig::new();
    set(&mut rig, Retention { task_seconds: Some(5), ..Retention::default() });
    let first = rig.submit(NewTask::of("k"));
    let second = rig.submit(NewTask::of("k"));
    let leases = rig.lease(2);
    rig.complete(&leases[0]);
    rig.pass(6_000);
    let (id, token) = (second.clone(), leases[1].token.clone());
    let command = Command::End { id, token, outcome: Outcome::Complete { output: None } };
    let at = Moment { wall: START, ..rig.clock.now() };
    rig.work.round(vec![Job { command, reply: None, at }]);
    assert_eq!(rig.task(&second).finished_at, Some(START), "before the first one");
    rig.pass(6_000);
    assert!(!rig.is_there(&first) && !rig.is_there(&second));
}

#[test]
fn what_was_deleted_is_remembered_and_then_forgotten_with_its_events() {
    let mut rig = Rig::new();
    rig.work.retention = Sweeper::new(60, rig.clock.now().steady);
    let id = rig.submit(NewTask::of("k"));
    let lease = rig.lease(1).remove(0);
    rig.complete(&lease);
    let (what, last) = (rig.of_task(&id), rig.task(&id).cursor.position);
    let at = rig.clock.now().wall;
    rig.run(Command::Delete { id: id.clone() }).expect("deleted");
    let refused = |rig: &mut Rig| rig.run(Command::Delete { id: id.clone() }).err();
    assert_eq!(refused(&mut rig), Some(Refusal::TaskDeleted { id: id.clone(), at }));
    let stone = rig.reads.tombstone(&id).expect("read").expect("it is remembered");
    assert_eq!((stone.position, stone.at), (last + 1, at));
    assert!(!rig.trimmed(&what, 0) && !rig.trimmed(&everything(), 0));
    assert_eq!(rig.types(&what).last(), Some(&EventType::Deleted));
    rig.pass(61_000);
    assert_eq!(rig.types(&everything()), []);
    assert_eq!(refused(&mut rig), Some(Refusal::TaskNotFound(id.clone())));
    assert!(rig.reads.tombstone(&id).expect("read").is_none());
    assert!(rig.trimmed(&everything(), last), "whoever did not hear of it is told");
    assert!(!rig.trimmed(&everything(), last + 1));
}

#[test]
fn an_id_that_is_used_again_is_another_task_whose_events_stay_when_the_old_ones_go() {
    let mut rig = Rig::new();
    rig.work.retention = Sweeper::new(60, rig.clock.now().steady);
    let id = TaskId::parse("again").expect("an id");
    let task = NewTask { id: Some(id.clone()), ..NewTask::of("k") };
    let put = || Command::Put { task: task.clone(), hash: "one".to_owned() };
    rig.run(put()).expect("put");
    rig.run(Command::Cancel { id: id.clone(), key: None }).expect("cancelled");
    rig.run(Command::Delete { id: id.clone() }).expect("deleted");
    let reply = rig.run(put()).expect("put");
    assert!(matches!(reply, Reply::Put { created: true, .. }), "{reply:?}");
    let (what, born) = (rig.of_task(&id), rig.seq(&id));
    let filter = Filter { tasks: [id.clone()].into(), ..Filter::default() };
    let by_id = Selection::Filters(filter.into());
    assert!(!rig.trimmed(&by_id, 0), "all of the old one is still there");
    rig.pass(61_000);
    assert_eq!(rig.types(&what), [EventType::Queued]);
    assert!(!rig.trimmed(&what, 0), "nothing of the new one has gone");
    assert!(rig.trimmed(&by_id, born - 2), "who had not heard of the old one's end is told");
    assert!(!rig.trimmed(&by_id, born - 1));
    let new = rig.submit(NewTask::of("k"));
    let filter = Filter { tasks: [new].into(), ..Filter::default() };
    assert!(!rig.trimmed(&Selection::Filters(filter.into()), 0), "nobody had that id before");
}

#[test]
fn what_went_of_a_deleted_task_is_told_also_when_its_id_is_used_again() {
    let mut rig = Rig::new();
    set(&mut rig, Retention { event_seconds: Some(5), ..Retention::default() });
    let id = TaskId::parse("again").expect("an id");
    let task = NewTask { id: Some(id.clone()), ..NewTask::of("k") };
    let put = || Command::Put { task: task.clone(), hash: "one".to_owned() };
    rig.run(put()).expect("put");
    rig.run(Command::Cancel { id: id.clone(), key: None }).expect("cancelled");
    let end = rig.task(&id).cursor.position;
    rig.pass(6_000);
    rig.run(Command::Delete { id: id.clone() }).expect("deleted");
    rig.run(put()).expect("put");
    let by_id = Selection::Filters(Filter { tasks: [id].into(), ..Filter::default() }.into());
    assert!(rig.trimmed(&by_id, end - 2));
    assert!(!rig.trimmed(&by_id, end - 1));
}

#[test]
fn retention_goes_on_where_it_was_after_a_restart() {
    let mut rig = Rig::new();
    set(&mut rig, Retention { event_seconds: Some(5), ..Retention::default() });
    let id = rig.submit(NewTask::of("k"));
    let lease = rig.lease(1).remove(0);
    reports(&mut rig, &lease, 600);
    rig.complete(&lease);
    let what = rig.of_task(&id);
    rig.clock.advance(6_000);
    rig.work.round(Vec::new());
    assert!(rig.work.retention.has_more());
    let left = rig.types(&what).len();
    assert!(left > 1 && left < 600, "{left}");
    let mut rig = rig.restart_after(1_000);
    rig.pass(400);
    assert_eq!(rig.types(&what), [EventType::Succeeded]);
}

#[test]
fn shares_grow_while_nobody_asks_and_are_small_again_after_a_command() {
    let begun = Timestamp(0);
    let later = begun.plus_milliseconds(1_000);
    let mut sweeper = Sweeper::new(60, begun);
    let silent: Vec<_> = (0..6).filter_map(|_| sweeper.room(later, 0)).collect();
    assert!(silent.windows(2).all(|pair| pair[1] >= pair[0]), "{silent:?}");
    assert!(silent[5] > silent[0] && silent[5] == silent[4], "{silent:?}");
    assert_eq!(sweeper.room(later, 1), Some(silent[0]));
    assert_eq!(sweeper.room(later, 0), Some(silent[0]));
}
