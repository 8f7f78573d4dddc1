//! acquireLeases: `POST /api/v1/leases`.

use std::time::Duration;

use milepost_client::types;
use milepost_tests::harness::{Connection, Server, id_of, soon};
use serde_json::{Value, json};

use crate::generated;

const PATH: &str = "/api/v1/leases";

/// A long poll, as bytes.
fn poll(server: &Server, worker: &str) -> String {
    let body = json!({"worker": worker, "wait_seconds": 30}).to_string();
    format!(
        "POST {PATH} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        server.address(),
        body.len()
    )
}

#[tokio::test]
async fn a_lease_is_a_token_a_fence_an_end_and_the_task_with_its_input() {
    let server = Server::start().await;
    let task = server.submit(json!({"kind": "k", "input": {"deep": [1]}})).await;
    let lease = server.lease_one(json!({"worker": "w-1", "lease_seconds": 60})).await;
    assert_eq!(lease.task_id(), id_of(&task));
    assert_eq!(lease.json["task"]["input"], json!({"deep": [1]}));
    assert_eq!(lease.json["task"]["worker"], "w-1");
    assert_eq!(lease.attempt(), 1);
    assert!(lease.json.get("checkpoint").is_none(), "nothing was left behind yet");
    let ends = lease.json["expires_at"].as_str().expect("a lease ends");
    let ends = chrono::DateTime::parse_from_rfc3339(ends).expect("a time");
    let left = ends.signed_duration_since(chrono::Utc::now()).num_seconds();
    assert!((50..=60).contains(&left), "{left} s are left of 60");
    let seen = server.task(&lease.task_id()).await;
    assert_eq!((&seen["state"], &seen["worker"]), (&json!("running"), &json!("w-1")));
    assert!(!seen.to_string().contains(lease.token()), "the token is the worker's alone");
}

#[tokio::test]
async fn the_token_is_in_no_event_no_list_and_no_line_of_the_servers_log() {
    let server = Server::with(milepost_tests::harness::Options::flags(["--log", "trace"])).await;
    server.submit_kind("k").await;
    let lease = server.lease_one(json!({})).await;
    lease.report(json!({"logs": [{"text": "hello"}]})).await.expect(200);
    lease.report(json!({"sequence": "wrong"})).await.problem(400, "");
    lease.complete(json!(1)).await.expect(200);
    lease.report(json!({})).await.problem(409, "lease-lost");
    let log = server.get("/api/v1/history").await.text();
    let list = server.get("/api/v1/tasks").await.text();
    assert!(!log.contains(lease.token()) && !list.contains(lease.token()));
    assert!(!server.stderr().contains(lease.token()), "{}", server.stderr());
}

#[tokio::test]
async fn higher_priorities_come_first_and_among_equals_the_oldest() {
    let server = Server::start().await;
    let mut ids = Vec::new();
    for priority in [0, 5, -5, 5, 100] {
        ids.push(id_of(&server.submit(json!({"kind": "k", "priority": priority})).await));
    }
    let leases = server.lease(json!({"max_tasks": 10})).await;
    let got: Vec<_> = leases.iter().map(|lease| lease.task_id()).collect();
    assert_eq!(got, [4, 1, 3, 0, 2].map(|n: usize| ids[n].clone()));
}

#[tokio::test]
async fn queues_and_kinds_choose() {
    let server = Server::start().await;
    for (queue, kind) in [("default", "a"), ("one", "a"), ("one", "b"), ("two", "c")] {
        server.submit(json!({"kind": kind, "queue": queue})).await;
    }
    let leased = |wish| async {
        let leases = server.lease(wish).await;
        let name = |lease: &milepost_tests::harness::Lease| {
            let task = &lease.json["task"];
            format!("{}/{}", task["queue"].as_str().unwrap(), task["kind"].as_str().unwrap())
        };
        leases.iter().map(name).collect::<Vec<_>>()
    };
    assert!(leased(json!({"kinds": ["b"], "max_tasks": 9})).await.is_empty());
    assert_eq!(
        leased(json!({"queues": ["one"], "kinds": ["b", "zzz"], "max_tasks": 9})).await,
        ["one/b"]
    );
    assert_eq!(leased(json!({"queues": ["two", "one"], "max_tasks": 9})).await, ["one/a", "two/c"]);
    assert_eq!(
        leased(json!({"max_tasks": 9})).await,
        ["default/a"],
        "the default queue by default"
    );
}

