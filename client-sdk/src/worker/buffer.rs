//! What a job said and the server has not heard yet.
//!
//! Stages, progress and checkpoint are last-value-wins, so a slow server costs steps and no memory.
//! Lines are all kept, unless a limit is set: then the oldest go first, and their number is told in their
//! place.

use std::collections::VecDeque;

use serde_json::Value;

use super::{progress::Progress, report::Batch, stages::Stages};
use crate::types::{LogLevel, Stage, StageDefinition};

/// The most lines the server takes in one report.
const MAX_LINES: usize = 1000;
/// The most bytes of lines in one report, as JSON. The server takes 1 MiB in all, and a checkpoint
/// has to fit beside them.
const MAX_BYTES: usize = 256 * 1024;

/// A line to be logged.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    pub level: LogLevel,
    pub text: String,
}

#[derive(Debug, Default)]
pub(crate) struct Buffer {
    stages: Stages,
    /// Declared, and not sent yet.
    declared: Vec<StageDefinition>,
    progress: Option<Progress>,
    lines: VecDeque<Line>,
    /// What `lines` weighs, in bytes of text.
    weight: usize,
    /// The most they may weigh.
    limit: Option<usize>,
    left_out: u64,
    checkpoint: Option<Value>,
}

impl Buffer {
    /// `limit`: the most bytes of lines to keep; without it, all of them. `stages`: those the task has.
    pub fn new(limit: Option<usize>, stages: &[Stage]) -> Self {
        Buffer { limit, stages: Stages::of_task(stages), ..Default::default() }
    }

    pub fn is_empty(&self) -> bool {
        self.declared.is_empty()
            && self.progress.is_none()
            && self.checkpoint.is_none()
            && !self.has_lines()
    }

    pub fn has_lines(&self) -> bool {
        !self.lines.is_empty() || self.left_out > 0
    }

    pub fn stages(&mut self, stages: Vec<StageDefinition>) {
        self.stages.declare(&stages);
        self.declared = stages;
    }

    pub fn progress(&mut self, progress: Progress) {
        let before = self.progress.take().unwrap_or_default();
        self.progress = Some(self.stages.step(before, progress));
    }

    pub fn checkpoint(&mut self, checkpoint: Value) {
        self.checkpoint = Some(checkpoint);
    }

    pub fn line(&mut self, level: LogLevel, text: String) {
        self.weight += weight(&text);
        self.lines.push_back(Line { level, text });
        while self.limit.is_some_and(|limit| self.weight > limit) {
            let Some(oldest) = self.lines.pop_front() else { break };
            self.weight -= weight(&oldest.text);
            self.left_out += 1;
        }
    }

    /// Takes as much as one report may carry.
    pub fn take(&mut self) -> Batch {
        let mut lines = Vec::new();
        let mut bytes = 0;
        if self.left_out > 0 {
            let text = format!("… {} lines left out", self.left_out);
            self.left_out = 0;
            lines.push(Line { level: LogLevel::Warn, text });
        }
        while let Some(next) = self.lines.front() {
            // A single line that is too long goes alone: the server's answer tells what is wrong.
            let length = json_length(&next.text);
            if lines.len() >= MAX_LINES || (!lines.is_empty() && bytes + length > MAX_BYTES) {
                break;
            }
            bytes += length;
            self.weight -= weight(&next.text);
            lines.extend(self.lines.pop_front());
        }
        Batch {
            stages: std::mem::take(&mut self.declared),
            progress: self.progress.take(),
            lines,
            checkpoint: self.checkpoint.take(),
        }
    }
}

/// Short lines cost memory beyond their text.
fn weight(text: &str) -> usize {
    text.len() + 64
}

/// The length of a line in a report: escapes count as what they become.
fn json_length(text: &str) -> usize {
    let escaped: usize = text
        .bytes()
        .map(|byte| match byte {
            b'"' | b'\\' | b'\n' | b'\r' | b'\t' => 2,
            0..0x20 => 6,
            _ => 1,
        })
        .sum();
    escaped + r#"{"level":"error","text":""},"#.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(batch: &Batch) -> Vec<&str> {
        batch.lines.iter().map(|line| line.text.as_str()).collect()
    }

    #[test]
    fn the_last_progress_wins_and_every_line_is_kept() {
        let mut buffer = Buffer::new(None, &[]);
        for step in 0..2500 {
            buffer.progress(Progress::percent(f64::from(step) / 100.0));
            buffer.line(LogLevel::Info, step.to_string());
        }
        let first = buffer.take();
        assert_eq!(first.progress, Some(Progress::percent(24.99)));
        let mut seen: Vec<String> = texts(&first).iter().map(|&text| text.to_owned()).collect();
        assert_eq!(seen.len(), MAX_LINES);
        while !buffer.is_empty() {
            seen.extend(buffer.take().lines.into_iter().map(|line| line.text));
        }
        assert_eq!(seen, (0..2500).map(|step| step.to_string()).collect::<Vec<_>>());
    }

    #[test]
    fn a_report_stays_below_its_size_even_if_every_byte_is_escaped() {
        let mut buffer = Buffer::new(None, &[]);
        for _ in 0..100 {
            buffer.line(LogLevel::Info, "\u{1}".repeat(8000));
        }
        let mut reports = 0;
        while !buffer.is_empty() {
            let batch = buffer.take();
            let json: usize = batch
                .lines
                .iter()
                .map(|line| {
                    serde_json::json!({"level": "error", "text": line.text}).to_string().len()
                })
                .sum();
            assert!(json <= MAX_BYTES, "{json}");
            reports += 1;
        }
        assert!(reports >= 100 * 48_000 / MAX_BYTES);
    }

    #[test]
    fn over_the_limit_the_newest_lines_stay_and_the_number_of_the_others_is_told() {
        let mut buffer = Buffer::new(Some(10 * weight("0000")), &[]);
        for number in 0..100 {
            buffer.line(LogLevel::Info, format!("{number:04}"));
        }
        let batch = buffer.take();
        assert_eq!(texts(&batch)[..2], ["… 90 lines left out", "0090"]);
        assert_eq!(texts(&batch).last(), Some(&"0099"));
        assert_eq!(batch.lines.len(), 11);
        assert!(buffer.is_empty());
    }
}
