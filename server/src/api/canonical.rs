//! From the document that poem-openapi writes to the one that is published.
//!
//! Nothing is lost or added here: both documents say the same about the wire. What changes is what
//! trips the tools behind it or tires a reader: a charset in the name of a media type, header names
//! in capitals, each annotation of a referenced field given twice, and two schemas for one variant
//! of a union. The same transform runs for `milepost-server openapi`, for `/openapi.json` and for
//! `cargo contract`, so there is only one published form; running it again changes nothing.

use serde_json::{Map, Value, json};

/// The published text of the raw document: pretty JSON that ends with a newline.
pub fn publish(raw: &str) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(&canonical(serde_json::from_str(raw)?))?;
    text.push('\n');
    Ok(text)
}

/// The published form of the raw document.
pub fn canonical(mut spec: Value) -> Value {
    merge_variants(&mut spec);
    visit(&mut spec, &mut |object| {
        tidy_media_types(object);
        tidy_headers(object);
        tidy_parameter(object);
        tidy_schema(object);
        order_keys(object);
    });
    drop_titles(&mut spec);
    order_tags(&mut spec);
    say_that_it_is_public(&mut spec);
    spec
}

/// Calls `f` on every object, the inner ones first. What stands under `example` and `default` is
/// somebody's data and no part of the grammar.
fn visit(value: &mut Value, f: &mut impl FnMut(&mut Map<String, Value>)) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| visit(item, f)),
        Value::Object(object) => {
            for (name, inner) in object.iter_mut() {
                if name != "example" && name != "default" {
                    visit(inner, f);
                }
            }
            f(object);
        }
        _ => {}
    }
}

/// `application/json; charset=utf-8` names the same type as `application/json`, and most
/// generators only know the short name.
fn tidy_media_types(object: &mut Map<String, Value>) {
    let Some(Value::Object(content)) = object.get_mut("content") else { return };
    *content = std::mem::take(content)
        .into_iter()
        .map(|(name, media)| match name.split_once(';') {
            Some((short, _)) => (short.trim_end().to_owned(), media),
            None => (name, media),
        })
        .collect();
}

/// Header names are the same in any case; the published ones are spelled as the RFCs do.
fn tidy_headers(object: &mut Map<String, Value>) {
    if !object.contains_key("description") {
        return;
    }
    let Some(Value::Object(headers)) = object.get_mut("headers") else { return };
    *headers = std::mem::take(headers)
        .into_iter()
        .map(|(name, mut header)| {
            drop_if(&mut header, "deprecated", &json!(false));
            (spell(&name), header)
        })
        .collect();
}

fn spell(header: &str) -> String {
    match header.to_ascii_lowercase().as_str() {
        "etag" => return "ETag".to_owned(),
        "www-authenticate" => return "WWW-Authenticate".to_owned(),
        _ => {}
    }
    let word = |word: &str| {
        let mut letters = word.chars();
        letters.next().map_or(String::new(), |first| {
            first.to_ascii_uppercase().to_string() + &letters.as_str().to_ascii_lowercase()
        })
    };
    header.split('-').map(word).collect::<Vec<_>>().join("-")
}

/// `deprecated: false` and `explode: true` are said of every parameter and change none: the first
/// is the default, and so is the second where it could matter, in a query of style `form`.
fn tidy_parameter(object: &mut Map<String, Value>) {
    if !object.contains_key("in") || !object.contains_key("name") {
        return;
    }
    let plain = !object.contains_key("style");
    let mut parameter = Value::Object(std::mem::take(object));
    drop_if(&mut parameter, "deprecated", &json!(false));
    if plain {
        drop_if(&mut parameter, "explode", &json!(true));
    }
    if let Value::Object(tidied) = parameter {
        *object = tidied;
    }
}

fn drop_if(value: &mut Value, key: &str, unwanted: &Value) {
    if let Value::Object(object) = value
        && object.get(key) == Some(unwanted)
    {
        object.shift_remove(key);
    }
}

fn tidy_schema(object: &mut Map<String, Value>) {
    // An annotated reference comes as {note, allOf: [{$ref}, {note}]}.
    if let Some(Value::Array(parts)) = object.get("allOf") {
        let says_more = |part: &Value| match part {
            Value::Object(part) => part.iter().any(|(key, value)| object.get(key) != Some(value)),
            _ => true,
        };
        let kept: Vec<Value> = parts.iter().filter(|part| says_more(part)).cloned().collect();
        if !kept.is_empty() {
            object.insert("allOf".to_owned(), Value::Array(kept));
        }
    }
    // The variants say that they are objects.
    if object.contains_key("oneOf") && object.get("type") == Some(&json!("object")) {
        object.shift_remove("type");
    }
    // Limits come as floats, also those of whole numbers.
    for limit in ["minimum", "maximum", "multipleOf"] {
        if let Some(value) = object.get_mut(limit)
            && let Some(float) = value.as_f64()
            && float.fract() == 0.0
            && float.abs() < 9_007_199_254_740_992.0
        {
            *value = json!(float as i64);
        }
    }
}

/// A schema's title repeats the name it is filed under.
fn drop_titles(spec: &mut Value) {
    let schemas = spec.pointer_mut("/components/schemas").and_then(Value::as_object_mut);
    for (name, schema) in schemas.into_iter().flatten() {
        drop_if(schema, "title", &json!(name));
    }
}