#[tokio::test]
async fn one_task_is_given_by_default_and_never_twice() {
    let server = Server::start().await;
    for _ in 0..30 {
        server.submit_kind("k").await;
    }
    assert_eq!(server.lease(json!({})).await.len(), 1);
    let workers = (0..20).map(|n| {
        let client = server.clone();
        async move { client.lease(json!({"worker": format!("w{n}"), "max_tasks": 2})).await }
    });
    let leases = futures_util::future::join_all(workers).await.concat();
    let mut ids: Vec<_> = leases.iter().map(|lease| lease.task_id()).collect();
    assert_eq!(ids.len(), 29);
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 29, "a task was given twice");
}

#[tokio::test]
async fn a_long_poll_ends_with_the_first_task_and_callers_are_served_in_their_order() {
    let server = Server::start().await;
    // By hand, so that each has sent its whole request before the next begins.
    let mut waiting = Vec::new();
    for n in 0..3 {
        let mut caller = Connection::open(server.address()).await;
        caller.send(poll(&server, &format!("w{n}")).as_bytes()).await;
        waiting.push(caller);
        tokio::time::sleep(Duration::from_millis(400)).await;
    }
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(server.submit_kind("k").await);
    }
    let mut got = Vec::new();
    for caller in &mut waiting {
        let answer: Value = serde_json::from_str(&caller.answer().await.text()).expect("JSON");
        got.push(id_of(&answer["leases"][0]["task"]));
    }
    assert_eq!(got, ids);
}

#[tokio::test]
async fn a_caller_that_waits_for_other_work_does_not_stand_in_the_way() {
    let server = Server::start().await;
    let client = server.clone();
    let picky = tokio::spawn(async move {
        client.lease(json!({"worker": "picky", "kinds": ["rare"], "wait_seconds": 3})).await
    });
    tokio::time::sleep(Duration::from_millis(150)).await;
    let id = server.submit_kind("common").await;
    assert_eq!(server.lease_one(json!({"wait_seconds": 2})).await.task_id(), id);
    assert!(soon("the picky caller", picky).await.expect("an answer").is_empty());
}

#[tokio::test]
async fn a_poll_in_vain_is_200_with_no_leases() {
    let server = Server::start().await;
    let began = std::time::Instant::now();
    assert!(server.lease(json!({"wait_seconds": 1})).await.is_empty());
    assert!(began.elapsed() >= Duration::from_millis(900), "it did not wait");
}

#[tokio::test]
async fn the_same_request_id_answers_the_same_leases_while_they_live() {
    let server = Server::start().await;
    for _ in 0..3 {
        server.submit_kind("k").await;
    }
    let wish = json!({"worker": "w", "request_id": "r-1", "max_tasks": 2, "lease_seconds": 60});
    let first = server.lease(wish.clone()).await;
    let again = server.lease(wish.clone()).await;
    let tokens = |leases: &[milepost_tests::harness::Lease]| {
        leases.iter().map(|lease| (lease.token().to_owned(), lease.fence())).collect::<Vec<_>>()
    };
    assert_eq!(first.len(), 2);
    assert_eq!(tokens(&first), tokens(&again));
    assert!(again.iter().all(|lease| lease.attempt() == 1));
    first[0].complete(json!(1)).await.expect(200);
    let rest = server.lease(wish).await;
    assert_eq!(tokens(&rest), tokens(&first[1..]), "the one that still lives");
    let other = server.lease(json!({"worker": "w", "request_id": "r-2", "max_tasks": 2})).await;
    assert_eq!(other.len(), 1, "another request gets other work");
}

