//! The document explains itself: whoever reads only it, or the types made from it, is told what
//! each thing is, and its examples are what it asks for.

use milepost_tests::contract::{self, Spec, operations::operations};
use serde_json::Value;

fn described(value: &Value) -> bool {
    value["description"].as_str().is_some_and(|text| !text.trim().is_empty())
}

/// What has no description, by its place.
fn silent(spec: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut look = |place: String, value: &Value| {
        if !described(value) {
            found.push(place);
        }
    };
    look("info".to_owned(), &spec["info"]);
    for tag in spec["tags"].as_array().into_iter().flatten() {
        look(format!("tag {}", tag["name"]), tag);
    }
    for operation in operations(spec) {
        let id = operation.id;
        look(id.to_owned(), operation.value);
        for parameter in operation.value["parameters"].as_array().into_iter().flatten() {
            look(format!("{id}, parameter {}", parameter["name"]), parameter);
        }
        for (status, response) in operation.value["responses"].as_object().into_iter().flatten() {
            look(format!("{id}, answer {status}"), response);
            for (name, header) in response["headers"].as_object().into_iter().flatten() {
                look(format!("{id}, answer {status}, header {name}"), header);
            }
        }
    }
    for (name, schema) in spec["components"]["schemas"].as_object().into_iter().flatten() {
        look(format!("schema {name}"), schema);
        for (property, schema) in schema["properties"].as_object().into_iter().flatten() {
            // A tag with one value says what it is.
            if schema["enum"].as_array().is_none_or(|values| values.len() != 1) {
                look(format!("schema {name}, property {property}"), schema);
            }
        }
    }
    found
}

#[test]
fn everything_in_the_document_is_described() {
    let spec = contract::published().unwrap_or_else(|error| panic!("{error}"));
    let silent = silent(&spec);
    assert!(silent.is_empty(), "without a description:\n{}", silent.join("\n"));
}

#[test]
fn every_operation_has_a_name_a_tag_and_a_summary() {
    let spec = contract::published().unwrap_or_else(|error| panic!("{error}"));
    let tags: Vec<&Value> =
        spec["tags"].as_array().into_iter().flatten().map(|tag| &tag["name"]).collect();
    let mut ids = Vec::new();
    for operation in operations(&spec) {
        let place = format!("{} {}", operation.method, operation.path);
        assert!(operation.id.starts_with(|first: char| first.is_ascii_lowercase()), "{place}");
        assert!(operation.id.chars().all(|letter| letter.is_ascii_alphanumeric()), "{place}");
        assert!(!ids.contains(&operation.id), "{place}: {} is taken", operation.id);
        ids.push(operation.id);
        assert!(tags.contains(&&operation.value["tags"][0]), "{place} has no known tag");
        let summary = operation.value["summary"].as_str().unwrap_or_default();
        assert!(!summary.is_empty() && !summary.contains('\n'), "{place}: {summary:?}");
    }
    assert!(!ids.is_empty());
}

#[test]
fn every_example_is_valid() {
    let document = contract::published().unwrap_or_else(|error| panic!("{error}"));
    let spec = Spec::of(document.clone()).unwrap_or_else(|error| panic!("{error}"));
    let mut examples = Vec::new();
    collect_examples(&document["components"], "components".to_owned(), &mut examples);
    collect_examples(&document["paths"], "paths".to_owned(), &mut examples);
    assert!(examples.len() > 10, "only {} examples were found", examples.len());
    let mut wrong = Vec::new();
    for (place, schema) in examples {
        let found = spec.check_value(&place, schema, &schema["example"]);
        wrong.extend(found.into_iter().map(|wrong| format!("{place}: {wrong}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every schema with an example, by its place.
fn collect_examples<'a>(value: &'a Value, place: String, found: &mut Vec<(String, &'a Value)>) {
    let Some(object) = value.as_object() else {
        for (index, item) in value.as_array().into_iter().flatten().enumerate() {
            collect_examples(item, format!("{place}/{index}"), found);
        }
        return;
    };
    if object.contains_key("example") {
        found.push((place.clone(), value));
    }
    for (key, inner) in object.iter().filter(|(key, _)| *key != "example") {
        collect_examples(inner, format!("{place}/{key}"), found);
    }
}
