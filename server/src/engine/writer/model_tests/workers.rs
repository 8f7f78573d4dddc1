//! What workers say of the tasks they hold, as the protocol says it.

use super::{
    deviation::{Deviation, holds, same},
    flaws::{Flaw, is},
    model::Model,
    seen::Deed,
};
use crate::{
    domain::{LeaseToken, Refusal, TaskId},
    engine::{Outcome, Reply, Report},
};

impl Model {
    pub fn report(
        &mut self,
        id: &TaskId,
        token: &LeaseToken,
        report: &Report,
        deed: &Deed,
    ) -> Result<(), Deviation> {
        let flaw = self.flaw;
        let task = self.tasks.get_mut(id).filter(|task| task.held_by(token, flaw));
        let Some(task) = task else { return deed.was_by_holder(false) };
        let asked = task.cancel_at.is_some();
        let Some(held) = task.lease.as_mut() else { return deed.was_by_holder(false) };
        let renewed = self.now + held.seconds as i64 * 1000;
        match (report.sequence, held.last.as_ref()) {
            (Some(sent), Some((last, _))) if sent < *last && !is(flaw, Flaw::SequenceIgnored) => {
                let low = matches!(deed.answer, Err(Refusal::SequenceTooLow { .. }));
                holds("a lower sequence is refused as that", low)?;
                return deed.was(false);
            }
            (Some(sent), Some((last, first))) if sent == *last => {
                deed.was(true)?;
                deed.wrote_nothing()?;
                let Ok(Reply::Reported(again)) = &deed.answer else { return Ok(()) };
                if is(flaw, Flaw::RepeatedReportRenews) {
                    held.expires = renewed;
                }
                return same("the first answer again", again, first);
            }
            _ => deed.was(true)?,
        }
        let Ok(Reply::Reported(answer)) = &deed.answer else { return Ok(()) };
        same("a cancel is told", answer.cancel_requested, asked)?;
        same("the lease's new end", answer.lease_expires_at.0, renewed)?;
        if !is(flaw, Flaw::ReportDoesNotRenew) {
            held.expires = renewed;
        }
        if let Some(sequence) = report.sequence {
            held.last = Some((sequence, answer.clone()));
        }
        task.hear(report, self.now, flaw);
        Ok(())
    }

    pub fn end(
        &mut self,
        id: &TaskId,
        token: &LeaseToken,
        outcome: &Outcome,
        deed: &Deed,
    ) -> Result<(), Deviation> {
        let (flaw, now, step) = (self.flaw, self.now, self.step);
        let said = (token.clone(), format!("{outcome:?}"));
        let Some(task) = self.tasks.get_mut(id) else { return deed.was_by_holder(false) };
        if !task.held_by(token, flaw) {
            let again = task.ended.as_ref() == Some(&said);
            deed.was_by_holder(again && !is(flaw, Flaw::RepeatedEndRefused))?;
            return deed.wrote_nothing();
        }
        deed.was_by_holder(true)?;
        task.ended = Some(said);
        match outcome {
            Outcome::Complete { .. } => task.succeed(now, flaw),
            Outcome::Release => task.release((step, 0), now, flaw),
            Outcome::Fail { error, retryable, retry_after_seconds } => {
                let wait = retry_after_seconds.unwrap_or(0) as i64 * 1000;
                let wait = if is(flaw, Flaw::RetryAfterIgnored) { 0 } else { wait };
                task.fail(&error.kind, *retryable, Some(now + wait), now, flaw);
            }
        }
        Ok(())
    }
}
