//! How far a task is, as its worker told it, and when silence shows.

use super::{
    flaws::{Flaw, is},
    meant::STAGES,
};
use crate::engine::Report;

/// What is told of an attempt.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Told {
    pub percent: Option<f64>,
    stage: Option<String>,
    of_stage: Option<f64>,
    pub stalled: bool,
}

impl Told {
    /// After a report; `staged` where its task has stages.
    pub fn after(
        last: Option<&Told>,
        report: &Report,
        staged: bool,
        flaw: Option<Flaw>,
    ) -> Option<Told> {
        let Some(progress) = &report.progress else { return last.cloned() };
        let mut told = last.cloned().unwrap_or_default();
        if progress.stage.is_some() && progress.stage != told.stage {
            told.stage = progress.stage.clone();
            told.of_stage = None;
        }
        let place = STAGES.iter().position(|stage| Some(stage.0) == told.stage.as_deref());
        let whole = match place.filter(|_| staged && !is(flaw, Flaw::StagesAreWords)) {
            Some(place) => {
                told.of_stage = higher(progress.percent, told.of_stage);
                let weight =
                    |stages: &[(&str, f64)]| stages.iter().map(|stage| stage.1).sum::<f64>();
                let done = weight(&STAGES[..place]) * 100.0;
                let here = STAGES[place].1 * told.of_stage.unwrap_or(0.0);
                Some((done + here) / weight(&STAGES))
            }
            None => progress.percent,
        };
        told.percent = match is(flaw, Flaw::PercentFalls) {
            true => whole.or(told.percent),
            false => higher(whole, told.percent),
        };
        Some(told)
    }

    /// The work is done.
    pub fn complete(&mut self) {
        self.percent = self.percent.map(|_| 100.0);
        self.stalled = false;
    }

    /// In thousandths, as fine as it is told.
    pub fn thousandths(percent: Option<f64>) -> Option<i64> {
        percent.map(|percent| (percent * 1000.0).round() as i64)
    }
}

fn higher(a: Option<f64>, b: Option<f64>) -> Option<f64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.max(b)),
        (a, b) => a.or(b),
    }
}
