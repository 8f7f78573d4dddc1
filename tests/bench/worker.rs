//! A task's life as a worker lives it: the requests, and what is read of their answers.

use serde::Deserialize;
use serde_json::json;

use crate::http::{Connection, Request};

/// What is submitted everywhere; BullMQ's jobs carry the same input.
pub const TASK: &str =
    r#"{"kind":"bench","input":{"report":"2026-11","pages":[1,2,3]},"labels":{"run":"1"}}"#;

/// createTask.
pub fn create() -> Request {
    Request::post("/api/v1/tasks", TASK)
}

/// createTask with nothing but a kind.
pub fn create_kind(kind: &str) -> Request {
    Request::post("/api/v1/tasks", &json!({ "kind": kind }).to_string())
}

/// acquireLeases of any kind; it waits a second for a first task.
pub fn acquire(max_tasks: usize, lease_seconds: u64) -> Request {
    let wish = json!({
        "worker": "bench",
        "max_tasks": max_tasks,
        "lease_seconds": lease_seconds,
        "wait_seconds": 1,
    });
    Request::post("/api/v1/leases", &wish.to_string())
}

/// acquireLeases of one task of this kind.
pub fn acquire_kind(kind: &str) -> Request {
    let wish = json!({"worker": "bench", "kinds": [kind]});
    Request::post("/api/v1/leases", &wish.to_string())
}

/// What a worker reads of a lease; the rest is skipped.
#[derive(Deserialize)]
pub struct Lease {
    pub token: String,
    pub task: Leased,
}

#[derive(Deserialize)]
pub struct Leased {
    pub id: String,
}

#[derive(Deserialize)]
struct Leases {
    leases: Vec<Lease>,
}

/// # Panics
/// When the body holds no leases.
pub fn leases(body: &[u8]) -> Vec<Lease> {
    let Leases { leases } = serde_json::from_slice(body).expect("acquireLeases answers leases");
    leases
}

impl Lease {
    /// reportTask with half of the progress.
    pub fn report(&self) -> Request {
        self.report_of(r#""progress":{"percent":50}"#)
    }

    /// reportTask with one log line.
    pub fn log(&self, text: &str) -> Request {
        self.report_of(&format!(r#""logs":[{{"level":"info","text":"{text}"}}]"#))
    }

    /// reportTask with a message beside the progress.
    pub fn message(&self, text: &str) -> Request {
        self.report_of(&format!(r#""progress":{{"percent":50,"message":"{text}"}}"#))
    }

    fn report_of(&self, parts: &str) -> Request {
        let body = format!(r#"{{"lease":"{}",{parts}}}"#, self.token);
        Request::post(&format!("/api/v1/tasks/{}/report", self.task.id), &body)
    }

    /// Where the task is watched.
    pub fn events(&self) -> String {
        format!("/api/v1/tasks/{}/events", self.task.id)
    }

    /// completeTask.
    pub fn complete(&self) -> Request {
        let body = format!(r#"{{"lease":"{}","output":{{"pages":3}}}}"#, self.token);
        Request::post(&format!("/api/v1/tasks/{}/complete", self.task.id), &body)
    }
}

/// Submits one task and leases it.
///
/// # Panics
/// When there is nothing to lease.
pub async fn begin_one(connection: &mut Connection, acquire: &Request) -> Lease {
    connection.ask(&create()).await.expect_success("createTask");
    let answer = connection.ask(acquire).await.expect_success("acquireLeases");
    leases(answer).pop().expect("a task was queued")
}

/// Submits so many tasks and leases them all, for an hour.
///
/// # Panics
/// When some cannot be had.
pub async fn begin_many(connection: &mut Connection, count: usize) -> Vec<Lease> {
    for _ in 0..count {
        connection.ask(&create()).await.expect_success("createTask");
    }
    let acquire = acquire(count.min(100), 3600);
    let mut begun = Vec::new();
    while begun.len() < count {
        let some = leases(connection.ask(&acquire).await.expect_success("acquireLeases"));
        assert!(!some.is_empty(), "{count} tasks are queued");
        begun.extend(some);
    }
    begun
}
