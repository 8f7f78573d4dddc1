//! The limits the contract shows are the ones the engine holds.

use poem_openapi::{
    registry::MetaSchemaRef,
    types::{Example, ToJSON, Type},
};
use serde::de::DeserializeOwned;

use super::schema;
use crate::{
    api::{
        parse::parse,
        wire::{
            kind::KindDefinition,
            lease::LeaseRequest,
            queue_settings::{QueueChange, QueueDefinition, RateLimit, TaskDefaults},
            report::TaskFailure,
            schedule::ScheduleDefinition,
            scheduled_task::ScheduledTask,
            submit::{TaskChange, TaskSubmission},
            watch::WatchRequest,
        },
    },
    domain::{FieldError, Refusal, TaskId},
    engine::{Acquire, Engine, Leased, NewTask, clock::Clock, writer},
    store::sqlite,
};

/// An engine on a store of its own.
struct Bench {
    engine: Engine,
    _writer: writer::Writer,
    _directory: tempfile::TempDir,
}

impl Bench {
    fn new() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let opened = sqlite::open(directory.path()).expect("a store");
        let (engine, writer) =
            writer::start(opened.store, Clock::start(), 0, Box::new(|_| {})).expect("a writer");
        Bench { engine, _writer: writer, _directory: directory }
    }

    /// A task that waits in `queue`.
    async fn task(&self, queue: &str) -> TaskId {
        let task = NewTask { queue: queue.to_owned(), ..NewTask::of("kind") };
        self.engine.submit(task, None).await.expect("a task").id.clone()
    }

    async fn lease(&self) -> Leased {
        self.task("leased").await;
        let wish = Acquire {
            worker: "worker".to_owned(),
            request_id: None,
            queues: vec!["leased".to_owned()],
            kinds: Vec::new(),
            max_tasks: 1,
            lease_seconds: 30,
            wait_seconds: 0,
            embedded: false,
        };
        self.engine.acquire(wish).await.expect("a lease").remove(0)
    }
}

/// Sends the example with each number at its bound, which must pass, and beyond it, which must be
/// refused by that field; and with each text as long as allowed, and longer. Returns how many bounds
/// there were.
async fn bounds_hold<T, V>(send: impl AsyncFn(T) -> Result<V, Refusal>) -> usize
where
    T: Example + ToJSON + Type + DeserializeOwned,
{
    let mut bounds = 0;
    for (field, property) in schema::<T>().properties {
        let MetaSchemaRef::Inline(property) = property else { continue };
        let mut cases = Vec::new();
        // "More than 0": of the whole numbers, 1 is the first.
        let first = i64::from(property.exclusive_minimum == Some(true));
        for (bound, beyond, first) in [(property.minimum, -1, first), (property.maximum, 1, 0)] {
            let bound = bound.map(|bound| bound as i64 + first);
            cases.extend(bound.map(|bound| (bound.into(), (bound + beyond).into())));
        }
        for (length, beyond) in
            [(property.min_length, None), (property.max_length, property.max_length)]
        {
            let begin = match field {
                "trace_parent" => "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-",
                _ => "",
            };
            let text = |length: usize| serde_json::Value::from(format!("{begin:x<length$}"));
            let other = beyond.map_or(0, |length| length + 1);
            cases.extend(length.map(|length| (text(length), text(other))));
        }
        for (bound, beyond) in cases {
            let body = |value: &serde_json::Value| {
                let mut body = T::example().to_json().expect("JSON");
                body[field] = value.clone();
                body.to_string()
            };
            let within: T = parse(body(&bound).as_bytes()).expect("within its bounds");
            assert!(send(within).await.is_ok(), "{field}: {bound}");
            // A number below 0 is refused by its type already.
            if let Ok(value) = parse::<T>(body(&beyond).as_bytes()) {
                match send(value).await {
                    Err(Refusal::Invalid(errors)) => assert_eq!(errors[0].field, field),
                    Err(other) => panic!("{field}: {beyond}: {other}"),
                    Ok(_) => panic!("{field}: {beyond} is beyond the bounds, and passed"),
                }
            }
            bounds += 1;
        }
    }
    bounds
}

