//! Streams, folds, pages and errors.

use std::{
    io::{Read, Write},
    net::TcpListener,
    time::Duration,
};

use futures_util::{StreamExt, TryStreamExt};
use milepost_client::{
    Error, Milepost, TaskFilter,
    stream::{Event, EventFilter, Fold},
    types::{EventPage, Task, TaskState, TaskSubmission},
    worker::{Failure, Job, Progress, Worker},
};
use serde_json::{Value, json};
use tokio::sync::oneshot;

use crate::server::Server;

/// Every event a task has, from its own history.
async fn history(milepost: &Milepost, id: &str) -> Vec<Event> {
    let mut events = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let mut request = milepost.api().list_task_events().id(id).limit(1000u64);
        if let Some(after) = &after {
            request = request.after(after);
        }
        let EventPage { items, cursor, .. } = request.send().await.unwrap().into_inner();
        if items.is_empty() {
            return events;
        }
        events.extend(items);
        after = Some(cursor);
    }
}

fn lines(events: &[Event]) -> Vec<String> {
    events
        .iter()
        .filter_map(|event| match event {
            Event::TaskLog { lines, .. } => Some(lines.iter().map(|line| line.text.clone())),
            _ => None,
        })
        .flatten()
        .collect()
}

/// A worker that writes numbered lines until it is told the last one.
fn counter(milepost: Milepost, last: oneshot::Receiver<u32>) -> Worker {
    let last = std::sync::Mutex::new(Some(last));
    Worker::new(milepost, "counter").lease_seconds(5).register("count", move |job: Job<Value>| {
        let mut last = last.lock().unwrap().take().expect("the task runs once");
        async move {
            let mut number = 0;
            loop {
                job.log(format!("line {number}"));
                job.progress(Progress::count(f64::from(number), 1000.0));
                if last.try_recv().is_ok_and(|last| last == 0) {
                    return Ok::<_, Failure>(number);
                }
                number += 1;
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_killed_in_the_middle_costs_neither_watcher_nor_worker_anything() {
    let mut server = Server::start();
    let milepost = server.client();
    let (finish, last) = oneshot::channel();
    let (stop, stopped) = oneshot::channel::<()>();
    let worker = tokio::spawn(counter(milepost.clone(), last).run_until(async move {
        let _ = stopped.await;
    }));
    let task = milepost.submit(TaskSubmission::builder().kind("count")).await.unwrap();
    let mut events = milepost.watch_task(&task.id);
    let mut seen = Vec::new();
    let mut finish = Some(finish);
    let mut fold = Fold::new();
    while let Some(event) = events.next().await {
        let event = event.unwrap();
        fold.apply(&event);
        seen.push(event);
        let count = lines(&seen).len();
        if count >= 50 && server.was_killed == 0 {
            server.kill();
            tokio::time::sleep(Duration::from_millis(300)).await;
            server.start_again();
        }
        if count >= 100
            && let Some(finish) = finish.take()
        {
            finish.send(0).unwrap();
        }
    }
    let done = milepost.get(&task.id).await.unwrap();
    assert_eq!((&done.state, done.attempt), (&TaskState::Succeeded, 1));
    let written: u64 = serde_json::from_value(done.output.clone().unwrap()).unwrap();
    let expected: Vec<String> = (0..=written).map(|number| format!("line {number}")).collect();
    assert_eq!(lines(&seen), expected, "every line once, in order");
    let own = |events: &[Event]| -> Vec<Value> {
        let json = events.iter().map(|event| serde_json::to_value(event).unwrap());
        json.filter(|event| event["type"].as_str().unwrap().starts_with("task.")).collect()
    };
    let all = own(&history(&milepost, &task.id).await);
    let watched = own(&seen);
    assert_eq!(watched, all[all.len() - watched.len()..], "what was seen is what is kept");
    assert_eq!(seen.last(), Some(&Event::StreamEnd));
    assert_eq!(fold.get(&task.id), Some(&Task { input: None, ..done }));
    stop.send(()).unwrap();
    worker.await.unwrap().unwrap();
}

#[tokio::test]
async fn the_fold_of_a_stream_is_what_get_task_answers_at_every_step() {
    let server = Server::start();
    let milepost = server.client();
    let submission =
        TaskSubmission::builder().kind("steps").input(json!({"secret": 1})).max_attempts(1u32);
    let task = milepost.submit(submission).await.unwrap();
    let mut events =
        milepost.watch_events(EventFilter { tasks: vec![task.id.clone()], ..Default::default() });
    let mut fold = Fold::new();
    let mut follow = async |what: &str| {
        let now = Task { input: None, ..milepost.get(&task.id).await.unwrap() };
        while fold.get(&task.id).is_none_or(|task| task.cursor != now.cursor) {
            fold.apply(&events.next().await.unwrap().unwrap());
        }
        assert_eq!(fold.get(&task.id), Some(&now), "{what}");
    };
    follow("queued").await;
    let api = milepost.api();
    let change = json!({"labels": {"a": "b"}, "priority": 7});
    let change: milepost_client::types::TaskChange = serde_json::from_value(change).unwrap();
    api.update_task().id(&task.id).body(change).send().await.unwrap();
    follow("updated").await;
    let lease = json!({"worker": "w", "kinds": ["steps"]});
    let lease = milepost.acquire(serde_json::from_value(lease).unwrap()).await.unwrap().remove(0);
    follow("started").await;
    let report = |body: Value| {
        let mut body = body;
        body["lease"] = json!(lease.token);
        let body: milepost_client::types::TaskReport = serde_json::from_value(body).unwrap();
        api.report_task().id(&task.id).body(body).send()
    };
    report(json!({"progress": {"current": 1, "total": 3, "message": "ä\u{0}\n"}})).await.unwrap();
    report(json!({"logs": [{"text": "one"}, {"level": "warn", "text": "two"}]})).await.unwrap();
    follow("reported").await;
    milepost.cancel(&task.id).await.unwrap();
    follow("cancel requested").await;
    let body = json!({"lease": lease.token, "error": {"type": "stopped"}});
    let body: milepost_client::types::TaskFailure = serde_json::from_value(body).unwrap();
    api.fail_task().id(&task.id).body(body).send().await.unwrap();
    follow("cancelled").await;
    milepost.retry(&task.id).await.unwrap();
    follow("queued again").await;
    milepost.cancel(&task.id).await.unwrap();
    follow("cancelled while queued").await;
    milepost.delete(&task.id).await.unwrap();
    while !fold.is_empty() {
        fold.apply(&events.next().await.unwrap().unwrap());
    }
}

#[tokio::test]
async fn a_cursor_that_cannot_be_used_is_told_and_a_snapshot_follows() {
    let server = Server::start();
    let milepost = server.client();
    let task = milepost.submit(TaskSubmission::builder().kind("x")).await.unwrap();
    let events = milepost.watch_task(&task.id).after("garbage");
    let first: Vec<Event> = events.take(2).try_collect().await.unwrap();
    assert!(matches!(first[0], Event::StreamReset { .. }), "{first:?}");
    assert!(matches!(&first[1], Event::StreamSnapshot { tasks, .. } if tasks[0].id == task.id));
}

#[tokio::test]
async fn a_stream_of_a_done_task_ends_and_one_of_an_unknown_task_is_an_error() {
    let server = Server::start();
    let milepost = server.client();
    let task = milepost.submit(TaskSubmission::builder().kind("x")).await.unwrap();
    let cursor = milepost.cancel(&task.id).await.unwrap().cursor;
    let whole: Vec<Event> = milepost.watch_task(&task.id).try_collect().await.unwrap();
    assert_eq!(whole.last(), Some(&Event::StreamEnd));
    let after: Vec<Event> =
        milepost.watch_task(&task.id).after(cursor).try_collect().await.unwrap();
    assert_eq!(after, []);
    let unknown = milepost.watch_task("unknown").try_collect::<Vec<Event>>().await.unwrap_err();
    assert_eq!(unknown.status().map(|status| status.as_u16()), Some(404));
}

#[tokio::test]
async fn pages_give_every_task_once_newest_first() {
    let server = Server::start();
    let milepost = server.client();
    let mut ids = Vec::new();
    for number in 0..230 {
        let labels = [("half".to_owned(), (number % 2).to_string())];
        let labels: std::collections::BTreeMap<_, _> = labels.into();
        let task = TaskSubmission::builder().kind("x").labels(labels);
        ids.push(milepost.submit(task).await.unwrap().id);
    }
    ids.reverse();
    let ids_of = async |filter| -> Vec<String> {
        let tasks: Vec<Task> = milepost.tasks(filter).try_collect().await.unwrap();
        tasks.into_iter().map(|task| task.id).collect()
    };
    assert_eq!(ids_of(TaskFilter::default()).await, ids);
    let odd = TaskFilter { labels: vec!["half=1".to_owned()], ..Default::default() };
    let expected: Vec<String> = ids.iter().step_by(2).cloned().collect();
    assert_eq!(ids_of(odd).await, expected);
}

#[tokio::test]
async fn an_unchanged_task_is_not_sent_again() {
    let server = Server::start();
    let milepost = server.client();
    let task = milepost.submit(TaskSubmission::builder().kind("x")).await.unwrap();
    let revision = milepost.get_revision(&task.id).await.unwrap();
    assert_eq!(milepost.get_if_changed(&task.id, &revision.etag).await.unwrap(), None);
    milepost.cancel(&task.id).await.unwrap();
    let changed = milepost.get_if_changed(&task.id, &revision.etag).await.unwrap().unwrap();
    assert_eq!(changed.task.state, TaskState::Cancelled);
    assert_ne!(changed.etag, revision.etag);
}

#[tokio::test]
async fn a_problem_is_typed_and_says_what_is_wrong() {
    let server = Server::start();
    let submission = TaskSubmission::builder().kind("x").priority(1000);
    let error = server.client().submit(submission).await.unwrap_err();
    let problem = error.problem().expect("a problem");
    assert_eq!((problem.status, problem.errors[0].field.as_str()), (400, "priority"));
    assert!(!error.is_retryable());
    assert!(error.to_string().contains("priority"), "{error}");
}

/// Answers every connection with the same bytes.
fn proxy(answer: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            let mut connection = connection;
            let _ = connection.read(&mut [0; 4096]);
            let _ = connection.write_all(answer.as_bytes());
        }
    });
    url
}

#[tokio::test]
async fn an_error_page_of_a_proxy_has_a_status_and_can_be_retried() {
    let url = proxy(
        "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 24\r\n\
         Retry-After: 7\r\nConnection: close\r\n\r\n<h1>\n  Bad gateway</h1>\n",
    );
    let milepost = Milepost::new(&url).unwrap();
    let error = Error::from(milepost.api().get_system().send().await.unwrap_err());
    assert_eq!(error.status().map(|status| status.as_u16()), Some(502));
    assert!(error.is_retryable());
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
    assert!(error.to_string().contains("<h1> Bad gateway</h1>"), "{error}");
}

#[tokio::test]
async fn an_answer_that_is_no_milepost_is_undecodable_and_an_absent_server_unreachable() {
    let url = proxy(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\
         Connection: close\r\n\r\nhello",
    );
    let error = Milepost::new(&url).unwrap().get("x").await.unwrap_err();
    assert!(matches!(error, Error::Undecodable(_)) && !error.is_retryable());
    let absent = Milepost::new("http://127.0.0.1:1").unwrap();
    let error = Error::from(absent.api().get_system().send().await.unwrap_err());
    assert!(matches!(error, Error::Unreachable(_)) && error.is_retryable());
    assert!(error.to_string().contains("refused"), "{error}");
    for wrong in ["localhost:8080", "ftp://x", "", "http://"] {
        assert!(matches!(Milepost::new(wrong), Err(Error::Setup(_))), "{wrong}");
    }
}
