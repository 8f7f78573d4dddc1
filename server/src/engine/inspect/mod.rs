//! Inputs, held against their kinds' schemas before the writer sees the tasks.
//!
//! What is known of schemas here is only ever learned from the writer: it refuses to decide on an
//! input that was not looked at by the schema its kind has now, and hands that kind along. So nothing
//! is read from the store for a submission, a kind without a schema costs one look into a map, and
//! nobody has to be told when a kind changes.

mod schema;
mod weight;
mod words;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::task::spawn_blocking;

pub use self::schema::Schema;
use super::command::Command;
use crate::domain::{FieldError, Kind, NewTask, Refusal, kind::Inspected};

/// How many schemas are kept ready. One more takes the place of any other.
const MAX_KNOWN: usize = 256;
/// So much work is done at once; more is handed to a thread that may take its time.
const MAX_AT_ONCE: u64 = 500_000;

/// The schemas that were met, ready for use. Cheap to clone.
#[derive(Clone, Default)]
pub struct Inspector {
    known: Arc<Mutex<HashMap<String, Known>>>,
    /// Held while a schema is made ready, so that a crowd waits for one making and not for many.
    reading: Arc<tokio::sync::Mutex<()>>,
}

/// The schema of a kind, at one revision of it.
#[derive(Clone)]
struct Known {
    revision: u64,
    /// None where this program cannot read what another version stored.
    schema: Option<Arc<Schema>>,
}

impl Inspector {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The command, with its tasks' inputs held against the schemas that are known here.
    pub async fn inspected(&self, mut command: Command) -> Result<Command, Refusal> {
        let tasks = command.new_tasks();
        if tasks.is_empty() {
            return Ok(command);
        }
        let known: Vec<Option<Known>> = {
            let known = self.lock();
            tasks.iter().map(|task| known.get(&task.kind).cloned()).collect()
        };
        let work = |(task, known): (&NewTask, &Option<Known>)| {
            let schema = known.as_ref().and_then(|known| known.schema.as_ref());
            schema.map_or(0, |schema| schema.work(task.input.as_ref()))
        };
        if tasks.iter().zip(&known).map(work).sum::<u64>() <= MAX_AT_ONCE {
            inspect(tasks, &known);
            return Ok(command);
        }
        let inspecting = move || {
            inspect(command.new_tasks(), &known);
            command
        };
        spawn_blocking(inspecting).await.map_err(|error| {
            tracing::error!(%error, "an input could not be held against its kind's schema");
            Refusal::Internal
        })
    }

    /// Takes in kinds as the writer has them; `None` where nothing is said of one any more.
    pub async fn learn(&self, kinds: Vec<(String, Option<Kind>)>) {
        for (name, kind) in kinds {
            let schema = kind.as_ref().and_then(|kind| kind.spec.input_schema.clone());
            let (Some(kind), Some(text)) = (kind, schema) else {
                self.lock().remove(&name);
                continue;
            };
            let _reading = self.reading.lock().await;
            if self.lock().get(&name).is_some_and(|known| known.revision == kind.revision) {
                continue;
            }
            let read = spawn_blocking(move || Schema::read(&text)).await;
            let schema = read.ok().and_then(Result::ok).map(Arc::new);
            if schema.is_none() {
                tracing::error!(kind = %name, "the schema of a kind does not read any more");
            }
            self.keep(name, Known { revision: kind.revision, schema });
        }
    }

    fn keep(&self, name: String, schema: Known) {
        let mut known = self.lock();
        if known.len() >= MAX_KNOWN && !known.contains_key(&name) {
            let other = known.keys().next().cloned();
            other.and_then(|other| known.remove(&other));
        }
        known.insert(name, schema);
    }
}

fn inspect(tasks: &mut [NewTask], known: &[Option<Known>]) {
    for (task, known) in tasks.iter_mut().zip(known) {
        let Some(known) = known else {
            task.inspected = None;
            continue;
        };
        if task.inspected.as_ref().is_some_and(|before| before.revision == known.revision) {
            continue;
        }
        let errors = match &known.schema {
            Some(schema) => schema.find_errors(task.input.as_ref()),
            None => {
                let message = "cannot be checked: this server cannot read its kind's schema. Put \
                               the kind again";
                vec![FieldError::new("input", message)]
            }
        };
        task.inspected = Some(Inspected { revision: known.revision, errors });
    }
}
