//! Whatever changes one thing can be told which state of it to change: `If-Match` is declared with its
//! answers and stands in the table of `docs/protocol.md`, so that a new operation does not forget it.

use std::fs;

use milepost_tests::contract::{
    self,
    operations::{Operation, operations},
};
use serde_json::Value;

/// Operations about one thing that do not hear `If-Match`, and why.
const EXCEPTIONS: [(&str, &str); 6] = [
    ("putTask", "it never changes a task that is there"),
    ("reportTask", "the lease's token and its sequence say more than a revision"),
    ("completeTask", "the lease's token says more than a revision"),
    ("failTask", "the lease's token says more than a revision"),
    ("releaseTask", "the lease's token says more than a revision"),
    ("startTask", "its wire is that of a tutorial, and not ours to change"),
];

/// Whether it changes one thing that its path names.
fn is_about_one(operation: &Operation<'_>) -> bool {
    match operation.method.as_str() {
        "PUT" | "PATCH" | "DELETE" => true,
        "POST" => operation.path.contains('{'),
        _ => false,
    }
}

fn hears(operation: &Operation<'_>, header: &str) -> bool {
    let parameters = operation.value["parameters"].as_array();
    parameters.into_iter().flatten().any(|parameter| {
        parameter["in"] == "header" && parameter["name"] == header && parameter["required"] != true
    })
}

fn answers(operation: &Operation<'_>, status: &str) -> bool {
    operation.value["responses"].get(status).is_some()
}

/// What is wrong with how the document and the table speak of conditions.
fn wrong(spec: &Value, table: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for operation in operations(spec) {
        let id = operation.id;
        let excused = EXCEPTIONS.iter().any(|(exception, _)| *exception == id);
        let if_match = hears(&operation, "If-Match");
        if if_match == excused && is_about_one(&operation) {
            wrong.push(match excused {
                true => format!("{id} hears If-Match: drop the exception"),
                false => format!("{id} changes one thing and does not hear If-Match"),
            });
        }
        if operation.method == "PUT" && !hears(&operation, "If-None-Match") {
            wrong.push(format!("{id} makes things and does not hear If-None-Match"));
        }
        let changes = operation.method != "GET";
        let conditional = changes && (if_match || hears(&operation, "If-None-Match"));
        if conditional && !(answers(&operation, "400") && answers(&operation, "412")) {
            wrong.push(format!("{id} is conditional and does not declare 400 and 412"));
        }
        let etag = "/responses/412/headers/ETag";
        if conditional && operation.value.pointer(etag).is_none() {
            wrong.push(format!("the 412 of {id} does not declare the ETag of what is there"));
        }
        if changes && conditional != table.contains(&format!("`{id}`")) {
            wrong.push(format!("the table of docs/protocol.md and the contract disagree on {id}"));
        }
    }
    for (id, _) in EXCEPTIONS {
        if !operations(spec).iter().any(|operation| operation.id == id) {
            wrong.push(format!("{id} is no operation: drop the exception"));
        }
    }
    wrong
}

/// The rows of the table in `docs/protocol.md`.
fn table() -> String {
    let text = fs::read_to_string(contract::root().join("docs/protocol.md")).expect("the protocol");
    let section = text.split("\n## ").find(|part| part.starts_with("Conditional requests\n"));
    let section = section.expect("docs/protocol.md has a section on conditional requests");
    section.lines().filter(|line| line.starts_with('|')).collect::<Vec<_>>().join("\n")
}

fn published() -> Value {
    contract::published().unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn every_operation_that_changes_one_thing_hears_if_match() {
    let wrong = wrong(&published(), &table());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_operation_that_forgets_it_is_found() {
    let mut spec = published();
    for (path, method, id) in [
        ("/api/v1/tasks/{id}/cancel", "post", "cancelTask"),
        ("/api/v1/kinds/{name}", "put", "putKind"),
    ] {
        let operation = &mut spec["paths"][path][method];
        operation["parameters"]
            .as_array_mut()
            .expect("parameters")
            .retain(|one| one["in"] == "path");
        let found = wrong(&spec, &table()).join("\n");
        assert!(found.contains(&format!("{id} changes one thing")), "{id}: {found}");
    }
    let table = table().replace("`deleteTask`", "");
    assert!(wrong(&published(), &table).join("\n").contains("disagree on deleteTask"));
}
