//! Rules that submit tasks by the calendar.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use croner::{
    Cron,
    parser::{CronParser, Seconds, Year},
};
use serde::{Deserialize, Serialize};

use super::{
    FieldError, Revision, TaskId, Timestamp,
    checks::{self, Errors},
    submission::NewTask,
};

/// Schedules are named like tasks.
pub type ScheduleId = TaskId;

/// What happens to a run whose predecessor is not done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Overlap {
    /// It is left out.
    #[default]
    Skip,
    /// Both go on.
    Allow,
    /// The predecessor is cancelled.
    Cancel,
}

/// What its owner says of a schedule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScheduleSpec {
    /// Five fields (minute, hour, day, month, weekday), or six with seconds before them.
    pub cron: String,
    /// Of the IANA database, e.g. `Europe/Berlin`.
    pub time_zone: String,
    pub overlap: Overlap,
    pub paused: bool,
    /// What each run submits; ids, times and parents are not for it to say.
    pub task: NewTask,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Schedule {
    pub id: ScheduleId,
    pub spec: ScheduleSpec,
    /// Another each time somebody puts or changes it; not moved by its runs.
    #[serde(default)]
    pub revision: Revision,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// Absent while it is paused, and when the rule names no further moment.
    pub next_run_at: Option<Timestamp>,
    /// The moment its last run was for.
    pub last_run_at: Option<Timestamp>,
    pub last_task_id: Option<TaskId>,
    /// The moment of the last run that was left out.
    pub last_skipped_at: Option<Timestamp>,
}

/// updateSchedule: what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScheduleChange {
    pub cron: Option<String>,
    pub time_zone: Option<String>,
    pub overlap: Option<Overlap>,
    pub paused: Option<bool>,
    pub task: Option<NewTask>,
}

/// The longest rule, in characters.
const MAX_CRON: usize = 256;

impl ScheduleSpec {
    pub const DEFAULT_TIME_ZONE: &str = "UTC";

    pub fn check(&self, now: Timestamp, errors: &mut Errors) {
        let rule = self.rule();
        errors.take(rule.as_ref().map(|_| ()).map_err(Clone::clone));
        errors.take(self.zone().map(|_| ()));
        if rule.is_ok() && self.zone().is_ok() && self.next_after(now).is_none() {
            errors.take(checks::error("cron", "names no moment that is still to come"));
        }
        let mut of_task = Errors::default();
        self.task.check(&mut of_task);
        errors.take_under("task", of_task);
    }

    /// The first moment of the rule after `now`; `None` when there is none, or the rule or zone does
    /// not read.
    ///
    /// Across a change of daylight saving a rule for one moment of the day runs exactly once that
    /// day: in the hour that is left out, at the first moment after it; in the hour that comes
    /// twice, the first time. Rules that recur within the hour go on by the clock on the wall.
    pub fn next_after(&self, now: Timestamp) -> Option<Timestamp> {
        let zone = self.zone().ok()?;
        let now = DateTime::<Utc>::from_timestamp_millis(now.0)?.with_timezone(&zone);
        let next = self.rule().ok()?.find_next_occurrence(&now, false).ok()?;
        let next = Timestamp(next.timestamp_millis());
        (next <= Timestamp::MAX).then_some(next)
    }

    fn rule(&self) -> Result<Cron, FieldError> {
        checks::at_most("cron", Some(&self.cron), MAX_CRON)?;
        if !self.cron.is_ascii() {
            return Err(FieldError::new("cron", "must be ASCII"));
        }
        let fields = self.cron.split_whitespace().count();
        if !matches!(fields, 5 | 6) && !self.cron.trim_start().starts_with('@') {
            let form = "minute, hour, day, month and weekday, e.g. 30 9 * * MON-FRI";
            return Err(FieldError::new(
                "cron",
                format!("has {fields} fields; a rule has {form}, and may have seconds before them"),
            ));
        }
        let parser = CronParser::builder().seconds(Seconds::Optional).year(Year::Disallowed);
        parser
            .build()
            .parse(&self.cron)
            .map_err(|error| FieldError::new("cron", format!("is no cron rule: {error}")))
    }

    fn zone(&self) -> Result<Tz, FieldError> {
        self.time_zone.parse().map_err(|_| {
            FieldError::new("time_zone", "is no IANA time zone, e.g. UTC or Europe/Berlin")
        })
    }