/// Names come first and long things last; answers come in the order of their status.
fn order_keys(object: &mut Map<String, Value>) {
    let has = |keys: &[&str]| keys.iter().all(|key| object.contains_key(*key));
    let order: &[&str] = if has(&["operationId", "responses"]) {
        if let Some(Value::Object(responses)) = object.get_mut("responses") {
            responses.sort_keys();
        }
        &["operationId", "tags", "summary", "description", "parameters", "requestBody"]
    } else if has(&["name", "in", "schema"]) {
        &["name", "in", "required", "description"]
    } else if has(&["description", "headers", "content"]) {
        &["description", "headers"]
    } else {
        return;
    };
    let mut place = 0;
    for key in order {
        if let Some(value) = object.shift_remove(*key) {
            object.shift_insert(place, (*key).to_owned(), value);
            place += 1;
        }
    }
}

/// A variant comes as two schemas: `Event_TaskQueued`, which holds only the tag and a reference,
/// and `TaskQueued`, which holds the rest. They become one, with the tag as its first property. It
/// takes the name of the inner one, unless that is used elsewhere too.
fn merge_variants(spec: &mut Value) {
    let Some(Value::Object(schemas)) = spec.pointer("/components/schemas") else { return };
    let mut merged = Vec::new();
    for union in schemas.values().filter(|schema| schema.get("discriminator").is_some()) {
        let tag = union.pointer("/discriminator/propertyName").and_then(Value::as_str);
        let variants = union.get("oneOf").and_then(Value::as_array);
        for variant in variants.into_iter().flatten().filter_map(reference) {
            let Some(wrapper) = schemas.get(variant) else { continue };
            merged.extend(tag.and_then(|tag| merge(schemas, tag, variant, wrapper)));
        }
    }
    for Merged { wrapper, inner, schema } in merged {
        let name = if references(spec, &inner) == 1 { &inner } else { &wrapper };
        if let Some(Value::Object(schemas)) = spec.pointer_mut("/components/schemas") {
            schemas.shift_remove(&wrapper);
            schemas.insert(name.clone(), schema);
        }
        rename(spec, &path_of(&wrapper), &path_of(name));
    }
    if let Some(Value::Object(schemas)) = spec.pointer_mut("/components/schemas") {
        schemas.sort_keys();
    }
}

struct Merged {
    wrapper: String,
    inner: String,
    schema: Value,
}

fn merge(schemas: &Map<String, Value>, tag: &str, name: &str, wrapper: &Value) -> Option<Merged> {
    let [tagged, inner] = wrapper.get("allOf")?.as_array()?.as_slice() else { return None };
    let inner = reference(inner)?;
    let mut schema = schemas.get(inner)?.as_object()?.clone();

    let mut kind = tagged.get("properties")?.get(tag)?.clone();
    if let Value::Object(kind) = &mut kind {
        kind.shift_remove("example");
    }
    let mut properties = Map::new();
    properties.insert(tag.to_owned(), kind);
    if let Some(Value::Object(rest)) = schema.get("properties") {
        properties.extend(rest.clone());
    }
    let mut required = vec![json!(tag)];
    if let Some(Value::Array(rest)) = schema.get("required") {
        required.extend(rest.iter().filter(|name| **name != json!(tag)).cloned());
    }
    schema.insert("required".to_owned(), Value::Array(required));
    schema.insert("properties".to_owned(), Value::Object(properties));
    Some(Merged {
        wrapper: name.to_owned(),
        inner: inner.to_owned(),
        schema: Value::Object(schema),
    })
}

fn path_of(schema: &str) -> String {
    format!("#/components/schemas/{schema}")
}

/// The schema that a `{$ref}` names.
fn reference(value: &Value) -> Option<&str> {
    value.get("$ref")?.as_str()?.strip_prefix("#/components/schemas/")
}

/// How often a schema is referred to in the whole document.
fn references(spec: &Value, schema: &str) -> usize {
    match spec {
        Value::Array(items) => items.iter().map(|item| references(item, schema)).sum(),
        Value::Object(object) => {
            usize::from(reference(spec) == Some(schema))
                + object.values().map(|value| references(value, schema)).sum::<usize>()
        }
        _ => 0,
    }
}

/// Replaces a reference wherever it stands, in `$ref` and in a discriminator's mapping.
fn rename(spec: &mut Value, from: &str, to: &str) {
    match spec {
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, from, to)),
        Value::Object(object) => object.values_mut().for_each(|value| rename(value, from, to)),
        Value::String(text) if text == from => to.clone_into(text),
        _ => {}
    }
}

/// Tags come in alphabetical order; readers want them in the order of the operations.
fn order_tags(spec: &mut Value) {
    let mut used: Vec<Value> = Vec::new();
    for operation in operations(spec) {
        for tag in operation.get("tags").and_then(Value::as_array).into_iter().flatten() {
            if !used.contains(tag) {
                used.push(tag.clone());
            }
        }
    }
    if let Some(Value::Array(tags)) = spec.get_mut("tags") {
        let place = |tag: &Value| {
            let name = tag.get("name");
            used.iter().position(|used| Some(used) == name).unwrap_or(usize::MAX)
        };
        tags.sort_by_key(place);
    }
}

fn operations(spec: &Value) -> impl Iterator<Item = &Value> {
    let paths = spec.get("paths").and_then(Value::as_object).into_iter().flatten();
    paths.filter_map(|(_, item)| item.as_object()).flat_map(|item| item.values())
}

/// An operation that names no security is public. The document says so once, because silence also
/// is what a forgotten scheme looks like.
fn say_that_it_is_public(spec: &mut Value) {
    let Value::Object(document) = spec else { return };
    if !document.contains_key("security") {
        let at = document.keys().position(|key| key == "paths").unwrap_or(document.len());
        document.shift_insert(at, "security".to_owned(), json!([]));
    }
}

#[cfg(test)]
#[path = "canonical_tests.rs"]
mod tests;
