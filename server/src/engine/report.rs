//! reportTask: one call that is heartbeat, progress, log, checkpoint and cancel check.

use std::sync::Arc;

use super::{
    batch::{Batch, Happened},
    command::{NewLine, Report},
    end::Ends,
};
use crate::{
    domain::{
        LeaseToken, LogLine, Moment, Progress, Refusal, Task, TaskId, Timestamp,
        checks::{self, Errors},
        lease::Reported,
        pace::Pace,
        progress::ProgressReport,
        submission::check_stages,
    },
    store::Slot,
};

/// How many bytes of lines, as JSON, one `task.log` event carries at most: a frame is ≤32 KiB.
const LOG_BYTES: usize = 24 * 1024;
/// Longest message, in characters.
const MAX_MESSAGE: usize = 4096;
/// Longest stage or unit, in characters.
const MAX_WORD: usize = 128;
/// Most lines in one report.
const MAX_LINES: usize = 1000;

pub fn report(
    batch: &mut Batch,
    id: &TaskId,
    token: &LeaseToken,
    report: &Report,
    now: &Moment,
) -> Result<Reported, Refusal> {
    let mut task = holder(batch, id, token)?.clone();
    let last = task.lease.as_ref().and_then(|lease| lease.last.clone());
    if let (Some(sent), Some((last, answer))) = (report.sequence, last) {
        if sent == last {
            return Ok(answer);
        }
        if sent < last {
            return Err(Refusal::SequenceTooLow { last, sent });
        }
    }
    check(report)?;
    if let Some(stages) = report.stages.as_ref().filter(|stages| **stages != task.stages) {
        task.stages = stages.clone();
        task = recorded(batch, task, Happened::Updated, now);
    }
    for lines in cut(&report.logs, now.wall) {
        task = recorded(batch, task, Happened::Log(lines), now);
    }
    if let Some(reported) = &report.progress {
        advance(&mut task, reported, now);
        task = recorded(batch, task, Happened::Progress, now);
    }
    if report.says_something() {
        task = hear(batch, task, now);
    }
    if let Some(checkpoint) = &report.checkpoint {
        batch.set_body(task.seq, Slot::Checkpoint, Some(checkpoint.clone()));
    }
    let cancel_requested = task.cancel_requested_at.is_some();
    let position = task.cursor;
    let Some(lease) = task.lease.as_mut() else { return Err(Refusal::LeaseLost(id.clone())) };
    // `due_at` stays as it is, although the lease now ends later: the sweep finds it too early and
    // arms it anew, which costs one look a lease instead of an index entry a report.
    lease.expires_at = now.steady.plus_seconds(lease.seconds);
    let answer = Reported { lease_expires_at: lease.expires_at, cancel_requested, position };
    if let Some(sequence) = report.sequence {
        lease.last = Some((sequence, answer.clone()));
    }
    batch.save(task);
    Ok(answer)
}

/// Writes an event, and goes on with the task.
fn recorded(batch: &mut Batch, task: Task, happened: Happened, now: &Moment) -> Task {
    Arc::unwrap_or_clone(batch.record(task, happened, now))
}

/// The progress after a report, and how fast the work goes by it.
fn advance(task: &mut Task, reported: &ProgressReport, now: &Moment) {
    let last = task.progress.as_ref();
    // The first report's stage began with the attempt.
    let new_stage =
        reported.stage.is_some() && last.is_some_and(|last| last.stage != reported.stage);
    let mut progress = Progress::after(last, reported, &task.stages, now.wall);
    if let Some(lease) = task.lease.as_mut().filter(|_| reported.counts()) {
        // Work that goes on from a checkpoint has not done in this attempt what it begins with, so
        // only a task's very first lease begins at nothing.
        let begin = |done| match task.fence {
            1 => Pace::from(lease.since, 0.0).reached(done, now.steady, lease.since),
            _ => Pace::from(now.steady, done),
        };
        let go_on = |pace: Option<Pace>, done| match pace {
            Some(pace) => pace.reached(done, now.steady, lease.since),
            None => begin(done),
        };
        let percent_pace = progress.percent.map(|done| go_on(lease.percent_pace, done));
        let current_pace = progress.current.map(|done| match new_stage {
            true => Pace::from(now.steady, done),
            false => go_on(lease.current_pace, done),
        });
        progress.estimate(percent_pace.as_ref(), current_pace.as_ref());
        (lease.percent_pace, lease.current_pace) = (percent_pace, current_pace);
    }
    task.progress = Some(progress);
}

