//! The bash worker of the documentation, held to the same promises as every other worker.

use std::process::{Child, Command, Stdio};

use futures_util::TryStreamExt;
use milepost_client::{
    stream::Event,
    types::{TaskState, TaskSubmission},
};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::json;

use crate::server::Server;

struct BashWorker(Child);

impl BashWorker {
    fn start(server: &Server) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/workers/bash-worker.sh");
        let worker = Command::new("bash")
            .arg(script)
            .env("MILEPOST_URL", &server.url)
            .env("KIND", "count")
            .stdout(Stdio::null())
            .spawn();
        BashWorker(worker.expect("bash, curl and jq are there"))
    }

    fn tell_to_end(&self) {
        kill(Pid::from_raw(self.0.id().try_into().unwrap()), Signal::SIGTERM).unwrap();
    }
}

impl Drop for BashWorker {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn count(steps: u32) -> milepost_client::types::builder::TaskSubmission {
    TaskSubmission::builder().kind("count").input(json!({ "steps": steps }))
}

#[tokio::test]
async fn it_completes_tasks_with_progress_one_after_the_other() {
    let server = Server::start();
    let milepost = server.client();
    let _worker = BashWorker::start(&server);
    for steps in [5, 3] {
        let task = milepost.submit(count(steps)).await.unwrap();
        let events: Vec<Event> = milepost.watch_task(&task.id).try_collect().await.unwrap();
        let messages: Vec<String> = events
            .iter()
            .filter_map(|event| match event {
                Event::TaskProgress { progress, .. } => progress.message.clone(),
                _ => None,
            })
            .collect();
        assert_eq!(messages.last(), Some(&format!("step {steps} of {steps}")));
        assert!(messages.len() > 1, "{messages:?}");
        let done = milepost.get(&task.id).await.unwrap();
        assert_eq!(done.output, Some(json!({ "counted": steps })));
        assert_eq!(done.progress.and_then(|progress| progress.percent), Some(100.0));
    }
}

#[tokio::test]
async fn it_hears_of_a_cancel_and_gives_its_task_back_when_told_to_end() {
    let server = Server::start();
    let milepost = server.client();
    let mut worker = BashWorker::start(&server);
    for cancel in [true, false] {
        let task = milepost.submit(count(6000)).await.unwrap();
        let events = milepost.watch_task(&task.id);
        let mut moving = events
            .try_filter(|event| std::future::ready(matches!(event, Event::TaskProgress { .. })));
        moving.try_next().await.unwrap();
        if cancel {
            milepost.cancel(&task.id).await.unwrap();
            assert_eq!(milepost.wait(&task.id).await.unwrap().state, TaskState::Cancelled);
        } else {
            worker.tell_to_end();
            let ended = tokio::task::spawn_blocking(move || {
                worker.0.wait().unwrap();
            });
            ended.await.unwrap();
            let task = milepost.get(&task.id).await.unwrap();
            assert_eq!((task.state, task.attempt), (TaskState::Queued, 0));
            return;
        }
    }
}
