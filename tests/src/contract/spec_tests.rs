use serde_json::{Value, json};

use super::*;

fn spec() -> Spec {
    let json_of = |name: &str| json!({"schema": {"$ref": format!("#/components/schemas/{name}")}});
    let problem =
        json!({"description": "No.", "content": {"application/problem+json": json_of("Problem")}});
    Spec::of(json!({
        "paths": {
            "/tasks/{id}": {"get": {"operationId": "getTask", "responses": {
                "200": {"description": "Yes.", "content": {"application/json": json_of("Task")},
                        "headers": {"ETag": {"required": true, "schema": {"type": "string"}}}},
                "304": {"description": "Same."},
                "404": problem,
            }}},
            "/tasks/all": {"get": {"operationId": "allTasks", "responses": {}}},
            "/events": {"get": {"operationId": "watchEvents", "responses": {
                "200": {"description": "A stream.", "content": {"text/event-stream": json_of("Event")}}}}},
        },
        "components": {"schemas": {
            "Problem": {"type": "object", "required": ["type"], "properties": {"type": {"type": "string"}}},
            "Task": {"type": "object", "required": ["id", "at"], "properties": {
                "id": {"type": "string"}, "at": {"type": "string", "format": "date-time"},
                "attempt": {"type": "integer", "format": "uint32"}, "input": {},
                "labels": {"type": "object", "additionalProperties": {"type": "string"}},
                "note": {"type": "string", "nullable": true}}},
            "Event": {"oneOf": [{"$ref": "#/components/schemas/Queued"}, {"$ref": "#/components/schemas/End"}],
                "discriminator": {"propertyName": "type"}},
            "Queued": {"type": "object", "required": ["type", "task"], "properties": {
                "type": {"type": "string", "enum": ["task.queued"]},
                "task": {"description": "It.", "allOf": [{"$ref": "#/components/schemas/Task"}]}}},
            "End": {"type": "object", "required": ["type"], "properties": {
                "type": {"type": "string", "enum": ["stream.end"]}}},
        }},
    }))
    .expect("the document converts")
}

fn check(status: u16, content_type: &str, body: &Value) -> Result<(), Vec<String>> {
    let headers = [("Content-Type", content_type), ("etag", "\"7\"")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    let body = body.to_string();
    spec().check("GET", "/tasks/a", Answer { status, headers: &headers, body: body.as_bytes() })
}

fn task() -> Value {
    json!({"id": "a", "at": "2026-01-01T00:00:00.000Z", "attempt": 1, "input": null,
        "labels": {"any": "thing"}, "note": null})
}

#[test]
fn an_answer_that_is_as_declared_passes() {
    assert_eq!(check(200, "application/json; charset=utf-8", &task()), Ok(()));
    assert_eq!(check(404, "application/problem+json", &json!({"type": "/problems/x"})), Ok(()));
}

#[test]
fn a_field_that_is_not_declared_is_reported() {
    let mut task = task();
    task["colour"] = json!("red");
    let wrong = check(200, "application/json", &task).expect_err("one field too many");
    assert_eq!(wrong.len(), 1);
    assert!(wrong[0].contains("colour"), "{wrong:?}");
}

#[test]
fn a_wrong_field_is_reported_by_its_place() {
    for (field, value) in [("at", json!("yesterday")), ("attempt", json!(-1)), ("id", Value::Null)]
    {
        let mut task = task();
        task[field] = value;
        let wrong = check(200, "application/json", &task).expect_err("one wrong field");
        assert!(wrong[0].contains(&format!("/{field}: ")), "{wrong:?}");
    }
}

#[test]
fn status_content_type_header_and_stray_bodies_are_checked() {
    let wrong = |status, content_type: &str| check(status, content_type, &task()).is_err();
    assert!(wrong(201, "application/json"));
    assert!(wrong(200, "text/html"));
    assert!(wrong(304, "application/json"));
    let bare = Answer { status: 200, headers: &[], body: b"" };
    let wrong = spec().check("GET", "/tasks/a", bare).expect_err("nothing is there");
    assert!(wrong.iter().any(|wrong| wrong.contains("ETag is missing")), "{wrong:?}");
}

#[test]
fn what_is_no_operation_may_only_answer_with_a_problem() {
    let answer = |content_type: &str, body: &str| {
        let headers = [("content-type".to_owned(), content_type.to_owned())];
        let answer = Answer { status: 404, headers: &headers, body: body.as_bytes() };
        spec().check("GET", "/nowhere", answer)
    };
    assert_eq!(answer("application/problem+json", r#"{"type": "/problems/not-found"}"#), Ok(()));
    assert!(answer("text/plain", "not found").is_err());
    assert!(answer("application/problem+json", "{}").is_err());
}

#[test]
fn a_path_without_parameters_wins_over_one_with() {
    let spec = spec();
    let id = |path: &str| spec.operation("GET", path).map(|operation| operation.id.to_owned());
    assert_eq!(id("/tasks/all?limit=1").as_deref(), Some("allTasks"));
    assert_eq!(id("/tasks/other").as_deref(), Some("getTask"));
    assert_eq!(id("/tasks/"), None);
    assert_eq!(id("/tasks/a/b"), None);
}

#[test]
fn an_event_is_held_against_the_variant_that_its_tag_names() {
    let spec = spec();
    let event = |data: Value| spec.check_event("GET", "/events", &data.to_string());
    assert_eq!(event(json!({"type": "stream.end"})), Ok(()));
    assert_eq!(event(json!({"type": "task.queued", "task": task()})), Ok(()));
    let wrong = event(json!({"type": "task.queued", "task": {"id": "a"}})).expect_err("no time");
    assert_eq!(wrong.len(), 1);
    assert!(wrong[0].starts_with("/task: \"at\""), "{wrong:?}");
    assert!(event(json!({"type": "task.exploded"})).is_err());
}
