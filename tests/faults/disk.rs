//! A disk that is full, and one that fails.

use std::{path::PathBuf, process::Command, time::Duration};

use milepost_tests::harness::{Answer, Options, Server, id_of};
use serde_json::json;
use tempfile::TempDir;

/// A file system of a few megabytes of its own, gone when it is dropped.
struct SmallDisk {
    directory: TempDir,
}

impl SmallDisk {
    /// Nothing where this user may not mount: the test then says so and has nothing to hold.
    fn new(megabytes: u32) -> Option<SmallDisk> {
        let directory = TempDir::with_prefix("milepost-disk-").expect("a directory can be made");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={megabytes}m"), "tmpfs"])
            .arg(directory.path())
            .output();
        if mounted.is_ok_and(|output| output.status.success()) {
            return Some(SmallDisk { directory });
        }
        eprintln!("skipped: only root can mount a small disk");
        None
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(self.directory.path()).status();
    }
}

fn assert_stopped(answer: Answer) {
    let status = answer.status.as_u16();
    assert!(matches!(status, 503 | 507), "{answer}");
    assert!(
        answer.header("retry-after").is_some(),
        "a writer must know when to come back: {answer}"
    );
    answer.problem(status, "");
}

/// Submits until it is refused; the ids that were acknowledged, and the refusal.
async fn fill(server: &Server) -> (Vec<String>, Answer) {
    let mut ids = Vec::new();
    let request = json!({"kind": "k", "input": "x".repeat(60_000)});
    for _ in 0..5000 {
        let answer = server.post("/api/v1/tasks").json(&request).await;
        if answer.status != 202 {
            return (ids, answer);
        }
        ids.push(id_of(&answer.json()));
    }
    panic!("the disk was never full");
}

#[tokio::test]
async fn a_full_disk_stops_writes_with_a_problem_and_space_brings_them_back_without_a_restart() {
    let Some(disk) = SmallDisk::new(12) else { return };
    let ballast = disk.path("ballast");
    std::fs::write(&ballast, vec![0; 4 * 1024 * 1024]).expect("the disk has room yet");
    let options = Options { data_dir: Some(disk.path("data")), ..Options::default() };
    let mut server = Server::with(options).await;
    let mut watcher = server.watch("/api/v1/events?state=running").await;
    watcher.expect("stream.snapshot").await;

    let (ids, refusal) = fill(&server).await;
    assert!(ids.len() > 5, "{} fitted", ids.len());
    assert_stopped(refusal);
    assert_eq!(server.task(&ids[0]).await["state"], "queued", "reads go on");
    let page = server.get("/api/v1/tasks?limit=200").await.expect(200).json();
    assert!(!page["items"].as_array().expect("items").is_empty());
    let mut late = server.watch("/api/v1/events?kind=none").await;
    late.expect("stream.snapshot").await;
    // Also after the writer was idle and found nothing to write.
    for _ in 0..10 {
        assert_stopped(server.get("/readyz").await);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    server.get("/healthz").await.expect(200);

    std::fs::remove_file(&ballast).expect("the ballast can go");
    milepost_tests::harness::soon("writes to resume", async {
        loop {
            let answer = server.post("/api/v1/tasks").json(&json!({"kind": "after"})).await;
            if answer.status == 202 {
                return;
            }
            assert_stopped(answer);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    })
    .await;
    server.get("/readyz").await.expect(200);
    let lease = server.lease_one(json!({"kinds": ["after"]})).await;
    assert_eq!(watcher.expect("task.started").await["task_id"], lease.task_id());

    server.kill9().await;
    server.restart().await;
    for id in &ids {
        server.task(id).await;
    }
    let submitted = server.log("&kind=k").await;
    assert_eq!(submitted.len(), ids.len(), "what was refused is not there");
}

#[tokio::test]
async fn a_disk_that_fails_stops_writes_until_a_restart_and_loses_nothing_acknowledged() {
    let options = Options { largest_file: Some(3 * 1024), ..Options::default() };
    let mut server = Server::with(options).await;
    let (ids, refusal) = fill(&server).await;
    assert!(ids.len() > 5, "{} fitted", ids.len());
    assert_stopped(refusal);
    for _ in 0..3 {
        assert_stopped(server.post("/api/v1/tasks").json(&json!({"kind": "small"})).await);
    }
    assert_stopped(server.get("/readyz").await);
    for id in &ids {
        server.task(id).await;
    }
    let mut watcher = server.watch("/api/v1/events?kind=none").await;
    watcher.expect("stream.snapshot").await;

    server.kill9().await;
    server.restart_with(Options::default()).await;
    for id in &ids {
        server.task(id).await;
    }
    server.submit_kind("after").await;
    // The one in flight when the disk failed may have been written; nothing else may.
    let written = server.log("&kind=k").await.len();
    assert!(
        (ids.len()..=ids.len() + 1).contains(&written),
        "{} told, {written} written",
        ids.len()
    );
}
