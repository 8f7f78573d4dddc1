//! The contract keeps what the newest release promised.
//!
//! `redocly diff` judges the change, and a check of our own adds what it lets pass: something taken
//! out of an enum or a union. A client may wait for exactly that event. The gate is tested too,
//! because a gate that is always open looks just like a contract that never breaks.

use std::{fs, path::PathBuf};

use milepost_tests::contract::{OPENAPI, root};
use serde_json::{Value, json};

use super::redocly;

/// The newest of `api-spec/released`, by its version.
fn newest_release() -> Option<PathBuf> {
    let folder = fs::read_dir(root().join("api-spec/released")).ok()?;
    let version = |path: &PathBuf| -> Option<Vec<u64>> {
        path.file_name()?
            .to_str()?
            .strip_suffix(".json")?
            .split('.')
            .map(|n| n.parse().ok())
            .collect()
    };
    let files = folder.filter_map(|entry| Some(entry.ok()?.path()));
    files.filter(|path| version(path).is_some()).max_by_key(version)
}

fn read(path: PathBuf) -> Value {
    let text =
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Everything in `revision` that breaks a client made for `base`.
fn breaking(base: &Value, revision: &Value) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let [old, new] = ["base.json", "revision.json"].map(|name| folder.path().join(name));
    fs::write(&old, base.to_string()).expect("a temporary file");
    fs::write(&new, revision.to_string()).expect("a temporary file");
    let mut found = redocly::breaking(&old, &new);
    found.extend(taken_out(base, revision));
    found
}

/// Values of enums and variants of unions that are gone.
fn taken_out(base: &Value, revision: &Value) -> Vec<String> {
    let names = |schema: &Value| -> Vec<String> {
        let values = schema["enum"].as_array().into_iter().flatten();
        let values = values.map(Value::to_string);
        let tags = schema["discriminator"]["mapping"].as_object().into_iter().flatten();
        values.chain(tags.map(|(tag, _)| tag.clone())).collect()
    };
    let mut gone = Vec::new();
    for (name, schema) in base["components"]["schemas"].as_object().into_iter().flatten() {
        let kept = names(&revision["components"]["schemas"][name]);
        let lost = names(schema).into_iter().filter(|value| !kept.contains(value));
        gone.extend(lost.map(|value| format!("{name} lost {value}")));
    }
    gone
}

#[test]
fn the_contract_keeps_what_the_newest_release_promised() {
    // Before the first release there is no promise.
    let Some(release) = newest_release() else { return };
    let found = breaking(&read(release.clone()), &read(root().join(OPENAPI)));
    assert!(
        found.is_empty(),
        "clients of {} would break:\n{}",
        release.display(),
        found.join("\n")
    );
}

/// The document after one change.
fn changed(change: impl FnOnce(&mut Value)) -> (Value, Value) {
    let base = read(root().join(OPENAPI));
    let mut revision = base.clone();
    change(&mut revision);
    assert_ne!(base, revision, "the change changed nothing");
    (base, revision)
}

fn assert_breaks(change: impl FnOnce(&mut Value), by: &str) {
    let (base, revision) = changed(change);
    let found = breaking(&base, &revision);
    assert!(found.iter().any(|found| found.contains(by)), "{by} is not among: {found:#?}");
}

fn assert_passes(change: impl FnOnce(&mut Value)) {
    let (base, revision) = changed(change);
    assert_eq!(breaking(&base, &revision), Vec::<String>::new());
}

#[test]
fn a_renamed_operation_is_stopped() {
    let rename = |spec: &mut Value| {
        spec["paths"]["/api/v1/tasks"]["post"]["operationId"] = json!("submitTask");
    };
    assert_breaks(rename, "operation-id-changed");
}

#[test]
fn a_removed_operation_is_stopped() {
    let remove = |spec: &mut Value| {
        spec["paths"].as_object_mut().expect("paths").shift_remove("/api/v1/leases");
    };
    assert_breaks(remove, "path-removed");
}

#[test]
fn a_field_removed_from_an_answer_is_stopped() {
    let remove = |spec: &mut Value| {
        let task = &mut spec["components"]["schemas"]["Task"];
        task["properties"].as_object_mut().expect("properties").shift_remove("attempt");
        task["required"].as_array_mut().expect("required").retain(|name| name != "attempt");
    };
    assert_breaks(remove, "property-removed");
}

#[test]
fn a_field_newly_required_in_a_request_is_stopped() {
    let require = |spec: &mut Value| {
        let required = &mut spec["components"]["schemas"]["TaskSubmission"]["required"];
        required.as_array_mut().expect("required").push(json!("queue"));
    };
    assert_breaks(require, "required");
}

#[test]
fn an_event_type_taken_away_is_stopped() {
    let remove = |spec: &mut Value| {
        let event = &mut spec["components"]["schemas"]["Event"];
        let mapping = event["discriminator"]["mapping"].as_object_mut().expect("mapping");
        let gone = mapping.shift_remove("task.log").expect("the log event is there");
        let variants = event["oneOf"].as_array_mut().expect("variants");
        variants.retain(|variant| variant["$ref"] != gone);
    };
    assert_breaks(remove, "Event lost task.log");
}

#[test]
fn a_state_taken_away_is_stopped() {
    let remove = |spec: &mut Value| {
        let values = &mut spec["components"]["schemas"]["TaskState"]["enum"];
        values.as_array_mut().expect("values").retain(|value| value != "retrying");
    };
    assert_breaks(remove, "TaskState lost \"retrying\"");
}

#[test]
fn an_optional_field_may_be_added() {
    assert_passes(|spec| {
        for schema in ["TaskSubmission", "Task"] {
            spec["components"]["schemas"][schema]["properties"]["note"] = json!({"type": "string"});
        }
    });
}

#[test]
fn an_operation_may_be_added() {
    assert_passes(|spec| {
        let mut operation = spec["paths"]["/api/v1/system"]["get"].clone();
        operation["operationId"] = json!("getWeather");
        spec["paths"]["/api/v1/weather"] = json!({"get": operation});
    });
}

#[test]
fn a_state_may_be_added_because_clients_keep_what_they_do_not_know() {
    assert_passes(|spec| {
        let values = &mut spec["components"]["schemas"]["TaskState"]["enum"];
        values.as_array_mut().expect("values").push(json!("paused"));
    });
}

#[test]
fn an_event_type_may_be_added_because_clients_keep_what_they_do_not_know() {
    assert_passes(|spec| {
        let reference = json!("#/components/schemas/TaskPausedEvent");
        let schemas = &mut spec["components"]["schemas"];
        schemas["TaskPausedEvent"] = json!({
            "type": "object", "description": "The task was paused.", "required": ["type"],
            "properties": {"type": {"type": "string", "enum": ["task.paused"]}},
        });
        let event = &mut schemas["Event"];
        event["discriminator"]["mapping"]["task.paused"] = reference.clone();
        event["oneOf"].as_array_mut().expect("variants").push(json!({"$ref": reference}));
    });
}
