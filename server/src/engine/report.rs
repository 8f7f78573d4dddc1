//! reportTask: one call that is heartbeat, progress, log, checkpoint and cancel check.

use super::{
    batch::{Batch, Happened},
    command::{NewLine, Report},
};
use crate::{
    domain::{
        LeaseToken, LogLine, Moment, Progress, Refusal, Task, TaskId, Timestamp,
        checks::{self, Errors},
        lease::Reported,
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
    for lines in cut(&report.logs, now.wall) {
        task = batch.record(task, Happened::Log(lines), now);
    }
    if let Some(reported) = &report.progress {
        let since = task.lease.as_ref().map_or(now.steady, |lease| lease.since);
        let elapsed = (now.steady.0 - since.0).max(0) as f64 / 1000.0;
        let progress = Progress::after(task.progress.as_ref(), reported, now.wall, elapsed);
        task.progress = Some(progress.clone());
        task = batch.record(task, Happened::Progress(progress), now);
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

/// The task, if `token` is that of its running lease.
pub fn holder<'a>(batch: &'a Batch, id: &TaskId, token: &LeaseToken) -> Result<&'a Task, Refusal> {
    let task = batch.task(id).ok_or_else(|| Refusal::TaskNotFound(id.clone()))?;
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
