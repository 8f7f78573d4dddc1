//! How far a task is.

use serde::{Deserialize, Serialize};

use super::{refusal::FieldError, time::Timestamp};

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
    /// Units of `current` a second (of percent, where there is no `current`).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub rate_per_second: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub eta_seconds: Option<f64>,
    pub updated_at: Timestamp,
}

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
    /// The progress after `report`, at `now`, in an attempt that began at `since`.
    ///
    /// What a report leaves out stays as it was. The ETA is linear over the whole attempt: what is
    /// left takes as long a unit as what is done took.
    pub fn after(
        last: Option<&Progress>,
        report: &ProgressReport,
        now: Timestamp,
        elapsed_seconds: f64,
    ) -> Progress {
        let last = last.cloned().unwrap_or_default();
        let mut next = Progress { updated_at: now, ..last.clone() };
        if report.percent.is_some() {
            (next.current, next.total) = (None, None);
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
        next.percent = match (report.percent.or(counted), last.percent) {
            (Some(new), Some(old)) => Some(new.max(old)),
            (new, old) => new.or(old),
        };
        if report.percent.is_some() || report.current.is_some() || report.total.is_some() {
            next.estimate(elapsed_seconds);
        }
        next
    }

    fn estimate(&mut self, elapsed_seconds: f64) {
        (self.rate_per_second, self.eta_seconds) = (None, None);
        let (done, whole) = match (self.current, self.total, self.percent) {
            (Some(current), total, _) => (current, total),
            (None, _, Some(percent)) => (percent, Some(100.0)),
            _ => return,
        };
        if done <= 0.0 || elapsed_seconds <= 0.0 {
            return;
        }
        let rate = done / elapsed_seconds;
        self.rate_per_second = Some(rounded(rate));
        self.eta_seconds = whole.map(|whole| rounded(((whole - done) / rate).max(0.0)));
    }
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

    #[test]
    fn percent_never_falls() {
        let first = Progress::after(None, &percent(40.0), Timestamp(0), 4.0);
        let second = Progress::after(Some(&first), &percent(30.0), Timestamp(1), 5.0);
        assert_eq!(second.percent, Some(40.0));
    }

    #[test]
    fn counts_become_percent_rate_and_eta() {
        let report =
            ProgressReport { current: Some(25.0), total: Some(100.0), ..Default::default() };
        let progress = Progress::after(None, &report, Timestamp(0), 5.0);
        assert_eq!(progress.percent, Some(25.0));
        assert_eq!(progress.rate_per_second, Some(5.0));
        assert_eq!(progress.eta_seconds, Some(15.0));
    }

    #[test]
    fn a_message_alone_keeps_the_numbers() {
        let first = Progress::after(None, &percent(40.0), Timestamp(0), 4.0);
        let report = ProgressReport { message: Some("halfway".into()), ..Default::default() };
        let second = Progress::after(Some(&first), &report, Timestamp(9), 9.0);
        assert_eq!((second.percent, second.eta_seconds), (Some(40.0), first.eta_seconds));
        assert_eq!(second.message.as_deref(), Some("halfway"));
    }

    #[test]
    fn both_ways_of_counting_at_once_are_refused() {
        let both = ProgressReport { percent: Some(1.0), total: Some(2.0), ..Default::default() };
        assert!(both.check().is_err());
        assert!(percent(f64::NAN).check().is_err() && percent(100.1).check().is_err());
    }
}
