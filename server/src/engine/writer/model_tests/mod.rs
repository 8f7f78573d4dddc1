//! The writer on a real store, held against a model after every step.
//!
//! The model is the protocol written a second time, naively and without a database: what state each
//! task is in, whose lease counts, what queues and keys let begin, what time makes happen, what goes up
//! and down in families, what waits for what, and what of done tasks goes when, from the log as well.
//! Random commands run against both; time is moved by hand. Whatever the model does not say
//! (positions, events, counts) is checked by rules that hold for every log.
//!
//! More tests stand beside it. Models that are wrong on purpose must be found out (`flaws`). Every order
//! of what can meet on one task must keep the promises of the protocol, told without the model
//! (`interleavings`); and every order of what can meet between tasks must be as the model says
//! (`meetings`).

mod calendar;
mod chance;
mod closed;
mod deviation;
mod expected;
mod flaws;
mod interleavings;
mod kept;
mod kin;
mod limits;
mod looks;
mod meant;
mod meetings;
mod model;
mod orders;
mod people;
mod rig;
mod rows;
mod rules;
mod seen;
mod step;
mod story;
mod time;
mod told;
mod verdict;
mod waits;
mod workers;

use proptest::{prelude::*, test_runner::RngSeed};

use chance::steps;
use deviation::Deviation;
use model::Model;
use rig::Rig;
use step::Step;

use super::*;

/// Few in the everyday loop, always the same ones, where the runs of `flaws` hold the right model as
/// well; at night as many as `PROPTEST_CASES` says, and others each time.
fn config() -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    let rng_seed = if asked.is_some() { RngSeed::Random } else { RngSeed::Fixed(20_261_122) };
    ProptestConfig { cases: asked.unwrap_or(16), rng_seed, ..ProptestConfig::default() }
}

/// Runs the steps on a database of their own, and holds the model against each.
fn run(steps: &[Step]) -> Result<(), Deviation> {
    let mut rig = Rig::new();
    let mut model = Model::default();
    for step in steps {
        rig.play(step, |deeds, seen, rig| {
            model.hold(deeds, seen)?;
            rules::counters(rig, seen)?;
            rules::told(seen)?;
            rules::trimmed(rig, seen)?;
            rules::places(rig, seen)
        })?;
    }
    rules::log(&rig, &model.rounds())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_writer_does_what_the_model_says(steps in steps(1..60)) {
        run(&steps)?;
    }
}
