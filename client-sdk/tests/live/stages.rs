//! Stages from a handler's side and a watcher's.

use std::time::Duration;

use futures_util::StreamExt;
use milepost_client::{
    stream::Fold,
    types::TaskSubmission,
    worker::{Failure, Job, Progress, Worker},
};
use serde_json::{Value, json};
use tokio::sync::oneshot;

use crate::server::Server;

#[tokio::test]
async fn what_is_counted_counts_within_its_stage_and_the_watcher_has_what_get_has() {
    let server = Server::start();
    let milepost = server.client();
    let worker = Worker::new(milepost.clone(), "w").register("job", |job: Job<Value>| async move {
        job.stages([("fetch", 1.0), ("encode", 3.0)]);
        // All in one report: 100 % of the first stage are no percent of the second.
        job.stage("fetch");
        job.progress(100.0);
        job.stage("encode");
        tokio::time::sleep(Duration::from_millis(300)).await;
        job.progress(Progress::count(1.0, 3.0).unit("files"));
        tokio::time::sleep(Duration::from_millis(2500)).await;
        Ok::<_, Failure>(job.input)
    });
    let (stop, stopped) = oneshot::channel::<()>();
    let working = tokio::spawn(worker.run_until(async move {
        let _ = stopped.await;
    }));
    let submission = TaskSubmission::builder().kind("job").input(json!(1)).stalled_after_seconds(1);
    let task = milepost.submit(submission).await.unwrap();
    let mut events = milepost.watch_task(&task.id);
    let mut fold = Fold::new();
    let mut seen = Vec::new();
    while let Some(event) = events.next().await {
        fold.apply(&event.unwrap());
        let Some(progress) = fold.get(&task.id).and_then(|task| task.progress.clone()) else {
            continue;
        };
        let step = (progress.percent, progress.stage_percent, progress.stalled);
        if seen.last() != Some(&step) {
            seen.push(step);
        }
    }
    stop.send(()).unwrap();
    working.await.unwrap().unwrap();
    let rounded: Vec<_> = seen
        .iter()
        .map(|&(whole, within, stalled)| (whole.map(f64::round), within.map(f64::round), stalled))
        .collect();
    let expected = [
        (Some(25.0), None, false),
        (Some(50.0), Some(33.0), false),
        (Some(50.0), Some(33.0), true),
        (Some(100.0), Some(100.0), false),
    ];
    assert_eq!(rounded, expected);
    let mut told = milepost.get(&task.id).await.unwrap();
    assert_eq!(told.input.take(), Some(json!(1)), "streams do not carry it");
    assert_eq!(told.stages.len(), 2);
    assert_eq!(fold.get(&task.id), Some(&told));
}

#[tokio::test]
async fn stages_the_server_refuses_cost_the_job_a_line_and_nothing_else() {
    let server = Server::start();
    let milepost = server.client();
    let worker = Worker::new(milepost.clone(), "w").register("job", |job: Job<Value>| async move {
        job.stages(["same", "same"]);
        job.checkpoint(7)?;
        job.progress(Progress::percent(40.0).stage("same"));
        tokio::time::sleep(Duration::from_millis(500)).await;
        Err::<(), _>(Failure::new("no", "no"))
    });
    let (stop, stopped) = oneshot::channel::<()>();
    let working = tokio::spawn(worker.run_until(async move {
        let _ = stopped.await;
    }));
    let submission = TaskSubmission::builder().kind("job").max_attempts(1);
    let task = milepost.submit(submission).await.unwrap();
    let done = milepost.wait(&task.id).await.unwrap();
    stop.send(()).unwrap();
    working.await.unwrap().unwrap();
    assert_eq!(done.progress.and_then(|progress| progress.percent), Some(40.0));
    let lines = milepost.logs(&task.id, 10).await.unwrap();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].text.starts_with("the stages were refused"), "{lines:?}");
}
