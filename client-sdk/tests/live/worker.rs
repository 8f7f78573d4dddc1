//! The worker runtime.

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use milepost_client::{
    Error, Milepost,
    types::{Task, TaskState, TaskSubmission, builder::TaskSubmission as Submission},
    worker::{Failure, Job, LogLevel, Progress, Stop, Worker},
};
use serde_json::{Value, json};
use tokio::{
    sync::{Notify, oneshot},
    task::JoinHandle,
};

use crate::server::Server;

/// A worker at work, until it is told to stop.
struct Working {
    stop: oneshot::Sender<()>,
    ended: JoinHandle<Result<(), Error>>,
}

impl Working {
    fn start(worker: Worker) -> Self {
        let (stop, stopped) = oneshot::channel::<()>();
        let ended = tokio::spawn(worker.run_until(async move {
            let _ = stopped.await;
        }));
        Working { stop, ended }
    }

    async fn stop(self) {
        self.stop.send(()).expect("it still works");
        self.ended.await.expect("it does not panic").expect("it ends well");
    }
}

fn one(kind: &str) -> Submission {
    TaskSubmission::builder().kind(kind)
}

async fn run<F, Fut>(server: &Server, submission: Submission, handler: F) -> Task
where
    F: Fn(Job<Value>) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<Value, Failure>> + Send + 'static,
{
    let milepost = server.client();
    let working = Working::start(Worker::new(milepost.clone(), "w").register("job", handler));
    let task = milepost.submit(submission).await.unwrap();
    let done = milepost.wait(&task.id).await.unwrap();
    working.stop().await;
    done
}

#[tokio::test]
async fn a_job_that_computes_longer_than_its_lease_keeps_it() {
    let server = Server::start();
    let milepost = server.client();
    // One thread for everything but the heartbeat, and the handler never lets go of it.
    let worker = Worker::new(milepost.clone(), "w").lease_seconds(1).register(
        "compute",
        |job: Job<Value>| async move {
            let until = Instant::now() + Duration::from_secs(4);
            while Instant::now() < until {
                std::hint::spin_loop();
            }
            Ok::<_, Failure>(json!({"stopped": job.stop().is_some()}))
        },
    );
    let working = Working::start(worker);
    let task = milepost.submit(one("compute")).await.unwrap();
    let done = milepost.wait(&task.id).await.unwrap();
    assert_eq!((&done.state, done.attempt), (&TaskState::Succeeded, 1));
    assert_eq!(done.output, Some(json!({"stopped": false})));
    working.stop().await;
}

#[tokio::test]
async fn input_progress_lines_and_output_go_through() {
    #[derive(serde::Deserialize)]
    struct Input {
        name: String,
    }
    let server = Server::start();
    let milepost = server.client();
    let worker =
        Worker::new(milepost.clone(), "w").register("greet", |job: Job<Input>| async move {
            for number in 0..2500 {
                job.log(format!("line {number}"));
            }
            job.log_at(LogLevel::Warn, "ü\u{0}\r\n\u{2028}");
            job.progress(Progress::count(3.0, 12.0).message("resizing"));
            Ok::<_, Failure>(format!("hello {}", job.input.name))
        });
    let working = Working::start(worker);
    let task = milepost.submit(one("greet").input(json!({"name": "Ada"}))).await.unwrap();
    let done = milepost.wait(&task.id).await.unwrap();
    assert_eq!(done.output, Some(json!("hello Ada")));
    let progress = done.progress.unwrap();
    assert_eq!((progress.current, progress.total), (Some(3.0), Some(12.0)));
    assert_eq!(progress.message.as_deref(), Some("resizing"));
    let lines = milepost.logs(&task.id, 1000).await.unwrap();
    let texts: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
    assert_eq!((texts.len(), texts[0]), (1000, "line 1501"));
    assert_eq!(texts[998..], ["line 2499", "ü\u{0}\r\n\u{2028}"]);
    assert_eq!(lines[999].level, LogLevel::Warn);
    // An input of another shape fails for good, without the handler.
    let task = milepost.submit(one("greet").input(json!([1]))).await.unwrap();
    let done = milepost.wait(&task.id).await.unwrap();
    assert_eq!((done.state, done.attempt), (TaskState::Failed, 1));
    assert_eq!(done.error.unwrap().type_, "invalid-input");
    working.stop().await;
}

