//! What is asked of many tasks at once.

use std::collections::BTreeMap;

use poem_openapi::{Object, types::Example};
use serde::Deserialize;

use crate::{
    api::strict,
    domain::{
        Labels, Refusal, State, Timestamp,
        bulk::{BulkAction, BulkFilter, BulkOrder},
        checks,
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
    pub states: Option<Vec<State>>,
    /// In this queue.
    pub queue: Option<String>,
    /// Of this kind.
    pub kind: Option<String>,
    /// With all of these labels.
    #[oai(validator(max_properties = 32))]
    pub labels: Option<BTreeMap<String, String>>,
    /// Parts of this task.
    pub parent: Option<String>,
    /// Created after this time.
    pub created_after: Option<Timestamp>,
    /// Created before this time.
    pub created_before: Option<Timestamp>,
    /// With this text in the id or the kind, whatever the case: at most 128 characters.
    #[oai(validator(max_length = 128))]
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

impl BulkRequest {
    /// The order it gives; what else is wrong with it, the engine says.
    pub fn into_order(self, action: BulkAction) -> Result<BulkOrder, Refusal> {
        let BulkSelection { parent, .. } = &self.filter;
        let parent = checks::optional_id("filter.parent", parent.as_deref())
            .map_err(|error| Refusal::Invalid(vec![error]))?;
        let mut states = self.filter.states.unwrap_or_default();
        states.sort_unstable();
        states.dedup();
        let filter = BulkFilter {
            states,
            queue: self.filter.queue,
            kind: self.filter.kind,
            labels: self.filter.labels.unwrap_or_default(),
            parent,
            created_after: self.filter.created_after,
            created_before: self.filter.created_before,
            q: self.filter.q.filter(|text| !text.is_empty()),
        };
        Ok(BulkOrder { action, filter, dry_run: self.dry_run.unwrap_or(false) })
    }
}
