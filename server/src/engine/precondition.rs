//! What a request insists on, held against what it would change. It is looked at where it is decided,
//! so nothing comes between the look and the change.

use super::{
    batch::Batch,
    command::{Command, IdempotencyKey},
    submit::known_ids,
};
use crate::domain::{
    Moment, Precondition, Queue, Refusal, kind::is_the_servers, name::is_reserved,
    precondition::Current,
};

/// Refuses a command whose conditions do not hold. A request that was done already, by its
/// Idempotency-Key, is answered again, whatever it has changed itself.
pub fn check(
    batch: &Batch,
    precondition: &Precondition,
    command: &Command,
    now: &Moment,
) -> Result<(), Refusal> {
    if known_ids(batch, key(command), now)?.is_some() {
        return Ok(());
    }
    match current(batch, command) {
        Some(current) => precondition.check(current).map_err(Refusal::PreconditionFailed),
        None => Ok(()),
    }
}

/// The one thing that a command changes, as it is now. `None` where the command itself says that
/// there is no such thing, or that it is the server's own.
fn current(batch: &Batch, command: &Command) -> Option<Current> {
    let current = match command {
        Command::Put { task, .. } => {
            Current::of(task.id.as_ref().and_then(|id| batch.task(id)).map(|task| task.cursor))
        }
        Command::Update { id, .. }
        | Command::Cancel { id, .. }
        | Command::Retry { id, .. }
        | Command::Delete { id } => Current::at(batch.task(id)?.cursor),
        Command::SetQueue { name, .. } | Command::ChangeQueue { name, .. } => {
            if is_reserved(name) {
                return None;
            }
            let queue = batch.queue(name);
            let revision = queue.map_or(Queue::UNSET, |queue| queue.revision);
            Current { revision: Some(revision), there: queue.is_some() }
        }
        Command::PutSchedule { id, .. } => {
            Current::of(batch.schedule(id).map(|schedule| schedule.revision))
        }
        Command::ChangeSchedule { id, .. }
        | Command::DeleteSchedule { id }
        | Command::RunSchedule { id, .. } => Current::at(batch.schedule(id)?.revision),
        Command::PutKind { name, .. } => {
            if is_the_servers(name) {
                return None;
            }
            Current::of(batch.kind(name).map(|kind| kind.revision))
        }
        Command::DeleteKind { name } => Current::at(batch.kind(name)?.revision),
        Command::ChangeWebhook { id, .. }
        | Command::RotateWebhookSecret { id, .. }
        | Command::DeleteWebhook { id }
        | Command::TestWebhook { id, .. } => Current::at(batch.webhooks().get(id)?.revision),
        _ => return None,
    };
    Some(current)
}

fn key(command: &Command) -> Option<&IdempotencyKey> {
    match command {
        Command::Cancel { key, .. }
        | Command::Retry { key, .. }
        | Command::RunSchedule { key, .. }
        | Command::RotateWebhookSecret { key, .. }
        | Command::TestWebhook { key, .. } => key.as_ref(),
        _ => None,
    }
}
