//! createTasks: `POST /api/v1/task-batches`.

use milepost_client::types;
use milepost_tests::harness::{Server, id_of};
use serde_json::json;

use crate::generated;

const PATH: &str = "/api/v1/task-batches";

#[tokio::test]
async fn all_of_them_are_made_in_the_order_given() {
    let server = Server::start().await;
    let tasks: Vec<_> = (0..1000).map(|n| json!({"kind": format!("k{n}")})).collect();
    let answer = server.post(PATH).json(&json!({"tasks": tasks})).await.expect(202).json();
    let made = answer["tasks"].as_array().expect("tasks");
    assert_eq!(made.len(), 1000);
    for (at, task) in made.iter().enumerate() {
        assert_eq!(task["kind"], format!("k{at}"));
    }
    assert_eq!(server.task(&id_of(&made[999])).await["state"], "queued");
}

#[tokio::test]
async fn one_that_is_wrong_is_named_with_its_place_and_none_is_made() {
    let server = Server::start().await;
    for (tasks, field) in [
        (json!([{"kind": "k"}, {"kind": ""}]), "tasks[1].kind"),
        (json!([{"kind": "k"}, {"queue": "q"}]), "tasks[1].kind"),
        (json!([{"kind": "k"}, {"kind": "k", "parent_id": "/"}]), "tasks[1].parent_id"),
        (json!([{"kind": "k"}, ["k"]]), "tasks[1]"),
        (json!([]), "tasks"),
        (json!(vec![json!({"kind": "k"}); 1001]), "tasks"),
        (json!(null), "tasks"),
    ] {
        server.post(PATH).json(&json!({"tasks": tasks})).await.names_field(400, field);
    }
    let kinds = json!({"tasks": [{"kind": "k"}, {"kind": "milepost.own"}]});
    server.post(PATH).json(&kinds).await.problem(403, "reserved-name");
    let listed = server.get("/api/v1/tasks").await.expect(200).json();
    assert_eq!(listed["items"], json!([]));
}

#[tokio::test]
async fn a_request_sent_again_under_its_key_makes_no_further_tasks() {
    let server = Server::start().await;
    let send = |kind: &str| {
        let body = json!({"tasks": [{"kind": kind}, {"kind": kind}]});
        server.post(PATH).header("idempotency-key", "one").json(&body)
    };
    let first = send("k").await.expect(202).json();
    let second = send("k").await.expect(202).json();
    assert_eq!(id_of(&first["tasks"][1]), id_of(&second["tasks"][1]));
    send("other").await.problem(422, "idempotency-key-reused");
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = Server::start().await;
    let api = generated::client(&server);
    let task = |kind: &str| -> types::TaskSubmission {
        types::TaskSubmission::builder().kind(kind).try_into().expect("a task")
    };
    let make =
        |kinds: [&str; 2]| api.create_tasks().body_map(|body| body.tasks(kinds.map(task).to_vec()));
    let made = make(["a", "b"]).send().await.expect("the tasks").into_inner().tasks;
    assert_eq!(made.iter().map(|task| task.kind.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    generated::assert_refused(make(["a", ""]).send().await, 400, "invalid-request");
}
