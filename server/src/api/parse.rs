//! From the bytes of a body to a request, or to a problem that names the field that is wrong.

use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::error::Category;

use super::{
    problem::{Problem, ProblemType},
    strict,
};
use crate::domain::{FieldError, json};

/// Reads a body, which must be one JSON object.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    if bytes.trim_ascii().is_empty() {
        return Err(malformed("The body is empty, and this operation needs one."));
    }
    if let Err(error) = std::str::from_utf8(bytes) {
        let at = error.valid_up_to();
        return Err(malformed(format!("The body is not UTF-8: byte {at} is wrong.")));
    }
    json::screen(bytes).map_err(|error| malformed(format!("The body is refused: {error}.")))?;
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let mut track = serde_path_to_error::Track::new();
    let tracked = serde_path_to_error::Deserializer::new(&mut reader, &mut track);
    let value: T = strict::object(tracked).map_err(|error| match not_json(bytes) {
        None if error.classify() == Category::Data => {
            Problem::invalid(vec![wrong_field(&track.path().to_string(), &error.to_string())])
        }
        other => malformed(format!("The body is not JSON: {}.", other.unwrap_or(error))),
    })?;
    reader.end().map_err(|error| malformed(format!("The body is not one JSON value: {error}.")))?;
    Ok(value)
}

/// Why it is no JSON at all, if so: a wrong field is no news of what cannot be read to its end.
fn not_json(bytes: &[u8]) -> Option<serde_json::Error> {
    serde_json::from_slice::<IgnoredAny>(bytes).err()
}

fn malformed(detail: impl Into<String>) -> Problem {
    Problem::new(ProblemType::MalformedBody, detail)
}

/// serde says `missing field "kind" at line 1 column 2` at the path of the object, and names Rust's
/// types; the client is told of the field itself, in the words of JSON.
fn wrong_field(path: &str, message: &str) -> FieldError {
    let message = message.rsplit_once(" at line ").map_or(message, |(message, _)| message);
    let inside = |name: &str| match path {
        "." => name.to_owned(),
        path if path == name || path.ends_with(&format!(".{name}")) => path.to_owned(),
        path => format!("{path}.{name}"),
    };
    let quoted = message.split('`').nth(1).unwrap_or_default();
    if message.starts_with("missing field") {
        return FieldError::new(inside(quoted), "is required");
    }
    if message.starts_with("duplicate field") {
        return FieldError::new(inside(quoted), "is given twice");
    }
    if message.starts_with("unknown field") {
        let known: Vec<&str> = message.split('`').skip(3).step_by(2).collect();
        let message = format!("is not a field here; there is {}", known.join(", "));
        return FieldError::new(inside(quoted), message);
    }
    if message.starts_with("unknown variant") {
        let known: Vec<&str> = message.split('`').skip(3).step_by(2).collect();
        return FieldError::new(path, format!("must be one of {}", known.join(", ")));
    }
    let field = if path == "." { "body" } else { path };
    let wrong = message.strip_prefix("invalid type: ").or(message.strip_prefix("invalid value: "));
    match wrong.and_then(|wrong| wrong.rsplit_once(", expected ")) {
        // An integer beyond its type; a negative one where none may be says so below.
        Some((found, _))
            if message.starts_with("invalid value")
                && found.starts_with("integer `")
                && !found.contains('-') =>
        {
            FieldError::new(field, "is too large")
        }
        Some((found, expected)) => {
            let expected = in_the_words_of_json(expected);
            FieldError::new(field, format!("must be {expected}, and is {}", found.replace('`', "")))
        }
        None => FieldError::new(field, message),
    }
}

