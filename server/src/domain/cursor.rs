//! A position in the log, and the epoch that says which log.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A position in the log. The first event has position 1; 0 is before everything.
pub type Position = u64;

/// Random per database, so that a cursor of another database (restored, replaced) is recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Epoch(pub u32);

impl fmt::Display for Epoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", self.0)
    }
}

/// `<epoch>.<position>`: what a stream sends as `id:` and takes back as `Last-Event-ID`.
///
/// Short and made of `[0-9a-f.]` only: a long `Last-Event-ID`, or one with other characters, would
/// cost a cross-origin EventSource a preflight it cannot send (Fetch standard, CORS-safelisting).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Cursor {
    pub epoch: Epoch,
    pub position: Position,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.epoch, self.position)
    }
}

/// Of a cursor as text, in bytes.
const LONGEST: usize = 8 + 1 + 20;

/// The text is no cursor of any Milepost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a cursor: expected <epoch>.<position>")]
pub struct NotACursor;

impl FromStr for Cursor {
    type Err = NotACursor;

    fn from_str(text: &str) -> Result<Self, NotACursor> {
        let (epoch, position) = text.split_once('.').ok_or(NotACursor)?;
        let lower_hex = |b: u8| matches!(b, b'0'..=b'9' | b'a'..=b'f');
        if epoch.len() != 8 || !epoch.bytes().all(lower_hex) {
            return Err(NotACursor);
        }
        if position.is_empty() || !position.bytes().all(|b| b.is_ascii_digit()) {
            return Err(NotACursor);
        }
        Ok(Cursor {
            epoch: Epoch(u32::from_str_radix(epoch, 16).map_err(|_| NotACursor)?),
            position: position.parse().map_err(|_| NotACursor)?,
        })
    }
}

impl Serialize for Cursor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Without the machinery of formatting: every picture and every event has one.
        let mut text = [0; LONGEST];
        let mut at = LONGEST;
        let mut put = |byte| {
            at -= 1;
            text[at] = byte;
        };
        let mut position = self.position;
        loop {
            put(b'0' + (position % 10) as u8);
            position /= 10;
            if position == 0 {
                break;
            }
        }
        put(b'.');
        for digit in 0..8 {
            put(b"0123456789abcdef"[(self.epoch.0 >> (4 * digit)) as usize & 0xf]);
        }
        // Digits and a dot are ASCII.
        serializer.serialize_str(std::str::from_utf8(&text[at..]).unwrap_or_default())
    }
}

impl<'de> Deserialize<'de> for Cursor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
