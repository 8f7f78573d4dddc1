//! putKind: `PUT /api/v1/kinds/{name}`.

use milepost_tests::harness::Server;
use serde_json::{Value, json};

use crate::generated;

const PATH: &str = "/api/v1/kinds/thumbnails";

fn schema() -> Value {
    json!({
        "type": "object",
        "properties": {
            "album": {"type": "string"},
            "size": {"type": "integer", "minimum": 16},
        },
        "required": ["album"],
        "additionalProperties": false,
    })
}

/// The fields that are wrong, in the order of the answer.
fn fields(problem: &Value) -> Vec<&str> {
    let errors = problem["errors"].as_array().expect("errors");
    errors.iter().filter_map(|error| error["field"].as_str()).collect()
}

#[tokio::test]
async fn it_creates_and_then_replaces() {
    let server = Server::start().await;
    let body = json!({
        "description": "Small pictures", "input_schema": schema(), "defaults": {"max_attempts": 7},
    });
    let made = server.put(PATH).json(&body).await.expect(201);
    assert_eq!(made.header("location"), Some(PATH));
    let kind = made.json();
    for (field, value) in body.as_object().expect("an object") {
        assert_eq!(&kind[field], value, "{field}");
    }
    assert_eq!(kind["checks_input"], true);
    assert_eq!(server.put(PATH).json(&body).await.expect(200).json(), kind, "the same again");

    let replaced = server.put(PATH).json(&json!({})).await.expect(200).json();
    assert!(replaced.get("description").is_none() && replaced.get("input_schema").is_none());
    assert_eq!((&replaced["checks_input"], &replaced["defaults"]), (&json!(false), &json!({})));
    assert_eq!(replaced["created_at"], kind["created_at"]);
}

#[tokio::test]
async fn inputs_are_held_against_it_from_then_on() {
    let server = Server::start().await;
    let any = json!({"kind": "thumbnails", "input": {"size": 1, "more": true}});
    server.submit(any.clone()).await;
    server.put(PATH).json(&json!({"input_schema": schema()})).await.expect(201);

    let refused = server.post("/api/v1/tasks").json(&any).await.problem(400, "invalid-request");
    let mut wrong = fields(&refused);
    wrong.sort_unstable();
    assert_eq!(wrong, ["input/album", "input/more", "input/size"]);
    server
        .post("/api/v1/tasks")
        .json(&json!({"kind": "thumbnails"}))
        .await
        .names_field(400, "input");
    server.put("/api/v1/tasks/mine").json(&any).await.names_field(400, "input/album");
    let good = json!({"kind": "thumbnails", "input": {"album": "summer", "size": 16}});
    server.submit(good.clone()).await;
    server.put("/api/v1/tasks/mine").json(&good).await.task(202);

    // A schema that is put meanwhile is the one that counts, looser or stricter.
    server.put(PATH).json(&json!({"input_schema": {"required": ["shape"]}})).await.expect(200);
    server.post("/api/v1/tasks").json(&good).await.names_field(400, "input/shape");
    server.put("/api/v1/tasks/mine").json(&good).await.task(200);
    server.delete(PATH).await.expect(204);
    server.submit(any).await;
}

#[tokio::test]
async fn wrong_inputs_of_many_tasks_and_of_schedules_are_named_with_their_place() {
    let server = Server::start().await;
    server.put(PATH).json(&json!({"input_schema": schema()})).await.expect(201);
    let good = json!({"kind": "thumbnails", "input": {"album": "a"}});
    let bad = json!({"kind": "thumbnails", "input": {"album": 5}, "priority": 101});
    let tasks = json!({"tasks": [good, {"kind": "other", "input": 1}, bad]});
    let refused = server.post("/api/v1/task-batches").json(&tasks).await;
    let refused = refused.problem(400, "invalid-request");
    assert_eq!(fields(&refused), ["tasks[2].priority", "tasks[2].input/album"]);
    let none = server.get("/api/v1/tasks").await.expect(200).json();
    assert_eq!(none["items"], json!([]), "all of them or none");

    let schedule = |task: &Value| json!({"cron": "0 0 1 1 *", "task": task});
    let path = "/api/v1/schedules/s";
    let bad = json!({"kind": "thumbnails", "input": []});
    server.put(path).json(&schedule(&bad)).await.names_field(400, "task.input");
    server.post("/api/v1/schedules").json(&schedule(&bad)).await.names_field(400, "task.input");
    server.put(path).json(&schedule(&good)).await.expect(201);
    server.patch(path).json(&json!({"task": bad})).await.names_field(400, "task.input");
    // What is in the schedule already passed then, and is not looked at again.
    server.put(PATH).json(&json!({"input_schema": {"maxProperties": 0}})).await.expect(200);
    server.patch(path).json(&json!({"paused": true})).await.expect(200);
    server.post("/api/v1/schedules/s/run").await.task(202);
}