#[tokio::test]
async fn a_panic_fails_the_attempt_and_the_worker_goes_on() {
    let server = Server::start();
    let submission = one("job").max_attempts(1u32);
    let done = run(&server, submission, async |_| panic!("at step {}", 7)).await;
    let error = done.error.unwrap();
    assert_eq!((error.type_.as_str(), error.detail.as_deref()), ("panic", Some("at step 7")));
}

#[tokio::test]
async fn a_failed_attempt_is_tried_again_from_its_checkpoint_unless_it_failed_for_good() {
    let server = Server::start();
    let done =
        run(&server, one("job"), async |job: Job<Value>| match job.last_checkpoint::<u32>()? {
            None => {
                job.checkpoint(7)?;
                Err(Failure::new("flaky", "once more").retry_after(Duration::ZERO))
            }
            Some(at) => {
                let failure = Failure::new("broken", format!("attempt {} from {at}", job.attempt));
                Err(failure.detail("all of it").permanent())
            }
        })
        .await;
    let error = done.error.unwrap();
    assert_eq!((done.state, done.attempt, done.max_attempts), (TaskState::Failed, 2, 3));
    assert_eq!(error.type_, "broken");
    assert_eq!(error.title.as_deref(), Some("attempt 2 from 7"));
    assert_eq!(error.detail.as_deref(), Some("all of it"));
}

#[tokio::test]
async fn a_cancel_reaches_the_job() {
    let server = Server::start();
    let milepost = server.client();
    let started = Arc::new(Notify::new());
    let starting = Arc::clone(&started);
    let worker = Worker::new(milepost.clone(), "w").heartbeat(Duration::from_millis(200)).register(
        "job",
        move |job: Job<Value>| {
            starting.notify_one();
            async move {
                assert_eq!(job.cancelled().await, Stop::Cancelled);
                job.check().map(|()| Value::Null)
            }
        },
    );
    let working = Working::start(worker);
    let task = milepost.submit(one("job")).await.unwrap();
    started.notified().await;
    assert!(milepost.cancel(&task.id).await.unwrap().cancel_requested);
    let done = milepost.wait(&task.id).await.unwrap();
    assert_eq!(done.state, TaskState::Cancelled);
    working.stop().await;
}

#[tokio::test]
async fn a_graceful_stop_gives_tasks_back_with_their_attempt_and_checkpoint() {
    let server = Server::start();
    let milepost = server.client();
    let started = Arc::new(Notify::new());
    let starting = Arc::clone(&started);
    let worker = Worker::new(milepost.clone(), "first").concurrency(3).register(
        "job",
        move |job: Job<Value>| {
            let starting = Arc::clone(&starting);
            async move {
                job.checkpoint(json!({"at": 3}))?;
                starting.notify_one();
                match job.input.as_str() {
                    // Ends when it is told, does not listen, finishes in time.
                    Some("listens") => {
                        assert_eq!(job.cancelled().await, Stop::ShuttingDown);
                        job.check().map(|()| "never")
                    }
                    Some("is deaf") => std::future::pending().await,
                    _ => {
                        job.cancelled().await;
                        Ok("finished")
                    }
                }
            }
        },
    );
    let working = Working::start(worker.stop_grace(Duration::from_secs(1)));
    let mut ids = Vec::new();
    for input in ["listens", "is deaf", "finishes"] {
        ids.push(milepost.submit(one("job").input(json!(input))).await.unwrap().id);
        started.notified().await;
    }
    working.stop().await;
    for id in &ids[..2] {
        let task = milepost.get(id).await.unwrap();
        assert_eq!((task.state, task.attempt), (TaskState::Queued, 0));
    }
    assert_eq!(milepost.get(&ids[2]).await.unwrap().output, Some(json!("finished")));
    let second = Worker::new(milepost.clone(), "second")
        .register("job", async |job: Job<Value>| Ok::<_, Failure>(job.last_checkpoint::<Value>()?));
    let working = Working::start(second);
    for id in &ids[..2] {
        let done = milepost.wait(id).await.unwrap();
        assert_eq!((done.output, done.attempt), (Some(json!({"at": 3})), 1));
    }
    working.stop().await;
}

