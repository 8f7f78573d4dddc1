//! How single words are read: times, labels, stages, limits.

use std::time::Duration;

use chrono::{DateTime, Utc};
use milepost_client::types::{AfterFailure, RateLimit, StageDefinition};

/// A limit, or the word that lifts it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum OrNone<T> {
    None,
    Value(T),
}

impl<T> OrNone<T> {
    pub fn value(self) -> Option<T> {
        match self {
            OrNone::None => None,
            OrNone::Value(value) => Some(value),
        }
    }
}

/// A parser that takes the word `none` too.
pub fn or_none<T>(
    parse: impl Fn(&str) -> Result<T, String> + Clone + Send + Sync + 'static,
) -> impl Fn(&str) -> Result<OrNone<T>, String> + Clone + Send + Sync + 'static {
    move |text| if text == "none" { Ok(OrNone::None) } else { parse(text).map(OrNone::Value) }
}

/// When something is to be: so long from now, or at a time of the calendar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Moment {
    In(u64),
    At(DateTime<Utc>),
}

pub fn moment(text: &str) -> Result<Moment, String> {
    if let Ok(at) = text.parse::<DateTime<Utc>>() {
        return Ok(Moment::At(at));
    }
    seconds(text)
        .map(Moment::In)
        .map_err(|error| format!("{error}; a time of the calendar looks like 2026-01-31T09:30:00Z"))
}

pub fn label(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err("expected KEY=VALUE".to_owned()),
    }
}

pub fn count(text: &str) -> Result<u32, String> {
    text.parse().map_err(|_| "expected a whole number".to_owned())
}

/// `encode:8`, or `encode` for a stage that weighs as much as any other without a weight.
pub fn stage(text: &str) -> Result<StageDefinition, String> {
    let (name, weight) = match text.rsplit_once(':') {
        Some((name, weight)) => {
            let weight = weight.parse().ok().filter(|weight: &f64| weight.is_finite());
            (name, Some(weight.ok_or("expected NAME or NAME:WEIGHT, the weight a number")?))
        }
        None => (text, None),
    };
    if name.is_empty() {
        return Err("a stage needs a name".to_owned());
    }
    Ok(StageDefinition { name: name.to_owned(), weight })
}

/// What a task does about one of `--after` that is lost.
pub fn after_failure(text: &str) -> Result<AfterFailure, String> {
    text.parse().map_err(|_| "expected cancel or run".to_owned())
}

/// So many in a time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    pub limit: u32,
    pub period_seconds: u64,
}

impl Rate {
    pub fn with_burst(self, burst: Option<u32>) -> RateLimit {
        RateLimit { limit: self.limit, period_seconds: self.period_seconds, burst }
    }
}

/// `10/1s`, `10/s`, `600/5m`.
pub fn rate(text: &str) -> Result<Rate, String> {
    let expected = || "expected a rate such as 10/1s, 100/m or 5/2h".to_owned();
    let (limit, period) =
        text.split_once('/').filter(|(_, period)| !period.is_empty()).ok_or_else(expected)?;
    let limit = limit.parse().map_err(|_| expected())?;
    let period_seconds = if period.starts_with(|c: char| c.is_ascii_digit()) {
        seconds(period)?
    } else {
        seconds(&format!("1{period}"))?
    };
    Ok(Rate { limit, period_seconds })
}

/// `500ms`, `10s`, `15m`, `2h`, `7d`; a plain number counts seconds.
pub fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let number: f64 = digits
        .parse()
        .map_err(|_| "expected a time such as 500ms, 10s, 15m, 2h or 7d".to_owned())?;
    let unit = match &text[digits.len()..] {
        "ms" => 0.001,
        "" | "s" => 1.0,
        "m" => 60.0,
        "h" => 3600.0,
        "d" => 86400.0,
        unit => return Err(format!("{unit:?} is no unit of time; there are ms, s, m, h and d")),
    };
    Duration::try_from_secs_f64(number * unit).map_err(|_| "expected a time from 0 on".to_owned())
}

/// The same for what the server counts in whole seconds: 500ms must not become 0 unseen.
pub fn seconds(text: &str) -> Result<u64, String> {
    let duration = duration(text)?;
    if duration.subsec_nanos() != 0 {
        return Err("the server counts this in whole seconds".to_owned());
    }
    Ok(duration.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_units() {
        for (text, milliseconds) in
            [("500ms", 500), ("10s", 10_000), ("1.5m", 90_000), ("2", 2000), ("1d", 86_400_000)]
        {
            assert_eq!(duration(text), Ok(Duration::from_millis(milliseconds)));
        }
        assert!(duration("10w").is_err() && duration("").is_err() && duration("-1s").is_err());
        assert_eq!(seconds("1.5m"), Ok(90));
        assert!(seconds("500ms").is_err_and(|error| error.contains("whole seconds")));
    }

    #[test]
    fn a_moment_is_a_time_from_now_or_of_the_calendar() {
        let new_year = DateTime::parse_from_rfc3339("2027-01-01T00:00:00Z").unwrap().to_utc();
        assert_eq!(moment("2027-01-01T01:00:00+01:00"), Ok(Moment::At(new_year)));
        assert_eq!(moment("2h"), Ok(Moment::In(7200)));
        assert!(moment("tomorrow").is_err());
    }

    #[test]
    fn a_rate_is_so_many_in_a_time() {
        for (text, limit, period_seconds) in [
            ("10/1s", 10, 1),
            ("10/s", 10, 1),
            ("100/m", 100, 60),
            ("5/2h", 5, 7200),
            ("5/90", 5, 90),
        ] {
            assert_eq!(rate(text), Ok(Rate { limit, period_seconds }), "{text}");
        }
        for text in ["10", "10/", "/s", "-1/s", "x/1s", "10/500ms", "10/1x"] {
            assert!(rate(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_stage_may_have_a_weight() {
        assert_eq!(stage("encode:8"), Ok(("encode", 8.0).into()));
        assert_eq!(stage("a:b:0.5"), Ok(("a:b", 0.5).into()));
        assert_eq!(stage("fetch"), Ok("fetch".into()));
        for text in ["", ":1", "a:", "a:b", "a:inf"] {
            assert!(stage(text).is_err(), "{text}");
        }
    }

    #[test]
    fn none_lifts_a_limit() {
        let limit = or_none(count);
        assert_eq!(limit("none"), Ok(OrNone::None));
        assert_eq!(limit("4"), Ok(OrNone::Value(4)));
        assert!(limit("-4").is_err() && limit("None").is_err());
    }
}