#[tokio::test]
async fn the_bounds_the_contract_shows_are_the_ones_that_hold() {
    let bench = Bench::new();
    let engine = &bench.engine;
    let submit = async |task: TaskSubmission| {
        let task = task.into_task(None)?;
        match task.alias {
            // Only createTasks takes one.
            Some(_) => engine.submit_many(vec![task], None).await.map(drop),
            None => engine.submit(task, None).await.map(drop),
        }
    };
    assert_eq!(bounds_hold(submit).await, 30);

    let id = bench.task("changed").await;
    let change = async |change: TaskChange| engine.update(id.clone(), change.into_change()).await;
    assert_eq!(bounds_hold(change).await, 2);

    let mut wish = LeaseRequest::example();
    wish.queues = Some(vec!["empty".to_owned()]);
    let acquire = async |mut request: LeaseRequest| {
        request.queues = wish.queues.clone();
        // Waiting is of no concern here; only whether the wish is taken.
        let taken = engine.acquire(request.into_acquire());
        match tokio::time::timeout(std::time::Duration::from_millis(100), taken).await {
            Ok(answer) => answer.map(drop),
            Err(_still_waiting) => Ok(()),
        }
    };
    assert_eq!(bounds_hold(acquire).await, 9);

    let fail = async |mut failure: TaskFailure| {
        let lease = bench.lease().await;
        failure.lease = lease.token;
        let (token, outcome) = failure.into_outcome();
        engine.end(lease.task.id, token, outcome).await
    };
    assert_eq!(bounds_hold(fail).await, 1);

    let watch = async |request: WatchRequest| request.into_watch(None);
    assert_eq!(bounds_hold(watch).await, 2);
}

#[tokio::test]
async fn the_bounds_of_queues_kinds_and_schedules_hold_too() {
    let bench = Bench::new();
    let set = async |queue: QueueDefinition| {
        bench.engine.set_queue("q".to_owned(), queue.into_settings()).await
    };
    assert_eq!(bounds_hold(set).await, 4);
    let change = async |change: QueueChange| {
        bench.engine.change_queue("q".to_owned(), change.into_change()).await
    };
    assert_eq!(bounds_hold(change).await, 4);
    let rate = async |rate: RateLimit| {
        let queue = QueueDefinition { rate_limit: Some(rate), ..QueueDefinition::example() };
        set(queue).await.map_err(|refusal| inside("rate_limit", refusal))
    };
    assert_eq!(bounds_hold(rate).await, 6);
    let defaults = async |defaults: TaskDefaults| {
        let queue = QueueDefinition { defaults: Some(defaults), ..QueueDefinition::example() };
        set(queue).await.map_err(|refusal| inside("defaults", refusal))
    };
    assert_eq!(bounds_hold(defaults).await, 9);
    let kind =
        async |kind: KindDefinition| bench.engine.put_kind("k".to_owned(), kind.into_spec()).await;
    assert_eq!(bounds_hold(kind).await, 1);
    let id = TaskId::parse("s").expect("an id");
    let run = async |task: ScheduledTask| {
        let schedule = ScheduleDefinition { task, ..ScheduleDefinition::example() };
        let put = bench.engine.put_schedule(id.clone(), schedule.into_spec()).await;
        put.map_err(|refusal| inside("task", refusal))
    };
    assert_eq!(bounds_hold(run).await, 21);
}

/// The refusal in the words of a part of the request.
fn inside(part: &str, refusal: Refusal) -> Refusal {
    let Refusal::Invalid(errors) = refusal else { return refusal };
    let strip = |error: FieldError| FieldError {
        field: error.field.strip_prefix(&format!("{part}.")).unwrap_or(&error.field).to_owned(),
        ..error
    };
    Refusal::Invalid(errors.into_iter().map(strip).collect())
}
