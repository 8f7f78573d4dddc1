//! Which tasks, as a query says it.

use super::{limits::MAX_TASKS_PER_STREAM, params::StateParam};
use crate::domain::{
    FieldError, Filter, Labels, Refusal,
    checks::{self, Errors},
};

/// The parameters of a filter as they came.
#[derive(Debug, Default)]
pub struct FilterParams {
    pub tasks: Option<Vec<String>>,
    pub states: Option<Vec<StateParam>>,
    pub queue: Option<String>,
    pub kind: Option<String>,
    pub labels: Option<Vec<String>>,
    pub parent: Option<String>,
    pub error_types: Option<Vec<String>>,
}

impl FilterParams {
    /// The filter, or everything that is wrong with it.
    pub fn into_filter(self) -> Result<Filter, Refusal> {
        let mut errors = Errors::default();
        let mut filter = Filter {
            states: self.states.unwrap_or_default().into_iter().map(|state| state.0).collect(),
            queues: self.queue.into_iter().collect(),
            kinds: self.kind.into_iter().collect(),
            parent: errors.keep(checks::optional_id("parent", self.parent.as_deref())),
            ..Filter::default()
        };
        let error_types = self.error_types.unwrap_or_default();
        errors.take(checks::names("error_type", &error_types, Filter::MAX_ERROR_TYPES));
        filter.error_types = error_types;
        let tasks = self.tasks.unwrap_or_default();
        if tasks.len() > MAX_TASKS_PER_STREAM {
            let message = format!("must name at most {MAX_TASKS_PER_STREAM} tasks");
            errors.take(checks::error("task", message));
        }
        for task in &tasks {
            filter.tasks.extend(errors.keep(checks::id("task", task).map(Some)));
        }
        filter.labels = errors.keep(labels(self.labels.unwrap_or_default()));
        errors.none_or(filter)
    }
}

/// Labels as `key=value`; a value may contain `=`, a key cannot.
fn labels(pairs: Vec<String>) -> Result<Labels, FieldError> {
    let mut labels = Labels::new();
    for pair in pairs {
        let Some((key, value)) = pair.split_once('=').filter(|(key, _)| !key.is_empty()) else {
            return Err(FieldError::new("label", "must be key=value"));
        };
        let before = labels.insert(key.to_owned(), value.to_owned());
        if before.is_some_and(|before| before != value) {
            let message = format!("asks for two values of {key:?}, and a task has only one");
            return Err(FieldError::new("label", message));
        }
    }
    Ok(labels)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_pairs_and_must_agree() {
        let of = |pairs: &[&str]| labels(pairs.iter().map(|&pair| pair.to_owned()).collect());
        assert_eq!(of(&["a=b=c", "d="]).map(|labels| labels.len()), Ok(2));
        assert!(of(&["a"]).is_err() && of(&["=a"]).is_err() && of(&["a=1", "a=2"]).is_err());
    }
}