    pub fn changed_by(&self, change: ScheduleChange) -> Self {
        ScheduleSpec {
            cron: change.cron.unwrap_or_else(|| self.cron.clone()),
            time_zone: change.time_zone.unwrap_or_else(|| self.time_zone.clone()),
            overlap: change.overlap.unwrap_or(self.overlap),
            paused: change.paused.unwrap_or(self.paused),
            task: change.task.unwrap_or_else(|| self.task.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn spec(cron: &str, zone: &str) -> ScheduleSpec {
        ScheduleSpec {
            cron: cron.to_owned(),
            time_zone: zone.to_owned(),
            overlap: Overlap::Skip,
            paused: false,
            task: NewTask::of("k"),
        }
    }

    fn runs(cron: &str, zone: &str, after: &str, count: usize) -> Vec<String> {
        let spec = spec(cron, zone);
        let mut at = Timestamp::parse(after).expect("a time");
        let mut runs = Vec::new();
        while let Some(next) = spec.next_after(at).filter(|_| runs.len() < count) {
            runs.push(next.to_rfc3339().replace(".000Z", "Z"));
            at = next;
        }
        runs
    }

    #[test]
    fn a_daily_run_in_the_hour_left_out_comes_right_after_it() {
        // Berlin goes from 02:00 to 03:00 on 29 March 2026 at 01:00 UTC.
        let found = runs("30 2 * * *", "Europe/Berlin", "2026-03-28T00:00:00Z", 3);
        assert_eq!(found, ["2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"]);
    }

    #[test]
    fn a_daily_run_in_the_hour_that_comes_twice_comes_once() {
        // Berlin goes from 03:00 back to 02:00 on 25 October 2026 at 01:00 UTC.
        let found = runs("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", 2);
        assert_eq!(found, ["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"]);
    }

    #[test]
    fn a_rule_within_the_hour_goes_on_through_both_changes() {
        let spring = runs("*/30 * * * *", "Europe/Berlin", "2026-03-29T00:15:00Z", 4);
        let expected = ["2026-03-29T00:30:00Z", "2026-03-29T01:00:00Z", "2026-03-29T01:30:00Z"];
        assert_eq!(spring[..3], expected);
        let autumn = runs("*/30 * * * *", "Europe/Berlin", "2026-10-25T00:15:00Z", 4);
        assert_eq!(
            autumn,
            [
                "2026-10-25T00:30:00Z",
                "2026-10-25T01:00:00Z",
                "2026-10-25T01:30:00Z",
                "2026-10-25T02:00:00Z"
            ]
        );
    }

    #[test]
    fn a_rule_that_names_no_moment_is_an_error_with_its_field() {
        for (cron, zone, field) in [
            ("0 0 30 2 *", "UTC", "cron"),
            ("61 * * * *", "UTC", "cron"),
            ("", "UTC", "cron"),
            ("* * * * * * *", "UTC", "cron"),
            ("* * * * *", "Mars/Olympus", "time_zone"),
        ] {
            let mut errors = Errors::default();
            spec(cron, zone).check(Timestamp(1_700_000_000_000), &mut errors);
            let refusal = errors.none_or(()).expect_err(cron);
            assert!(format!("{refusal:?}").contains(&format!("{field:?}")), "{cron}: {refusal:?}");
        }
    }

    #[test]
    fn the_usual_words_are_rules_too() {
        for (word, next) in [
            ("@hourly", "2026-01-01T01:00:00Z"),
            ("@daily", "2026-01-02T00:00:00Z"),
            ("@weekly", "2026-01-04T00:00:00Z"),
            ("@monthly", "2026-02-01T00:00:00Z"),
            ("@yearly", "2027-01-01T00:00:00Z"),
        ] {
            assert_eq!(runs(word, "UTC", "2026-01-01T00:00:05Z", 1), [next], "{word}");
        }
    }

    #[test]
    fn six_fields_begin_with_seconds() {
        let found = runs("*/20 * * * * *", "UTC", "2026-01-01T00:00:05Z", 2);
        assert_eq!(found, ["2026-01-01T00:00:20Z", "2026-01-01T00:00:40Z"]);
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(cron in "[-0-9*/,?LW#A-Za-z@+ ]{0,40}") {
            let _ = spec(&cron, "Europe/Berlin").next_after(Timestamp(1_700_000_000_000));
        }
    }
}
