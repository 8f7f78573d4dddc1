//! Answers held against the published document.
//!
//! Every answer that a test gets can pass through here: the operation must exist, the status must
//! be one it declares, the declared headers must be there, and the body must be what its schema
//! says, with no field more. So the document cannot drift from the server without a test seeing it.

use std::{
    collections::HashMap,
    fs,
    sync::{Arc, Mutex, PoisonError},
};

use jsonschema::Validator;
use serde_json::{Value, json};

use super::{
    ContractError, OPENAPI, json_schema,
    operations::{Operation, operations},
    root,
};

const PROBLEM: &str = "application/problem+json";

/// The published document, ready to hold answers against.
pub struct Spec {
    document: Value,
    components: Value,
    /// By the place of the schema in the document; compiling one takes longer than using it.
    validators: Mutex<HashMap<String, Arc<Validator>>>,
}

/// An answer as the wire had it.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    pub status: u16,
    pub headers: &'a [(String, String)],
    /// Not looked at when the answer is a stream; see [`Spec::check_event`].
    pub body: &'a [u8],
}

impl Answer<'_> {
    fn header(&self, name: &str) -> Option<&str> {
        let header = self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        header.map(|(_, value)| value.as_str())
    }

    /// The content type without its parameters; empty if there is none.
    fn media_type(&self) -> &str {
        let value = self.header("content-type").unwrap_or_default();
        value.split(';').next().unwrap_or_default().trim()
    }
}

impl Spec {
    /// The checked-in document.
    pub fn load() -> Result<Spec, ContractError> {
        let file = root().join(OPENAPI);
        let text = fs::read_to_string(&file).map_err(ContractError::file(&file))?;
        Spec::of(serde_json::from_str(&text)?)
    }

    pub fn of(document: Value) -> Result<Spec, ContractError> {
        let components = json_schema::components(&document)?;
        Ok(Spec { document, components, validators: Mutex::default() })
    }

