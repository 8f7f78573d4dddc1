//! What stands between client and server: a proxy that holds streams back, and streams that end in
//! their time. The events are the same.

use std::time::{Duration, Instant};

use futures_util::{StreamExt, TryStreamExt};
use milepost_client::{
    Error, Milepost,
    stream::{Connection, Event, EventFilter, EventStream, Fold},
    types::{BulkRequest, BulkSelection, Lease, Task, TaskReport, TaskSubmission},
};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::{proxy::Proxy, server::Server};

async fn submit(milepost: &Milepost, kind: &str) -> Task {
    milepost
        .submit(TaskSubmission::builder().kind(kind).input(json!({"some": "input"})))
        .await
        .unwrap()
}

async fn lease(milepost: &Milepost, kind: &str) -> Lease {
    let wish = json!({"worker": "w", "kinds": [kind], "wait_seconds": 10});
    milepost.acquire(serde_json::from_value(wish).unwrap()).await.unwrap().remove(0)
}

async fn report(milepost: &Milepost, lease: &Lease, body: Value) {
    let mut body = body;
    body["lease"] = json!(lease.token);
    let body: TaskReport = serde_json::from_value(body).unwrap();
    milepost.api().report_task().id(&lease.task.id).body(body).send().await.unwrap();
}

async fn complete(milepost: &Milepost, lease: &Lease) {
    let body = serde_json::from_value(json!({"lease": lease.token, "output": [1]}));
    let body: milepost_client::types::TaskCompletion = body.unwrap();
    milepost.api().complete_task().id(&lease.task.id).body(body).send().await.unwrap();
}

/// The whole log after its beginning, without what streams say of themselves.
async fn log(milepost: &Milepost, kinds: &[&str]) -> Vec<Event> {
    let mut events = Vec::new();
    for kind in kinds {
        let page = milepost.api().list_events().kind(*kind).limit(1000u64).send().await.unwrap();
        events.extend(page.into_inner().items);
    }
    events.sort_by_key(position);
    events
}

fn field(event: &Event, name: &str) -> String {
    let value = serde_json::to_value(event).unwrap();
    value[name].as_str().unwrap_or_default().to_owned()
}

fn position(event: &Event) -> u64 {
    let cursor = field(event, "cursor");
    cursor.rsplit_once('.').and_then(|(_, position)| position.parse().ok()).unwrap_or(0)
}

fn of_tasks(seen: &[Event]) -> Vec<Event> {
    seen.iter().filter(|event| field(event, "type").starts_with("task.")).cloned().collect()
}

