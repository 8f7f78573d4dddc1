//! `submit`.

use std::{fs, io};

use milepost_client::{Milepost, types::TaskSubmission};
use serde_json::Value;

use crate::{
    args::Submit,
    outcome::{Complaint, Outcome, SUCCEEDED, print, print_json},
    watch,
};

pub async fn run(milepost: Milepost, arguments: Submit) -> Outcome {
    let submission = TaskSubmission::builder()
        .kind(arguments.kind)
        .queue(arguments.queue)
        .input(arguments.input.as_deref().map(input).transpose()?)
        .labels(arguments.labels.into_iter().collect::<std::collections::BTreeMap<_, _>>())
        .priority(arguments.priority)
        .max_attempts(arguments.max_attempts)
        .timeout_seconds(arguments.timeout.map(|timeout| timeout.as_secs().max(1)))
        .run_at(arguments.run_at);
    let task = milepost.submit(submission).await?;
    match (arguments.watch, arguments.json) {
        (true, json) => return watch::run(milepost, vec![task.id], json).await,
        (false, true) => print_json(&task)?,
        (false, false) => print(task.id),
    }
    Ok(SUCCEEDED)
}

fn input(argument: &str) -> Result<Value, Complaint> {
    let unreadable = |what: &str, error: io::Error| {
        Complaint::usage(format!("the input cannot be read from {what}: {error}"))
    };
    let text = if argument == "-" {
        io::read_to_string(io::stdin()).map_err(|error| unreadable("standard input", error))?
    } else if let Some(file) = argument.strip_prefix('@') {
        fs::read_to_string(file).map_err(|error| unreadable(file, error))?
    } else {
        argument.to_owned()
    };
    serde_json::from_str(&text).map_err(|error| {
        Complaint::usage(format!(
            "the input is no JSON ({error}); a text needs its quotes: '\"text\"'"
        ))
    })
}
