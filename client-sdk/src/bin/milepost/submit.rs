//! `submit`: one task, or one for every line of a file.

use milepost_client::{
    Milepost,
    types::{ChildFailure, TaskSubmission},
};
use serde_json::Value;

use crate::{
    args::{Moment, Submit},
    input,
    outcome::{Complaint, Outcome, SUCCEEDED, note, print, print_json},
    watch,
};

pub async fn run(milepost: Milepost, mut arguments: Submit) -> Outcome {
    if let Some(file) = arguments.many.take() {
        let inputs = input::lines(&file)?;
        return many(milepost, arguments, inputs).await;
    }
    let given = arguments.task.input.as_deref().map(input::one).transpose()?;
    let task = milepost.submit(submission(&arguments, given)?).await?;
    match (arguments.watch, arguments.json) {
        (true, json) => return watch::run(milepost, vec![task.id], json).await,
        (false, true) => print_json(&task)?,
        (false, false) => print(task.id),
    }
    Ok(SUCCEEDED)
}

fn submission(arguments: &Submit, input: Option<Value>) -> Result<TaskSubmission, Complaint> {
    let task = &arguments.task;
    let (deadline_seconds, deadline_at) = match arguments.deadline {
        Some(Moment::In(seconds)) => (Some(seconds), None),
        Some(Moment::At(at)) => (None, Some(at)),
        None => (None, None),
    };
    let labels: std::collections::BTreeMap<String, String> = task.labels.iter().cloned().collect();
    TaskSubmission::builder()
        .kind(arguments.kind.clone())
        .queue(task.queue.clone())
        .input(input)
        .labels(labels)
        .priority(task.priority)
        .concurrency_key(task.key.clone())
        .max_attempts(task.attempts)
        .timeout_seconds(task.timeout)
        .backoff_base_seconds(task.backoff)
        .backoff_max_seconds(task.backoff_max)
        .stages(task.stages.clone())
        .stalled_after_seconds(task.stalled_after)
        .retention_seconds(task.retention)
        .delay_seconds(arguments.delay)
        .run_at(arguments.run_at)
        .deadline_seconds(deadline_seconds)
        .deadline_at(deadline_at)
        .parent_id(arguments.parent.clone())
        .weight(arguments.weight)
        .complete_when_children_done(arguments.group.then_some(true))
        .child_failure(arguments.collect.then_some(ChildFailure::Collect))
        .unique_key(arguments.unique_key.clone())
        .after(arguments.after.clone())
        .after_failure(arguments.after_failure.clone())
        .try_into()
        .map_err(|error| Complaint::usage(format!("the task cannot be submitted: {error}")))
}

async fn many(milepost: Milepost, arguments: Submit, inputs: Vec<Value>) -> Outcome {
    let one = |input| submission(&arguments, Some(input));
    let tasks: Vec<TaskSubmission> = inputs.into_iter().map(one).collect::<Result<_, _>>()?;
    if tasks.is_empty() {
        note("there are no lines, so nothing is submitted");
    }
    let key = arguments.idempotency_key.unwrap_or_else(|| uuid::Uuid::new_v4().to_string());
    let mut batches = milepost.batches(&key, tasks);
    let mut made = Vec::new();
    let mut count = 0;
    let failed = loop {
        match batches.submit_next().await {
            Ok(Some(batch)) => {
                count += batch.len();
                if arguments.json {
                    made.extend(batch);
                } else {
                    batch.into_iter().for_each(|task| print(task.id));
                }
            }
            Ok(None) => break None,
            Err(error) => break Some(error),
        }
    };
    if arguments.json {
        print_json(&made)?;
    }
    let Some(error) = failed else { return Ok(SUCCEEDED) };
    // Nothing that was refused was made, but an answer that was lost may have been a good one.
    let resumable = count > 0 || error.is_retryable();
    let complaint = Complaint::from(error);
    if !resumable {
        return Err(complaint);
    }
    let message = format!(
        "{}\n{count} tasks are submitted; the same with --idempotency-key {key} submits the rest",
        complaint.message
    );
    Err(Complaint { message, ..complaint })
}