/// Reads until an event of this type and task.
async fn until(events: &mut EventStream, seen: &mut Vec<Event>, kind: &str, task: &str) {
    let reading = async {
        while let Some(event) = events.next().await {
            seen.push(event.unwrap());
            let last = &seen[seen.len() - 1];
            if field(last, "type") == kind && (task.is_empty() || field(last, "task_id") == task) {
                return;
            }
        }
        panic!("the stream ended before {kind}: {seen:?}");
    };
    let waited = timeout(Duration::from_secs(60), reading).await;
    assert!(waited.is_ok(), "no {kind} of {task:?} came; there was {seen:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tasks_whole_life_comes_through_a_proxy_that_buffers() {
    let server = Server::start();
    let proxy = Proxy::before(&server).await;
    let direct = server.client();
    let task = submit(&direct, "k").await;
    let events = proxy.client().watch_task(&task.id);
    let mut events = events.first_bytes_timeout(Duration::from_millis(700));
    let mut connection = events.connection();
    let (mut seen, mut fold) = (Vec::new(), Fold::new());
    let asked = Instant::now();
    while fold.get(&task.id).is_none() {
        let event = timeout(Duration::from_secs(30), events.next()).await.unwrap();
        seen.push(event.unwrap().unwrap());
        fold.apply(&seen[seen.len() - 1]);
    }
    assert!(asked.elapsed() >= Duration::from_millis(700), "not before the stream had its time");
    assert_eq!(*connection.borrow_and_update(), Connection::Polling);
    let lease = lease(&direct, "k").await;
    for n in 1..=30 {
        report(
            &direct,
            &lease,
            json!({"progress": {"current": n, "total": 30}, "logs": [{"text": "x\ny"}]}),
        )
        .await;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    until(&mut events, &mut seen, "task.log", &task.id).await;
    complete(&direct, &lease).await;
    until(&mut events, &mut seen, "stream.end", "").await;
    assert!(events.next().await.is_none());
    assert_eq!(*connection.borrow_and_update(), Connection::Closed);
    let all = log(&direct, &["k"]).await;
    assert_eq!(of_tasks(&seen), all[1..], "each once, in order, after the snapshot");
    for event in &seen {
        fold.apply(event);
    }
    let done = direct.get(&task.id).await.unwrap();
    assert_eq!(fold.get(&task.id), Some(&Task { input: None, ..done }));
    assert_eq!(proxy.streams(), 1, "a stream that did not get through is not tried again soon");
}

#[tokio::test(flavor = "multi_thread")]
async fn several_filters_come_in_order_and_nothing_is_doubled() {
    let server = Server::start();
    let proxy = Proxy::before(&server).await;
    let direct = server.client();
    let before = submit(&direct, "a").await;
    submit(&direct, "unwatched").await;
    let named = submit(&direct, "c").await;
    let of_kind = |kind: &str| EventFilter { kind: Some(kind.to_owned()), ..Default::default() };
    let ids = (0..200).map(|n| format!("no-such-{n}")).chain([named.id.clone()]).collect();
    let by_id = EventFilter { tasks: ids, ..Default::default() };
    let events = proxy.client().watch_any([of_kind("a"), of_kind("b"), by_id]);
    let mut events = events.first_bytes_timeout(Duration::from_millis(300));
    let mut fold = Fold::new();
    let mut seen = Vec::new();
    while fold.len() < 2 {
        let event = timeout(Duration::from_secs(60), events.next()).await.unwrap();
        let event = event.unwrap().unwrap();
        assert!(matches!(event, Event::StreamSnapshot { .. }), "{event:?}");
        fold.apply(&event);
    }
    let mut ids: Vec<_> = fold.tasks().map(|task| task.id.clone()).collect();
    let mut expected = [before.id.clone(), named.id.clone()];
    ids.sort();
    expected.sort();
    assert_eq!(ids, expected);
    for kind in ["b", "unwatched", "a", "b"] {
        submit(&direct, kind).await;
    }
    for kind in ["a", "b", "c", "a", "b"] {
        let lease = lease(&direct, kind).await;
        report(&direct, &lease, json!({"progress": {"percent": 50}})).await;
        complete(&direct, &lease).await;
    }
    let all = log(&direct, &["a", "b", "c"]).await;
    let after = position(&all[1]);
    let all: Vec<Event> = all.into_iter().filter(|event| position(event) > after).collect();
    let last = all.last().unwrap();
    until(&mut events, &mut seen, "task.succeeded", &field(last, "task_id")).await;
    assert_eq!(seen, all);
    for event in &seen {
        fold.apply(event);
    }
    for task in fold.tasks() {
        let now = direct.get(&task.id).await.unwrap();
        assert_eq!(task, &Task { input: None, ..now });
    }
    assert_eq!(fold.len(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_servers_own_tasks_come_where_one_of_the_filters_asks_for_them() {
    let server = Server::start();
    let proxy = Proxy::before(&server).await;
    let direct = server.client();
    let own = EventFilter { queue: Some("milepost".to_owned()), ..Default::default() };
    let events = proxy.client().watch_any([EventFilter::default(), own]);
    let mut events = events.first_bytes_timeout(Duration::from_millis(300));
    let mut seen = Vec::new();
    until(&mut events, &mut seen, "stream.snapshot", "").await;
    let task = submit(&direct, "k").await;
    let filter = BulkSelection::builder().kind("k".to_owned());
    let run = direct.bulk_cancel(BulkRequest::builder().filter(filter)).await.unwrap();
    until(&mut events, &mut seen, "task.succeeded", &run.id).await;
    let told = |id: &str| -> Vec<Event> {
        seen.iter().filter(|event| field(event, "task_id") == id).cloned().collect()
    };
    let history = async |id: &str| {
        direct.api().list_task_events().id(id).send().await.unwrap().into_inner().items
    };
    assert_eq!(told(&run.id), history(&run.id).await);
    assert_eq!(told(&task.id), history(&task.id).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn once_a_stream_gets_through_it_takes_over_without_a_gap() {
    let server = Server::start();
    let proxy = Proxy::before(&server).await;
    let direct = server.client();
    let task = submit(&direct, "k").await;
    let lease = lease(&direct, "k").await;
    let events = proxy.client().watch_events(EventFilter::default());
    let mut events = events
        .first_bytes_timeout(Duration::from_millis(300))
        .stream_again_after(Duration::from_millis(1500));
    let mut connection = events.connection();
    let mut seen = Vec::new();
    until(&mut events, &mut seen, "stream.snapshot", "").await;
    let reporter = tokio::spawn({
        let direct = direct.clone();
        async move {
            for n in 1..=120 {
                report(&direct, &lease, json!({"logs": [{"text": n.to_string()}]})).await;
                tokio::time::sleep(Duration::from_millis(50)).await;
                if n == 60 {
                    proxy.let_through();
                }
            }
            complete(&direct, &lease).await;
            proxy
        }
    });
    let mut states = Vec::new();
    {
        let reading = until(&mut events, &mut seen, "task.succeeded", &task.id);
        tokio::pin!(reading);
        loop {
            tokio::select! {
                () = &mut reading => break,
                Ok(()) = connection.changed() => {
                    states.push(connection.borrow_and_update().clone());
                }
            }
        }
    }
    let proxy = reporter.await.unwrap();
    assert_eq!(states.last(), Some(&Connection::Open), "{states:?}");
    assert!(proxy.streams() >= 3, "tried in vain, tried with success, and opened");
    let all = log(&direct, &["k"]).await;
    assert_eq!(of_tasks(&seen), all[2..], "each once, in order");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_stream_says_of_itself_is_said_by_polls_too() {
    let server = Server::start();
    let proxy = Proxy::before(&server).await;
    let (direct, behind) = (server.client(), proxy.client());
    let soon = Duration::from_millis(300);
    let task = submit(&direct, "k").await;
    // A cursor that leads nowhere.
    let events = behind.watch_task(&task.id).after("garbage").first_bytes_timeout(soon);
    let first: Vec<Event> = events.take(2).try_collect().await.unwrap();
    assert!(matches!(first[0], Event::StreamReset { .. }), "{first:?}");
    assert!(matches!(&first[1], Event::StreamSnapshot { tasks, .. } if tasks[0].id == task.id));
    // A task that leaves.
    let states = vec![milepost_client::types::TaskState::Queued];
    let filter = EventFilter { states, ..Default::default() };
    let mut leaving = behind.watch_events(filter).first_bytes_timeout(soon);
    let mut left = Vec::new();
    until(&mut leaving, &mut left, "stream.snapshot", "").await;
    // A task that is cancelled and deleted while it is watched, and the end of the stream with it.
    let mut deleted = behind.watch_task(&task.id).first_bytes_timeout(soon);
    let mut seen = Vec::new();
    until(&mut deleted, &mut seen, "stream.snapshot", "").await;
    let done = direct.cancel(&task.id).await.unwrap();
    until(&mut leaving, &mut left, "stream.left", &task.id).await;
    let whole: Vec<Event> = behind
        .watch_task(&task.id)
        .first_bytes_timeout(soon)
        .from_start()
        .try_collect()
        .await
        .unwrap();
    let types: Vec<String> = whole.iter().map(|event| field(event, "type")).collect();
    assert_eq!(types, ["task.queued", "task.cancelled", "stream.end"]);
    // Nothing is left to tell after its last event.
    let after = behind.watch_task(&task.id).first_bytes_timeout(soon).after(done.cursor);
    assert_eq!(after.try_collect::<Vec<Event>>().await.unwrap(), []);
    let log_end = direct.api().get_system().send().await.unwrap().into_inner().log_end;
    let future = format!("{}.1000", log_end.split('.').next().unwrap());
    let future = behind.watch_task(&task.id).first_bytes_timeout(soon).after(future);
    let told: Vec<Event> = future.try_collect().await.unwrap();
    assert!(matches!(told[0], Event::StreamReset { .. }), "{told:?}");
    assert_eq!(told.last(), Some(&Event::StreamEnd));
    direct.delete(&task.id).await.unwrap();
    until(&mut deleted, &mut seen, "stream.end", "").await;
    let unknown = behind.watch_task(&task.id).first_bytes_timeout(soon);
    let error = unknown.try_collect::<Vec<Event>>().await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(404));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_the_server_ends_in_its_time_goes_on_as_if_nothing_were() {
    let server = Server::start();
    let proxy = Proxy::before(&server).await;
    proxy.let_through();
    proxy.end_streams_after(2);
    let direct = server.client();
    let task = submit(&direct, "k").await;
    let lease = lease(&direct, "k").await;
    let filter = EventFilter { kind: Some("k".to_owned()), ..Default::default() };
    let mut events = proxy.client().watch_events(filter);
    let mut seen = Vec::new();
    until(&mut events, &mut seen, "stream.snapshot", "").await;
    let mut connection = events.connection();
    assert_eq!(*connection.borrow_and_update(), Connection::Open);
    let before = position(&seen[seen.len() - 1]);
    let reporting = async {
        let mut sent = 0;
        while proxy.streams() < 4 {
            sent += 1;
            report(&direct, &lease, json!({"logs": [{"text": sent.to_string()}]})).await;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        complete(&direct, &lease).await;
    };
    tokio::join!(reporting, until(&mut events, &mut seen, "task.succeeded", &task.id));
    let all = log(&direct, &["k"]).await;
    let all: Vec<Event> = all.into_iter().filter(|event| position(event) > before).collect();
    assert_eq!(of_tasks(&seen), all, "each once, in order");
    assert!(!connection.has_changed().unwrap(), "nobody has to hear of it");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_ids_and_several_filters_are_one_stream() {
    let server = Server::start();
    let milepost = server.client();
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(submit(&milepost, "k").await.id);
    }
    let other = submit(&milepost, "other").await;
    submit(&milepost, "unwatched").await;
    let tasks = (0..300).map(|n| format!("no-such-{n}")).chain(ids.clone()).collect();
    let by_id = EventFilter { tasks, ..Default::default() };
    let labelled = EventFilter { kind: Some("other".to_owned()), ..Default::default() };
    for (mut events, count) in
        [(milepost.watch_events(by_id.clone()), 3), (milepost.watch_any([by_id, labelled]), 4)]
    {
        let mut fold = Fold::new();
        fold.apply(&events.next().await.unwrap().unwrap());
        assert_eq!(fold.len(), count);
        assert_eq!(fold.get(&other.id).is_some(), count == 4);
        assert_eq!(*events.connection().borrow(), Connection::Open);
    }
    let nothing = milepost.watch_any([]).next().await.unwrap();
    assert!(matches!(nothing, Err(Error::InvalidRequest(_))), "not every task");
}
