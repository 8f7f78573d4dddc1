//! What a line of a command's output says about its progress.
//!
//! Two ways: a program that knows nothing of Milepost prints `42%` somewhere, and a script that does
//! prints a line that begins with `::`.
//!
//! | line | meaning |
//! |---|---|
//! | `::progress 42 message` | percent, also as `42%`; the message may be absent |
//! | `::progress 3/12 message` | current and total |
//! | `::stages NAME:WEIGHT …` | the parts of the work, and how much of the whole each is (`milepost work`) |
//! | `::stage NAME` | a part of the work begins; in one of the task's stages, what is counted counts within it |
//! | `::checkpoint JSON` | what the next attempt is to begin with (`milepost work`) |
//! | `::output JSON` | the task's output (`milepost work`) |
//! | `::fail MESSAGE` | the task fails for good when the command has ended: no further attempt (`milepost work`) |

use milepost_client::worker::{Progress, StageDefinition};
use serde_json::Value;

use crate::args::stage;

/// A line that begins with `::` and is one of ours.
#[derive(Debug, PartialEq)]
pub enum Directive {
    Progress(Progress),
    Stages(Vec<StageDefinition>),
    Checkpoint(Value),
    Output(Value),
    Fail(String),
}

/// Reads a directive. A line that only looks like one is an ordinary line.
pub fn directive(line: &str) -> Option<Directive> {
    let (name, rest) = match line.strip_prefix("::")?.split_once(' ') {
        Some((name, rest)) => (name, rest.trim()),
        None => return None,
    };
    match name {
        "progress" => {
            let (number, message) = rest.split_once(' ').unwrap_or((rest, ""));
            let progress = match number.split_once('/') {
                Some((current, total)) => Progress::count(amount(current)?, amount(total)?),
                None => {
                    let percent = amount(number.strip_suffix('%').unwrap_or(number))?;
                    Progress::percent(percent.min(100.0))
                }
            };
            let message = message.trim();
            let progress = if message.is_empty() { progress } else { progress.message(message) };
            Some(Directive::Progress(progress))
        }
        "stages" => {
            let stages: Result<Vec<_>, _> = rest.split_whitespace().map(stage).collect();
            stages.ok().filter(|stages| !stages.is_empty()).map(Directive::Stages)
        }
        "stage" if !rest.is_empty() => Some(Directive::Progress(Progress::default().stage(rest))),
        "fail" if !rest.is_empty() => Some(Directive::Fail(rest.to_owned())),
        "checkpoint" => serde_json::from_str(rest).ok().map(Directive::Checkpoint),
        "output" => serde_json::from_str(rest).ok().map(Directive::Output),
        _ => None,
    }
}

fn amount(text: &str) -> Option<f64> {
    let plain = text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    text.parse().ok().filter(|number: &f64| plain && number.is_finite())
}

/// The last percentage from 0 to 100 in a line: `42%`, `42.5 %`, `42,5%`.
pub fn percent(line: &str) -> Option<f64> {
    line.rmatch_indices('%').find_map(|(at, _)| percent_before(&line[..at]))
}

/// The number that `text` ends with, if it stands as a number of its own and is a percentage.
fn percent_before(text: &str) -> Option<f64> {
    let text = text.strip_suffix(' ').unwrap_or(text);
    let is_part = |c: char| c.is_ascii_digit() || c == '.' || c == ',';
    let start = text.trim_end_matches(is_part).len();
    let (before, number) = text.split_at(start);
    // `-5%` is a change and `x5%` part of a word; neither says how far something is.
    if before.chars().next_back().is_some_and(|c| c.is_alphanumeric() || "-+_".contains(c)) {
        return None;
    }
    let number: f64 = number.replace(',', ".").parse().ok()?;
    (0.0..=100.0).contains(&number).then_some(number)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_last_percentage_of_a_line_counts() {
        for (line, expected) in [
            ("  1,234,567  42%  103.2MB/s    0:00:09 (xfr#12, to-chk=3/20)", Some(42.0)),
            (" 12% of 3 files, 55.5% of bytes", Some(55.5)),
            ("frame=10 [#####     ] 7 %", Some(7.0)),
            ("fertig: 99,5%", Some(99.5)),
            ("100%|██████████| 10/10", Some(100.0)),
            ("Progress:[ 0%]", Some(0.0)),
            ("grew by 250%, now at 30%...", Some(30.0)),
            ("30% then 250%", Some(30.0)),
            ("cpu -5%", None),
            ("sha1 abc4% %s %", None),
            ("nothing here", None),
            ("1.2.3%", None),
        ] {
            assert_eq!(percent(line), expected, "{line}");
        }
    }

    #[test]
    fn directives_are_read_and_lookalikes_stay_lines() {
        let progress = |text| match directive(text) {
            Some(Directive::Progress(progress)) => Some(progress),
            _ => None,
        };
        assert_eq!(
            progress("::progress 42 half of it"),
            Some(Progress::percent(42.0).message("half of it"))
        );
        assert_eq!(progress("::progress 42.5%"), Some(Progress::percent(42.5)));
        assert_eq!(progress("::progress 140"), Some(Progress::percent(100.0)));
        assert_eq!(
            progress("::progress 3/12 files"),
            Some(Progress::count(3.0, 12.0).message("files"))
        );
        assert_eq!(
            directive(r#"::checkpoint {"at": 7}"#),
            Some(Directive::Checkpoint(json!({"at": 7})))
        );
        assert_eq!(directive("::output 3"), Some(Directive::Output(json!(3))));
        assert_eq!(progress("::stage encode all"), Some(Progress::default().stage("encode all")));
        assert_eq!(
            directive("::stages fetch encode:8"),
            Some(Directive::Stages(vec!["fetch".into(), ("encode", 8.0).into()]))
        );
        assert_eq!(
            directive("::fail no such image"),
            Some(Directive::Fail("no such image".into()))
        );
        for line in ["::stage", "::stage ", "::stages ", "::stages a:x", "::fail", "::fail "] {
            assert_eq!(directive(line), None, "{line}");
        }
        for line in
            ["::progress", "::progress x", "::progress -1", "::output {", "::", "a ::output 1"]
        {
            assert_eq!(directive(line), None, "{line}");
        }
    }
}
