//! How far a task is, in a few characters.

use milepost_client::types::Progress;

/// `42%`, `42% [encode]`, `42% [encode] (stalled)`; `None` where nothing was said.
pub fn far(progress: Option<&Progress>) -> Option<String> {
    let progress = progress?;
    let percent = progress.percent.map(|percent| format!("{percent:.0}%"));
    let stage = progress.stage.as_ref().map(|stage| format!("[{stage}]"));
    let stalled = progress.stalled.then(|| "(stalled)".to_owned());
    let words: Vec<String> = [percent, stage, stalled].into_iter().flatten().collect();
    (!words.is_empty()).then(|| words.join(" "))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_stage_and_a_stall_stand_beside_the_number() {
        let words = |mut progress: serde_json::Value| {
            progress["updated_at"] = json!("2026-01-31T09:30:00Z");
            far(Some(&serde_json::from_value(progress).unwrap()))
        };
        assert_eq!(words(json!({"percent": 41.7})).as_deref(), Some("42%"));
        let whole = json!({"percent": 5, "stage": "fetch", "stalled": true, "message": "m"});
        assert_eq!(words(whole).as_deref(), Some("5% [fetch] (stalled)"));
        assert_eq!(words(json!({"stage": "fetch"})).as_deref(), Some("[fetch]"));
        assert_eq!(words(json!({"message": "m"})), None);
        assert_eq!(far(None), None);
    }
}