#[tokio::test]
async fn a_request_that_was_answered_is_answered_again_whatever_the_schema_says_now() {
    let server = Server::start().await;
    let body = json!({"kind": "thumbnails", "input": 1});
    let submit = || server.post("/api/v1/tasks").header("idempotency-key", "one").json(&body);
    let task = submit().await.task(202);
    server.put(PATH).json(&json!({"input_schema": {"type": "string"}})).await.expect(201);
    assert_eq!(submit().await.task(202)["id"], task["id"]);
}

#[tokio::test]
async fn what_the_submission_does_not_say_the_kind_says_and_then_the_queue() {
    let server = Server::start().await;
    let defaults = json!({"defaults": {"max_attempts": 7, "stalled_after_seconds": 8}});
    server.put(PATH).json(&defaults).await.expect(201);
    let defaults = json!({"defaults": {"max_attempts": 5, "timeout_seconds": 9}});
    server.put("/api/v1/queues/default").json(&defaults).await.expect(200);
    let task = server.submit(json!({"kind": "thumbnails"})).await;
    assert_eq!((&task["max_attempts"], &task["timeout_seconds"]), (&json!(7), &json!(9)));
    let task = server.submit(json!({"kind": "thumbnails", "max_attempts": 1})).await;
    assert_eq!(task["max_attempts"], 1);
    let body = json!({"cron": "0 0 1 1 *", "task": {"kind": "thumbnails"}});
    server.put("/api/v1/schedules/s").json(&body).await.expect(201);
    let task = server.post("/api/v1/schedules/s/run").await.task(202);
    assert_eq!((&task["max_attempts"], &task["timeout_seconds"]), (&json!(7), &json!(9)));
}

#[tokio::test]
async fn wrong_fields_and_wrong_schemas_are_named() {
    let server = Server::start().await;
    let long = "x".repeat(70_000);
    for (body, field) in [
        (json!({"description": "x".repeat(4097)}), "description"),
        (json!({"defaults": {"max_attempts": 0}}), "defaults.max_attempts"),
        (json!({"speed": 1}), "speed"),
        (json!({"input_schema": 5}), "input_schema"),
        (json!({"input_schema": {"type": "strin"}}), "input_schema/type"),
        (json!({"input_schema": {"pattern": "(?=a)"}}), "input_schema/pattern"),
        (json!({"input_schema": {"title": long}}), "input_schema"),
        (json!({"input_schema": {"$ref": "http://127.0.0.1:1/x"}}), "input_schema/$ref"),
        (json!({"input_schema": {"$ref": "file:///etc/passwd"}}), "input_schema/$ref"),
        (json!({"input_schema": {"allOf": [{"$ref": "#"}]}}), "input_schema"),
    ] {
        server.put(PATH).json(&body).await.names_field(400, field);
    }
    server.get(PATH).await.problem(404, "kind-not-found");
    let long = format!("/api/v1/kinds/{}", "x".repeat(129));
    server.put(&long).json(&json!({})).await.names_field(400, "name");
    server.put("/api/v1/kinds/a%00").json(&json!({})).await.names_field(400, "name");
    for name in ["milepost", "milepost.bulk", "quickstart.countdown"] {
        let path = format!("/api/v1/kinds/{name}");
        server.put(&path).json(&json!({})).await.problem(403, "reserved-name");
    }
}

#[tokio::test]
async fn deep_and_large_inputs_are_no_crash() {
    let server = Server::start().await;
    let tree = json!({"properties": {"a": {"anyOf": [{"type": "null"}, {"$ref": "#"}]}}});
    server.put(PATH).json(&json!({"input_schema": tree})).await.expect(201);
    let deep = |levels: usize| (0..levels).fold(json!(null), |inside, _| json!({"a": inside}));
    server.submit(json!({"kind": "thumbnails", "input": deep(60)})).await;
    let too_deep = json!({"kind": "thumbnails", "input": deep(100)});
    server.post("/api/v1/tasks").json(&too_deep).await.names_field(400, "input");

    let numbers = json!({"items": {"type": "integer"}});
    server.put(PATH).json(&json!({"input_schema": numbers})).await.expect(200);
    server.submit(json!({"kind": "thumbnails", "input": vec![1; 200_000]})).await;
    let wrong = json!({"kind": "thumbnails", "input": vec!["a"; 200_000]});
    server.post("/api/v1/tasks").json(&wrong).await.names_field(400, "input/0");
}

#[tokio::test]
async fn it_is_kept_over_a_restart() {
    let mut server = Server::start().await;
    server.put(PATH).json(&json!({"input_schema": schema()})).await.expect(201);
    server.kill9().await;
    server.restart().await;
    let bad = json!({"kind": "thumbnails", "input": {}});
    server.post("/api/v1/tasks").json(&bad).await.names_field(400, "input/album");
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = Server::start().await;
    let api = generated::client(&server);
    let put = |schema: Value| api.put_kind().name("k").body_map(|body| body.input_schema(schema));
    let kind = put(json!({"type": "string"})).send().await.expect("the kind");
    assert_eq!(kind.input_schema, Some(json!({"type": "string"})));
    generated::assert_refused(put(json!({"type": 5})).send().await, 400, "invalid-request");
}
