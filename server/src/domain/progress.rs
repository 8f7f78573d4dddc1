//! How far a task is.

use serde::{Deserialize, Serialize};

use super::{pace::Pace, refusal::FieldError, time::Timestamp};

/// What a watcher sees of a task's progress. Percent never falls within an attempt.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// 0 to 100.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub percent: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub current: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub total: Option<f64>,
    /// What `current` and `total` count, e.g. `files`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub unit: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub stage: Option<String>,
    /// How far the stage is, where it is one of the task's `stages`; `percent` is the whole's.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub stage_percent: Option<f64>,
    /// Units of `current` a second (of percent, where there is no `current`).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub rate_per_second: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub eta_seconds: Option<f64>,
    /// Its worker keeps the lease but has said nothing else for the task's `stalled_after_seconds`.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub stalled: bool,
    pub updated_at: Timestamp,
}

/// A part of the work, and how much of the whole it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stage {
    pub name: String,
    /// Relative to the other stages' weights.
    pub weight: f64,
}

/// How long a silence is, in seconds, if its task does not say.
pub const DEFAULT_SILENCE_SECONDS: u64 = 60;
/// The longest silence a task may ask for: a day.
pub const MAX_SILENCE_SECONDS: u64 = 24 * 3600;

/// What a worker says of its progress: `percent`, or `current` with `total`; all may be absent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProgressReport {
    pub percent: Option<f64>,
    pub current: Option<f64>,
    pub total: Option<f64>,
    pub unit: Option<String>,
    pub message: Option<String>,
    pub stage: Option<String>,
}

impl ProgressReport {
    /// Whether it says how much is done.
    pub fn counts(&self) -> bool {
        self.percent.is_some() || self.current.is_some() || self.total.is_some()
    }

    pub fn check(&self) -> Result<(), FieldError> {
        let finite = |field: &str, value: Option<f64>, max: f64| match value {
            Some(v) if !v.is_finite() || v < 0.0 || v > max => {
                let message =
                    if max == 100.0 { "must be from 0 to 100" } else { "must be 0 or more" };
                Err(FieldError::new(format!("progress.{field}"), message))
            }
            _ => Ok(()),
        };
        finite("percent", self.percent, 100.0)?;
        finite("current", self.current, f64::MAX)?;
        finite("total", self.total, f64::MAX)?;
        if self.percent.is_some() && (self.current.is_some() || self.total.is_some()) {
            let message = "give either percent, or current and total, not both";
            return Err(FieldError::new("progress.percent", message));
        }
        Ok(())
    }
}

impl Progress {
    /// The progress after `report`, at `now`.
    ///
    /// What a report leaves out stays as it was, but for what counted the stage before when a stage
    /// begins. Where the stage is one of the task's `stages`, the report's percent (or current of
    /// total) counts within it, and the whole is what the stages before weigh plus its share of this
    /// one; any other stage is a word, and percent counts for the whole.
    pub fn after(
        last: Option<&Progress>,
        report: &ProgressReport,
        stages: &[Stage],
        now: Timestamp,
    ) -> Progress {
        let last = last.cloned().unwrap_or_default();
        let mut next = Progress { updated_at: now, stalled: false, ..last.clone() };
        let stage_begins = report.stage.is_some() && report.stage != last.stage;
        if report.percent.is_some() || stage_begins {
            (next.current, next.total) = (None, None);
        }
        if stage_begins {
            (next.unit, next.stage_percent) = (None, None);
        }
        next.current = report.current.or(next.current);
        next.total = report.total.or(next.total);
        next.unit = report.unit.clone().or(next.unit);
        next.message = report.message.clone().or(next.message);
        next.stage = report.stage.clone().or(next.stage);
        let counted = match (next.current, next.total) {
            (Some(current), Some(total)) if total > 0.0 => {
                Some((current / total * 100.0).min(100.0))
            }
            _ => None,
        };
        let said = report.percent.or(counted);
        let place = stages.iter().position(|stage| Some(&stage.name) == next.stage.as_ref());
        let whole = match place {
            Some(place) => {
                next.stage_percent = highest(said, next.stage_percent);
                Some(overall(stages, place, next.stage_percent.unwrap_or(0.0)))
            }
            None => said,
        };
        next.percent = highest(whole, last.percent);
        next
    }

    /// The work is done: whoever counted in percent sees the whole.
    pub fn complete(&mut self) {
        self.stalled = false;
        for percent in [&mut self.percent, &mut self.stage_percent].into_iter().flatten() {
            *percent = 100.0;
        }
        self.eta_seconds = self.percent.map(|_| 0.0);
    }

