//! The document as progenitor can take it: private, and less exact than the published one.
//!
//! What is lost, and why that is right for a client:
//! - Errors fold into one type for 4XX and one for 5XX, as `application/json`: progenitor knows one
//!   error type an operation, and does not look at the content type of an answer.
//! - An empty success beside one with a body, and 304, go: both arrive as an unexpected response,
//!   whose status the hand-written client reads.
//! - Limits (`pattern`, `maxLength`, `minimum` …) go: they would become types that the *client*
//!   enforces, so that an old client could not use what a newer server allows.
//! - Defaults of requests go: a client that sends them pins what the server may choose. Defaults of
//!   answers stay: they say what an absent field means.
//! - The optional lists and maps of a PATCH become nullable: that is how progenitor tells an absent
//!   one, which stays as it is, from an empty one, which is emptied. What is nullable in it already
//!   becomes any JSON: there `null` is a word of its own, and an absent field is another.
//! - The variants of a union move into it, which is how progenitor recognises a tagged enum.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{
    ContractError,
    operations::operations,
    walk::{self, Direction},
};

const LIMITS: [&str; 14] = [
    "pattern",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "example",
];

/// The private form of a published document.
pub fn for_progenitor(published: &Value) -> Result<Value, ContractError> {
    let mut spec = published.clone();
    let mut refused = None;
    walk::each_operation(&mut spec, |operation| {
        let id = operation["operationId"].as_str().unwrap_or_default().to_owned();
        if let Some(Value::Object(responses)) = operation.get_mut("responses") {
            let folded = fold_responses(std::mem::take(responses));
            match folded {
                Ok(folded) => *responses = folded,
                Err(reason) => refused = Some(format!("{id}: {reason}")),
            }
        }
    });
    if let Some(reason) = refused {
        return Err(ContractError::Unsupported(reason));
    }
    strip_limits(&mut spec);
    let requested = walk::reachable(&spec, Direction::Request);
    strip_request_defaults(&mut spec, &requested);
    tell_absent_from_empty(&mut spec);
    inline_variants(&mut spec);
    Ok(spec)
}

/// One success body, and one error body for both ranges.
fn fold_responses(responses: Map<String, Value>) -> Result<Map<String, Value>, String> {
    let (successes, errors): (Vec<_>, Vec<_>) =
        responses.into_iter().partition(|(status, _)| status.starts_with('2') || status == "304");
    let has_body = |(_, response): &(String, Value)| response.get("content").is_some();
    let any_body = successes.iter().any(has_body);
    let mut folded: Map<String, Value> = successes
        .into_iter()
        .filter(|success| has_body(success) || (!any_body && success.0 != "304"))
        .collect();
    if folded.is_empty() {
        return Err("no success is documented".to_owned());
    }
    let mut bodies = folded.values().map(|success| &success["content"]);
    let first = bodies.next();
    if bodies.any(|body| Some(body) != first) {
        return Err("its successes have different bodies".to_owned());
    }
    if let Some(error) = error_body(&errors) {
        for (range, whose) in [("4XX", "client"), ("5XX", "server")] {
            let description = format!("An error of the {whose}.");
            folded.insert(
                range.to_owned(),
                json!({"description": description, "content": {"application/json": error}}),
            );
        }
    }
    Ok(folded)
}

/// The body of an operation's errors: its own type, where it has one, and otherwise the problem
/// that every operation has.
fn error_body(errors: &[(String, Value)]) -> Option<&Value> {
    let of = |media: &'static str| {
        errors.iter().find_map(move |(_, response)| response["content"].get(media))
    };
    of("application/json").or_else(|| of("application/problem+json"))
}

fn strip_limits(spec: &mut Value) {
    walk::each_schema(spec, &mut |schema| {
        if let Value::Object(schema) = schema {
            schema.retain(|keyword, _| !LIMITS.contains(&keyword.as_str()));
        }
    });
}