fn in_the_words_of_json(expected: &str) -> &str {
    match expected {
        "i8" | "i16" | "i32" | "i64" => "a whole number",
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number, 0 or more",
        "f32" | "f64" => "a number",
        "a sequence" => "an array",
        "a map" => "an object",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::wire::{
        lease::LeaseRequest,
        report::{TaskFailure, TaskReport},
        submit::TaskSubmission,
    };
    use crate::domain::RawJson;

    /// The field and message of the one error there is.
    fn wrong<T: DeserializeOwned>(body: &str) -> (String, String) {
        let problem = parse::<T>(body.as_bytes()).map(drop).expect_err(body).body();
        assert_eq!(problem.kind, "/problems/invalid-request", "{body}");
        let mut errors = problem.errors.expect(body);
        assert_eq!(errors.len(), 1, "{body}");
        let error = errors.remove(0);
        (error.field, error.message)
    }

    fn malformed(body: &[u8]) -> String {
        let problem = parse::<TaskSubmission>(body).expect_err("refused").body();
        assert_eq!(problem.kind, "/problems/malformed-body");
        problem.detail
    }

    #[test]
    fn what_is_wrong_is_named_by_its_field() {
        for (body, field, message) in [
            ("{}", "kind", "is required"),
            (r#"{"kind":5}"#, "kind", "must be a string, and is integer 5"),
            (r#"{"kind":null}"#, "kind", "must be a string, and is null"),
            (r#"{"kind":"a","kind":"b"}"#, "kind", "is given twice"),
            (r#"{"kind":"a","labels":{"x":1}}"#, "labels.x", "must be a string, and is integer 1"),
            (r#"{"kind":"a","labels":[]}"#, "labels", "must be an object, and is sequence"),
            (
                r#"{"kind":"a","priority":1.5}"#,
                "priority",
                "must be a whole number, and is floating point 1.5",
            ),
            (r#"{"kind":"a","max_attempts":99999999999}"#, "max_attempts", "is too large"),
            (
                r#"{"kind":"a","timeout_seconds":-1}"#,
                "timeout_seconds",
                "must be a whole number, 0 or more, and is integer -1",
            ),
            (
                r#"{"kind":"a","run_at":"soon"}"#,
                "run_at",
                "not an RFC 3339 time, e.g. 2026-01-31T09:30:00Z",
            ),
            (
                r#"{"kind":"a","after_failure":5}"#,
                "after_failure",
                "must be a string, and is integer 5",
            ),
            (
                r#"{"kind":"a","after_failure":"stop"}"#,
                "after_failure",
                "must be one of cancel, run",
            ),
            ("null", "body", "must be an object, and is null"),
            ("[\"a\"]", "body", "must be an object, and is sequence"),
            ("\"a\"", "body", "must be an object, and is string \"a\""),
        ] {
            let (found, told) = wrong::<TaskSubmission>(body);
            assert_eq!((found.as_str(), told.as_str()), (field, message), "{body}");
        }
        let (field, message) = wrong::<TaskSubmission>(r#"{"kind":"a","kin":1}"#);
        assert_eq!(field, "kin");
        assert!(message.starts_with("is not a field here; there is kind, queue,"), "{message}");
    }

    #[test]
    fn inner_objects_are_named_with_their_place() {
        for (body, field) in [
            (r#"{"lease":"x","progress":{"percent":"5"}}"#, "progress.percent"),
            (r#"{"lease":"x","progress":[5]}"#, "progress"),
            (r#"{"lease":"x","progress":{"pct":5}}"#, "progress.pct"),
            (r#"{"lease":"x","logs":[{"text":"a"},{"level":"info"}]}"#, "logs[1].text"),
            (r#"{"lease":"x","logs":[{"text":"a"},["info","b"]]}"#, "logs[1]"),
            (r#"{"lease":"x","logs":[{"text":"a","level":"loud"}]}"#, "logs[0].level"),
            (r#"{"lease":"x","logs":[{"text":"a","level":{"info":null}}]}"#, "logs[0].level"),
        ] {
            assert_eq!(wrong::<TaskReport>(body).0, field, "{body}");
        }
        assert_eq!(wrong::<TaskFailure>(r#"{"lease":"x","error":{}}"#).0, "error.type");
        assert_eq!(wrong::<TaskFailure>(r#"{"lease":"x","error":["a"]}"#).0, "error");
        assert_eq!(wrong::<LeaseRequest>(r#"{"worker":"w","queues":[1]}"#).0, "queues[0]");
    }

    #[test]
    fn null_is_the_same_as_leaving_a_field_out_but_where_any_json_may_stand() {
        let body = r#"{"kind":"a","queue":null,"labels":null,"priority":null,
            "max_attempts":null,"timeout_seconds":null,"cancel_grace_seconds":null,"run_at":null,
            "parent_id":null,"trace_parent":null,"worker":null}"#;
        let task = |body: &str| {
            let submission: TaskSubmission = parse(body.as_bytes()).expect(body);
            submission.into_task(None).expect(body)
        };
        assert_eq!(task(body), task(r#"{"kind":"a"}"#));
        let input = task(r#"{"kind":"a","input":null}"#).input;
        assert_eq!(input.as_ref().map(RawJson::get), Some("null"));
        let report =
            r#"{"lease":"x","sequence":null,"progress":null,"logs":null,"checkpoint":null}"#;
        let report: TaskReport = parse(report.as_bytes()).expect(report);
        assert!(report.progress.is_none() && report.logs.is_none());
        assert_eq!(report.checkpoint.as_ref().map(RawJson::get), Some("null"));
    }

    #[test]
    fn numbers_and_order_in_free_json_stay_as_they_came() {
        let body = r#"{"kind":"a","input":{"b":12345678901234567890.10,"a":[ 1e300 ]}}"#;
        let submission: TaskSubmission = parse(body.as_bytes()).expect(body);
        let input = submission.input.expect("an input");
        assert_eq!(input.get(), r#"{"b":12345678901234567890.10,"a":[ 1e300 ]}"#);
    }

    #[test]
    fn what_is_no_json_says_where_it_stopped() {
        assert!(malformed(b"  ").contains("empty"));
        assert!(malformed(b"{\"kind\":\"a\"").contains("column 11"));
        for cut in [&b"["[..], b"{\"kind\":[", b"{\"kind\":5,"] {
            assert!(malformed(cut).contains("EOF"), "{cut:?}");
        }
        assert!(malformed(b"{\"kind\":\"a\"} {}").contains("not one JSON value"));
        assert!(malformed(b"{\"kind\":\"\xff\"}").contains("byte 9"));
        assert!(malformed(br#"{"kind":"\ud800"}"#).contains("surrogate"));
        let deep = format!(r#"{{"kind":"a","input":{}{}}}"#, "[".repeat(200), "]".repeat(200));
        assert!(malformed(deep.as_bytes()).contains("nested"));
    }
}
