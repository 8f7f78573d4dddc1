//! Time as the rules see it: injected, never asked for.

use std::cell::Cell;

use chrono::{DateTime, Datelike, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Milliseconds since the Unix epoch. Its JSON is RFC 3339 in UTC with milliseconds and a `Z`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The largest moment RFC 3339 can write with a four-digit year.
    pub const MAX: Timestamp = Timestamp(253_402_300_799_999);

    /// The system's clock, for the edges of the process; the core is given a [`Moment`] instead.
    pub fn system() -> Self {
        Timestamp(Utc::now().timestamp_millis())
    }

    /// This moment plus `seconds`, never beyond [`Timestamp::MAX`].
    pub fn plus_seconds(self, seconds: u64) -> Self {
        let milliseconds = i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1000);
        self.plus_milliseconds(milliseconds)
    }

    /// This moment plus `milliseconds`, never beyond [`Timestamp::MAX`].
    pub fn plus_milliseconds(self, milliseconds: i64) -> Self {
        Timestamp(self.0.saturating_add(milliseconds).min(Self::MAX.0))
    }

    /// RFC 3339, UTC, milliseconds.
    pub fn to_rfc3339(self) -> String {
        self.text().as_str().to_owned()
    }

    /// The same without an allocation: every event has several of them, and formatting them by a
    /// pattern took as long as writing the rest of it.
    fn text(self) -> Text {
        let mut text = Text(*b"0000-00-00T00:00:00.000Z");
        text.0[..10].copy_from_slice(&date(self.0.div_euclid(DAY)));
        let of_day = self.0.rem_euclid(DAY) as u32;
        let seconds = of_day / 1000;
        text.number(11, 2, seconds / 3600);
        text.number(14, 2, seconds / 60 % 60);
        text.number(17, 2, seconds % 60);
        text.number(20, 3, of_day % 1000);
        text
    }

    /// Reads RFC 3339 with any offset; finer parts than a millisecond are cut off.
    pub fn parse(text: &str) -> Option<Self> {
        let at = DateTime::parse_from_rfc3339(text).ok()?.timestamp_millis();
        (at <= Self::MAX.0).then_some(Timestamp(at))
    }
}

/// In milliseconds.
const DAY: i64 = 24 * 3600 * 1000;

/// The date of a day after the epoch, as text. Nearly all that is written is of today.
fn date(day: i64) -> [u8; 10] {
    thread_local! {
        static LAST: Cell<Option<(i64, [u8; 10])>> = const { Cell::new(None) };
    }
    if let Some((_, date)) = LAST.get().filter(|(of, _)| *of == day) {
        return date;
    }
    let at = DateTime::<Utc>::from_timestamp_millis(day.saturating_mul(DAY)).unwrap_or_default();
    let mut text = Text(*b"0000-00-00T00:00:00.000Z");
    text.number(0, 4, u32::try_from(at.year()).unwrap_or(0));
    text.number(5, 2, at.month());
    text.number(8, 2, at.day());
    let date = std::array::from_fn(|place| text.0[place]);
    LAST.set(Some((day, date)));
    date
}

/// A time as text: four digits of the year, always milliseconds, always `Z`.
struct Text([u8; 24]);

impl Text {
    fn number(&mut self, place: usize, digits: usize, mut number: u32) {
        for digit in self.0[place..place + digits].iter_mut().rev() {
            *digit = b'0' + (number % 10) as u8;
            number /= 10;
        }
    }

    fn as_str(&self) -> &str {
        // Digits and separators are ASCII.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.text().as_str())
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Timestamp::parse(&text).ok_or_else(|| {
            serde::de::Error::custom("not an RFC 3339 time, e.g. 2026-01-31T09:30:00Z")
        })
    }
}

/// The instant at which a command is decided: two clocks and a die.
///
/// Leases and timeouts are durations, so they run on `steady`, which no change of the system's
/// clock can move; `run_at` names a point in the calendar, so it is held against `wall`.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// The calendar's time.
    pub wall: Timestamp,
    /// The calendar's time at the process's start plus what a monotonic clock counted since.
    pub steady: Timestamp,
    /// A random number, for jitter.
    pub random: u64,
}

#[cfg(test)]
mod tests {
    use chrono::SecondsFormat;

    use super::*;

    #[test]
    fn times_are_written_as_rfc_3339_and_read_back() {
        let day = 24 * 3600 * 1000;
        let moments = [0, 1, 999, 951_782_400_000, 1_709_164_800_123, Timestamp::MAX.0];
        for at in moments.into_iter().chain((0..4000).map(|n| n * 7 * day + n)) {
            let expected = DateTime::<Utc>::from_timestamp_millis(at).expect("in range");
            let expected = expected.to_rfc3339_opts(SecondsFormat::Millis, true);
            assert_eq!(Timestamp(at).to_rfc3339(), expected);
            assert_eq!(Timestamp::parse(&expected), Some(Timestamp(at)));
        }
    }
}
