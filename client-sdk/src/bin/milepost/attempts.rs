//! `attempts`: who tried a task, when, and how that ended.

use chrono::{DateTime, Utc};
use milepost_client::{
    Milepost,
    types::{Attempt, TaskError},
};

use crate::{
    args::Attempts,
    outcome::{Outcome, SUCCEEDED, print_json},
    table::{age, or_dash, print_table, time},
};

pub async fn run(milepost: Milepost, arguments: Attempts) -> Outcome {
    let attempts = milepost.attempts(&arguments.id).await?;
    if arguments.json {
        print_json(&attempts)?;
    } else {
        let now = Utc::now();
        let head = ["ATTEMPT", "STATE", "STARTED", "TOOK", "WORKER", "ERROR"];
        print_table(head, attempts.iter().map(|attempt| row(attempt, now)).collect());
    }
    Ok(SUCCEEDED)
}

fn row(attempt: &Attempt, now: DateTime<Utc>) -> [String; 6] {
    [
        attempt.number.to_string(),
        attempt.state.to_string(),
        time(attempt.started_at),
        age(attempt.finished_at.unwrap_or(now) - attempt.started_at),
        attempt.worker.clone(),
        or_dash(attempt.error.as_ref().map(reason)),
    ]
}

fn reason(error: &TaskError) -> String {
    match &error.title {
        Some(title) => format!("{}: {title}", error.type_),
        None => error.type_.clone(),
    }
}
