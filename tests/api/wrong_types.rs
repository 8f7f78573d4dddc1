//! Every field of every request, by the contract, given JSON of another type: the answer names the
//! field, wherever it stands, and takes the body for the JSON it is.

use milepost_tests::harness::{Answer, Server};
use reqwest::Method;
use serde_json::{Map, Value, json};

/// A place in a body, by its path as errors have it.
struct Place {
    path: String,
    schema: Value,
    /// Whether `null` is the same as leaving it out.
    optional: bool,
    /// The bodies around it, the outermost first.
    around: Vec<Step>,
}

#[derive(Clone)]
enum Step {
    /// This field, beside those that say what the object is.
    Field(String, Map<String, Value>),
    Element,
}

/// No field anywhere.
const UNKNOWN: &str = "zzz";

impl Place {
    fn body(&self, value: Value) -> Value {
        self.around.iter().rev().fold(value, |inner, step| match step {
            Step::Field(name, beside) => {
                let mut object = beside.clone();
                object.insert(name.clone(), inner);
                Value::Object(object)
            }
            Step::Element => json!([inner]),
        })
    }

    /// A body that is wrong, but not here, and the path of what is wrong.
    fn null(&self) -> (Value, String) {
        let mut beside = self.around.clone();
        let Some(Step::Field(name, mut object)) = beside.pop() else { panic!("{}", self.path) };
        // Fields are read in their order: one that is wrong is found before this one.
        object.insert(name.clone(), Value::Null);
        object.insert(UNKNOWN.to_owned(), json!(1));
        beside.push(Step::Field(name.clone(), object));
        let within = self.path.strip_suffix(&name).expect("the field's own name");
        let (path, schema) = (format!("{within}{UNKNOWN}"), Value::Null);
        let unknown = Place { path, schema, optional: false, around: beside };
        (unknown.body(Value::Null), unknown.path)
    }

    /// JSON of the types it is not.
    fn wrong(&self) -> Vec<Value> {
        let fits = match self.schema["type"].as_str() {
            Some("integer") => "number",
            // Free JSON.
            None => return Vec::new(),
            Some(other) => other,
        };
        let mut wrong = Vec::new();
        for (kind, value) in [
            ("number", json!(5)),
            ("string", json!("x")),
            ("boolean", json!(true)),
            ("object", json!({})),
            ("array", json!([])),
        ] {
            if fits != kind {
                wrong.push(value);
            }
        }
        // `{"word": null}` is how some readers spell a word.
        if let Some(word) = self.schema["enum"][0].as_str() {
            wrong.push(json!({ word: null }));
            wrong.push(json!("no such word"));
        }
        if !self.optional {
            wrong.push(Value::Null);
        }
        wrong
    }
}

fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(reference) => document
            .pointer(reference.trim_start_matches('#'))
            .unwrap_or_else(|| panic!("{reference} is in the contract")),
        None => match schema["allOf"].as_array() {
            Some(parts) => resolved(document, &parts[0]),
            None => schema,
        },
    }
}

/// Every place of this schema and within it.
fn places(document: &Value, schema: &Value, at: &Place, found: &mut Vec<Place>) {
    let inner = |path: String, step: Step, schema: &Value, optional: bool| {
        let mut around = at.around.clone();
        around.push(step);
        Place { path, schema: resolved(document, schema).clone(), optional, around }
    };
    let mut go_on = |place: Place| {
        let schema = place.schema.clone();
        places(document, &schema, &place, found);
        found.push(place);
    };
    for kind in schema["oneOf"].as_array().into_iter().flatten() {
        go_on(Place {
            path: at.path.clone(),
            schema: resolved(document, kind).clone(),
            optional: false,
            around: at.around.clone(),
        });
    }
    // A field with one word tells which of several kinds an object is.
    let fields = || schema["properties"].as_object().into_iter().flatten();
    let tag = fields().filter_map(|(name, field)| match field["enum"].as_array()?.as_slice() {
        [word] => Some((name.clone(), word.clone())),
        _ => None,
    });
    let tag: Map<String, Value> = tag.collect();
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    for (name, field) in fields() {
        let path = if at.path.is_empty() { name.clone() } else { format!("{}.{name}", at.path) };
        let step = Step::Field(name.clone(), tag.clone());
        go_on(inner(path, step, field, !required.contains(&json!(name))));
    }
    if schema["additionalProperties"].is_object() {
        let step = Step::Field("some".to_owned(), Map::new());
        go_on(inner(format!("{}.some", at.path), step, &schema["additionalProperties"], false));
    }
    if schema["items"].is_object() {
        go_on(inner(format!("{}[0]", at.path), Step::Element, &schema["items"], false));
    }
}

/// The problem of an answer. An item of a batch of reports has one of its own, whose paths begin
/// within the item.
fn told(answer: &Answer, path: &str) -> (Value, String) {
    let json = answer.json();
    match (json["items"][0]["problem"].is_object(), path.strip_prefix("items[0]")) {
        (true, Some("")) => (json["items"][0]["problem"].clone(), "body".to_owned()),
        (true, Some(within)) => {
            (json["items"][0]["problem"].clone(), within.trim_start_matches('.').to_owned())
        }
        _ => (json, path.to_owned()),
    }
}

#[tokio::test]
async fn a_field_of_another_type_is_named_whatever_it_is_and_wherever_it_stands() {
    let server = Server::start().await;
    let document = server.get("/openapi.json").await.expect(200).json();
    let mut words = 0;
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            // The tutorial's own have errors of their own.
            if schema.is_null() || !path.starts_with("/api/v1/") {
                continue;
            }
            let schema = resolved(&document, schema);
            let whole = Place {
                path: String::new(),
                schema: schema.clone(),
                optional: false,
                around: Vec::new(),
            };
            let mut found = Vec::new();
            places(&document, schema, &whole, &mut found);
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).expect("a method");
            let target = path.replace("{id}", "there").replace("{name}", "there");
            for place in &found {
                words += usize::from(place.schema["enum"].is_array());
                for wrong in place.wrong() {
                    let body = place.body(wrong);
                    let case = format!("{method} {path} {body}");
                    let answer = server.request(method.clone(), &target).json(&body).await;
                    let (problem, field) = told(&answer, &place.path);
                    assert_eq!(problem["type"], "/problems/invalid-request", "{case}: {problem}");
                    assert_eq!(problem["status"], 400, "{case}: {problem}");
                    assert_eq!(problem["errors"][0]["field"], field, "{case}: {problem}");
                }
                if place.optional {
                    let (body, unknown) = place.null();
                    let answer = server.request(method.clone(), &target).json(&body).await;
                    let (problem, field) = told(&answer, &unknown);
                    let found = &problem["errors"][0]["field"];
                    assert_eq!(found, &field, "null is none: {method} {path} {body}: {problem}");
                }
            }
        }
    }
    assert!(words > 15, "the contract's words were looked at, {words} of them");
}
