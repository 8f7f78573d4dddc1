//! What a watcher of many tasks asks for, where a URL has no room for it.

use std::collections::BTreeMap;

use poem_openapi::{Object, types::Example};
use serde::Deserialize;

use crate::{
    api::{
        limits::{MAX_FILTERS_PER_EVENT_STREAM, MAX_TASKS_PER_EVENT_STREAM},
        params::StreamFrom,
        strict,
    },
    domain::{
        FieldError, Filter, Filters, Labels, Refusal, State,
        checks::{self, Errors},
    },
    stream::subscription::WatchEvents,
};

const MAX_SECONDS: u64 = 86_400;

/// Which tasks: all given parts must match, and within one part any of its values. `null` is the
/// same as leaving a field out.
#[derive(Debug, Default, Object, Deserialize)]
#[oai(skip_serializing_if_is_none)]
#[serde(deny_unknown_fields)]
pub struct WatchFilter {
    /// These tasks: 1 to 500 ids.
    #[oai(validator(min_items = 1, max_items = 500))]
    pub tasks: Option<Vec<String>>,
    /// Tasks in this queue.
    pub queue: Option<String>,
    /// Tasks of this kind.
    pub kind: Option<String>,
    /// Tasks in any of these states.
    #[oai(validator(min_items = 1))]
    #[serde(default, deserialize_with = "strict::optional_words")]
    pub states: Option<Vec<State>>,
    /// Tasks that ended with an error of any of these types.
    #[oai(validator(min_items = 1, max_items = 20))]
    pub error_types: Option<Vec<String>>,
    /// Tasks with all of these labels.
    pub labels: Option<BTreeMap<String, String>>,
}

/// A stream to be opened. `null` is the same as leaving a field out.
#[derive(Debug, Default, Object, Deserialize)]
#[oai(example, skip_serializing_if_is_none)]
#[serde(deny_unknown_fields)]
pub struct WatchRequest {
    /// A task is watched when any of them matches it: 1 to 64 filters, which name at most 500 ids
    /// together. Without them, every task is.
    #[oai(validator(min_items = 1, max_items = 64))]
    #[serde(default, deserialize_with = "strict::optional_objects")]
    pub filters: Option<Vec<WatchFilter>>,
    /// What is new in `filters` since the stream was last open. Where `after` can be used, the tasks
    /// these match come first, in `stream.snapshot` frames with `fresh: true`; without it they are
    /// part of the snapshot in any case. Bounded like `filters`.
    #[oai(validator(max_items = 64))]
    #[serde(default, deserialize_with = "strict::optional_objects")]
    pub fresh: Option<Vec<WatchFilter>>,
    /// Go on after this cursor. Goes before `from`; the header `Last-Event-ID` goes before both.
    pub after: Option<String>,
    /// `start`: without a cursor, send every event that is kept in place of a snapshot.
    #[serde(default, deserialize_with = "strict::optional_word")]
    pub from: Option<StreamFrom>,
    /// At most that many progress events a second of each task, the newest of them; all other
    /// events come as they are. More than 0.
    pub max_rate: Option<f64>,
    /// End the stream after that many seconds, 1 to 86400; it can be resumed.
    #[oai(validator(minimum(value = "1"), maximum(value = "86400")))]
    pub max_seconds: Option<u64>,
}

impl Example for WatchRequest {
    fn example() -> Self {
        let running = WatchFilter { states: Some(vec![State::Running]), ..WatchFilter::default() };
        let albums = WatchFilter {
            kind: Some("thumbnails".to_owned()),
            labels: Some(Labels::from([("album".to_owned(), "summer".to_owned())])),
            ..WatchFilter::default()
        };
        WatchRequest {
            filters: Some(vec![running, albums]),
            max_rate: Some(10.0),
            max_seconds: Some(10),
            ..WatchRequest::default()
        }
    }
}

impl WatchRequest {
    /// The request, or everything that is wrong with it.
    pub fn into_watch(self, last_event_id: Option<String>) -> Result<WatchEvents, Refusal> {
        let mut errors = Errors::default();
        if self.filters.as_ref().is_some_and(Vec::is_empty) {
            let message = "must have a filter; leave it out to watch every task";
            errors.take(checks::error("filters", message));
        }
        let mut read = |field, filters: Option<Vec<WatchFilter>>| {
            filters.map(|filters| read_filters(field, filters, &mut errors))
        };
        let filters = read("filters", self.filters).unwrap_or_default();
        let fresh = read("fresh", self.fresh).filter(|fresh| !fresh.0.is_empty());
        if let Some(seconds) = self.max_seconds {
            errors.take(checks::range("max_seconds", seconds, 1, MAX_SECONDS));
        }
        errors.none_or(WatchEvents {
            filters,
            fresh,
            cursor: last_event_id.or(self.after),
            from_start: self.from.is_some(),
            max_seconds: self.max_seconds,
            max_rate: self.max_rate,
        })
    }
}

fn read_filters(field: &str, filters: Vec<WatchFilter>, errors: &mut Errors) -> Filters {
    if filters.len() > MAX_FILTERS_PER_EVENT_STREAM {
        let message = format!("must have at most {MAX_FILTERS_PER_EVENT_STREAM} entries");
        errors.take(checks::error(field, message));
        return Filters(Vec::new());
    }
    let mut ids_left = MAX_TASKS_PER_EVENT_STREAM;
    let read = filters.into_iter().enumerate().map(|(at, filter)| {
        let place = format!("{field}[{at}]");
        errors.keep(filter.into_filter(&place, &mut ids_left))
    });
    Filters(read.collect())
}

impl WatchFilter {
    /// The filter, or the first thing that is wrong with it; `place` is where it stands in the
    /// request, and `ids_left` how many ids the request may still name.
    fn into_filter(self, place: &str, ids_left: &mut usize) -> Result<Filter, FieldError> {
        let mut filter = Filter {
            queues: self.queue.into_iter().collect(),
            kinds: self.kind.into_iter().collect(),
            labels: self.labels.unwrap_or_default(),
            ..Filter::default()
        };
        if let Some(tasks) = self.tasks {
            let field = format!("{place}.tasks");
            *ids_left = ids_left.checked_sub(tasks.len()).ok_or_else(|| {
                let most = MAX_TASKS_PER_EVENT_STREAM;
                FieldError::new(
                    &*field,
                    format!("must name at most {most} tasks with those before"),
                )
            })?;
            // To whoever watches what is in a list, an empty one is not the same as every task.
            if tasks.is_empty() {
                return Err(FieldError::new(field, "must name a task; leave it out for any"));
            }
            for (at, task) in tasks.iter().enumerate() {
                filter.tasks.insert(checks::id(&format!("{field}[{at}]"), task)?);
            }
        }
        if let Some(states) = self.states {
            if states.is_empty() {
                let message = "must name a state; leave it out for any";
                return Err(FieldError::new(format!("{place}.states"), message));
            }
            filter.states = states;
        }
        if let Some(types) = self.error_types {
            let field = format!("{place}.error_types");
            if types.is_empty() {
                return Err(FieldError::new(field, "must name a type; leave it out for any error"));
            }
            checks::names(&field, &types, Filter::MAX_ERROR_TYPES)?;
            filter.error_types = types;
        }
        Ok(filter)
    }
}