fn strip_request_defaults(spec: &mut Value, requested: &BTreeSet<String>) {
    let mut strip = |schema: &mut Value| {
        if let Value::Object(schema) = schema {
            schema.shift_remove("default");
        }
    };
    for name in requested {
        walk::each_in_schema(&mut spec["components"]["schemas"][name], &mut strip);
    }
    walk::each_operation(spec, |operation| {
        let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
        for parameter in parameters.into_iter().flatten() {
            walk::each_in_schema(&mut parameter["schema"], &mut strip);
        }
    });
}

fn tell_absent_from_empty(spec: &mut Value) {
    let patched: Vec<String> = operations(spec)
        .iter()
        .filter(|operation| operation.method == "PATCH")
        .filter_map(|operation| {
            let content = operation.value["requestBody"]["content"].as_object()?;
            walk::component(&content.values().next()?["schema"]).map(str::to_owned)
        })
        .collect();
    for name in patched {
        let schema = &mut spec["components"]["schemas"][&name];
        let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
        for (_, property) in properties.into_iter().flatten() {
            if property["nullable"] == true {
                *property = json!({"description": property["description"]});
            } else if property["type"] == "array" || property.get("additionalProperties").is_some()
            {
                property["nullable"] = json!(true);
            }
        }
    }
}

/// Puts the variants of every union with a tag where the references to them stood, and drops those
/// that nothing else names.
fn inline_variants(spec: &mut Value) {
    let Some(schemas) = spec["components"]["schemas"].as_object().cloned() else { return };
    let mut moved = Vec::new();
    for (name, _) in schemas.iter().filter(|(_, schema)| is_union(schema)) {
        let union = &mut spec["components"]["schemas"][name];
        if let Value::Object(union) = union {
            union.shift_remove("discriminator");
        }
        for variant in union["oneOf"].as_array_mut().into_iter().flatten() {
            if let Some(name) = walk::component(variant).map(str::to_owned)
                && let Some(schema) = schemas.get(&name)
            {
                *variant = schema.clone();
                moved.push(name);
            }
        }
    }
    for name in moved {
        let mut used = false;
        walk::each_schema(spec, &mut |schema| used |= walk::component(schema) == Some(&name));
        if !used && let Some(Value::Object(schemas)) = spec.pointer_mut("/components/schemas") {
            schemas.shift_remove(&name);
        }
    }
}

