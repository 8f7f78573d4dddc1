//! Conditional requests (RFC 9110 §13): what a client holds already, and what it insists on.

use sha2::{Digest, Sha256};

use super::{params::HeaderText, preference::split_outside_quotes, problem::Problem};
use crate::domain::{Precondition, Revision, TaskView, precondition::Tags};

/// The revision of a task: the position of its last event, which every visible change moves on.
pub fn task_tag(task: &TaskView) -> String {
    revision_tag(task.cursor.position)
}

/// A hash of what an answer says, for lists.
pub fn body_tag(bytes: &[u8]) -> String {
    format!("\"{}\"", body_hash(bytes))
}

/// How much of a hash stands in a tag.
const HASH_BYTES: usize = 12;

fn body_hash(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes)[..HASH_BYTES])
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

/// A revision as an entity tag.
pub fn revision_tag(revision: Revision) -> String {
    format!("\"{revision}\"")
}

/// The tag of an answer that shows more than what its revision counts, e.g. a queue with its tasks:
/// the revision, for who changes it, and a hash of the answer, for who holds it already.
pub fn revised_tag(revision: Revision, bytes: &[u8]) -> String {
    format!("\"{revision}-{}\"", body_hash(bytes))
}

/// What a request with `If-Match` insists on.
pub fn if_match(header: &HeaderText) -> Result<Precondition, Problem> {
    Ok(Precondition { if_match: tags("If-Match", header)?, if_none_match: None })
}

/// What a request that makes or replaces something insists on.
pub fn for_put(if_match: &HeaderText, if_none_match: &HeaderText) -> Result<Precondition, Problem> {
    Ok(Precondition {
        if_match: tags("If-Match", if_match)?,
        if_none_match: tags("If-None-Match", if_none_match)?,
    })
}

/// The revisions that a header names. `If-Match` is compared strongly and `If-None-Match` weakly (RFC
/// 9110 §13.1), so a weak tag names a revision only to the second.
fn tags(name: &str, header: &HeaderText) -> Result<Option<Tags>, Problem> {
    let Some(text) = header.as_deref() else { return Ok(None) };
    if text.trim() == "*" {
        return Ok(Some(Tags::Any));
    }
    let mut revisions = Vec::new();
    // Empty elements of a list are passed over (RFC 9110 §5.6.1.2), but one tag there must be.
    let elements = || split_outside_quotes(text, ',').into_iter().map(str::trim);
    let none = elements().all(str::is_empty);
    for tag in elements().filter(|tag| none || !tag.is_empty()) {
        let strong = tag.strip_prefix("W/").unwrap_or(tag);
        let inner = strong.strip_prefix('"').and_then(|tag| tag.strip_suffix('"'));
        let Some(inner) = inner.filter(|inner| !inner.contains('"')) else {
            let message = "must be an ETag as the server gave it, with its quotes, or *";
            return Err(Problem::field(name, message));
        };
        if strong.len() == tag.len() || name == "If-None-Match" {
            revisions.extend(revision_of(inner));
        }
    }
    Ok(Some(Tags::Revisions(revisions)))
}

/// The revision in a tag of [`revision_tag`] or [`revised_tag`]; any other tag has none.
fn revision_of(tag: &str) -> Option<Revision> {
    let number = match tag.split_once('-') {
        Some((number, hash)) if is_hash(hash) => number,
        Some(_) => return None,
        None => tag,
    };
    // A tag is the same only letter by letter, so `+7` and `07` are not 7.
    number.parse().ok().filter(|revision: &Revision| revision.to_string() == number)
}

fn is_hash(text: &str) -> bool {
    text.len() == 2 * HASH_BYTES
        && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
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

    fn header(text: &str) -> HeaderText {
        HeaderText(Some(text.to_owned()))
    }

    /// The revisions that both headers name.
    fn named(text: &str) -> [Option<Tags>; 2] {
        let named = for_put(&header(text), &header(text)).expect("tags");
        [named.if_match, named.if_none_match]
    }

    #[test]
    fn tags_name_revisions_and_a_weak_one_does_so_only_to_if_none_match() {
        let of = |revisions: &[Revision]| Some(Tags::Revisions(revisions.to_vec()));
        assert_eq!(named("\"7\""), [of(&[7]), of(&[7])]);
        assert_eq!(named("\"7\" ,\"9\""), [of(&[7, 9]), of(&[7, 9])]);
        assert_eq!(named("W/\"7\", \"abc\""), [of(&[]), of(&[7])]);
        assert_eq!(named(" * "), [Some(Tags::Any), Some(Tags::Any)]);
        assert_eq!(if_match(&HeaderText(None)).ok(), Some(Precondition::default()));
        assert_eq!(named(", \"7\",,"), [of(&[7]), of(&[7])]);
        for text in ["7", "", ",", "\"", "\"7\" \"7\"", "w/\"7\"", "\"7\", *"] {
            assert!(if_match(&header(text)).is_err(), "{text}");
        }
    }

    #[test]
    fn a_tag_with_a_hash_names_the_revision_before_it() {
        let tag = revised_tag(12, b"{}");
        assert_eq!(named(&tag)[0], Some(Tags::Revisions(vec![12])));
        assert_eq!(named(&revision_tag(12)), named(&tag));
        assert_ne!(revised_tag(12, b"{}"), revised_tag(12, b"[]"));
        assert_ne!(revised_tag(12, b"{}"), revised_tag(13, b"{}"));
        for text in ["\"12-\"", "\"12-x\"", "\"+12\"", "\"012\"", &body_tag(b"{}")] {
            assert_eq!(named(text)[0], Some(Tags::Revisions(vec![])), "{text}");
        }
    }
}
