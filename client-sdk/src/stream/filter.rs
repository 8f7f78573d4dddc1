//! What a stream is about, in the words of each operation that is asked for it.

use std::collections::BTreeMap;

use crate::{
    error::Error,
    types::{Task, TaskState, WatchFilter},
};

/// The most ids that go into one URL; with more, a stream is asked for with a body.
pub(super) const MAX_IDS_IN_URL: usize = 150;

/// Which tasks a stream is about: all given parts must match, and within one part any of its values.
/// An empty filter is about every task outside the server's own queue.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EventFilter {
    /// By id; at most 500 in all filters of a stream together.
    pub tasks: Vec<String>,
    /// By queue.
    pub queue: Option<String>,
    /// By kind.
    pub kind: Option<String>,
    /// By state. A task that leaves these states is told by `stream.left`.
    pub states: Vec<TaskState>,
    /// By label, as `key=value`; all of them must match.
    pub labels: Vec<String>,
}

impl EventFilter {
    /// Whether it matches a task, whose id is known to be one of its own.
    pub(super) fn matches(&self, task: &Task) -> bool {
        let is = |wanted: &Option<String>, value: &str| {
            wanted.as_ref().is_none_or(|wanted| wanted == value)
        };
        let labelled = |label: &String| {
            let pair = label.split_once('=');
            pair.is_some_and(|(key, value)| task.labels.get(key).is_some_and(|one| one == value))
        };
        is(&self.queue, &task.queue)
            && is(&self.kind, &task.kind)
            && (self.states.is_empty() || self.states.contains(&task.state))
            && self.labels.iter().all(labelled)
    }

    /// The same in pieces that each fit into a URL.
    pub(super) fn in_pieces(&self) -> Vec<EventFilter> {
        if self.tasks.len() <= MAX_IDS_IN_URL {
            return vec![self.clone()];
        }
        let piece = |ids: &[String]| EventFilter { tasks: ids.to_vec(), ..self.clone() };
        self.tasks.chunks(MAX_IDS_IN_URL).map(piece).collect()
    }

    /// The same as a part of a body.
    pub(super) fn in_body(&self) -> Result<WatchFilter, Error> {
        let mut labels = BTreeMap::new();
        for label in &self.labels {
            let Some((key, value)) = label.split_once('=').filter(|(key, _)| !key.is_empty())
            else {
                return Err(Error::InvalidRequest(format!("label {label:?} is not key=value")));
            };
            let before = labels.insert(key.to_owned(), value.to_owned());
            if before.is_some_and(|before| before != value) {
                let reason = format!("the labels ask for two values of {key:?}");
                return Err(Error::InvalidRequest(reason));
            }
        }
        Ok(WatchFilter {
            tasks: self.tasks.clone(),
            queue: self.queue.clone(),
            kind: self.kind.clone(),
            states: self.states.clone(),
            labels,
            ..WatchFilter::default()
        })
    }
}

/// What a stream is about.
#[derive(Clone, Debug)]
pub(crate) enum Subject {
    Task(String),
    /// Every task that any of them matches.
    Filters(Vec<EventFilter>),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_that_no_task_can_have_are_refused_before_anything_is_sent() {
        let of = |labels: &[&str]| {
            let labels = labels.iter().map(|&label| label.to_owned()).collect();
            EventFilter { labels, ..Default::default() }.in_body().map(|filter| filter.labels)
        };
        let expected = [("a", "b=c"), ("d", "")].map(|(k, v)| (k.to_owned(), v.to_owned()));
        assert_eq!(of(&["a=b=c", "d=", "d="]).unwrap(), expected.into());
        for wrong in [&["a"][..], &["=a"], &["a=1", "a=2"]] {
            assert!(matches!(of(wrong), Err(Error::InvalidRequest(_))), "{wrong:?}");
        }
    }

    #[test]
    fn many_ids_are_asked_for_in_pieces() {
        let tasks: Vec<String> = (0..301).map(|n| n.to_string()).collect();
        let kind = Some("k".to_owned());
        let pieces = EventFilter { tasks: tasks.clone(), kind: kind.clone(), ..Default::default() }
            .in_pieces();
        let sizes: Vec<usize> = pieces.iter().map(|piece| piece.tasks.len()).collect();
        assert_eq!(sizes, [150, 150, 1]);
        assert!(pieces.iter().all(|piece| piece.kind == kind));
        let again: Vec<String> = pieces.into_iter().flat_map(|piece| piece.tasks).collect();
        assert_eq!(again, tasks);
    }
}
