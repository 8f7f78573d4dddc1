//! Which tasks a list or a stream is about.

use std::collections::BTreeSet;

use super::{
    name::{Labels, TaskId, is_reserved},
    task::State,
};

/// All given parts must match; within a part, any of its values. An empty filter matches every task
/// outside the server's own queue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    pub tasks: BTreeSet<TaskId>,
    pub queues: Vec<String>,
    pub kinds: Vec<String>,
    pub states: Vec<State>,
    /// All of them must be there.
    pub labels: Labels,
    pub parent: Option<TaskId>,
    /// Of the error it ended with; a task without one has none of them.
    pub error_types: Vec<String>,
}

/// Several filters as one: a task matches when it matches any of them. Without one, none matches.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Filters(pub Vec<Filter>);

/// What a filter looks at in a task.
#[derive(Clone, Copy, Debug)]
pub struct Facets<'a> {
    pub id: &'a TaskId,
    pub queue: &'a str,
    pub kind: &'a str,
    pub state: State,
    pub labels: &'a Labels,
    pub parent: Option<&'a TaskId>,
    pub error_type: Option<&'a str>,
}

/// What an event means to a watcher.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The task matches after the event.
    Deliver,
    /// It matched before the event and does no more.
    Left,
    /// It is of no concern.
    Skip,
}

impl Filter {
    /// How many types of errors one filter may name: each is a walk of its own through the index.
    pub const MAX_ERROR_TYPES: usize = 20;

    pub fn matches(&self, task: Facets<'_>) -> bool {
        let any = |wanted: &[String], value: &str| {
            wanted.is_empty() || wanted.iter().any(|one| one == value)
        };
        // The server's own tasks show only to who asks for their queue, or for them by id.
        let hidden = is_reserved(task.queue) && self.queues.is_empty() && self.tasks.is_empty();
        !hidden
            && (self.tasks.is_empty() || self.tasks.contains(task.id))
            && any(&self.queues, task.queue)
            && any(&self.kinds, task.kind)
            && (self.states.is_empty() || self.states.contains(&task.state))
            && self.labels.iter().all(|(key, value)| task.labels.get(key) == Some(value))
            && (self.parent.is_none() || self.parent.as_ref() == task.parent)
            && (self.error_types.is_empty()
                || task.error_type.is_some_and(|value| any(&self.error_types, value)))
    }
}

impl Filters {
    pub fn matches(&self, task: Facets<'_>) -> bool {
        self.0.iter().any(|filter| filter.matches(task))
    }

    /// Held against an event: `before` is the task as the event found it (nothing, if the event made
    /// it), `after` as it left it.
    pub fn verdict(&self, before: Option<Facets<'_>>, after: Facets<'_>) -> Verdict {
        if self.matches(after) {
            Verdict::Deliver
        } else if before.is_some_and(|before| self.matches(before)) {
            Verdict::Left
        } else {
            Verdict::Skip
        }
    }
}

impl From<Filter> for Filters {
    fn from(filter: Filter) -> Self {
        Filters(vec![filter])
    }
}

impl Default for Filters {
    /// Every task outside the server's own queue.
    fn default() -> Self {
        Filter::default().into()
    }
}