/// Whether a schema is a union whose variants carry a tag.
pub fn is_union(schema: &Value) -> bool {
    schema.get("oneOf").is_some() && schema.get("discriminator").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(responses: Value) -> Result<Value, ContractError> {
        let spec = json!({"paths": {"/x": {"get": {"operationId": "x", "responses": responses}}}});
        for_progenitor(&spec).map(|spec| spec["paths"]["/x"]["get"]["responses"].clone())
    }

    fn body(media: &str, schema: &str) -> Value {
        json!({"description": "A.", "content": {media: {"schema": {"$ref": schema}}}})
    }

    #[test]
    fn errors_fold_into_two_ranges_with_one_body() {
        let problem = body("application/problem+json", "P");
        let ok = body("application/json", "T");
        let responses = folded(json!({"200": ok, "202": ok, "304": {"description": "Same."},
            "404": problem, "409": problem, "503": problem}));
        let responses = responses.expect("the responses fold");
        let statuses: Vec<&String> = responses.as_object().expect("an object").keys().collect();
        assert_eq!(statuses, ["200", "202", "4XX", "5XX"]);
        assert_eq!(
            responses["4XX"]["content"],
            json!({"application/json": {"schema": {"$ref": "P"}}})
        );
    }

    #[test]
    fn an_error_type_of_the_operation_itself_wins_over_the_problem() {
        let responses = folded(json!({"200": body("application/json", "T"),
            "400": body("application/json", "Q"), "413": body("application/problem+json", "P")}));
        let responses = responses.expect("the responses fold");
        assert_eq!(responses["5XX"]["content"]["application/json"]["schema"]["$ref"], "Q");
    }

    #[test]
    fn an_empty_success_stays_only_where_it_is_the_only_one() {
        let stream =
            folded(json!({"200": body("text/event-stream", "E"), "204": {"description": "End."}}));
        assert_eq!(stream.expect("a stream folds").get("204"), None);
        let delete = folded(json!({"204": {"description": "Gone."}}));
        assert!(delete.expect("a deletion folds").get("204").is_some());
    }

    #[test]
    fn two_success_bodies_are_refused_by_name() {
        let two = folded(
            json!({"200": body("application/json", "A"), "202": body("application/json", "B")}),
        );
        assert_eq!(
            two.map_err(|error| error.to_string()),
            Err("the spec has something the Rust client cannot say: x: its successes have different bodies".to_owned())
        );
    }

    #[test]
    fn limits_go_but_a_property_called_like_one_stays() {
        let spec = json!({"paths": {}, "components": {"schemas": {"X": {
            "type": "object", "properties": {"pattern": {"type": "string", "pattern": "a"}}}}}});
        let spec = for_progenitor(&spec).expect("nothing is refused");
        assert_eq!(
            spec["components"]["schemas"]["X"]["properties"],
            json!({"pattern": {"type": "string"}})
        );
    }

    #[test]
    fn defaults_go_from_requests_and_stay_in_answers() {
        let object =
            json!({"type": "object", "properties": {"n": {"type": "integer", "default": 1}}});
        let spec = json!({
            "paths": {"/x": {"post": {"operationId": "x",
                "requestBody": body("application/json", "#/components/schemas/In"),
                "responses": {"200": body("application/json", "#/components/schemas/Out")}}}},
            "components": {"schemas": {"In": object, "Out": object}},
        });
        let schemas =
            for_progenitor(&spec).expect("nothing is refused")["components"]["schemas"].clone();
        assert_eq!(schemas["In"]["properties"]["n"], json!({"type": "integer"}));
        assert_eq!(schemas["Out"]["properties"]["n"], json!({"type": "integer", "default": 1}));
    }

    #[test]
    fn a_patch_can_empty_a_map_and_leave_it_as_it_is() {
        let labels = json!({"type": "object", "additionalProperties": {"type": "string"}});
        let object = json!({"type": "object", "properties": {"labels": labels}});
        let operation = |schema: &str| {
            json!({"operationId": "x", "responses": {"200": {"description": "Done."}},
                "requestBody": body("application/json", &format!("#/components/schemas/{schema}"))})
        };
        let spec = json!({
            "paths": {"/x": {"post": operation("New"), "patch": operation("Change")}},
            "components": {"schemas": {"New": object, "Change": object}},
        });
        let spec = for_progenitor(&spec).expect("nothing is refused");
        let schemas = &spec["components"]["schemas"];
        assert_eq!(schemas["Change"]["properties"]["labels"]["nullable"], json!(true));
        assert_eq!(schemas["New"]["properties"]["labels"], labels);
    }

    #[test]
    fn a_patch_can_take_a_limit_away_and_leave_it_as_it_is() {
        let limit = json!({"type": "integer", "nullable": true, "description": "A limit."});
        let spec = json!({
            "paths": {"/x": {"patch": {
                "operationId": "x", "responses": {"200": {"description": "Done."}},
                "requestBody": body("application/json", "#/components/schemas/Change")}}},
            "components": {"schemas": {
                "Change": {"type": "object", "properties": {"limit": limit}},
            }},
        });
        let spec = for_progenitor(&spec).expect("nothing is refused");
        let property = &spec["components"]["schemas"]["Change"]["properties"]["limit"];
        assert_eq!(property, &json!({"description": "A limit."}));
    }

    #[test]
    fn the_variants_of_a_union_move_into_it() {
        let variant =
            json!({"type": "object", "properties": {"type": {"type": "string", "enum": ["a"]}}});
        let spec = json!({"paths": {}, "components": {"schemas": {
            "U": {"oneOf": [{"$ref": "#/components/schemas/A"}], "discriminator": {"propertyName": "type"}},
            "A": variant,
        }}});
        let schemas =
            for_progenitor(&spec).expect("nothing is refused")["components"]["schemas"].clone();
        assert_eq!(schemas, json!({"U": {"oneOf": [variant]}}));
    }
}