#[tokio::test]
async fn no_more_jobs_run_at_once_than_wanted_and_all_of_them_run() {
    let server = Server::start();
    let milepost = server.client();
    let (now, most) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
    let (counting, highest) = (Arc::clone(&now), Arc::clone(&most));
    let worker = Worker::new(milepost.clone(), "w").queue("q").concurrency(4).register(
        "job",
        move |job: Job<u32>| {
            let (counting, highest) = (Arc::clone(&counting), Arc::clone(&highest));
            async move {
                highest.fetch_max(counting.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(50)).await;
                counting.fetch_sub(1, Ordering::SeqCst);
                Ok::<_, Failure>(job.input)
            }
        },
    );
    let working = Working::start(worker);
    let mut ids = Vec::new();
    for number in 0..20 {
        ids.push(
            milepost
                .submit(one("job").queue("q".to_owned()).input(json!(number)))
                .await
                .unwrap()
                .id,
        );
    }
    for (number, id) in ids.iter().enumerate() {
        assert_eq!(milepost.wait(id).await.unwrap().output, Some(json!(number)));
    }
    working.stop().await;
    assert_eq!(most.load(Ordering::SeqCst), 4);
}

#[tokio::test]
async fn a_job_whose_lease_is_lost_is_told_and_its_result_is_dropped() {
    let server = Server::start();
    let milepost: Milepost = server.client();
    let (lost, told) = oneshot::channel();
    let lost = std::sync::Mutex::new(Some(lost));
    let worker = Worker::new(milepost.clone(), "w").heartbeat(Duration::from_millis(200)).register(
        "job",
        move |job: Job<Value>| {
            let lost = lost.lock().unwrap().take();
            async move {
                let stop = job.cancelled().await;
                if let Some(lost) = lost {
                    lost.send(stop).unwrap();
                }
                Ok::<_, Failure>("too late")
            }
        },
    );
    let working = Working::start(worker);
    // The server ends the attempt after a second, however well it reports.
    let submission = one("job").timeout_seconds(1u64).max_attempts(1u32);
    let task = milepost.submit(submission).await.unwrap();
    let done = milepost.wait(&task.id).await.unwrap();
    assert_eq!(done.error.unwrap().type_, "timeout");
    assert_eq!(told.await.unwrap(), Stop::LeaseLost);
    working.stop().await;
    let after = milepost.get(&task.id).await.unwrap();
    assert_eq!((after.state, after.output), (TaskState::Failed, None));
}

#[tokio::test]
async fn a_checkpoint_too_large_is_refused_without_costing_the_job() {
    let server = Server::start();
    let done = run(&server, one("job"), async |job: Job<Value>| {
        job.checkpoint("x".repeat(2 << 20))?;
        job.log("kept");
        Ok(json!(1))
    })
    .await;
    assert_eq!(done.output, Some(json!(1)));
    let lines = server.client().logs(&done.id, 10).await.unwrap();
    let texts: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
    assert_eq!(texts.len(), 2, "{texts:?}");
    assert!(texts.contains(&"kept"));
    assert!(texts.iter().any(|text| text.starts_with("the checkpoint was refused")), "{texts:?}");
}
