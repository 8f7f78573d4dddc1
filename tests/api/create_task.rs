//! createTask: `POST /api/v1/tasks`.

use milepost_client::types;
use milepost_tests::harness::{Server, id_of, soon};
use serde_json::{Value, json};

use crate::generated;

const PATH: &str = "/api/v1/tasks";

#[tokio::test]
async fn a_kind_alone_is_a_task_with_the_documented_defaults() {
    let server = Server::start().await;
    let task = server.submit(json!({"kind": "report.build"})).await;
    assert_eq!(task["kind"], "report.build");
    assert_eq!(task["queue"], "default");
    assert_eq!(task["state"], "queued");
    assert_eq!(task["labels"], json!({}));
    assert_eq!(task["priority"], 0);
    assert_eq!(task["attempt"], 0);
    assert_eq!(task["max_attempts"], 3);
    assert_eq!(task["cancel_grace_seconds"], 30);
    for absent in ["timeout_seconds", "run_at", "started_at", "parent_id", "worker", "progress"] {
        assert!(task.get(absent).is_none(), "{absent} was never set: {task}");
    }
    assert_eq!(server.types(&id_of(&task)).await, ["queued"]);
}

#[tokio::test]
async fn everything_given_is_kept() {
    let server = Server::start().await;
    let parent = server.submit_kind("parent").await;
    let request = json!({
        "kind": "report.build", "queue": "slow", "priority": -100, "max_attempts": 100,
        "timeout_seconds": 7, "cancel_grace_seconds": 0, "worker": "only-me",
        "labels": {"customer": "Ünïcode ✓", "empty": ""}, "input": {"a": [1, 2.5, null]},
        "parent_id": parent, "trace_parent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    });
    let task = server.task(&id_of(&server.submit(request.clone()).await)).await;
    for (field, value) in request.as_object().expect("an object") {
        assert_eq!(&task[field], value, "{field}");
    }
    assert_eq!(task["links"]["parent"], format!("/api/v1/tasks/{parent}"));
}

#[tokio::test]
async fn an_input_is_kept_to_the_digit_whatever_it_is() {
    let server = Server::start().await;
    let inputs = [
        "null",
        "false",
        "0",
        "-0.0",
        "\"\"",
        "[]",
        "{}",
        "123456789012345678901234567890.123456789012345678901234567890",
        "1e300",
        r#"{"z":1,"a":2,"m":{"é":"\u0000"}}"#,
        r#""\u0000\r\n\ufeff\u2028\ud83d\ude00""#,
    ];
    for input in inputs {
        let body = format!(r#"{{"kind":"k","input":{input}}}"#);
        let id = id_of(&server.post(PATH).body("application/json", body).await.task(202));
        let text = server.get(&format!("{PATH}/{id}")).await.expect(200).text();
        assert!(text.contains(&format!("\"input\":{input}")), "{input} in {text}");
    }
}

#[tokio::test]
async fn a_number_that_no_reader_could_read_is_refused() {
    let server = Server::start().await;
    let body = r#"{"kind":"k","input":{"n":1e400}}"#;
    let answer = server.post(PATH).body("application/json", body).await;
    answer.problem(400, "malformed-body");
}

#[tokio::test]
async fn a_task_for_later_is_scheduled_and_then_queued() {
    let server = Server::start().await;
    let soon_at = chrono::Utc::now() + chrono::Duration::seconds(4);
    let task = server.submit(json!({"kind": "k", "run_at": soon_at.to_rfc3339()})).await;
    assert_eq!(task["state"], "scheduled");
    assert!(server.lease(json!({})).await.is_empty(), "it is not due");
    let lease = server.lease_one(json!({})).await;
    assert!(chrono::Utc::now() >= soon_at, "it was leased before its time");
    assert_eq!(lease.task_id(), id_of(&task));
    assert_eq!(server.types(&lease.task_id()).await, ["scheduled", "queued", "started"]);
}

#[tokio::test]
async fn a_time_that_is_past_means_now_and_any_offset_is_understood() {
    let server = Server::start().await;
    let task = server.submit(json!({"kind": "k", "run_at": "2020-02-29T23:00:00+05:30"})).await;
    assert_eq!(task["state"], "queued");
    let far = server.submit(json!({"kind": "k", "run_at": "2999-01-01T00:00:00.1234-02:00"})).await;
    assert_eq!(far["state"], "scheduled");
    assert_eq!(far["run_at"], "2999-01-01T02:00:00.123Z");
}

#[tokio::test]
async fn with_prefer_wait_the_answer_is_the_done_task() {
    let server = Server::start().await;
    let client = server.clone();
    let worker = tokio::spawn(async move {
        let lease = client.lease_one(json!({})).await;
        lease.complete(json!({"pages": 3})).await.task(200);
    });
    let answer = server.post(PATH).header("prefer", "wait=20").json(&json!({"kind": "k"})).await;
    let task = answer.task(200);
    assert_eq!(task["state"], "succeeded");
    assert_eq!(task["output"], json!({"pages": 3}));
    soon("the worker", worker).await.expect("the worker is well");
}

#[tokio::test]
async fn with_prefer_wait_and_nobody_working_the_answer_is_202_after_the_wait() {
    let server = Server::start().await;
    let began = std::time::Instant::now();
    let answer = server.post(PATH).header("prefer", "wait=1").json(&json!({"kind": "k"})).await;
    assert_eq!(answer.task(202)["state"], "queued");
    assert!(began.elapsed().as_millis() >= 900, "it did not wait");
}

#[tokio::test]
async fn a_preference_that_makes_no_sense_is_ignored() {
    let server = Server::start().await;
    for prefer in ["wait=soon", "respond-async", "wait", "wait=-1", ";;;,,,=", "wait=1x"] {
        let request = server.post(PATH).header("prefer", prefer).json(&json!({"kind": "k"}));
        request.await.task(202);
    }
}

#[tokio::test]
async fn wrong_and_absent_fields_are_named() {
    let server = Server::start().await;
    let long = "x".repeat(129);
    let cases: Vec<(Value, &str)> = vec![
        (json!({}), "kind"),
        (json!({"kind": ""}), "kind"),
        (json!({"kind": 7}), "kind"),
        (json!({"kind": null}), "kind"),
        (json!({"kind": long}), "kind"),
        (json!({"kind": "a\u{0}b"}), "kind"),
        (json!({"kind": "a\nb"}), "kind"),
        (json!({"kind": "k", "queue": ""}), "queue"),
        (json!({"kind": "k", "queue": long}), "queue"),
        (json!({"kind": "k", "queue": "a\tb"}), "queue"),
        (json!({"kind": "k", "priority": 101}), "priority"),
        (json!({"kind": "k", "priority": -101}), "priority"),
        (json!({"kind": "k", "priority": 1.5}), "priority"),
        (json!({"kind": "k", "priority": "high"}), "priority"),
        (json!({"kind": "k", "max_attempts": 0}), "max_attempts"),
        (json!({"kind": "k", "max_attempts": 101}), "max_attempts"),
        (json!({"kind": "k", "timeout_seconds": 0}), "timeout_seconds"),
        (json!({"kind": "k", "timeout_seconds": -5}), "timeout_seconds"),
        (json!({"kind": "k", "cancel_grace_seconds": 3601}), "cancel_grace_seconds"),
        (json!({"kind": "k", "run_at": "tomorrow"}), "run_at"),
        (json!({"kind": "k", "run_at": 1_700_000_000}), "run_at"),
        (json!({"kind": "k", "worker": ""}), "worker"),
        (json!({"kind": "k", "worker": "a\u{7f}"}), "worker"),
        (json!({"kind": "k", "trace_parent": ""}), "trace_parent"),
        (json!({"kind": "k", "trace_parent": "not one"}), "trace_parent"),
        (
            json!({"kind": "k", "trace_parent": format!("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-{long}")}),
            "trace_parent",
        ),
        (
            json!({"kind": "k", "trace_parent": "00-00000000000000000000000000000000-00f067aa0ba902b7-01"}),
            "trace_parent",
        ),
        (json!({"kind": "k", "labels": []}), "labels"),
        (json!({"kind": "k", "labels": {"a": 1}}), "labels.a"),
        (json!({"kind": "k", "parent_id": "../x"}), "parent_id"),
        (json!({"kind": "k", "colour": "red"}), "colour"),
    ];
    for (body, field) in cases {
        server.post(PATH).json(&body).await.names_field(400, field);
    }
    assert_eq!(server.log("").await.len(), 0, "a refused request changes nothing");
}

#[tokio::test]
async fn labels_refuse_control_characters_and_too_many_entries() {
    let server = Server::start().await;
    let many: serde_json::Map<String, Value> =
        (0..33).map(|n| (format!("key{n}"), json!("v"))).collect();
    for labels in [
        json!({"a\u{0}": "b"}),
        json!({"a": "b\u{1f}"}),
        json!({"": "b"}),
        json!({"a=b": "c"}),
        json!({"a": "x".repeat(129)}),
        json!({"x".repeat(129): "a"}),
        Value::Object(many),
    ] {
        let request = json!({"kind": "k", "labels": labels});
        server.post(PATH).json(&request).await.problem(400, "");
    }
}

#[tokio::test]
async fn names_of_128_characters_pass_whatever_their_bytes() {
    let server = Server::start().await;
    let name = "é".repeat(128);
    let request =
        json!({"kind": name, "queue": name, "labels": {name.clone(): name}, "worker": name});
    let task = server.submit(request).await;
    assert_eq!(task["kind"], name.as_str());
    assert_eq!(task["labels"][&name], name.as_str());
    let lease = server.lease_one(json!({"worker": name, "queues": [name], "kinds": [name]})).await;
    assert_eq!(lease.task_id(), id_of(&task));
}

#[tokio::test]
async fn what_is_reserved_for_the_server_is_refused() {
    let server = Server::start().await;
    for request in [
        json!({"kind": "milepost.bulk"}),
        json!({"kind": "milepost"}),
        json!({"kind": "k", "queue": "milepost"}),
    ] {
        let answer = server.post(PATH).json(&request).await;
        assert!(matches!(answer.status.as_u16(), 400 | 403 | 409), "{answer}");
    }
    server.submit(json!({"kind": "milepostal"})).await;
}

#[tokio::test]
async fn ids_of_the_server_are_version_7_and_rise() {
    let server = Server::start().await;
    let mut last = String::new();
    for _ in 0..20 {
        let id = server.submit_kind("k").await;
        assert_eq!((id.len(), id.as_bytes()[14]), (36, b'7'), "{id}");
        assert!(id[..13] >= last[..last.len().min(13)], "{id} came after {last}");
        last = id;
    }
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = Server::start().await;
    let api = generated::client(&server);
    let body = types::TaskSubmission::builder().kind("k").input(json!({"n": 1})).priority(7);
    let task = api.create_task().idempotency_key("once").body(body).send().await.expect("a task");
    assert_eq!(task.status(), 202);
    assert_eq!(
        (task.state.clone(), task.priority, task.done),
        (types::TaskState::Queued, 7, false)
    );
    let refused = api.create_task().body_map(|body| body.kind("")).send().await;
    generated::assert_refused(refused, 400, "invalid-request");
}
