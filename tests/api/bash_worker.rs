//! The worker of the documentation that needs only bash, curl and jq, against a real server.

use std::process::{Child, Command, Stdio};

use milepost_tests::harness::{Server, id_of, soon, workspace};
use serde_json::{Value, json};

/// The script as a process; ended when it is dropped.
struct BashWorker(Child);

impl BashWorker {
    fn start(server: &Server) -> BashWorker {
        for tool in ["curl", "jq"] {
            let found = Command::new(tool).arg("--version").stdout(Stdio::null()).status();
            assert!(found.is_ok(), "{tool} is missing; `make tools` installs it");
        }
        let worker = Command::new("bash")
            .arg(workspace().join("docs/workers/bash-worker.sh"))
            .env("MILEPOST_URL", server.url(""))
            .env("KIND", "count")
            .stdout(Stdio::null())
            .spawn();
        BashWorker(worker.expect("bash is there"))
    }

    /// SIGTERM, as a service manager stops it.
    fn ask_to_stop(&self) {
        let pid = self.0.id().to_string();
        Command::new("kill").arg(pid).status().expect("it can be signalled");
    }
}

impl Drop for BashWorker {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn submit(server: &Server, steps: u32) -> String {
    id_of(&server.submit(json!({"kind": "count", "input": {"steps": steps}})).await)
}

#[tokio::test]
async fn a_bash_loop_with_curl_completes_a_task_with_progress() {
    let server = Server::start().await;
    let _worker = BashWorker::start(&server);
    let id = submit(&server, 5).await;
    let path = format!("/api/v1/tasks/{id}");
    let task = server.get(&path).header("prefer", "wait=25").await.task(200);
    assert_eq!((&task["state"], &task["output"]), (&json!("succeeded"), &json!({"counted": 5})));
    let log = server.history(&id).await;
    let percents: Vec<&Value> = log.iter().filter_map(|event| event.get("progress")).collect();
    assert_eq!(percents.last().expect("progress")["percent"], 100.0);
    assert_eq!(percents.last().expect("progress")["message"], "step 5 of 5");
}

#[tokio::test]
async fn it_hears_of_a_cancel_and_gives_its_task_back_when_it_is_stopped() {
    let server = Server::start().await;
    let mut worker = BashWorker::start(&server);
    let id = submit(&server, 10_000).await;
    let mut watcher = server.watch(&format!("/api/v1/tasks/{id}/events")).await;
    watcher.until("task.progress").await;
    server.post(&format!("/api/v1/tasks/{id}/cancel")).await.task(202);
    watcher.until("task.cancelled").await;

    let id = submit(&server, 10_000).await;
    let mut watcher = server.watch(&format!("/api/v1/tasks/{id}/events")).await;
    watcher.until("task.progress").await;
    worker.ask_to_stop();
    watcher.until("task.queued").await;
    assert_eq!(server.task(&id).await["attempt"], 0, "a stopped worker costs no attempt");
    soon("the worker's end", async {
        while worker.0.try_wait().expect("it can be waited for").is_none() {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    })
    .await;
}
