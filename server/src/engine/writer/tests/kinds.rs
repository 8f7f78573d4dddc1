use super::*;
use crate::domain::{KindSpec, kind::Inspected, queue::TaskDefaults};

fn put(rig: &mut Rig, name: &str, schema: Option<&str>, max_attempts: Option<u32>) -> u64 {
    let spec = KindSpec {
        description: None,
        input_schema: schema.map(|text| RawJson::parse(text.to_owned()).expect("JSON")),
        defaults: TaskDefaults { max_attempts, ..TaskDefaults::default() },
    };
    match rig.run(Command::PutKind { name: name.to_owned(), spec: Box::new(spec) }) {
        Ok(Reply::Kind(kind, _)) => kind.revision,
        other => panic!("{other:?}"),
    }
}

fn looked_at(revision: u64, errors: &[&str]) -> NewTask {
    let errors = errors.iter().map(|field| crate::domain::FieldError::new(*field, "no"));
    let inspected = Some(Inspected { revision, errors: errors.collect() });
    NewTask { inspected, ..NewTask::of("k") }
}

fn submit(task: NewTask) -> Command {
    Command::Submit { task, key: None }
}

fn sent_back(reply: Result<Reply, Refusal>) -> Vec<(String, Option<u64>)> {
    match reply {
        Ok(Reply::Inspect(kinds, Some(_))) => {
            kinds.into_iter().map(|(name, kind)| (name, kind.map(|kind| kind.revision))).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_task_whose_input_was_not_looked_at_by_the_schema_of_now_comes_back() {
    let mut rig = Rig::new();
    let first = put(&mut rig, "k", Some("{}"), None);
    let mine = [("k".to_owned(), Some(first))];
    assert_eq!(sent_back(rig.run(submit(NewTask::of("k")))), mine);
    rig.submit(looked_at(first, &[]));
    let refused = invalid_fields(rig.run(submit(looked_at(first, &["input/a"]))));
    assert_eq!(refused, ["input/a"]);

    let second = put(&mut rig, "k", Some("{\"type\":\"object\"}"), None);
    assert_ne!(first, second);
    let mine = [("k".to_owned(), Some(second))];
    assert_eq!(sent_back(rig.run(submit(looked_at(first, &[])))), mine);
    let many = vec![NewTask::of("other"), looked_at(second, &[]), looked_at(first, &[])];
    assert_eq!(sent_back(rig.run(Command::SubmitMany { tasks: many, key: None })), mine);

    rig.run(Command::DeleteKind { name: "k".to_owned() }).expect("deleted");
    let gone = [("k".to_owned(), None)];
    assert_eq!(sent_back(rig.run(submit(looked_at(second, &["input"])))), gone);
    rig.submit(NewTask::of("k"));
}

#[test]
fn a_put_and_a_submission_in_one_batch_are_decided_in_their_order() {
    let mut rig = Rig::new();
    let spec =
        KindSpec { input_schema: RawJson::parse("{}".to_owned()).ok(), ..Default::default() };
    let commands = [
        submit(NewTask::of("k")),
        Command::PutKind { name: "k".to_owned(), spec: Box::new(spec) },
        submit(NewTask::of("k")),
    ];
    let (jobs, answers): (Vec<_>, Vec<_>) = commands
        .into_iter()
        .map(|command| {
            let (reply, answer) = oneshot::channel();
            (Job { command, reply: Some(reply), at: rig.clock.now() }, answer)
        })
        .unzip();
    rig.work.round(jobs);
    let mut replies = answers.into_iter().map(|mut answer| answer.try_recv().expect("answered"));
    assert!(matches!(replies.next(), Some(Ok(Reply::Task(_)))));
    assert!(matches!(replies.next(), Some(Ok(Reply::Kind(_, true)))));
    assert!(matches!(replies.next(), Some(Ok(Reply::Inspect(..)))));
}

#[test]
fn the_kind_is_asked_before_the_queue() {
    let mut rig = Rig::new();
    put(&mut rig, "k", None, Some(7));
    let settings = crate::domain::QueueSettings {
        defaults: TaskDefaults {
            max_attempts: Some(5),
            timeout_seconds: Some(9),
            ..TaskDefaults::default()
        },
        ..Default::default()
    };
    rig.run(Command::SetQueue { name: "default".to_owned(), settings }).expect("set");
    let of_kind = rig.submit(NewTask::of("k"));
    let task = rig.task(&of_kind);
    assert_eq!((task.max_attempts, task.timeout_seconds), (7, Some(9)));
    let own = rig.submit(NewTask { max_attempts: Some(1), ..NewTask::of("k") });
    assert_eq!(rig.task(&own).max_attempts, 1);
}

#[test]
fn putting_the_same_again_changes_nothing_and_the_servers_own_are_refused() {
    let mut rig = Rig::new();
    let first = put(&mut rig, "k", Some("{}"), None);
    assert_eq!(put(&mut rig, "k", Some("{}"), None), first);
    for name in ["milepost", "milepost.bulk", "quickstart", "quickstart.countdown"] {
        let spec = Box::new(KindSpec::default());
        let put = rig.run(Command::PutKind { name: name.to_owned(), spec });
        assert_eq!(put.err(), Some(Refusal::Reserved(name.to_owned())));
    }
    let unknown = rig.run(Command::DeleteKind { name: "other".to_owned() });
    assert_eq!(unknown.err(), Some(Refusal::KindNotFound("other".to_owned())));
}