/// More than a heartbeat came: the silence begins anew, and a stall is over.
fn hear(batch: &mut Batch, mut task: Task, now: &Moment) -> Task {
    let was_silent = task.progress.as_ref().is_some_and(|progress| progress.stalled);
    if let Some(lease) = &mut task.lease {
        lease.heard_at = Some(now.steady);
    }
    if was_silent && let Some(progress) = &mut task.progress {
        progress.stalled = false;
        task = recorded(batch, task, Happened::Progress, now);
    }
    // After a stall nothing waits for the next silence; else this is later than what is armed.
    if let Some(ends) = Ends::of(&task) {
        task.due_at = task.due_at.map(|due| due.min(ends.stall));
    }
    task
}

/// The task, if `token` is that of its running lease.
pub fn holder<'a>(batch: &'a Batch, id: &TaskId, token: &LeaseToken) -> Result<&'a Task, Refusal> {
    let task = batch.task(id).ok_or_else(|| batch.missing(id))?;
    match &task.lease {
        Some(lease) if lease.token == *token => Ok(task),
        _ => Err(Refusal::LeaseLost(id.clone())),
    }
}

fn check(report: &Report) -> Result<(), Refusal> {
    let mut errors = Errors::default();
    if let Some(progress) = &report.progress {
        errors.take(progress.check());
        let message = progress.message.as_deref();
        errors.take(checks::at_most("progress.message", message, MAX_MESSAGE));
        errors.take(checks::at_most("progress.stage", progress.stage.as_deref(), MAX_WORD));
        errors.take(checks::at_most("progress.unit", progress.unit.as_deref(), MAX_WORD));
    }
    if let Some(stages) = &report.stages {
        errors.take(check_stages("stages", stages));
    }
    if report.logs.len() > MAX_LINES {
        errors.take(checks::error("logs", format!("must have at most {MAX_LINES} entries")));
    }
    errors.none_or(())
}

/// Lines in groups that each fit a frame. A line too long for one is cut into several, so that
/// nothing of it is lost.
fn cut(lines: &[NewLine], at: Timestamp) -> Vec<Vec<LogLine>> {
    let mut groups: Vec<Vec<LogLine>> = Vec::new();
    let mut room = 0;
    for line in lines {
        for text in pieces(&line.text) {
            let size = json_length(text) + 80;
            if size > room {
                groups.push(Vec::new());
                room = LOG_BYTES;
            }
            room = room.saturating_sub(size);
            if let Some(group) = groups.last_mut() {
                group.push(LogLine { at, level: line.level, text: text.to_owned() });
            }
        }
    }
    groups
}

/// `text` in pieces whose JSON fits an event.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut start, mut size) = (0, 0);
    for (at, character) in text.char_indices() {
        let more = json_char_length(character);
        if size + more > LOG_BYTES - 128 {
            pieces.push(&text[start..at]);
            (start, size) = (at, 0);
        }
        size += more;
    }
    pieces.push(&text[start..]);
    pieces
}

fn json_length(text: &str) -> usize {
    text.chars().map(json_char_length).sum()
}

/// How many bytes a character takes in a JSON string as serde_json writes it.
fn json_char_length(character: char) -> usize {
    match character {
        '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
        '\0'..='\u{1f}' => 6,
        _ => character.len_utf8(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::LogLevel;

    #[test]
    fn long_reports_are_cut_without_losing_a_character() {
        let texts = ["x".repeat(60_000), "\0".repeat(9_000), "é".repeat(13_000), "end".to_owned()];
        let lines: Vec<NewLine> = texts
            .iter()
            .map(|text| NewLine { level: LogLevel::Info, text: text.clone() })
            .collect();
        let groups = cut(&lines, Timestamp(0));
        for group in &groups {
            let json = serde_json::to_string(group).expect("lines are JSON");
            assert!(json.len() <= 28 * 1024, "{} bytes in one event", json.len());
        }
        let whole: String = groups.iter().flatten().map(|line| line.text.as_str()).collect();
        assert_eq!(whole, texts.concat());
    }
}
