//! How far a job is, as its handler says it.

use crate::types;

/// A step forward: percent, or `current` of `total`. What is left out stays as it was.
///
/// ```
/// use milepost_client::worker::Progress;
/// let by_percent = Progress::percent(42.0).message("resizing");
/// let by_count = Progress::count(3.0, 12.0).unit("images").stage("upload");
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Progress {
    percent: Option<f64>,
    current: Option<f64>,
    total: Option<f64>,
    unit: Option<String>,
    message: Option<String>,
    stage: Option<String>,
}

/// The longest message the server takes, in characters.
const MAX_MESSAGE: usize = 4096;
/// The longest unit or stage.
const MAX_NAME: usize = 128;

impl Progress {
    /// From 0 to 100; what lies outside is moved to the edge. What watchers see never falls within
    /// an attempt.
    pub fn percent(percent: f64) -> Self {
        Progress { percent: number(percent).map(|p| p.min(100.0)), ..Default::default() }
    }

    /// So many of so many.
    pub fn count(current: f64, total: f64) -> Self {
        Progress { current: number(current), total: number(total), ..Default::default() }
    }

    /// Only words: what is happening, while the number stays.
    pub fn note(message: impl Into<String>) -> Self {
        Progress::default().message(message)
    }

    /// What `current` and `total` count, e.g. `files`.
    pub fn unit(mut self, unit: impl Into<String>) -> Self {
        self.unit = Some(shortened(unit.into(), MAX_NAME));
        self
    }

    /// What is happening, for people.
    pub fn message(mut self, message: impl Into<String>) -> Self {
        self.message = Some(shortened(message.into(), MAX_MESSAGE));
        self
    }

    /// The part of the work that is under way. In one of the task's stages, what is counted counts
    /// within it: see [`super::Reporter::stages`].
    pub fn stage(mut self, stage: impl Into<String>) -> Self {
        self.stage = Some(shortened(stage.into(), MAX_NAME));
        self
    }

    pub(crate) fn named_stage(&self) -> Option<&str> {
        self.stage.as_deref()
    }

    /// The words alone: the next stage counts anew, and maybe other things.
    pub(crate) fn without_numbers(self) -> Self {
        Progress { percent: None, current: None, total: None, unit: None, ..self }
    }

    /// Both, where `newer` has the last word. The server takes either percent or counts, so one
    /// puts the other out.
    pub(crate) fn then(self, newer: Progress) -> Progress {
        let counted = newer.current.is_some() || newer.total.is_some();
        let (percent, current, total) = if newer.percent.is_some() {
            (newer.percent, None, None)
        } else if counted {
            (None, newer.current.or(self.current), newer.total.or(self.total))
        } else {
            (self.percent, self.current, self.total)
        };
        Progress {
            percent,
            current,
            total,
            unit: newer.unit.or(self.unit),
            message: newer.message.or(self.message),
            stage: newer.stage.or(self.stage),
        }
    }

    pub(crate) fn into_report(self) -> types::ReportedProgress {
        types::ReportedProgress {
            percent: self.percent,
            current: self.current,
            total: self.total,
            unit: self.unit,
            message: self.message,
            stage: self.stage,
        }
    }
}

impl From<f64> for Progress {
    fn from(percent: f64) -> Self {
        Progress::percent(percent)
    }
}

/// A division by zero in a handler must not cost the job its report.
fn number(value: f64) -> Option<f64> {
    value.is_finite().then(|| value.max(0.0))
}

fn shortened(mut text: String, longest: usize) -> String {
    if let Some((at, _)) = text.char_indices().nth(longest) {
        text.truncate(at);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newer_word_counts_and_what_it_leaves_out_stays() {
        let first = Progress::count(3.0, 10.0).unit("files").message("a");
        assert_eq!(
            first.clone().then(Progress::count(4.0, 10.0).message("b")),
            Progress::count(4.0, 10.0).unit("files").message("b")
        );
        assert_eq!(
            first.clone().then(Progress::percent(50.0)),
            Progress::percent(50.0).unit("files").message("a")
        );
        assert_eq!(first.clone().then(Progress::note("c")), first.message("c"));
    }

    #[test]
    fn numbers_the_server_would_refuse_are_not_sent() {
        assert_eq!(Progress::percent(250.0), Progress::percent(100.0));
        assert_eq!(Progress::percent(-1.0), Progress::percent(0.0));
        assert_eq!(Progress::percent(f64::NAN), Progress::default());
        let long = Progress::note("ä".repeat(5000));
        assert_eq!(long.message.map(|message| message.chars().count()), Some(MAX_MESSAGE));
    }
}
