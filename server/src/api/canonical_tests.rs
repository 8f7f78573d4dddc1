use super::*;

#[test]
fn a_variant_of_a_union_becomes_one_schema_that_starts_with_its_tag() {
    let raw = json!({"components": {"schemas": {
        "Event": {
            "type": "object",
            "oneOf": [{"$ref": "#/components/schemas/Event_TaskQueued"}],
            "discriminator": {
                "propertyName": "type",
                "mapping": {"task.queued": "#/components/schemas/Event_TaskQueued"},
            },
        },
        "Event_TaskQueued": {"description": "Of the union.", "allOf": [
            {"type": "object", "required": ["type"], "properties": {
                "type": {"type": "string", "enum": ["task.queued"], "example": "task.queued"}}},
            {"$ref": "#/components/schemas/TaskQueued"},
        ]},
        "TaskQueued": {
            "type": "object", "description": "Of the variant.",
            "required": ["task_id"], "properties": {"task_id": {"type": "string"}},
        },
    }}});
    let schemas = json!({
        "Event": {
            "oneOf": [{"$ref": "#/components/schemas/TaskQueued"}],
            "discriminator": {
                "propertyName": "type",
                "mapping": {"task.queued": "#/components/schemas/TaskQueued"},
            },
        },
        "TaskQueued": {
            "type": "object", "description": "Of the variant.",
            "required": ["type", "task_id"],
            "properties": {
                "type": {"type": "string", "enum": ["task.queued"]},
                "task_id": {"type": "string"},
            },
        },
    });
    let published = canonical(raw);
    assert_eq!(published["components"]["schemas"].to_string(), schemas.to_string());
    assert_eq!(canonical(published.clone()), published);
}

#[test]
fn a_variant_that_is_used_elsewhere_too_keeps_both_of_its_schemas() {
    let raw = json!({
        "extra": {"$ref": "#/components/schemas/Cron"},
        "components": {"schemas": {
            "Cron": {"type": "object", "properties": {"at": {"type": "string"}}},
            "Plan": {
                "oneOf": [{"$ref": "#/components/schemas/Plan_Cron"}],
                "discriminator": {"propertyName": "type"},
            },
            "Plan_Cron": {"allOf": [
                {"properties": {"type": {"type": "string", "enum": ["cron"]}}},
                {"$ref": "#/components/schemas/Cron"},
            ]},
        }},
    });
    let schemas = &canonical(raw)["components"]["schemas"];
    assert_eq!(
        schemas["Cron"],
        json!({"type": "object", "properties": {"at": {"type": "string"}}})
    );
    assert_eq!(schemas["Plan"]["oneOf"][0]["$ref"], "#/components/schemas/Plan_Cron");
    assert_eq!(schemas["Plan_Cron"]["required"], json!(["type"]));
    assert_eq!(schemas["Plan_Cron"]["properties"]["at"], json!({"type": "string"}));
}

#[test]
fn an_annotation_beside_a_reference_is_given_once() {
    let raw = json!({
        "description": "Why.", "default": "a",
        "allOf": [{"$ref": "#/components/schemas/X"}, {"description": "Why.", "default": "a"}],
    });
    assert_eq!(
        canonical(json!({"schema": raw}))["schema"],
        json!({"description": "Why.", "default": "a",
               "allOf": [{"$ref": "#/components/schemas/X"}]})
    );
}

#[test]
fn parts_of_all_of_that_say_something_of_their_own_stay() {
    let schema = json!({"allOf": [{"type": "object"}, {"required": ["a"]}]});
    assert_eq!(canonical(json!({"schema": schema}))["schema"], schema);
}

#[test]
fn media_types_lose_their_charset_and_headers_their_capitals() {
    let raw = json!({"description": "Done.",
        "content": {"application/json; charset=utf-8": {"schema": {"type": "string"}}},
        "headers": {"RETRY-AFTER": {"deprecated": false, "schema": {"type": "string"}},
                    "ETAG": {"schema": {"type": "string"}}},
    });
    assert_eq!(
        canonical(json!({"response": raw}))["response"],
        json!({"description": "Done.",
            "content": {"application/json": {"schema": {"type": "string"}}},
            "headers": {"Retry-After": {"schema": {"type": "string"}},
                        "ETag": {"schema": {"type": "string"}}},
        })
    );
}

#[test]
fn what_a_parameter_says_by_default_is_not_said() {
    let raw = json!({"name": "limit", "in": "query", "required": false, "deprecated": false,
        "explode": true, "schema": {"type": "integer", "minimum": 1.0, "maximum": 0.5}});
    assert_eq!(
        canonical(json!({"parameters": [raw]}))["parameters"][0],
        json!({"name": "limit", "in": "query", "required": false,
               "schema": {"type": "integer", "minimum": 1, "maximum": 0.5}})
    );
}

#[test]
fn an_operation_starts_with_its_name_and_answers_come_by_status() {
    let raw = json!({"operation": {"tags": ["T"], "responses": {"404": {}, "200": {}},
        "operationId": "getTask"}});
    assert_eq!(
        canonical(raw)["operation"].to_string(),
        json!({"operationId": "getTask", "tags": ["T"], "responses": {"200": {}, "404": {}}})
            .to_string()
    );
}

#[test]
fn examples_and_defaults_are_left_as_they_are() {
    let schema = json!({"type": "object",
        "example": {"allOf": [{}], "oneOf": [], "type": "object", "minimum": 1.0}});
    assert_eq!(canonical(json!({"schema": schema}))["schema"], schema);
}

#[test]
fn tags_follow_the_operations_and_security_is_said_once() {
    let raw = json!({
        "tags": [{"name": "A"}, {"name": "B"}],
        "paths": {"/b": {"get": {"tags": ["B"]}}, "/a": {"get": {"tags": ["A"]}}},
    });
    assert_eq!(
        canonical(raw).to_string(),
        json!({
            "tags": [{"name": "B"}, {"name": "A"}],
            "security": [],
            "paths": {"/b": {"get": {"tags": ["B"]}}, "/a": {"get": {"tags": ["A"]}}},
        })
        .to_string()
    );
}
