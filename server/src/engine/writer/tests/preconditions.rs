//! What requests insist on, where several come at once.

use super::*;
use crate::{
    domain::{
        KindSpec, Labels, Precondition, QueueSettings, Revision, State,
        name::RESERVED,
        precondition::{Tags, Unmet},
        queue::QueueChange,
        schedule::{Overlap, ScheduleChange, ScheduleSpec},
        webhook::{WebhookChange, WebhookEvent, WebhookId, WebhookSpec},
    },
    engine::{Change, IdempotencyKey},
};

fn at(revision: Revision) -> Precondition {
    Precondition { if_match: Some(Tags::Revisions(vec![revision])), ..Precondition::default() }
}

fn there() -> Precondition {
    Precondition { if_match: Some(Tags::Any), ..Precondition::default() }
}

fn not_there() -> Precondition {
    Precondition { if_none_match: Some(Tags::Any), ..Precondition::default() }
}

/// All of them in one transaction.
fn at_once(rig: &mut Rig, commands: Vec<Command>) -> Vec<Result<Reply, Refusal>> {
    let (mut jobs, mut answers) = (Vec::new(), Vec::new());
    for command in commands {
        let (reply, answer) = oneshot::channel();
        jobs.push(Job { command, reply: Some(reply), at: rig.clock.now() });
        answers.push(answer);
    }
    rig.work.round(jobs);
    answers.iter_mut().map(|answer| answer.try_recv().expect("an answer")).collect()
}

/// Asserts that of two like it, in one transaction, the first is done and the second refused, and that
/// a third is refused later.
fn only_one_wins(rig: &mut Rig, command: &Command) {
    let mut answers = at_once(rig, vec![command.clone(), command.clone()]);
    let second = answers.pop().expect("two answers");
    let first = answers.pop().expect("two answers");
    assert!(first.is_ok(), "{command:?}: {first:?}");
    for late in [second, rig.run(command.clone())] {
        assert!(matches!(late, Err(Refusal::PreconditionFailed(_))), "{command:?}: {late:?}");
    }
}

fn key(operation: &str) -> Option<IdempotencyKey> {
    let (key, request_hash) = ("k".to_owned(), "h".to_owned());
    Some(IdempotencyKey { scope: operation.to_owned(), key, request_hash })
}

fn cursor(rig: &Rig, id: &TaskId) -> Revision {
    rig.task(id).cursor.position
}

fn label(text: &str) -> Change {
    let labels = Labels::from([("l".to_owned(), text.to_owned())]);
    Change { labels: Some(labels), ..Change::default() }
}

fn nightly() -> TaskId {
    TaskId::parse("nightly").expect("an id")
}

fn every_minute() -> ScheduleSpec {
    ScheduleSpec {
        cron: "* * * * *".to_owned(),
        time_zone: "UTC".to_owned(),
        overlap: Overlap::Allow,
        paused: false,
        task: NewTask::of("report"),
    }
}

fn put_schedule() -> Command {
    Command::PutSchedule { id: nightly(), spec: Box::new(every_minute()) }
}

fn schedule_revision(rig: &Rig) -> Revision {
    rig.reads.schedule(&nightly()).expect("read").expect("there").revision
}

fn pause_schedule(paused: bool) -> Command {
    let change = ScheduleChange { paused: Some(paused), ..ScheduleChange::default() };
    Command::ChangeSchedule { id: nightly(), change: Box::new(change) }
}

fn set_queue(paused: bool) -> Command {
    let settings = QueueSettings { paused, ..QueueSettings::default() };
    Command::SetQueue { name: "q".to_owned(), settings }
}

fn queue_revision(rig: &Rig) -> Option<Revision> {
    let status = rig.reads.queue("q").expect("read");
    status.and_then(|status| status.queue).map(|queue| queue.revision)
}

fn put_kind(description: &str) -> Command {
    let description = Some(description.to_owned());
    let spec = Box::new(KindSpec { description, ..KindSpec::default() });
    Command::PutKind { name: "k".to_owned(), spec }
}

