//! Names in links: escaped, so that any name can stand there.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All that may stand for itself in a path's segment and in a query's value (RFC 3986 §2.3).
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A name as the value of a query's parameter.
pub fn value(name: &str) -> String {
    utf8_percent_encode(name, ESCAPED).to_string()
}

/// A name as a segment of a path.
pub fn segment(name: &str) -> String {
    let name = value(name);
    // A segment of dots only would be taken for a step up (RFC 3986 §5.2.4).
    if matches!(name.as_str(), "." | "..") { name.replace('.', "%2E") } else { name }
}
