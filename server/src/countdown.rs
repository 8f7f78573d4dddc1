//! The embedded worker behind the Quickstart.
//!
//! It counts to a hundred, and stands in for real work that somebody wants to see move. What it has
//! reached it leaves as a checkpoint, and goes on from there after a restart.

use std::{ops::ControlFlow, time::Duration};

use tokio::{
    task::JoinHandle,
    time::{MissedTickBehavior, interval},
};
use tokio_util::sync::CancellationToken;

use crate::{
    domain::{RawJson, progress::ProgressReport},
    embedded::{self, Attempt, Trade},
    engine::{
        Engine, Leased, Outcome, Report,
        submit::{COUNTDOWN_KIND, COUNTDOWN_QUEUE},
    },
};

const LAST_STEP: u64 = 100;
const STEP: Duration = Duration::from_millis(100);

/// Runs countdowns until `shutdown`, then gives its leases back. The handle ends when that is done.
pub fn start(engine: Engine, shutdown: CancellationToken) -> JoinHandle<()> {
    let trade = Trade {
        name: "milepost-quickstart",
        queue: COUNTDOWN_QUEUE,
        kinds: vec![COUNTDOWN_KIND.to_owned()],
        at_once: 256,
        lease_seconds: 5,
    };
    embedded::start(engine, trade, count, shutdown)
}

/// One attempt, from its checkpoint to its end.
async fn count(attempt: Attempt, lease: Leased) -> ControlFlow<()> {
    if lease.cancel_requested {
        return attempt.stop().await;
    }
    let first = lease.checkpoint.and_then(|checkpoint| checkpoint.get().parse().ok());
    let mut ticks = interval(STEP);
    // A late number shifts the ones after it: they are there to be seen one by one.
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for step in first.unwrap_or(0)..=LAST_STEP {
        ticks.tick().await;
        attempt.report(&reached(step)).await?;
    }
    ticks.tick().await;
    attempt.end(Outcome::Complete { output: None }).await
}

fn reached(step: u64) -> Report {
    Report {
        sequence: Some(step + 1),
        progress: Some(ProgressReport { percent: Some(step as f64), ..ProgressReport::default() }),
        checkpoint: RawJson::of(&(step + 1)).ok(),
        ..Report::default()
    }
}
