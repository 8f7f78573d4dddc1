//! Every schema of a document, and what refers to what.
//!
//! A walk that knows the grammar, because a property may be called `pattern` or `default` just as
//! a keyword is.

use std::collections::BTreeSet;

use serde_json::Value;

const METHODS: [&str; 5] = ["get", "put", "post", "patch", "delete"];

/// The name of the component that a `{$ref}` names.
pub fn component(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.strip_prefix("#/components/schemas/")
}

/// Calls `f` with this schema and every schema inside it, the inner ones first.
pub fn each_in_schema(schema: &mut Value, f: &mut impl FnMut(&mut Value)) {
    if let Value::Object(object) = schema {
        for keyword in ["items", "additionalProperties", "not"] {
            if let Some(inner) = object.get_mut(keyword).filter(|inner| inner.is_object()) {
                each_in_schema(inner, f);
            }
        }
        for keyword in ["allOf", "oneOf", "anyOf"] {
            let parts = object.get_mut(keyword).and_then(Value::as_array_mut);
            parts.into_iter().flatten().for_each(|part| each_in_schema(part, f));
        }
        let properties = object.get_mut("properties").and_then(Value::as_object_mut);
        properties.into_iter().flatten().for_each(|(_, property)| each_in_schema(property, f));
    }
    f(schema);
}

/// Calls `f` with every operation.
pub fn each_operation(spec: &mut Value, mut f: impl FnMut(&mut Value)) {
    let paths = spec.get_mut("paths").and_then(Value::as_object_mut);
    for (_, item) in paths.into_iter().flatten() {
        for method in METHODS {
            if let Some(operation) = item.get_mut(method) {
                f(operation);
            }
        }
    }
}

/// Calls `f` with every schema of the document.
pub fn each_schema(spec: &mut Value, f: &mut impl FnMut(&mut Value)) {
    let components = spec.pointer_mut("/components/schemas").and_then(Value::as_object_mut);
    components.into_iter().flatten().for_each(|(_, schema)| each_in_schema(schema, f));
    each_operation(spec, |operation| {
        for parameter in
            operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten()
        {
            parameter.get_mut("schema").into_iter().for_each(|schema| each_in_schema(schema, f));
        }
        operation.get_mut("requestBody").into_iter().for_each(|body| each_in_content(body, f));
        let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
        for (_, response) in responses.into_iter().flatten() {
            each_in_content(response, f);
            let headers = response.get_mut("headers").and_then(Value::as_object_mut);
            for (_, header) in headers.into_iter().flatten() {
                header.get_mut("schema").into_iter().for_each(|schema| each_in_schema(schema, f));
            }
        }
    });
}

fn each_in_content(holder: &mut Value, f: &mut impl FnMut(&mut Value)) {
    let content = holder.get_mut("content").and_then(Value::as_object_mut);
    for (_, media) in content.into_iter().flatten() {
        media.get_mut("schema").into_iter().for_each(|schema| each_in_schema(schema, f));
    }
}

/// Which way a schema travels.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From client to server: bodies and parameters.
    Request,
    /// From server to client.
    Response,
}

/// The components that a document's requests, or responses, can hold.
pub fn reachable(spec: &Value, direction: Direction) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for operation in super::operations::operations(spec) {
        let roots: &[&str] = match direction {
            Direction::Request => &["parameters", "requestBody"],
            Direction::Response => &["responses"],
        };
        roots.iter().for_each(|root| collect(spec, &operation.value[*root], &mut found));
    }
    found
}

fn collect(spec: &Value, value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(spec, item, found)),
        Value::Object(object) => {
            if let Some(name) = component(value)
                && found.insert(name.to_owned())
            {
                collect(spec, &spec["components"]["schemas"][name], found);
            }
            object.values().for_each(|inner| collect(spec, inner, found));
        }
        _ => {}
    }
}
