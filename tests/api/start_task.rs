//! startTask: `POST /start_task/{id}`, the tutorial's.

use milepost_tests::harness::{Server, assert_task};
use serde_json::json;

use crate::generated;

#[tokio::test]
async fn a_start_is_202_and_a_second_one_while_it_runs_409() {
    let server = Server::start().await;
    let answer = server.post("/start_task/demo").await.expect(202);
    assert_eq!(answer.json(), json!({"message": "Task demo started."}));
    for _ in 0..3 {
        let answer = server.post("/start_task/demo").await.expect(409);
        let message = "Task demo already running or has pending data.";
        assert_eq!(answer.json(), json!({"message": message}));
        assert!(
            answer.header("content-type").is_some_and(|kind| kind.starts_with("application/json"))
        );
    }
    server.post("/start_task/other").await.expect(202);
}

#[tokio::test]
async fn each_start_is_a_task_like_any_other() {
    let server = Server::start().await;
    server.post("/start_task/demo").await.expect(202);
    let page = server.get("/api/v1/tasks?queue=quickstart&label=quickstart=demo").await.expect(200);
    let task = page.json()["items"][0].clone();
    assert_task(&task);
    assert_eq!(task["kind"], "quickstart.countdown");
    assert_ne!(task["id"], "demo", "the id is the server's");
}

#[tokio::test]
async fn many_starts_at_once_start_it_once() {
    let server = Server::start().await;
    let starts = (0..20).map(|_| {
        let client = server.clone();
        async move { client.post("/start_task/once").await.status.as_u16() }
    });
    let mut statuses = futures_util::future::join_all(starts).await;
    statuses.sort_unstable();
    assert_eq!((statuses[0], &statuses[1..]), (202, &[409; 19][..]));
}

#[tokio::test]
async fn a_cancelled_run_may_start_again() {
    let server = Server::start().await;
    server.post("/start_task/demo").await.expect(202);
    let page = server.get("/api/v1/tasks?queue=quickstart").await.expect(200).json();
    let cancel = page["items"][0]["links"]["cancel"].as_str().expect("it can be cancelled");
    server.post(cancel).await.task(202);
    let itself = page["items"][0]["links"]["self"].as_str().expect("a link");
    let done = server.get(itself).header("prefer", "wait=20").await.task(200);
    assert_eq!(done["state"], "cancelled", "the embedded worker obeys");
    server.post("/start_task/demo").await.expect(202);
}

#[tokio::test]
async fn names_are_echoed_in_json_and_never_break_it() {
    let server = Server::start().await;
    for (name, shown) in [("%D0%B6", "ж"), ("a%20b", "a b"), ("%22quoted%22", "\"quoted\"")] {
        let answer = server.post(&format!("/start_task/{name}")).await.expect(202);
        assert_eq!(answer.json()["message"], format!("Task {shown} started."));
    }
    for name in ["%00", "a%0Ab", "%FF", &"x".repeat(129)] {
        let answer = server.post(&format!("/start_task/{name}")).await;
        assert!(matches!(answer.status.as_u16(), 400 | 404), "{answer}");
    }
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = Server::start().await;
    let api = generated::client(&server);
    let answer = api.start_task().id("demo").send().await.expect("an answer");
    assert_eq!((answer.status().as_u16(), answer.message.as_str()), (202, "Task demo started."));
    assert!(api.start_task().id("demo").send().await.is_err());
}