    /// What the pace of its work says about what is left.
    pub fn estimate(&mut self, percent: Option<&Pace>, current: Option<&Pace>) {
        let rate = current.or(percent).and_then(Pace::per_second);
        self.rate_per_second = rate.map(rounded);
        let left = match (percent, self.percent) {
            (Some(pace), Some(_)) => pace.seconds_to(100.0),
            _ => None,
        };
        self.eta_seconds = left.map(rounded);
    }
}

/// Percent never falls.
fn highest(new: Option<f64>, old: Option<f64>) -> Option<f64> {
    match (new, old) {
        (Some(new), Some(old)) => Some(new.max(old)),
        (new, old) => new.or(old),
    }
}

/// The whole's percent at `percent` of the stage at `place`.
fn overall(stages: &[Stage], place: usize, percent: f64) -> f64 {
    let weight = |stages: &[Stage]| stages.iter().map(|stage| stage.weight).sum::<f64>();
    let here = stages.get(place).map_or(0.0, |stage| stage.weight) * percent / 100.0;
    let done = weight(stages.get(..place).unwrap_or_default()) + here;
    rounded((done / weight(stages) * 100.0).clamp(0.0, 100.0))
}

/// Three decimals: finer would only make frames longer.
fn rounded(value: f64) -> f64 {
    let scaled = (value * 1000.0).round() / 1000.0;
    if scaled.is_finite() { scaled } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn percent(p: f64) -> ProgressReport {
        ProgressReport { percent: Some(p), ..Default::default() }
    }

    fn after(last: Option<&Progress>, report: &ProgressReport) -> Progress {
        Progress::after(last, report, &[], Timestamp(0))
    }

    #[test]
    fn percent_never_falls() {
        let first = after(None, &percent(40.0));
        assert_eq!(after(Some(&first), &percent(30.0)).percent, Some(40.0));
    }

    #[test]
    fn counts_become_percent_rate_and_eta() {
        let report =
            ProgressReport { current: Some(25.0), total: Some(200.0), ..Default::default() };
        let mut progress = after(None, &report);
        assert_eq!(progress.percent, Some(12.5));
        let start = Timestamp(0);
        let pace = |done| Pace::from(start, 0.0).reached(done, Timestamp(5000), start);
        progress.estimate(Some(&pace(12.5)), Some(&pace(25.0)));
        assert_eq!(progress.rate_per_second, Some(5.0));
        assert_eq!(progress.eta_seconds, Some(35.0));
    }

    #[test]
    fn a_message_alone_keeps_the_numbers() {
        let first = after(None, &percent(40.0));
        let report = ProgressReport { message: Some("halfway".into()), ..Default::default() };
        let second = after(Some(&first), &report);
        assert_eq!((second.percent, second.message.as_deref()), (Some(40.0), Some("halfway")));
    }

    #[test]
    fn both_ways_of_counting_at_once_are_refused() {
        let both = ProgressReport { percent: Some(1.0), total: Some(2.0), ..Default::default() };
        assert!(both.check().is_err());
        assert!(percent(f64::NAN).check().is_err() && percent(100.1).check().is_err());
    }

    #[test]
    fn stages_add_up_by_their_weights() {
        let stages = [("load", 1.0), ("convert", 3.0)]
            .map(|(name, weight)| Stage { name: name.to_owned(), weight });
        let at = |last: Option<&Progress>, stage: &str, p: f64| {
            let report = ProgressReport { stage: Some(stage.to_owned()), ..percent(p) };
            Progress::after(last, &report, &stages, Timestamp(0))
        };
        let half = at(None, "load", 50.0);
        assert_eq!((half.percent, half.stage_percent), (Some(12.5), Some(50.0)));
        let third = at(Some(&half), "convert", 100.0 / 3.0);
        assert_eq!(third.percent, Some(50.0));
        let back = at(Some(&third), "load", 80.0);
        assert_eq!((back.percent, back.stage_percent), (Some(50.0), Some(80.0)), "it never falls");
        let word = at(Some(&back), "afterwards", 90.0);
        assert_eq!((word.percent, word.stage_percent), (Some(90.0), None));
    }

    #[test]
    fn a_stage_that_begins_forgets_what_the_one_before_counted() {
        let report = ProgressReport {
            current: Some(7.0),
            total: Some(9.0),
            unit: Some("files".to_owned()),
            ..Default::default()
        };
        let first = after(None, &report);
        let next = ProgressReport { stage: Some("upload".to_owned()), ..Default::default() };
        let second = after(Some(&first), &next);
        assert_eq!((second.current, second.total, second.unit), (None, None, None));
        assert_eq!(second.percent, first.percent);
    }
}
