//! `workers`: who asks for work, and who has some.

use std::pin::pin;

use chrono::{DateTime, Utc};
use futures_util::TryStreamExt;
use milepost_client::{
    Milepost,
    types::{Worker, WorkerTask},
};

use crate::{
    args::Workers,
    outcome::{Outcome, SUCCEEDED, print_json},
    table::{age, or_dash, print_table},
};

/// How many of a worker's tasks its row names.
const NAMED: usize = 3;

pub async fn run(milepost: Milepost, arguments: Workers) -> Outcome {
    let workers: Vec<Worker> = pin!(milepost.workers()).try_collect().await?;
    if arguments.json {
        print_json(&workers)?;
    } else {
        let now = Utc::now();
        let head = ["NAME", "SEEN", "WAITING", "RUNNING", "QUEUES", "KINDS", "TASKS"];
        print_table(head, workers.iter().map(|worker| row(worker, now)).collect());
    }
    Ok(SUCCEEDED)
}

fn row(worker: &Worker, now: DateTime<Utc>) -> [String; 7] {
    let mut tasks: Vec<String> = worker.tasks.iter().take(NAMED).map(task).collect();
    if worker.tasks.len() > NAMED {
        tasks.push("…".to_owned());
    }
    [
        worker.name.clone(),
        format!("{} ago", age(now - worker.last_seen_at)),
        worker.waiting.to_string(),
        worker.running.to_string(),
        or_dash(Some(worker.queues.join(","))),
        or_dash(Some(worker.kinds.join(","))),
        or_dash(Some(tasks.join(", "))),
    ]
}

fn task(task: &WorkerTask) -> String {
    let percent = task.percent.map(|percent| format!(" {percent:.0}%")).unwrap_or_default();
    let stalled = if task.stalled { " (stalled)" } else { "" };
    format!("{}{percent}{stalled}", task.id)
}
