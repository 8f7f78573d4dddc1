//! What is asked of many tasks at once.

use std::collections::BTreeMap;

use poem_openapi::{Object, types::Example};
use serde::Deserialize;

use crate::{
    api::strict,
    domain::{
        FieldError, Labels, Refusal, State, Timestamp,
        bulk::{BulkAction, BulkFilter, BulkOrder},
        checks::{self, Errors},
    },
};

/// Which tasks, as listTasks finds them: all given parts must match. At least one must be given, and
/// `null` is the same as leaving a field out. The server's own tasks are found only by their queue.
#[derive(Debug, Default, Object, Deserialize)]
#[oai(skip_serializing_if_is_none)]
#[serde(deny_unknown_fields)]
pub struct BulkSelection {
    /// In any of these states. Those in which the thing cannot be done are left out; if none is left,
    /// the request is refused.
    #[oai(validator(min_items = 1))]
    #[serde(default, deserialize_with = "strict::optional_words")]
    pub states: Option<Vec<State>>,
    /// In this queue.
    pub queue: Option<String>,
    /// Of this kind.
    pub kind: Option<String>,
    /// With all of these labels.
    #[oai(validator(min_properties = 1, max_properties = 32))]
    pub labels: Option<BTreeMap<String, String>>,
    /// Parts of this task.
    pub parent: Option<String>,
    /// Submitted by the schedule with this id.
    pub schedule: Option<String>,
    /// Created after this time.
    pub created_after: Option<Timestamp>,
    /// Created before this time.
    pub created_before: Option<Timestamp>,
    /// Ended with an error of any of these types.
    #[oai(validator(min_items = 1, max_items = 20))]
    pub error_types: Option<Vec<String>>,
    /// With this text in the id or the kind, whatever the case: at most 128 characters.
    #[oai(validator(min_length = 1, max_length = 128))]
    pub q: Option<String>,
}

/// One thing to be done to many tasks.
#[derive(Debug, Object, Deserialize)]
#[oai(example, skip_serializing_if_is_none)]
#[serde(deny_unknown_fields)]
pub struct BulkRequest {
    /// Which tasks.
    #[serde(deserialize_with = "strict::object")]
    pub filter: BulkSelection,
    /// Only count them.
    pub dry_run: Option<bool>,
}

impl Example for BulkRequest {
    fn example() -> Self {
        let filter = BulkSelection {
            kind: Some("thumbnails".to_owned()),
            labels: Some(Labels::from([("album".to_owned(), "summer".to_owned())])),
            ..BulkSelection::default()
        };
        BulkRequest { filter, dry_run: Some(true) }
    }
}

impl BulkSelection {
    /// The parts that are given and say nothing. A client that worked out which tasks it means, and
    /// came to none, must not meet all the others match.
    fn empty(&self) -> impl Iterator<Item = &'static str> {
        let parts = [
            ("states", self.states.as_ref().is_some_and(Vec::is_empty)),
            ("labels", self.labels.as_ref().is_some_and(BTreeMap::is_empty)),
            ("error_types", self.error_types.as_ref().is_some_and(Vec::is_empty)),
            ("q", self.q.as_ref().is_some_and(String::is_empty)),
        ];
        parts.into_iter().filter_map(|(field, empty)| empty.then_some(field))
    }
}

impl BulkRequest {
    /// The order it gives; what else is wrong with it, the engine says.
    pub fn into_order(self, action: BulkAction) -> Result<BulkOrder, Refusal> {
        let mut errors = Errors::default();
        let id = |field, text: &Option<String>| checks::optional_id(field, text.as_deref());
        let parent = errors.keep(id("filter.parent", &self.filter.parent));
        let schedule = errors.keep(id("filter.schedule", &self.filter.schedule));
        for field in self.filter.empty() {
            let message = "must not be empty; leave it out if it is not to matter";
            errors.take(Err(FieldError::new(format!("filter.{field}"), message)));
        }
        errors.none_or(())?;
        let mut states = self.filter.states.unwrap_or_default();
        states.sort_unstable();
        states.dedup();
        let mut error_types = self.filter.error_types.unwrap_or_default();
        error_types.sort_unstable();
        error_types.dedup();
        let filter = BulkFilter {
            states,
            queue: self.filter.queue,
            kind: self.filter.kind,
            labels: self.filter.labels.unwrap_or_default(),
            parent,
            schedule,
            created_after: self.filter.created_after,
            created_before: self.filter.created_before,
            error_types,
            q: self.filter.q,
        };
        Ok(BulkOrder { action, filter, dry_run: self.dry_run.unwrap_or(false) })
    }
}