#[tokio::test]
async fn a_task_made_for_one_worker_is_given_to_no_other() {
    let server = Server::start().await;
    let task = server.submit(json!({"kind": "k", "worker": "me", "priority": 100})).await;
    assert_eq!(task["worker"], "me");
    assert!(server.lease(json!({"worker": "you", "max_tasks": 5})).await.is_empty());
    let lease = server.lease_one(json!({"worker": "me"})).await;
    assert_eq!(lease.task_id(), id_of(&task));
    lease.release().await.task(200);
    assert!(server.lease(json!({"worker": "you"})).await.is_empty(), "not after a release either");
    server.lease_one(json!({"worker": "me"})).await.complete(json!(1)).await.expect(200);
}

#[tokio::test]
async fn a_caller_that_left_costs_no_task_and_no_attempt() {
    let server = Server::start().await;
    for round in 0..20 {
        let mut caller = Connection::open(server.address()).await;
        caller.send(poll(&server, "gone").as_bytes()).await;
        tokio::time::sleep(Duration::from_millis(30)).await;
        // In even rounds it leaves first; in odd ones the task and the end race each other.
        let id = if round % 2 == 0 {
            drop(caller);
            server.submit_kind("k").await
        } else {
            let (id, ()) = tokio::join!(server.submit_kind("k"), async { drop(caller) });
            id
        };
        let lease = server.lease_one(json!({"worker": "here", "wait_seconds": 5})).await;
        assert_eq!((lease.task_id(), lease.attempt()), (id, 1), "round {round}");
        lease.complete(json!(1)).await.expect(200);
    }
}

#[tokio::test]
async fn wrong_fields_are_named() {
    let server = Server::start().await;
    let long = "w".repeat(129);
    for (body, field) in [
        (json!({}), "worker"),
        (json!({"worker": ""}), "worker"),
        (json!({"worker": 5}), "worker"),
        (json!({"worker": long}), "worker"),
        (json!({"worker": "a\r\nb"}), "worker"),
        (json!({"worker": "w", "max_tasks": 0}), "max_tasks"),
        (json!({"worker": "w", "max_tasks": 101}), "max_tasks"),
        (json!({"worker": "w", "lease_seconds": 0}), "lease_seconds"),
        (json!({"worker": "w", "lease_seconds": 3601}), "lease_seconds"),
        (json!({"worker": "w", "wait_seconds": 61}), "wait_seconds"),
        (json!({"worker": "w", "wait_seconds": -1}), "wait_seconds"),
        (json!({"worker": "w", "queues": "default"}), "queues"),
        (json!({"worker": "w", "request_id": ""}), "request_id"),
        (json!({"worker": "w", "priority": 1}), "priority"),
    ] {
        server.post(PATH).json(&body).await.names_field(400, field);
    }
}

#[tokio::test]
async fn the_servers_own_queue_is_not_leasable_from_outside() {
    let server = Server::start().await;
    let wish = json!({"worker": "w", "queues": ["milepost"]});
    let answer = server.post(PATH).json(&wish).await;
    let refused = matches!(answer.status.as_u16(), 400 | 403 | 409);
    assert!(refused || answer.json() == json!({"leases": []}), "{answer}");
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = Server::start().await;
    let api = generated::client(&server);
    let lease = generated::leased(&api, "k").await;
    assert_eq!((lease.task.state.clone(), lease.task.attempt), (types::TaskState::Running, 1));
    assert!(!lease.cancel_requested && lease.checkpoint.is_none());
    let refused = api.acquire_leases().body_map(|body| body.worker("")).send().await;
    generated::assert_refused(refused, 400, "invalid-request");
}
