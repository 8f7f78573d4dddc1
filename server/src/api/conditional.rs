//! Conditional requests (RFC 9110 §13): what a client holds already, and what it insists on.

use sha2::{Digest, Sha256};

use super::{preference::split_outside_quotes, problem::Problem};
use crate::domain::{Position, TaskView};

/// The revision of a task: the position of its last event, which every visible change moves on.
pub fn task_tag(task: &TaskView) -> String {
    format!("\"{}\"", task.cursor.position)
}

/// A hash of what an answer says, for lists.
pub fn body_tag(bytes: &[u8]) -> String {
    format!("\"{}\"", hex(&Sha256::digest(bytes)[..12]))
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether `If-None-Match` names `tag`. The comparison is the weak one (RFC 9110 §13.1.2), and
/// what is no tag matches nothing.
pub fn none_match_holds(header: &str, tag: &str) -> bool {
    split_outside_quotes(header, ',').into_iter().map(str::trim).any(|candidate| {
        candidate == "*" || candidate.strip_prefix("W/").unwrap_or(candidate) == tag
    })
}

/// What `If-Match` insists on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Insisted {
    /// Nothing beyond the task being there.
    Any,
    /// One of these revisions. Tags that are weak or not of our making name none (RFC 9110
    /// §13.1.1: the strong comparison), so the list may be empty.
    Revisions(Vec<Position>),
}

impl Insisted {
    pub fn parse(header: Option<&str>) -> Result<Self, Problem> {
        let Some(header) = header else { return Ok(Insisted::Any) };
        if header.trim() == "*" {
            return Ok(Insisted::Any);
        }
        let mut revisions = Vec::new();
        for tag in split_outside_quotes(header, ',').into_iter().map(str::trim) {
            let strong = tag.strip_prefix("W/").unwrap_or(tag);
            let inner = strong.strip_prefix('"').and_then(|tag| tag.strip_suffix('"'));
            let Some(inner) = inner else {
                let message = "must be an ETag as the server gave it, with its quotes, or *";
                return Err(Problem::field("If-Match", message));
            };
            if strong.len() == tag.len() {
                revisions.extend(inner.parse::<Position>().ok());
            }
        }
        Ok(Insisted::Revisions(revisions))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn if_none_match_takes_lists_weak_tags_and_the_star() {
        for header in ["\"7\"", "W/\"7\"", "*", "\"1\", \"7\"", "\"1\",W/\"7\" , \"9\""] {
            assert!(none_match_holds(header, "\"7\""), "{header}");
        }
        for header in ["", "7", "\"8\"", "\"77\"", "\"1, 7\"", "w/\"7\"", "\u{fffd}"] {
            assert!(!none_match_holds(header, "\"7\""), "{header}");
        }
    }

    #[test]
    fn if_match_names_revisions_and_weak_tags_name_none() {
        let revisions = |header| match Insisted::parse(Some(header)) {
            Ok(Insisted::Revisions(revisions)) => revisions,
            other => panic!("{header}: {other:?}"),
        };
        assert_eq!(revisions("\"7\""), [7]);
        assert_eq!(revisions("\"7\", \"9\""), [7, 9]);
        assert_eq!(revisions("W/\"7\", \"abc\""), Vec::<u64>::new());
        assert_eq!(Insisted::parse(Some("*")).ok(), Some(Insisted::Any));
        assert_eq!(Insisted::parse(None).ok(), Some(Insisted::Any));
        assert!(Insisted::parse(Some("7")).is_err());
    }
}
