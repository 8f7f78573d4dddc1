//! What one report carries, and what it can do without.

use serde_json::Value;

use super::{buffer::Line, progress::Progress};
use crate::{error::Error, types};

/// Everything one report carries.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Batch {
    pub stages: Vec<types::StageDefinition>,
    pub progress: Option<Progress>,
    pub lines: Vec<Line>,
    pub checkpoint: Option<Value>,
}

impl Batch {
    pub fn into_report(self, lease: String, sequence: u64) -> types::TaskReport {
        let lines = self.lines.into_iter();
        types::TaskReport {
            lease,
            sequence: Some(sequence),
            stages: self.stages,
            progress: self.progress.map(Progress::into_report),
            logs: lines
                .map(|line| types::ReportedLine { level: Some(line.level), text: line.text })
                .collect(),
            checkpoint: self.checkpoint,
        }
    }
}

/// The parts of a report a job could live without, what is most likely refused first.
const PARTS: [&str; 4] = ["checkpoint", "stages", "progress", "logs"];

/// Leaves out the part that the refusal names, or else what is most likely refused; `None` once only
/// the heartbeat was left.
pub(crate) fn leave_out_a_part(
    report: &mut types::TaskReport,
    refusal: &Error,
) -> Option<&'static str> {
    let fields = refusal.problem().map(|problem| problem.errors.as_slice()).unwrap_or_default();
    let named = |part: &str| fields.iter().any(|error| error.field.starts_with(part));
    let there = |part: &str| match part {
        "checkpoint" => report.checkpoint.is_some(),
        "stages" => !report.stages.is_empty(),
        "progress" => report.progress.is_some(),
        _ => !report.logs.is_empty(),
    };
    let part = PARTS
        .into_iter()
        .find(|part| there(part) && named(part))
        .or_else(|| PARTS.into_iter().find(|part| there(part)))?;
    match part {
        "checkpoint" => report.checkpoint = None,
        "stages" => report.stages.clear(),
        "progress" => report.progress = None,
        _ => report.logs.clear(),
    }
    Some(part)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{Refusal, types::Problem};

    fn refusal(errors: Value) -> Error {
        let problem: Problem = serde_json::from_value(json!({
            "type": "/problems/invalid-request", "title": "t", "status": 400, "detail": "d",
            "errors": errors,
        }))
        .unwrap();
        Error::Problem(Box::new(Refusal { problem, retry_after: None }))
    }

    #[test]
    fn what_the_server_refused_goes_and_the_rest_is_sent_again() {
        let batch = Batch {
            stages: vec!["a".into(), "a".into()],
            progress: Some(Progress::percent(1.0)),
            checkpoint: Some(json!(7)),
            ..Default::default()
        };
        let mut report = batch.into_report("lease".to_owned(), 1);
        let named = refusal(json!([{"field": "stages[1].name", "message": "is there already"}]));
        assert_eq!(leave_out_a_part(&mut report, &named), Some("stages"));
        assert_eq!((report.stages.len(), report.checkpoint.clone()), (0, Some(json!(7))));
        let unnamed = refusal(json!([]));
        assert_eq!(leave_out_a_part(&mut report, &unnamed), Some("checkpoint"));
        assert_eq!(leave_out_a_part(&mut report, &unnamed), Some("progress"));
        assert_eq!(leave_out_a_part(&mut report, &unnamed), None);
    }
}
