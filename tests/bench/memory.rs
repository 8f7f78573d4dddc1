//! What an idle watcher costs the server.

use std::time::Duration;

use milepost_tests::harness::{Server, Watcher};
use serde_json::json;

use crate::table::Row;

/// Watchers that are there before: what the server's allocator took for its start serves them.
const BEFORE: usize = 1000;

/// Opens streams of running tasks and lets them be; what `count` more of them add is each one's.
///
/// # Panics
/// When a stream cannot be opened.
pub async fn of_idle_watchers(count: usize) -> Row {
    let server = Server::start().await;
    let mut paths = Vec::new();
    for _ in 0..100 {
        let id = server.submit_kind("watched").await;
        paths.push(format!("/api/v1/tasks/{id}/events"));
    }
    let running = server.lease(json!({"max_tasks": 100, "lease_seconds": 600})).await;
    let mut watchers = Vec::with_capacity(BEFORE + count);
    for n in 0..BEFORE {
        watchers.push(open(&server, &paths[n % paths.len()]).await);
    }
    settle().await;
    let before = server.resident_memory();
    for n in 0..count {
        watchers.push(open(&server, &paths[n % paths.len()]).await);
    }
    settle().await;
    let after = server.resident_memory();
    assert!(!running.is_empty(), "the watched tasks run");
    drop(watchers);
    let each = after.saturating_sub(before) as f64 / count as f64 / 1024.0;
    let mebibytes = |bytes: u64| bytes as f64 / 1_048_576.0;
    Row::new(format!("memory of {count} more idle watchers")).note(format!(
        "{each:.1} KiB each; RSS {:.1} MiB with {BEFORE}, {:.1} MiB with all",
        mebibytes(before),
        mebibytes(after)
    ))
}

async fn open(server: &Server, path: &str) -> Watcher {
    let mut watcher = server.watch(path).await;
    watcher.expect("stream.snapshot").await;
    watcher
}

async fn settle() {
    tokio::time::sleep(Duration::from_secs(1)).await;
}
