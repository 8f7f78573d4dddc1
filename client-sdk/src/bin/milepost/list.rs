//! `list`: a table, or JSON.

use std::pin::pin;

use chrono::{DateTime, Utc};
use futures_util::{StreamExt, TryStreamExt};
use milepost_client::{
    Milepost, TaskFilter,
    types::{Task, TaskState},
};

use crate::{
    args::List,
    far::far,
    outcome::{Outcome, SUCCEEDED, print_json},
    table::{age, or_dash, print_table},
};

pub async fn run(milepost: Milepost, arguments: List) -> Outcome {
    let filter = TaskFilter {
        states: arguments.states.into_iter().map(TaskState::from).collect(),
        queue: arguments.queue,
        kind: arguments.kind,
        labels: arguments.labels.iter().map(|(key, value)| format!("{key}={value}")).collect(),
        parent: arguments.parent,
        schedule: arguments.schedule,
        error_types: arguments.error_types,
        text: arguments.text,
        created_after: None,
    };
    let tasks: Vec<Task> = pin!(milepost.tasks(filter)).take(arguments.limit).try_collect().await?;
    if arguments.json {
        print_json(&tasks)?;
    } else {
        let now = Utc::now();
        let rows = tasks.iter().map(|task| row(task, now)).collect();
        print_table(["ID", "KIND", "QUEUE", "STATE", "PROGRESS", "AGE", "LABELS"], rows);
    }
    Ok(SUCCEEDED)
}

fn row(task: &Task, now: DateTime<Utc>) -> [String; 7] {
    let labels: Vec<String> =
        task.labels.iter().map(|(key, value)| format!("{key}={value}")).collect();
    [
        task.id.clone(),
        task.kind.clone(),
        task.queue.clone(),
        task.state.to_string(),
        or_dash(far(task.progress.as_ref())),
        age(now - task.created_at),
        labels.join(","),
    ]
}