    pub fn operations(&self) -> Vec<Operation<'_>> {
        operations(&self.document)
    }

    /// The operation that a request is for; its path may carry a query.
    pub fn operation(&self, method: &str, path: &str) -> Option<Operation<'_>> {
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let mut found: Vec<Operation<'_>> = self
            .operations()
            .into_iter()
            .filter(|operation| operation.method == method && matches(operation.path, path))
            .collect();
        // A path without parameters wins, as it does in the router.
        found.sort_by_key(|operation| operation.path.matches('{').count());
        found.into_iter().next()
    }

    /// Holds an answer against what the document declares for the request's operation.
    ///
    /// A path or method that is no operation may only be answered with a problem. Everything that
    /// is wrong is returned, one sentence each.
    pub fn check(&self, method: &str, path: &str, answer: Answer<'_>) -> Result<(), Vec<String>> {
        let place = format!("{method} {path} answered {}", answer.status);
        let wrong = match self.operation(method, path) {
            Some(operation) => self.check_operation(&operation, answer),
            None => self.check_unknown(answer),
        };
        match wrong.is_empty() {
            true => Ok(()),
            false => Err(wrong.iter().map(|wrong| format!("{place}: {wrong}")).collect()),
        }
    }

    fn check_unknown(&self, answer: Answer<'_>) -> Vec<String> {
        match answer.media_type() {
            PROBLEM => {
                let schema = json!({"$ref": "#/components/schemas/Problem"});
                self.check_json("Problem", &schema, answer.body)
            }
            _ if answer.status < 400 => Vec::new(),
            other => vec![format!("an error of content type {other:?}, which is no {PROBLEM}")],
        }
    }

    fn check_operation(&self, operation: &Operation<'_>, answer: Answer<'_>) -> Vec<String> {
        let responses = &operation.value["responses"];
        let status = answer.status.to_string();
        let range = format!("{}XX", answer.status / 100);
        let declared = [status.as_str(), range.as_str(), "default"]
            .into_iter()
            .find(|status| responses.get(status).is_some());
        let Some(declared) = declared else {
            return vec![format!("{} does not declare this status", operation.id)];
        };
        let response = &responses[declared];
        let mut wrong = Vec::new();
        for (name, header) in response["headers"].as_object().into_iter().flatten() {
            if header["required"] == json!(true) && answer.header(name).is_none() {
                wrong.push(format!("the header {name} is missing"));
            }
        }
        let Some(content) = response["content"].as_object() else {
            if !answer.body.is_empty() {
                wrong.push("a body where none is declared".to_owned());
            }
            return wrong;
        };
        let media_type = answer.media_type();
        let Some(media) = content.get(media_type) else {
            wrong.push(format!("the content type {media_type:?} is not declared"));
            return wrong;
        };
        if media_type == "application/json" || media_type.ends_with("+json") {
            let place = format!("{} {declared} {media_type}", operation.id);
            wrong.extend(self.check_json(&place, &media["schema"], answer.body));
        }
        wrong
    }

    /// Holds the data of one event of a stream against the operation's schema.
    pub fn check_event(&self, method: &str, path: &str, data: &str) -> Result<(), Vec<String>> {
        let Some(operation) = self.operation(method, path) else {
            return Err(vec![format!("{method} {path} is no operation")]);
        };
        let schema = &operation.value["responses"]["200"]["content"]["text/event-stream"]["schema"];
        let wrong = match schema.get("type").and_then(Value::as_str) {
            // The Quickstart's countdown: plain text.
            Some("string") => Vec::new(),
            _ if schema.is_null() => vec![format!("{} streams no events", operation.id)],
            _ => self.check_json(&format!("{} event", operation.id), schema, data.as_bytes()),
        };
        match wrong.is_empty() {
            true => Ok(()),
            false => Err(wrong.iter().map(|wrong| format!("{wrong} in {data}")).collect()),
        }
    }

    /// Holds a value against any schema of the document, for example an example of its own.
    pub fn check_value(&self, place: &str, schema: &Value, value: &Value) -> Vec<String> {
        let validator = match self.validator(place, schema) {
            Ok(validator) => validator,
            Err(error) => return vec![error],
        };
        let describe = |error: jsonschema::ValidationError<'_>| match error.instance_path().as_str()
        {
            "" => error.to_string(),
            field => format!("{field}: {error}"),
        };
        validator.iter_errors(value).map(describe).collect()
    }

    fn check_json(&self, place: &str, schema: &Value, body: &[u8]) -> Vec<String> {
        match serde_json::from_slice(body) {
            Ok(value) => self.check_value(place, schema, &value),
            Err(error) => vec![format!("the body is not JSON: {error}")],
        }
    }

    fn validator(&self, place: &str, schema: &Value) -> Result<Arc<Validator>, String> {
        let mut validators = self.validators.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(validator) = validators.get(place) {
            return Ok(Arc::clone(validator));
        }
        let mut schema =
            json_schema::convert(&self.document, schema).map_err(|error| error.to_string())?;
        schema["components"] = self.components.clone();
        let validator = jsonschema::draft202012::options()
            .should_validate_formats(true)
            .build(&schema)
            .map_err(|error| format!("the schema of {place} does not compile: {error}"))?;
        let validator = Arc::new(validator);
        validators.insert(place.to_owned(), Arc::clone(&validator));
        Ok(validator)
    }
}

/// Whether a path is one of a template's: a parameter is any one segment that is not empty.
fn matches(template: &str, path: &str) -> bool {
    let (mut expected, mut found) = (template.split('/'), path.split('/'));
    loop {
        match (expected.next(), found.next()) {
            (None, None) => return true,
            (Some(part), Some(segment)) if part.starts_with('{') && !segment.is_empty() => {}
            (Some(part), Some(segment)) if part == segment => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
#[path = "spec_tests.rs"]
mod tests;
