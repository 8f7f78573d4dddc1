//! What the protocol promises of one step of one task, told by its row before and after.

use super::{
    deviation::{Deviation, holds, same},
    rows::Row,
    story::Story,
};
use crate::{
    domain::{LeaseToken, Refusal, State, TaskError},
    engine::{Command, Leased, Outcome, Reply},
};

/// What holds of every step, whatever it is.
fn promises(before: &Row, after: &Row, leased: bool) -> Result<(), Deviation> {
    let (old, new) = (&before.task, &after.task);
    same("the fence", new.fence, old.fence + u64::from(leased))?;
    same("a lease exactly while running", new.lease.is_some(), new.state == State::Running)?;
    let outcome = after.output.is_some() != after.error.is_some();
    same("one of output and error exactly when done", outcome, new.state.is_done())?;
    holds("nothing moves a done task", !old.state.is_done() || before == after)?;
    let asked = old.cancel_requested_at.is_some();
    let ended = matches!(new.state, State::Running | State::Succeeded | State::Cancelled);
    holds("a task to be cancelled succeeds or is cancelled", !asked || ended)
}

/// A call at this time, and its answer; the row after it is in the story.
pub fn call(
    story: &mut Story,
    call: &Command,
    answer: &Result<Reply, Refusal>,
    before: &Row,
    now: i64,
) -> Result<(), Deviation> {
    let after = story.row.clone();
    promises(before, &after, false)?;
    holds("a refusal changes nothing", answer.is_ok() || *before == after)?;
    match call {
        Command::Cancel { .. } => cancelled(answer, before, &after),
        Command::Report { token, .. } => {
            by_holder(token, answer, before)?;
            reported(answer, &after, now)
        }
        Command::End { token, outcome, .. } => {
            let said = story.completed.as_ref();
            match said.filter(|said| (&said.0, &said.1) == (token, outcome)) {
                Some((_, _, first)) => {
                    holds("said again, it changes nothing", *before == after)?;
                    let Ok(Reply::Task(again)) = answer else {
                        return Err(Deviation(format!("said again, it is answered {answer:?}")));
                    };
                    same("the first answer again", &**again, first)
                }
                None if by_holder(token, answer, before)? => {
                    if let (Outcome::Complete { .. }, Ok(Reply::Task(task))) = (outcome, answer) {
                        let task = (**task).clone();
                        story.completed = Some((token.clone(), outcome.clone(), task));
                    }
                    ended(outcome, before, &after)
                }
                None => Ok(()),
            }
        }
        other => Err(Deviation(format!("no story makes the call {other:?}"))),
    }
}

/// Who shows the token of the running lease is heard, and nobody else; returns whether it does.
fn by_holder(
    token: &LeaseToken,
    answer: &Result<Reply, Refusal>,
    before: &Row,
) -> Result<bool, Deviation> {
    let lease = before.task.lease.as_ref();
    let holder = lease.is_some_and(|lease| lease.token == *token);
    same("whether the token counts", answer.is_ok(), holder)?;
    let lost = matches!(answer, Ok(_) | Err(Refusal::LeaseLost(_)));
    holds("a stale token is told that its lease is lost", lost)?;
    Ok(holder)
}

fn reported(answer: &Result<Reply, Refusal>, after: &Row, now: i64) -> Result<(), Deviation> {
    let (Ok(Reply::Reported(told)), Some(lease)) = (answer, &after.task.lease) else {
        return holds("only a refused report leaves no lease", answer.is_err());
    };
    let ends = now + lease.seconds as i64 * 1000;
    same("a report renews the lease", lease.expires_at.0, ends)?;
    same("the end it is told", told.lease_expires_at, lease.expires_at)?;
    let asked = after.task.cancel_requested_at.is_some();
    same("a cancel is told", told.cancel_requested, asked)
}

fn ended(outcome: &Outcome, before: &Row, after: &Row) -> Result<(), Deviation> {
    let asked = before.task.cancel_requested_at.is_some();
    let state = match outcome {
        Outcome::Complete { output } => {
            same("the output", &after.output, output)?;
            State::Succeeded
        }
        _ if asked => State::Cancelled,
        _ => State::Queued,
    };
    same("the state after a worker's word", after.task.state, state)?;
    let given_back = u32::from(state == State::Queued);
    same("a release gives the attempt back", after.task.attempt + given_back, before.task.attempt)
}

fn cancelled(answer: &Result<Reply, Refusal>, before: &Row, after: &Row) -> Result<(), Deviation> {
    let (old, new) = (&before.task, &after.task);
    let too_late = matches!(old.state, State::Succeeded | State::Failed);
    same("whether it can be cancelled", answer.is_ok(), !too_late)?;
    match old.state {
        State::Running => {
            same("it runs on", new.state, old.state)?;
            holds("its worker is asked to end", new.cancel_requested_at.is_some())
        }
        _ if too_late => Ok(()),
        _ => same("it is cancelled at once", new.state, State::Cancelled),
    }
}

/// Time that passed; `expires` where it was longer than the lease.
pub fn time(before: &Row, after: &Row, expires: bool) -> Result<(), Deviation> {
    promises(before, after, false)?;
    let (old, new) = (&before.task, &after.task);
    same("time gives and takes no attempt", new.attempt, old.attempt)?;
    let state = match old.state {
        State::Retrying => State::Queued,
        State::Running if !expires => State::Running,
        State::Running if old.cancel_requested_at.is_some() => State::Cancelled,
        // The lot may have drawn no backoff at all.
        State::Running if old.attempt < old.max_attempts && new.run_at == Some(new.updated_at) => {
            new.state
        }
        State::Running if old.attempt < old.max_attempts => State::Retrying,
        State::Running => {
            let error = after.error.as_ref().map_or("", |error| error.get());
            holds("the error's type", error.contains(TaskError::LEASE_EXPIRED))?;
            State::Failed
        }
        other => other,
    };
    same("the state after a while", new.state, state)?;
    holds("nothing else changes", old.state != new.state || before == after)
}

/// A lease that was asked for; the row after it is in the story.
pub fn lease(story: &Story, lease: Option<&Leased>, before: &Row) -> Result<(), Deviation> {
    let (old, after) = (&before.task, &story.row);
    promises(before, after, lease.is_some())?;
    same("a lease exactly where one waits", lease.is_some(), old.state == State::Queued)?;
    let Some(lease) = lease else { return holds("no lease, no change", before == after) };
    holds("the token is a new one", !story.hands.tokens.contains(&lease.token))?;
    same("the fence it is told", lease.fence, after.task.fence)?;
    same("a lease begins an attempt", after.task.attempt, old.attempt + 1)?;
    holds("nobody has asked to end yet", !lease.cancel_requested)?;
    same("it runs", after.task.state, State::Running)
}
