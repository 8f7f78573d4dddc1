//! putKind and deleteKind, and what a kind means for tasks that are submitted.
//!
//! Whether an input is as its kind's schema says is found out before the writer sees the task
//! ([`super::inspect`]); here only the revision is held against the kind's own. If the kind has
//! changed since, the command goes back to be looked at again. So a submission that comes after a put
//! is held against what was put, and no schema ever runs on the one thread that everybody waits for.

use std::collections::BTreeSet;

use super::{batch::Batch, command::Reply};
use crate::domain::{
    Kind, KindSpec, Moment, NewTask, Refusal,
    checks::{self, Errors},
    kind::is_the_servers,
    queue::TaskDefaults,
};

/// What is wrong with what is said of a kind, but for its schema's own rules.
pub fn check(name: &str, spec: &KindSpec, errors: &mut Errors) {
    errors.take(checks::name("name", name));
    spec.check(errors);
}

/// Creates it, or replaces all that is said of it.
pub fn put(batch: &mut Batch, name: &str, spec: &KindSpec, now: &Moment) -> Result<Reply, Refusal> {
    let mut errors = Errors::default();
    check(name, spec, &mut errors);
    errors.none_or(())?;
    if is_the_servers(name) {
        return Err(Refusal::Reserved(name.to_owned()));
    }
    let before = batch.kind(name);
    if let Some(kind) = before.filter(|kind| kind.spec == *spec) {
        return Ok(Reply::Kind(Box::new(kind.clone()), false));
    }
    let kind = Kind {
        name: name.to_owned(),
        spec: spec.clone(),
        revision: now.random,
        created_at: before.map_or(now.wall, |kind| kind.created_at),
        updated_at: now.wall,
    };
    let created = before.is_none();
    batch.save_kind(kind.clone());
    Ok(Reply::Kind(Box::new(kind), created))
}

/// Its tasks stay, and so do those of its schedules.
pub fn delete(batch: &mut Batch, name: &str) -> Result<Reply, Refusal> {
    if batch.kind(name).is_none() {
        return Err(Refusal::KindNotFound(name.to_owned()));
    }
    batch.delete_kind(name);
    Ok(Reply::Done)
}

/// The answer to a command whose inputs were not looked at by the schemas their kinds have now.
pub fn uninspected<'a>(
    batch: &Batch,
    tasks: impl IntoIterator<Item = &'a NewTask>,
) -> Option<Reply> {
    let stale = |task: &&NewTask| {
        let wanted = schema_revision(batch, &task.kind);
        wanted != task.inspected.as_ref().map(|inspected| inspected.revision)
    };
    let names: BTreeSet<&str> =
        tasks.into_iter().filter(stale).map(|task| task.kind.as_str()).collect();
    let current = |name: &str| (name.to_owned(), batch.kind(name).cloned());
    (!names.is_empty()).then(|| Reply::Inspect(names.into_iter().map(current).collect(), None))
}

/// The revision of the kind, if it has a schema.
fn schema_revision(batch: &Batch, name: &str) -> Option<u64> {
    let kind = batch.kind(name)?;
    kind.spec.input_schema.is_some().then_some(kind.revision)
}

/// What was found wrong with its input. A look that is out of date says nothing.
pub fn find_errors(batch: &Batch, new: &NewTask, errors: &mut Errors) {
    let wanted = schema_revision(batch, &new.kind);
    if let Some(inspected) = &new.inspected
        && Some(inspected.revision) == wanted
    {
        errors.take_all(inspected.errors.iter().cloned());
    }
}

/// What a task gets where it does not say: as its kind says, else as its queue does.
pub fn defaults(batch: &Batch, new: &NewTask) -> TaskDefaults {
    let of_queue = batch.queue_settings(&new.queue).defaults;
    match batch.kind(&new.kind) {
        Some(kind) => kind.spec.defaults.or(&of_queue),
        None => of_queue,
    }
}
