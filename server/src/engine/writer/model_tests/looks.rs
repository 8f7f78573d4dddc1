//! What the model says of a task, and what is to be seen of it.

use super::{expected::Expected, seen::Sight, told::Told};
use crate::domain::{Ending, State};

#[derive(Debug, PartialEq)]
pub struct Looks {
    state: State,
    parked: bool,
    attempt: u32,
    max_attempts: u32,
    cancel_requested: bool,
    error: Option<String>,
    held: bool,
    waiting_for: usize,
    deadline: Option<i64>,
    percent: Option<i64>,
    stalled: bool,
    attempts: Vec<(u32, Ending, Option<String>)>,
    bodies_dropped: bool,
}

impl Looks {
    /// The task must look like this.
    pub fn of(task: &Expected) -> Self {
        let told = task.told.as_ref();
        let last = task.attempts.last().filter(|_| task.state == State::Retrying);
        let retried = || last.and_then(|(_, _, error)| error.clone());
        Looks {
            state: task.state,
            parked: task.parked,
            attempt: task.attempt,
            max_attempts: task.max_attempts,
            cancel_requested: task.cancel_at.is_some(),
            error: task.error.clone().or_else(retried),
            held: task.lease.is_some(),
            waiting_for: task.open.len(),
            deadline: task.deadline,
            // How far a parent is its children say, and when that is told is no matter of the model.
            percent: Told::thousandths(told.and_then(|told| told.percent))
                .filter(|_| !task.parented),
            stalled: task.lease.is_some() && told.is_some_and(|told| told.stalled),
            attempts: task.attempts.clone(),
            bodies_dropped: task.bodies_dropped,
        }
    }

    pub fn seen(sight: &Sight) -> Self {
        let Sight { view, row } = sight;
        let running = view.state == State::Running;
        let progress = view.progress.as_ref();
        let attempts = row.attempts.iter().map(|attempt| {
            let error = attempt.error.as_ref().map(|error| error.kind.clone());
            (attempt.number, attempt.state, error)
        });
        Looks {
            state: view.state,
            parked: row.parked,
            attempt: view.attempt,
            max_attempts: view.max_attempts,
            cancel_requested: view.cancel_requested,
            error: view.error.as_ref().map(|error| error.kind.clone()),
            held: view.worker.is_some() && running,
            waiting_for: view.waiting_for.unwrap_or(0) as usize,
            deadline: view.deadline_at.map(|at| at.0),
            percent: Told::thousandths(progress.and_then(|progress| progress.percent))
                .filter(|_| row.kin.family.is_none()),
            stalled: progress.is_some_and(|progress| progress.stalled),
            attempts: attempts.collect(),
            bodies_dropped: view.bodies_dropped,
        }
    }
}
