//! `Idempotency-Key`: the client's word for one request, so that sending it again does no harm.

use sha2::{Digest, Sha256};

use super::{conditional::hex, params::HeaderText, problem::Problem};
use crate::engine::IdempotencyKey;

/// The key with what it came with. Quotes around it are optional: the IETF draft makes it a
/// structured string, most clients send it bare. `request` is only asked for where there is one.
pub fn key(
    operation: &str,
    header: &HeaderText,
    path: &str,
    request: impl FnOnce() -> String,
) -> Result<Option<IdempotencyKey>, Problem> {
    let Some(text) = header.as_deref() else { return Ok(None) };
    let text = text.trim();
    let key = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    let printable = key.bytes().all(|byte| matches!(byte, 0x20..=0x7e));
    if key.is_empty() || key.len() > 255 || !printable {
        let message = "must be 1 to 255 printable ASCII characters, e.g. a UUID";
        return Err(Problem::field("Idempotency-Key", message));
    }
    Ok(Some(IdempotencyKey {
        scope: operation.to_owned(),
        key: key.to_owned(),
        request_hash: request_hash(operation, path, &request()),
    }))
}

/// A hash of what was asked: the same request has the same one, however its JSON was spelled.
pub fn request_hash(operation: &str, path: &str, request: &str) -> String {
    let mut hash = Sha256::new();
    for part in [operation, path, request] {
        // The length keeps "ab" + "c" apart from "a" + "bc".
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hex(&hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(header: &str) -> Result<Option<IdempotencyKey>, Problem> {
        key("createTask", &HeaderText(Some(header.to_owned())), "/api/v1/tasks", || "{}".to_owned())
    }

    #[test]
    fn quotes_around_a_key_do_not_count() {
        let bare = of("one-2").ok().flatten();
        assert!(bare.is_some());
        assert_eq!(bare, of("\"one-2\"").ok().flatten());
    }

    #[test]
    fn a_key_that_is_empty_too_long_or_not_printable_is_refused() {
        for bad in ["", "\"\"", "a\u{7}b", "schlüssel", &"x".repeat(256)] {
            assert!(of(bad).is_err(), "{bad:?}");
        }
        assert!(of(&"x".repeat(255)).is_ok());
    }

    #[test]
    fn the_hash_tells_operation_path_and_body_apart() {
        let hashes = [
            request_hash("a", "b", "c"),
            request_hash("ab", "", "c"),
            request_hash("a", "bc", ""),
            request_hash("a", "b", "d"),
        ];
        for (at, hash) in hashes.iter().enumerate() {
            assert!(!hashes[..at].contains(hash));
        }
    }
}