fn kind_revision(rig: &Rig) -> Revision {
    rig.reads.kind("k").expect("read").expect("there").revision
}

fn webhook(rig: &mut Rig) -> WebhookId {
    let spec = WebhookSpec {
        url: "https://example.com/".to_owned(),
        events: WebhookEvent::ALL.to_vec(),
        queue: None,
        kind: None,
        labels: Labels::default(),
        description: None,
        enabled: true,
    };
    match rig.run(Command::CreateWebhook { spec: Box::new(spec), secret: None, key: None }) {
        Ok(Reply::Webhook(webhook)) => webhook.id,
        other => panic!("{other:?}"),
    }
}

fn webhook_revision(rig: &Rig, id: &WebhookId) -> Revision {
    rig.reads.webhook(id).expect("read").expect("there").revision
}

#[test]
fn of_two_changes_to_one_revision_of_a_task_one_is_done() {
    let mut rig = Rig::new();
    let id = rig.submit(NewTask::of("k"));
    let update = |text: &str, revision| {
        let (id, change) = (id.clone(), label(text));
        Command::Update { id, change }.only_if(at(revision))
    };
    let first = cursor(&rig, &id);
    let answers = at_once(&mut rig, vec![update("a", first), update("b", first)]);
    assert!(answers[0].is_ok(), "{answers:?}");
    let unmet = answers[1].as_ref().expect_err("it has changed");
    assert_eq!(*unmet, Refusal::PreconditionFailed(Unmet::Changed(first + 1)));
    assert_eq!(rig.task(&id).labels["l"], "a");

    let now = cursor(&rig, &id);
    only_one_wins(&mut rig, &Command::Cancel { id: id.clone(), key: None }.only_if(at(now)));
    let now = cursor(&rig, &id);
    only_one_wins(&mut rig, &Command::Retry { id: id.clone(), key: None }.only_if(at(now)));
    rig.run(Command::Cancel { id: id.clone(), key: None }).expect("cancelled");
    let stale = Command::Delete { id: id.clone() }.only_if(at(now));
    assert!(matches!(rig.run(stale), Err(Refusal::PreconditionFailed(_))));
    let fresh = Command::Delete { id: id.clone() }.only_if(at(cursor(&rig, &id)));
    rig.run(fresh.clone()).expect("deleted");
    assert!(matches!(rig.run(fresh), Err(Refusal::TaskDeleted { .. })), "what is gone is missed");
}

#[test]
fn a_worker_that_reports_between_look_and_cancel_is_noticed() {
    let mut rig = Rig::new();
    let id = rig.submit(NewTask::of("k"));
    let seen = cursor(&rig, &id);
    let lease = rig.lease(1).remove(0);
    let cancel = Command::Cancel { id: id.clone(), key: None };
    let refused = rig.run(cancel.clone().only_if(at(seen)));
    assert!(matches!(refused, Err(Refusal::PreconditionFailed(_))), "{refused:?}");
    let seen = cursor(&rig, &id);
    rig.report(&lease, Report::default());
    rig.run(cancel.only_if(at(seen))).expect("a heartbeat is no change");
}

#[test]
fn a_request_that_was_done_is_answered_again_and_not_refused() {
    let mut rig = Rig::new();
    let id = rig.submit(NewTask::of("k"));
    let insists = at(cursor(&rig, &id));
    let cancel = || Command::Cancel { id: id.clone(), key: key("cancel") }.only_if(insists.clone());
    let answers = at_once(&mut rig, vec![cancel(), cancel()]);
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    assert!(rig.run(cancel()).is_ok());

    let hook = webhook(&mut rig);
    let insists = at(webhook_revision(&rig, &hook));
    let rotate = || {
        let (id, key) = (hook.clone(), key("rotate"));
        Command::RotateWebhookSecret { id, secret: None, key }.only_if(insists.clone())
    };
    rig.run(rotate()).expect("rotated");
    rig.run(rotate()).expect("answered again");
    assert_eq!(webhook_revision(&rig, &hook), 2, "it was done once");

    rig.run(put_schedule()).expect("put");
    let insists = at(schedule_revision(&rig));
    let run = || {
        let (id, key) = (nightly(), key("run"));
        Command::RunSchedule { id, key }.only_if(insists.clone())
    };
    rig.run(run()).expect("run");
    rig.run(pause_schedule(true)).expect("paused");
    rig.run(run()).expect("answered again");
}

