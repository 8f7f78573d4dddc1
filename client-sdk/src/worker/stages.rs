//! The parts of a job's work, as far as the worker has to know them.
//!
//! Within a declared stage a percentage counts the stage, otherwise the whole. So when two steps are
//! put into one report, the number of the stage before must not be carried into the next one, where
//! it would mean something else.

use std::collections::BTreeSet;

use super::progress::Progress;
use crate::types::{Stage, StageDefinition};

impl From<&str> for StageDefinition {
    /// A stage that weighs as much as any other without a weight.
    fn from(name: &str) -> Self {
        StageDefinition { name: name.to_owned(), weight: None }
    }
}

impl From<String> for StageDefinition {
    /// A stage that weighs as much as any other without a weight.
    fn from(name: String) -> Self {
        StageDefinition { name, weight: None }
    }
}

impl<N: Into<String>> From<(N, f64)> for StageDefinition {
    /// A stage, and how much of the whole it is, relative to the others.
    fn from((name, weight): (N, f64)) -> Self {
        StageDefinition { name: name.into(), weight: Some(weight) }
    }
}

/// Which stages are declared, and in which one the job is.
#[derive(Debug, Default)]
pub(crate) struct Stages {
    declared: BTreeSet<String>,
    current: Option<String>,
}

impl Stages {
    /// As a lease finds them.
    pub fn of_task(stages: &[Stage]) -> Self {
        let declared = stages.iter().map(|stage| stage.name.clone()).collect();
        Stages { declared, current: None }
    }

    pub fn declare(&mut self, stages: &[StageDefinition]) {
        self.declared = stages.iter().map(|stage| stage.name.clone()).collect();
    }

    /// What is to be reported after a further step, `before` being what was not sent yet.
    pub fn step(&mut self, before: Progress, step: Progress) -> Progress {
        let next = step.named_stage();
        let begins = next.is_some() && next != self.current.as_deref();
        let is_declared =
            |name: Option<&str>| name.is_some_and(|name| self.declared.contains(name));
        let counts_anew = begins && (is_declared(next) || is_declared(self.current.as_deref()));
        if begins {
            self.current = next.map(str::to_owned);
        }
        let before = if counts_anew { before.without_numbers() } else { before };
        before.then(step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_stage(name: &str) -> Progress {
        Progress::default().stage(name)
    }

    #[test]
    fn a_number_is_not_carried_into_the_next_declared_stage() {
        let mut stages = Stages::default();
        stages.declare(&["fetch".into(), ("encode", 8.0).into()]);
        let mut unsent = stages.step(Progress::default(), in_stage("fetch"));
        unsent = stages.step(unsent, Progress::count(3.0, 3.0).unit("files").message("m"));
        unsent = stages.step(unsent, in_stage("encode"));
        assert_eq!(unsent, in_stage("encode").message("m"));
        // Naming the stage again with every step is no new beginning.
        unsent = stages.step(unsent, Progress::percent(5.0));
        unsent = stages.step(unsent, in_stage("encode"));
        assert_eq!(unsent, Progress::percent(5.0).stage("encode").message("m"));
        unsent = stages.step(unsent, in_stage("a word"));
        assert_eq!(unsent, in_stage("a word").message("m"), "5 % of encode are not 5 % of all");
    }

    #[test]
    fn a_stage_that_is_only_a_word_leaves_the_number_of_the_whole() {
        let mut stages = Stages::default();
        let unsent = stages.step(Progress::default(), Progress::percent(40.0).stage("one"));
        assert_eq!(stages.step(unsent, in_stage("two")), Progress::percent(40.0).stage("two"),);
    }
}
