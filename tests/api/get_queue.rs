//! getQueue: `GET /api/v1/queues/{name}`.

use milepost_tests::harness::Server;
use serde_json::json;

use crate::generated;

#[tokio::test]
async fn it_tells_what_is_in_the_queue() {
    let server = Server::start().await;
    for _ in 0..3 {
        server.submit(json!({"kind": "k", "queue": "a/b", "concurrency_key": "one"})).await;
    }
    server.lease_one(json!({"queues": ["a/b"]})).await;
    let queue = server.get("/api/v1/queues/a%2Fb").await.expect(200);
    assert_eq!(queue.header("cache-control"), Some("no-cache"));
    let queue = queue.json();
    assert_eq!((&queue["counts"]["queued"], &queue["counts"]["running"]), (&json!(2), &json!(1)));
    assert_eq!(queue["parked"], 2);
    assert_eq!(queue["max_concurrency_per_key"], 1);
    assert!(queue.get("updated_at").is_none(), "nothing was ever set: {queue}");
    let itself = queue["links"]["self"].as_str().expect("a link");
    assert_eq!(server.get(itself).await.expect(200).json(), queue);
    let tasks = server.get(queue["links"]["tasks"].as_str().expect("a link")).await.expect(200);
    assert_eq!(tasks.json()["items"].as_array().map(Vec::len), Some(3));
}

#[tokio::test]
async fn a_queue_that_is_not_there_and_one_of_the_servers_own_are_refused() {
    let server = Server::start().await;
    for name in ["nobody", "%00", "a%20b", "%2e%2e", &"x".repeat(129)] {
        server.get(&format!("/api/v1/queues/{name}")).await.problem(404, "");
    }
    server.get("/api/v1/queues/nobody").await.problem(404, "queue-not-found");
    server.get("/api/v1/queues/milepost").await.problem(403, "reserved-name");
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = Server::start().await;
    let api = generated::client(&server);
    let submit = api.create_task().body_map(|body| body.kind("k").queue("a/b c".to_owned()));
    submit.send().await.expect("a task");
    let queue = api.get_queue().name("a/b c").send().await.expect("the queue");
    assert_eq!(queue.counts.queued, 1);
    generated::assert_refused(api.get_queue().name("x").send().await, 404, "queue-not-found");
}
