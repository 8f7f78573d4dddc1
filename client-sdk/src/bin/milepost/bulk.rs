//! `bulk`: one thing done to all tasks that match.

use milepost_client::{
    Milepost,
    types::{BulkRequest, BulkSelection, TaskState},
};

use crate::{
    args::{Bulk, BulkCommand},
    outcome::{Outcome, SUCCEEDED, print, print_json},
    watch,
};

pub async fn run(milepost: Milepost, command: BulkCommand) -> Outcome {
    let (BulkCommand::Cancel(bulk) | BulkCommand::Retry(bulk) | BulkCommand::Delete(bulk)) =
        &command;
    let request = request(bulk);
    let run = match &command {
        BulkCommand::Cancel(_) => milepost.bulk_cancel(request).await?,
        BulkCommand::Retry(_) => milepost.bulk_retry(request).await?,
        BulkCommand::Delete(_) => milepost.bulk_delete(request).await?,
    };
    match (bulk.watch, bulk.json) {
        (true, true) => return watch::run(milepost, vec![run.id], true).await,
        (true, false) => {
            let code = watch::run(milepost.clone(), vec![run.id.clone()], false).await?;
            if let Some(output) = milepost.get(&run.id).await?.output {
                print_json(&output)?;
            }
            return Ok(code);
        }
        (false, true) => print_json(&run)?,
        (false, false) => print(run.id),
    }
    Ok(SUCCEEDED)
}

fn request(bulk: &Bulk) -> BulkRequest {
    let filter = BulkSelection {
        states: bulk.states.iter().copied().map(TaskState::from).collect(),
        queue: bulk.queue.clone(),
        kind: bulk.kind.clone(),
        labels: bulk.labels.iter().cloned().collect(),
        parent: bulk.parent.clone(),
        schedule: bulk.schedule.clone(),
        error_types: bulk.error_types.clone(),
        created_after: bulk.created_after,
        created_before: bulk.created_before,
        q: bulk.text.clone(),
    };
    BulkRequest { filter, dry_run: bulk.dry_run.then_some(true) }
}
