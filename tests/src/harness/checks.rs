//! What holds for every answer, every problem and every task, whatever was asked.

use serde_json::Value;

use super::{Answer, declared};

/// Paths whose errors keep the tutorial's own bodies.
const QUICKSTART: [&str; 4] = ["/api/data", "/api/submit", "/start_task/", "/sse_progress/"];

#[track_caller]
pub(super) fn assert_sound(answer: &Answer) {
    let status = answer.status.as_u16();
    assert_ne!(status, 500, "{answer}");
    let vary = answer.headers.get_all("vary").iter().filter_map(|value| value.to_str().ok());
    assert!(
        vary.flat_map(|value| value.split(','))
            .any(|name| name.trim().eq_ignore_ascii_case("origin")),
        "an answer's CORS headers depend on Origin, and Vary must say so: {answer}\n{:?}",
        answer.headers
    );
    let tutorial = QUICKSTART.iter().any(|path| answer.path.starts_with(path))
        && matches!(status, 400 | 409)
        && answer.header("content-type").is_some_and(|kind| kind.starts_with("application/json"));
    if status >= 400 && answer.method != "HEAD" && !tutorial {
        assert_problem(answer, &answer.json());
    }
    declared::assert_declared(answer);
}

/// Asserts that the body is a problem as RFC 9457 has it.
#[track_caller]
pub(super) fn assert_problem(answer: &Answer, problem: &Value) {
    assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{answer}");
    assert_eq!(problem["status"], answer.status.as_u16(), "{answer}");
    let kind = problem["type"].as_str().unwrap_or_default();
    assert!(kind.starts_with("/problems/"), "no stable type: {answer}");
    for field in ["title", "detail"] {
        let text = problem[field].as_str().unwrap_or_default();
        assert!(!text.is_empty(), "{field} is missing: {answer}");
        for inner in ["panicked", "src/", ".rs:", "rusqlite", "SQLITE", "poem", "tokio"] {
            assert!(!text.contains(inner), "{field} shows the server's inside: {answer}");
        }
    }
    for error in problem["errors"].as_array().into_iter().flatten() {
        assert!(error["field"].is_string() && error["message"].is_string(), "{answer}");
    }
}

/// The position in a cursor `<epoch>.<position>`.
#[track_caller]
pub fn cursor_position(cursor: &Value) -> u64 {
    let text = cursor.as_str().unwrap_or_else(|| panic!("{cursor} is no cursor"));
    let (epoch, position) = text.split_once('.').unwrap_or_else(|| panic!("{text} is no cursor"));
    assert_eq!(epoch.len(), 8, "{text}");
    position.parse().unwrap_or_else(|_| panic!("{text} is no cursor"))
}

/// Asserts what holds for every picture of a task: its shape, its times, and that its state, outcome
/// and links agree.
#[track_caller]
pub fn assert_task(task: &Value) {
    let text = |field: &str| {
        task[field].as_str().unwrap_or_else(|| panic!("{field} is missing: {task}")).to_owned()
    };
    for field in ["id", "kind", "queue"] {
        assert!(!text(field).is_empty(), "{field} is empty: {task}");
    }
    let state = text("state");
    let done = matches!(state.as_str(), "succeeded" | "failed" | "cancelled");
    let waits = matches!(state.as_str(), "scheduled" | "queued" | "retrying");
    assert!(done || waits || state == "running", "{state} is no state: {task}");
    assert_eq!(task["done"], done, "{task}");
    assert!(task["labels"].is_object(), "{task}");
    assert!(task["attempt"].is_u64() && task["max_attempts"].is_u64(), "{task}");
    cursor_position(&task["cursor"]);

    for field in ["created_at", "started_at", "updated_at", "finished_at", "run_at"] {
        if let Some(time) = task.get(field) {
            assert_time(time);
        }
    }
    assert!(task.get("created_at").is_some() && task.get("updated_at").is_some(), "{task}");
    assert_eq!(task.get("finished_at").is_some(), done, "{task}");

    let outcomes = ["output", "error", "output_omitted"];
    let present = outcomes.iter().filter(|field| task.get(**field).is_some()).count();
    let dropped = task.get("bodies_dropped").is_some();
    let kept = done && !(dropped && state == "succeeded");
    let expected = usize::from(kept || state == "retrying");
    assert_eq!(present, expected, "a done task has exactly one outcome: {task}");
    if state != "succeeded" {
        assert!(task.get("output").is_none(), "{task}");
    }
    for flag in ["cancel_requested", "output_omitted", "bodies_dropped"] {
        assert!(matches!(task.get(flag), None | Some(Value::Bool(true))), "{flag}: {task}");
    }
    for (field, value) in task.as_object().into_iter().flatten() {
        let may_be_null = matches!(field.as_str(), "input" | "output");
        assert!(may_be_null || !value.is_null(), "{field} is null instead of absent: {task}");
    }
    assert_links(task, &state, done);
}

#[track_caller]
fn assert_links(task: &Value, state: &str, done: bool) {
    let links = &task["links"];
    let itself = format!("/api/v1/tasks/{}", task["id"].as_str().unwrap_or_default());
    assert_eq!(links["self"], itself.as_str(), "{task}");
    assert_eq!(links["events"], format!("{itself}/events"), "{task}");
    assert_eq!(links["history"], format!("{itself}/history"), "{task}");
    assert!(links["children"].is_string(), "{task}");
    assert_eq!(links.get("parent").is_some(), task.get("parent_id").is_some(), "{task}");
    assert_eq!(links.get("cancel").is_some(), !done, "{task}");
    let retryable = matches!(state, "failed" | "cancelled") && task.get("bodies_dropped").is_none();
    assert_eq!(links.get("retry").is_some(), retryable, "{task}");
    let children = &task["children"];
    let deletable = done && children["done"] == children["total"];
    assert_eq!(links.get("delete").is_some(), deletable, "{task}");
}

/// Asserts RFC 3339 in UTC with milliseconds and a `Z`.
#[track_caller]
fn assert_time(time: &Value) {
    let text = time.as_str().unwrap_or_else(|| panic!("{time} is no time"));
    let fits = text.len() == "2026-01-31T09:30:00.000Z".len() && text.ends_with('Z');
    assert!(fits && chrono::DateTime::parse_from_rfc3339(text).is_ok(), "{text} is no time");
}
