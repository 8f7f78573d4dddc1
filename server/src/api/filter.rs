//! Which tasks, as a query says it; and pages of them.

use poem::http::Uri;

use super::{limits::MAX_TASKS_PER_STREAM, params::StateParam, problem::Problem};
use crate::domain::{
    FieldError, Filter, Labels, Position, Refusal,
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

/// A page token. What is in it is nobody's business but ours.
pub fn page_token(below: Position) -> String {
    format!("{below:x}")
}

pub fn page_position(token: &str) -> Result<Position, Problem> {
    let hex = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_hexdigit());
    hex.then(|| Position::from_str_radix(token, 16).ok()).flatten().ok_or_else(|| {
        Problem::field("page", "must be the next_page of an earlier page, or be left out")
    })
}

/// The `Link` to the next page: this request with another `page` (RFC 8288).
pub fn next_link(uri: &Uri, page: &str) -> String {
    let mut query = String::new();
    for part in uri.query().unwrap_or_default().split('&') {
        if !part.is_empty() && part != "page" && !part.starts_with("page=") {
            query.push_str(part);
            query.push('&');
        }
    }
    let query = query.replace('<', "%3C").replace('>', "%3E").replace('"', "%22");
    format!("<{}?{query}page={page}>; rel=\"next\"", uri.path())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_token_round_trips_and_garbage_names_its_field() {
        for position in [0, 1, 255, Position::MAX] {
            assert_eq!(page_position(&page_token(position)).ok(), Some(position));
        }
        for garbage in ["", "xyz", "-1", "+1", "0x1", "11111111111111111"] {
            assert!(page_position(garbage).is_err(), "{garbage:?}");
        }
    }

    #[test]
    fn the_next_link_keeps_the_other_parameters() {
        let uri = Uri::from_static("/api/v1/tasks?state=queued&page=9&label=a%3Db&paged=1");
        assert_eq!(
            next_link(&uri, "ff"),
            "</api/v1/tasks?state=queued&label=a%3Db&paged=1&page=ff>; rel=\"next\""
        );
        let bare = Uri::from_static("/api/v1/tasks");
        assert_eq!(next_link(&bare, "1"), "</api/v1/tasks?page=1>; rel=\"next\"");
    }

    #[test]
    fn labels_are_pairs_and_must_agree() {
        let of = |pairs: &[&str]| labels(pairs.iter().map(|&pair| pair.to_owned()).collect());
        assert_eq!(of(&["a=b=c", "d="]).map(|labels| labels.len()), Ok(2));
        assert!(of(&["a"]).is_err() && of(&["=a"]).is_err() && of(&["a=1", "a=2"]).is_err());
    }
}
