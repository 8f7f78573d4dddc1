//! The schemas of a document as JSON Schema, stricter than the contract is.
//!
//! The contract lets a server add fields, so that clients stay compatible. A test wants the
//! opposite: a field that the server sends and the document does not know is a mistake of one of
//! them. So every object here is closed, unless the document opens it.
//!
//! A union with a tag becomes a chain of `if` and `then`: an answer that is wrong in one field is
//! then reported by that field, and not as "matches none of 17 schemas".

use serde_json::{Map, Value, json};

use super::{ContractError, for_progenitor::is_union, walk};

/// All components, closed, under `/components/schemas`, where their references look for them.
pub fn components(document: &Value) -> Result<Value, ContractError> {
    let mut converted = Map::new();
    for (name, schema) in document["components"]["schemas"].as_object().into_iter().flatten() {
        converted.insert(name.clone(), convert(document, schema)?);
    }
    Ok(json!({"schemas": converted}))
}

/// One schema, closed.
pub fn convert(document: &Value, schema: &Value) -> Result<Value, ContractError> {
    let mut schema = schema.clone();
    let mut refused = None;
    walk::each_in_schema(&mut schema, &mut |schema| {
        if let Err(reason) = convert_one(document, schema) {
            refused = Some(reason);
        }
    });
    match refused {
        None => Ok(schema),
        Some(reason) => Err(ContractError::Unsupported(reason)),
    }
}

fn convert_one(document: &Value, schema: &mut Value) -> Result<(), String> {
    if is_union(schema) {
        *schema = tagged(document, schema)?;
        return Ok(());
    }
    let Value::Object(object) = schema else { return Ok(()) };
    // Closing the parts of a sum would refuse what the other parts allow.
    if object.get("allOf").and_then(Value::as_array).is_some_and(|parts| parts.len() > 1) {
        return Err(format!(
            "a schema of several parts, which is hard to hold answers against: {object:?}"
        ));
    }
    if object.contains_key("properties") && !object.contains_key("additionalProperties") {
        object.insert("additionalProperties".to_owned(), json!(false));
    }
    let unsigned =
        object.get("format").and_then(Value::as_str).is_some_and(|f| f.starts_with("uint"));
    if unsigned && !object.contains_key("minimum") {
        object.insert("minimum".to_owned(), json!(0));
    }
    // In OpenAPI 3.0 these are notes on the limit; in JSON Schema they are limits themselves.
    for (limit, exclusive) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")] {
        if object.shift_remove(exclusive) == Some(json!(true))
            && let Some(value) = object.shift_remove(limit)
        {
            object.insert(exclusive.to_owned(), value);
        }
    }
    if object.shift_remove("nullable") == Some(json!(true)) {
        *schema = json!({"anyOf": [{"type": "null"}, schema.take()]});
    }
    Ok(())
}

fn tagged(document: &Value, union: &Value) -> Result<Value, String> {
    let tag = union["discriminator"]["propertyName"].as_str().unwrap_or_default();
    let mut values = Vec::new();
    let mut cases = Vec::new();
    for variant in union["oneOf"].as_array().into_iter().flatten() {
        let name = walk::component(variant).ok_or("a union with a variant that has no name")?;
        let value = &document["components"]["schemas"][name]["properties"][tag]["enum"][0];
        if value.is_null() {
            return Err(format!("{name}, a variant of a union, does not say its {tag}"));
        }
        values.push(value.clone());
        cases.push(json!({"if": {"properties": {tag: {"const": value}}}, "then": variant}));
    }
    Ok(json!({
        "type": "object",
        "required": [tag],
        "properties": {tag: {"enum": values}},
        "allOf": cases,
    }))
}