#[test]
fn a_refused_request_uses_its_key_up_for_nothing() {
    let mut rig = Rig::new();
    let id = rig.submit(NewTask::of("k"));
    let cancel = |revision| {
        let (id, key) = (id.clone(), key("cancel"));
        Command::Cancel { id, key }.only_if(at(revision))
    };
    assert!(matches!(rig.run(cancel(99)), Err(Refusal::PreconditionFailed(_))));
    rig.run(cancel(cursor(&rig, &id))).expect("cancelled");
    assert_eq!(rig.state(&id), State::Cancelled);
}

#[test]
fn of_two_who_make_the_same_thing_one_is_done() {
    let mut rig = Rig::new();
    only_one_wins(&mut rig, &set_queue(true).only_if(not_there()));
    only_one_wins(&mut rig, &put_schedule().only_if(not_there()));
    only_one_wins(&mut rig, &put_kind("a").only_if(not_there()));
    let id = Some(TaskId::parse("mine").expect("an id"));
    let task = NewTask { id, ..NewTask::of("k") };
    only_one_wins(&mut rig, &Command::Put { task, hash: "h".to_owned() }.only_if(not_there()));
}

#[test]
fn of_two_changes_to_what_is_set_one_is_done() {
    let mut rig = Rig::new();
    rig.run(set_queue(false)).expect("set");
    let revision = queue_revision(&rig).expect("set");
    only_one_wins(&mut rig, &set_queue(true).only_if(at(revision)));
    let change = QueueChange { paused: Some(false), ..QueueChange::default() };
    let change = Command::ChangeQueue { name: "q".to_owned(), change };
    let revision = queue_revision(&rig).expect("set");
    only_one_wins(&mut rig, &change.only_if(at(revision)));

    rig.run(put_schedule()).expect("put");
    let revision = schedule_revision(&rig);
    only_one_wins(&mut rig, &put_schedule().only_if(at(revision)));
    let revision = schedule_revision(&rig);
    only_one_wins(&mut rig, &pause_schedule(true).only_if(at(revision)));

    rig.run(put_kind("a")).expect("put");
    let revision = kind_revision(&rig);
    only_one_wins(&mut rig, &put_kind("b").only_if(at(revision)));

    let hook = webhook(&mut rig);
    let change = Box::new(WebhookChange { enabled: Some(false), ..WebhookChange::default() });
    let change = Command::ChangeWebhook { id: hook.clone(), change };
    only_one_wins(&mut rig, &change.only_if(at(1)));
    let rotate = Command::RotateWebhookSecret { id: hook.clone(), secret: None, key: None };
    only_one_wins(&mut rig, &rotate.only_if(at(2)));
    let stale = at(2);
    for command in [
        Command::TestWebhook { id: hook.clone(), key: None },
        Command::DeleteWebhook { id: hook.clone() },
    ] {
        let refused = rig.run(command.clone().only_if(stale.clone()));
        assert_eq!(refused.expect_err("stale"), Refusal::PreconditionFailed(Unmet::Changed(3)));
        rig.run(command.only_if(at(3))).expect("done");
    }
}

