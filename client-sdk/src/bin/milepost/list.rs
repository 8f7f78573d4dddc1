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
    outcome::{Outcome, SUCCEEDED, print, print_json},
};

pub async fn run(milepost: Milepost, arguments: List) -> Outcome {
    let filter = TaskFilter {
        states: arguments.states.into_iter().map(TaskState::from).collect(),
        queue: arguments.queue,
        kind: arguments.kind,
        labels: arguments.labels.iter().map(|(key, value)| format!("{key}={value}")).collect(),
        parent: arguments.parent,
        text: arguments.text,
        created_after: None,
    };
    let tasks: Vec<Task> = pin!(milepost.tasks(filter)).take(arguments.limit).try_collect().await?;
    if arguments.json {
        print_json(&tasks)?;
    } else {
        let now = Utc::now();
        let rows = tasks.iter().map(|task| row(task, now)).collect();
        for line in table(["ID", "KIND", "QUEUE", "STATE", "PROGRESS", "AGE", "LABELS"], rows) {
            print(line);
        }
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
        progress(task),
        age(now - task.created_at),
        labels.join(","),
    ]
}

/// A few characters that say how far a task is.
pub fn progress(task: &Task) -> String {
    match task.progress.as_ref().and_then(|progress| progress.percent) {
        Some(percent) => format!("{percent:.0}%"),
        None => "-".to_owned(),
    }
}

/// The two largest units are enough: `3h12m`.
fn age(age: chrono::TimeDelta) -> String {
    let seconds = age.num_seconds().max(0);
    match seconds {
        0..60 => format!("{seconds}s"),
        60..3600 => format!("{}m{}s", seconds / 60, seconds % 60),
        3600..86400 => format!("{}h{}m", seconds / 3600, seconds % 3600 / 60),
        _ => format!("{}d{}h", seconds / 86400, seconds % 86400 / 3600),
    }
}

/// Columns as wide as their widest cell; the last one is not padded.
fn table<const N: usize>(head: [&str; N], rows: Vec<[String; N]>) -> Vec<String> {
    let mut widths = head.map(|cell| cell.chars().count());
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let line = |cells: Vec<&str>| {
        let padded = cells.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}"));
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let mut lines = vec![line(head.to_vec())];
    lines.extend(rows.iter().map(|row| line(row.iter().map(String::as_str).collect())));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_lines_up_and_has_no_trailing_blanks() {
        let rows = vec![["länger".to_owned(), "x".to_owned()], ["a".to_owned(), String::new()]];
        assert_eq!(table(["ID", "K"], rows), ["ID      K", "länger  x", "a"]);
    }

    #[test]
    fn an_age_has_two_units() {
        let age_of = |seconds| age(chrono::TimeDelta::seconds(seconds));
        let ages = [-5, 59, 61, 7_260, 200_000].map(age_of);
        assert_eq!(ages, ["0s", "59s", "1m1s", "2h1m", "2d7h"]);
    }
}
