//! JSON that nobody looks into: kept as the text it came as.
//!
//! A task's input travels from the submitter to the worker through here. Parsing it into a tree
//! and writing it again would change numbers beyond 64 bits and the order of keys, so it stays text.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// How deep arrays and objects may nest, so that no reader downstream overflows its stack.
pub const MAX_DEPTH: usize = 128;

/// One valid JSON value, as text.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RawJson(Box<RawValue>);

impl RawJson {
    /// `text` must be JSON.
    pub fn parse(text: String) -> Result<Self, serde_json::Error> {
        RawValue::from_string(text).map(RawJson)
    }

    /// The JSON of a value of ours.
    pub fn of<T: Serialize + ?Sized>(value: &T) -> Result<Self, serde_json::Error> {
        serde_json::value::to_raw_value(value).map(RawJson)
    }

    pub fn empty_object() -> Self {
        RawJson(
            RawValue::from_string("{}".to_owned()).unwrap_or_else(|_| RawValue::NULL.to_owned()),
        )
    }

    pub fn get(&self) -> &str {
        self.0.get()
    }
}

impl PartialEq for RawJson {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}
impl Eq for RawJson {}

/// Why a text is refused although its grammar is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unacceptable {
    #[error("arrays and objects are nested more than {MAX_DEPTH} deep")]
    TooDeep,
    #[error("a number is too large for a double, so most readers could not read it (RFC 8259 §6)")]
    NumberTooLarge,
    #[error("a \\u escape is half of a surrogate pair without the other half")]
    LoneSurrogate,
}

/// One pass over a body before it is parsed: nesting, surrogates and the size of numbers, which the
/// parser does not check in values it skips. Anything else that is wrong is left to the parser, whose message is
/// better.
pub fn screen(text: &[u8]) -> Result<(), Unacceptable> {
    let mut depth = 0usize;
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        at += 1;
        match byte {
            b'[' | b'{' => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(Unacceptable::TooDeep);
                }
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            b'"' => at = screen_string(text, at)?,
            b'0'..=b'9' => at = screen_number(text, at - 1)?,
            _ => {}
        }
    }
    Ok(())
}

/// Walks a number from its first digit; returns the place behind it.
fn screen_number(text: &[u8], start: usize) -> Result<usize, Unacceptable> {
    let belongs = |byte: &u8| byte.is_ascii_digit() || b".eE+-".contains(byte);
    let length = text[start..].iter().take_while(|byte| belongs(byte)).count();
    let number = std::str::from_utf8(&text[start..start + length]).unwrap_or_default();
    match number.parse::<f64>() {
        Ok(value) if value.is_infinite() => Err(Unacceptable::NumberTooLarge),
        _ => Ok(start + length),
    }
}

/// Walks a string from behind its opening quote; returns the place behind its closing one.
fn screen_string(text: &[u8], mut at: usize) -> Result<usize, Unacceptable> {
    while let Some(&byte) = text.get(at) {
        match byte {
            b'"' => return Ok(at + 1),
            b'\\' => match code_unit(text, at) {
                Some(0xD800..=0xDBFF) => match code_unit(text, at + 6) {
                    Some(0xDC00..=0xDFFF) => at += 12,
                    _ => return Err(Unacceptable::LoneSurrogate),
                },
                Some(0xDC00..=0xDFFF) => return Err(Unacceptable::LoneSurrogate),
                Some(_) => at += 6,
                None => at += 2,
            },
            _ => at += 1,
        }
    }
    Ok(at)
}

/// The UTF-16 code unit of the `\uXXXX` at `at`, if one stands there.
fn code_unit(text: &[u8], at: usize) -> Option<u16> {
    let digits = text.get(at..at + 6)?.strip_prefix(b"\\u")?;
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_surrogate_pair_passes_and_half_of_one_does_not() {
        assert_eq!(screen(br#"{"a":"\ud83d\ude00 \u0000 \\ud800"}"#), Ok(()));
        for half in [r#""\ud83d""#, r#""\ude00""#, r#""\ud83d\ud83d""#, r#"{"\ud83dx":1}"#] {
            assert_eq!(screen(half.as_bytes()), Err(Unacceptable::LoneSurrogate), "{half}");
        }
    }

    #[test]
    fn a_number_no_double_can_hold_is_refused_and_a_long_one_is_not() {
        assert_eq!(screen(br#"[1e308, -1.5E+3, 12345678901234567890123, "1e400", 0]"#), Ok(()));
        for large in ["1e400", "[-2E9999]", r#"{"a":{"b":1e309}}"#] {
            assert_eq!(screen(large.as_bytes()), Err(Unacceptable::NumberTooLarge), "{large}");
        }
        assert_eq!(screen("9".repeat(400).as_bytes()), Err(Unacceptable::NumberTooLarge));
    }

    #[test]
    fn nesting_is_counted_outside_strings_only() {
        let deep = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
        assert_eq!(screen(deep(MAX_DEPTH).as_bytes()), Ok(()));
        assert_eq!(screen(deep(MAX_DEPTH + 1).as_bytes()), Err(Unacceptable::TooDeep));
        assert_eq!(screen(format!("\"{}\"", deep(500)).as_bytes()), Ok(()));
    }
}