#[test]
fn what_was_deleted_and_made_again_is_another_revision() {
    let mut rig = Rig::new();
    rig.run(put_kind("a")).expect("put");
    rig.run(put_schedule()).expect("put");
    let (kind, schedule) = (kind_revision(&rig), schedule_revision(&rig));
    let delete_kind = Command::DeleteKind { name: "k".to_owned() };
    let delete_schedule = Command::DeleteSchedule { id: nightly() };
    rig.run(delete_kind.clone().only_if(at(kind))).expect("deleted");
    rig.run(delete_schedule.clone().only_if(at(schedule))).expect("deleted");
    for put in [put_kind("a"), put_schedule()] {
        let refused = rig.run(put.clone().only_if(there())).expect_err("not there");
        assert_eq!(refused, Refusal::PreconditionFailed(Unmet::Absent));
        rig.run(put).expect("put");
    }
    for (delete, revision) in [(delete_kind, kind), (delete_schedule, schedule)] {
        let refused = rig.run(delete.only_if(at(revision)));
        assert!(matches!(refused, Err(Refusal::PreconditionFailed(_))), "{refused:?}");
    }
}

#[test]
fn what_a_queue_and_a_schedule_do_moves_no_revision() {
    let mut rig = Rig::new();
    rig.run(set_queue(false)).expect("set");
    rig.run(put_schedule()).expect("put");
    let (queue, schedule) = (queue_revision(&rig), schedule_revision(&rig));
    rig.submit(NewTask { queue: "q".to_owned(), ..NewTask::of("k") });
    let lease = rig.lease_of("q", 1).remove(0);
    rig.complete(&lease);
    rig.pass(41_000);
    rig.run(Command::RunSchedule { id: nightly(), key: None }).expect("run");
    assert!(rig.reads.schedule(&nightly()).expect("read").expect("there").last_run_at.is_some());
    rig.run(set_queue(false)).expect("the same again is no change");
    let mut rig = rig.restart_after(1000);
    assert_eq!((queue_revision(&rig), schedule_revision(&rig)), (queue, schedule));
    rig.run(pause_schedule(true).only_if(at(schedule))).expect("paused");
    rig.run(set_queue(true).only_if(at(queue.expect("set")))).expect("set");
}

#[test]
fn a_queue_is_there_once_something_was_set_for_it() {
    let mut rig = Rig::new();
    rig.submit(NewTask { queue: "q".to_owned(), ..NewTask::of("k") });
    let refused = rig.run(set_queue(true).only_if(there())).expect_err("nothing was set");
    assert_eq!(refused, Refusal::PreconditionFailed(Unmet::Absent));
    rig.run(set_queue(true).only_if(at(crate::domain::Queue::UNSET))).expect("still unset");
    let late = rig.run(set_queue(false).only_if(at(crate::domain::Queue::UNSET)));
    assert!(matches!(late, Err(Refusal::PreconditionFailed(Unmet::Changed(_)))), "{late:?}");
}

#[test]
fn what_is_missing_or_the_servers_own_is_said_first() {
    let mut rig = Rig::new();
    let nobody = TaskId::parse("nobody").expect("an id");
    let cancel = Command::Cancel { id: nobody.clone(), key: None }.only_if(there());
    assert_eq!(rig.run(cancel).expect_err("missing"), Refusal::TaskNotFound(nobody.clone()));
    let change = pause_schedule(true).only_if(there());
    assert_eq!(rig.run(change).expect_err("missing"), Refusal::ScheduleNotFound(nightly()));
    let settings = QueueSettings::default();
    let reserved = Command::SetQueue { name: RESERVED.to_owned(), settings }.only_if(there());
    assert_eq!(rig.run(reserved).expect_err("reserved"), Refusal::Reserved(RESERVED.to_owned()));
}

#[test]
fn inputs_are_looked_at_whatever_is_insisted_on() {
    let mut rig = Rig::new();
    let schema = RawJson::parse("{\"type\":\"string\"}".to_owned()).ok();
    let spec = Box::new(KindSpec { input_schema: schema, ..KindSpec::default() });
    rig.run(Command::PutKind { name: "report".to_owned(), spec }).expect("put");
    match rig.run(put_schedule().only_if(not_there())) {
        Ok(Reply::Inspect(_, Some(again))) => {
            assert!(matches!(*again, Command::OnlyIf { .. }), "it comes back with its condition");
        }
        other => panic!("{other:?}"),
    }
}
