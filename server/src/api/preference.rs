//! `Prefer: wait=N` (RFC 7240): how long a client would like to wait for something to happen.

use std::time::Duration;

use super::limits::MAX_WAIT_SECONDS;

/// The wait asked for, at most a minute. Preferences are wishes: what cannot be understood is
/// passed over (RFC 7240 §2), and of several waits the first counts.
pub fn wait(prefer: Option<&str>) -> Option<Duration> {
    let seconds = split_outside_quotes(prefer?, ',').into_iter().find_map(|preference| {
        let first = split_outside_quotes(preference, ';').into_iter().next()?;
        let (name, value) = first.split_once('=')?;
        name.trim().eq_ignore_ascii_case("wait").then(|| seconds(value.trim()))
    })??;
    (seconds > 0).then(|| Duration::from_secs(seconds))
}

fn seconds(value: &str) -> Option<u64> {
    let digits = value.strip_prefix('"').and_then(|v| v.strip_suffix('"')).unwrap_or(value);
    let number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    // More digits than fit are more seconds than anybody waits.
    number.then(|| digits.parse().unwrap_or(u64::MAX).min(MAX_WAIT_SECONDS))
}

/// Splits a list of HTTP fields; what stands in quotes is one piece.
pub fn split_outside_quotes(text: &str, separator: char) -> Vec<&str> {
    let (mut parts, mut start) = (Vec::new(), 0);
    let (mut quoted, mut escaped) = (false, false);
    for (at, letter) in text.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if letter == separator && !quoted => {
                parts.push(&text[start..at]);
                start = at + letter.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds_of(prefer: &str) -> Option<u64> {
        wait(Some(prefer)).map(|wait| wait.as_secs())
    }

    #[test]
    fn the_wait_is_found_among_other_preferences() {
        for (prefer, expected) in [
            ("wait=10", Some(10)),
            ("Wait = 7", Some(7)),
            ("wait=\"5\"", Some(5)),
            ("respond-async, wait=10; foo=bar", Some(10)),
            ("x=\"a, wait=3\", wait=4", Some(4)),
            ("x=\"a\\\", wait=3\", wait=4", Some(4)),
            ("wait=3, wait=9", Some(3)),
        ] {
            assert_eq!(seconds_of(prefer), expected, "{prefer}");
        }
    }

    #[test]
    fn a_wait_is_never_longer_than_a_minute() {
        assert_eq!(seconds_of("wait=61"), Some(60));
        assert_eq!(seconds_of("wait=99999999999999999999999999"), Some(60));
    }

    #[test]
    fn what_cannot_be_understood_is_passed_over() {
        for prefer in
            ["", "wait", "wait=", "wait=abc", "wait=-1", "wait=0", "awaits=3", "\"", ",;="]
        {
            assert_eq!(seconds_of(prefer), None, "{prefer}");
        }
        assert_eq!(wait(None), None);
    }
}
