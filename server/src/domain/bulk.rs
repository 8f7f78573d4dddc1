//! One thing done to many tasks.

use serde::{Deserialize, Serialize};

use super::{
    checks::{self, Errors},
    cursor::Position,
    filter::Filter,
    name::{Labels, TaskId},
    refusal::{FieldError, Refusal},
    schedule::ScheduleId,
    task::State,
    time::Timestamp,
};

/// The longest text to look for.
const MAX_TEXT: usize = 128;

/// What is done to each of the tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BulkAction {
    Cancel,
    Retry,
    Delete,
}

impl BulkAction {
    pub const ALL: [BulkAction; 3] = [BulkAction::Cancel, BulkAction::Retry, BulkAction::Delete];

    /// The kind of the run that does it.
    pub fn kind(self) -> &'static str {
        match self {
            BulkAction::Cancel => "milepost.bulk.cancel",
            BulkAction::Retry => "milepost.bulk.retry",
            BulkAction::Delete => "milepost.bulk.delete",
        }
    }

    /// The states in which it can be done.
    pub fn states(self) -> &'static [State] {
        match self {
            BulkAction::Cancel => {
                &[State::Scheduled, State::Queued, State::Running, State::Retrying]
            }
            BulkAction::Retry => &[State::Failed, State::Cancelled],
            BulkAction::Delete => &[State::Succeeded, State::Failed, State::Cancelled],
        }
    }
}

/// Which tasks, as listTasks would find them. All given parts must match.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkFilter {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub states: Vec<State>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// All of them must be there.
    #[serde(default, skip_serializing_if = "Labels::is_empty")]
    pub labels: Labels,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<TaskId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<ScheduleId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_after: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_before: Option<Timestamp>,
    /// Any of them, of the error it ended with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub error_types: Vec<String>,
    /// A part of the id or the kind, whatever the case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
}

/// What is to be done, as it stands in the run's `input`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkOrder {
    pub action: BulkAction,
    pub filter: BulkFilter,
    /// Only counts.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub dry_run: bool,
}

impl BulkOrder {
    /// # Errors
    /// Every field that is wrong. A filter that says nothing is refused: a client that lost its own by
    /// mistake would else meet every task there is.
    pub fn check(&self) -> Result<(), Refusal> {
        let mut errors = Errors::default();
        let filter = &self.filter;
        if *filter == BulkFilter::default() {
            let message = "must say which tasks; for all of them, name the states";
            errors.take(Err(FieldError::new("filter", message)));
        }
        let mut of_filter = Errors::default();
        of_filter.take(checks::labels(&filter.labels));
        let names = [("queue", &filter.queue), ("kind", &filter.kind)];
        for (field, name) in names.into_iter().filter_map(|(f, name)| Some((f, name.as_ref()?))) {
            of_filter.take(checks::name(field, name));
        }
        let most = Filter::MAX_ERROR_TYPES;
        of_filter.take(checks::names("error_types", &filter.error_types, most));
        of_filter.take(checks::at_most("q", filter.q.as_deref(), MAX_TEXT));
        errors.take_under("filter", of_filter);
        if !filter.states.is_empty() && self.states().is_empty() {
            let able: Vec<&str> = self.action.states().iter().map(|state| state.as_str()).collect();
            let message = format!("must have one of {}", able.join(", "));
            errors.take(Err(FieldError::new("filter.states", message)));
        }
        errors.none_or(())
    }

    /// The states it is about.
    pub fn states(&self) -> Vec<State> {
        let wanted = &self.filter.states;
        let able = self.action.states().iter().copied();
        able.filter(|state| wanted.is_empty() || wanted.contains(state)).collect()
    }

    /// What the tasks are found by.
    pub fn filter(&self) -> Filter {
        let BulkFilter { queue, kind, labels, parent, error_types, .. } = self.filter.clone();
        Filter {
            states: self.states(),
            queues: queue.into_iter().collect(),
            kinds: kind.into_iter().collect(),
            labels,
            parent,
            error_types,
            ..Filter::default()
        }
    }
}

/// What a run leaves behind as its checkpoint, to go on from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkState {
    /// Tasks that came later are left alone, else a run might never end.
    pub until: Position,
    /// How many tasks there are to do; nothing while they are counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    /// Tasks with a `seq` below this are to be looked at yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<Position>,
    pub counted: u64,
    pub changed: u64,
    pub skipped: u64,
}

/// What a run came to: its `output`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkResult {
    pub action: BulkAction,
    pub dry_run: bool,
    /// How many tasks matched when the run began.
    pub matched: u64,
    /// How many were changed.
    pub changed: u64,
    /// How many were in another state, or gone, when their turn came.
    pub skipped: u64,
}
