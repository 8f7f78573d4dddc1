//! What receivers see of webhooks: signatures, retries, refusals. A receiver on a socket of its own
//! verifies with the library of Standard Webhooks, which the server does not use.

use milepost_tests::harness::{Options, Received, Receiver, SILENCE, Server, id_of, soon};
use serde_json::{Value, json};

pub const PATH: &str = "/api/v1/webhooks";

/// A server whose webhooks may call loopback, and wait a second for an answer.
pub async fn server() -> Server {
    let flags = ["--webhook-allow-private", "--webhook-timeout-seconds", "1"];
    Server::with(Options::flags(flags)).await
}

/// A webhook that calls the receiver, with its secret.
pub async fn webhook(server: &Server, receiver: &Receiver) -> Value {
    let body = json!({"url": receiver.url("/hook")});
    server.post(PATH).json(&body).await.expect(201).json()
}

/// A task that was completed.
pub async fn done(server: &Server, kind: &str) -> Value {
    server.submit(json!({"kind": kind, "input": {"secret": 1}})).await;
    let lease = server.lease_one(json!({"kinds": [kind]})).await;
    lease.complete(json!({"n": 7})).await.expect(200).json()
}

/// The deliveries of a webhook, newest first.
pub async fn deliveries(server: &Server, webhook: &Value) -> Vec<Value> {
    let path = webhook["links"]["deliveries"].as_str().expect("a link");
    let page = server.get(path).await.expect(200).json();
    page["items"].as_array().expect("items").clone()
}

/// A task as soon as it is in this state.
pub async fn once(server: &Server, id: &str, state: &str) -> Value {
    soon(state, async {
        let mut tag = String::from("\"\"");
        loop {
            let request = server.get(&format!("/api/v1/tasks/{id}"));
            let request = request.header("if-none-match", &tag).header("prefer", "wait=5");
            let answer = request.await;
            if answer.status.as_u16() == 200 {
                let task = answer.json();
                if task["state"] == state {
                    return task;
                }
                tag = answer.header("etag").expect("a tag").to_owned();
            }
        }
    })
    .await
}

pub fn verifies(secret: &Value, received: &Received) -> bool {
    let secret = secret.as_str().expect("a secret");
    let verifier = standardwebhooks::Webhook::new(secret).expect("a secret of the standard");
    verifier.verify(&received.body, &received.headers).is_ok()
}

#[tokio::test]
async fn the_end_of_a_task_is_posted_signed_and_without_its_input() {
    let server = server().await;
    let mut receiver = Receiver::start().await;
    let webhook = webhook(&server, &receiver).await;
    let task = done(&server, "k").await;
    let received = receiver.next().await;
    assert_eq!(received.line, "POST /hook");
    assert_eq!(received.header("content-type"), "application/json");
    assert!(received.header("user-agent").starts_with("Milepost/"));
    assert!(verifies(&webhook["secret"], &received), "{received:?}");
    let body = received.json();
    assert_eq!(
        (&body["type"], &body["timestamp"]),
        (&json!("task.succeeded"), &task["finished_at"])
    );
    assert_eq!(body["data"]["task"], task);
    assert!(task.get("input").is_none() && task["output"] == json!({"n": 7}), "{task}");

    let delivery = deliveries(&server, &webhook).await.remove(0);
    assert_eq!(received.header("webhook-id"), id_of(&delivery));
    once(&server, &id_of(&delivery), "succeeded").await;
    let delivery = server.task(&id_of(&delivery)).await;
    assert_eq!(delivery["output"], json!({"status": 204}));
    assert_eq!(delivery["input"]["task_id"], task["id"]);
    assert_eq!(delivery["input"]["cursor"], task["cursor"]);
    assert!(receiver.is_quiet());
}

#[tokio::test]
async fn a_body_that_was_changed_does_not_verify() {
    let server = server().await;
    let mut receiver = Receiver::start().await;
    let webhook = webhook(&server, &receiver).await;
    done(&server, "k").await;
    let mut received = receiver.next().await;
    received.body[1] ^= 1;
    assert!(!verifies(&webhook["secret"], &received));
}

#[tokio::test]
async fn a_message_is_sent_again_as_it_was_when_the_log_has_its_event_no_more() {
    let server = server().await;
    let mut receiver = Receiver::start().await;
    webhook(&server, &receiver).await;
    let retention = json!({"retention": {"body_seconds": 0}});
    server.put("/api/v1/queues/default").json(&retention).await.expect(200);
    receiver.answers("503 Service Unavailable\r\nRetry-After: 1\r\n\r\n");
    let id = id_of(&done(&server, "k").await);
    let first = receiver.next().await;
    soon("the output to go", async { while server.task(&id).await["bodies_dropped"] != true {} })
        .await;
    let second = receiver.next().await;
    assert_eq!(second.body, first.body);
    assert_eq!(second.json()["data"]["task"]["output"], json!({"n": 7}));
}

#[tokio::test]
async fn a_refused_message_is_sent_again_as_the_same_message_after_retry_after() {
    let server = server().await;
    let mut receiver = Receiver::start().await;
    let webhook = webhook(&server, &receiver).await;
    receiver.answers("503 Service Unavailable\r\nRetry-After: 1\r\n\r\nback soon");
    done(&server, "k").await;
    let first = receiver.next().await;
    let id = first.header("webhook-id").to_owned();
    let second = receiver.next().await;
    assert_eq!((second.header("webhook-id"), &second.body), (id.as_str(), &first.body));
    assert!(verifies(&webhook["secret"], &second));
    once(&server, &id, "succeeded").await;
    let attempts = server.get(&format!("/api/v1/tasks/{id}/attempts")).await.expect(200).json();
    let failed = &attempts["items"][0];
    assert_eq!(failed["error"]["type"], "http-status", "{attempts}");
    assert_eq!(failed["error"]["detail"], "back soon", "{attempts}");
    let at = |field: &str| {
        let text = failed[field].as_str().unwrap_or_else(|| panic!("{field}: {attempts}"));
        chrono::DateTime::parse_from_rfc3339(text).expect("a time")
    };
    assert_eq!((at("retry_at") - at("finished_at")).num_milliseconds(), 1000, "{attempts}");
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let server = server().await;
    let mut receiver = Receiver::start().await;
    let mut elsewhere = Receiver::start().await;
    let webhook = webhook(&server, &receiver).await;
    receiver.answers(&format!("307 Temporary Redirect\r\nLocation: {}\r\n", elsewhere.url("/")));
    let test = server.post(webhook["links"]["test"].as_str().expect("a link")).await.task(202);
    assert_eq!(receiver.next().await.header("webhook-id"), id_of(&test));
    let ended = once(&server, &id_of(&test), "failed").await;
    assert!(ended["error"]["title"].as_str().is_some_and(|title| title.contains("307")), "{ended}");
    assert!(elsewhere.is_quiet());
}

#[tokio::test]
async fn an_answer_that_does_not_come_is_a_failure() {
    let server = server().await;
    let receiver = Receiver::start().await;
    let webhook = webhook(&server, &receiver).await;
    receiver.answers(SILENCE);
    let test = server.post(webhook["links"]["test"].as_str().expect("a link")).await.task(202);
    let ended = once(&server, &id_of(&test), "failed").await;
    assert_eq!(ended["error"]["type"], "timeout", "{ended}");
}

#[tokio::test]
async fn a_receiver_that_is_gone_disables_the_webhook() {
    let server = server().await;
    let mut receiver = Receiver::start().await;
    let webhook = webhook(&server, &receiver).await;
    receiver.answers("503 Service Unavailable\r\nRetry-After: 86400\r\n");
    done(&server, "k").await;
    let waits = receiver.next().await.header("webhook-id").to_owned();
    once(&server, &waits, "retrying").await;
    receiver.answers("410 Gone\r\n");
    done(&server, "k").await;
    let refused = receiver.next().await.header("webhook-id").to_owned();
    once(&server, &waits, "cancelled").await;
    let path = webhook["links"]["self"].as_str().expect("a link");
    let disabled = server.get(path).await.expect(200).json();
    assert_eq!(disabled["enabled"], false);
    assert_eq!(disabled["disabled_reason"], "The receiver answered 410 Gone");
    assert_eq!(server.task(&refused).await["state"], "failed");
    done(&server, "k").await;
    assert_eq!(deliveries(&server, &webhook).await.len(), 2, "nothing is told any more");
}

#[tokio::test]
async fn addresses_that_are_not_public_are_refused_unless_they_are_allowed() {
    let server = Server::start().await;
    let mut receiver = Receiver::start().await;
    let url = receiver.url("");
    let port = url.rsplit(':').next().expect("a port");
    for host in ["127.0.0.1", "localhost", "[::1]", "2130706433", "[::ffff:127.0.0.1]"] {
        let body = json!({"url": format!("http://{host}:{port}/")});
        let made = server.post(PATH).json(&body).await.expect(201).json();
        let test = server.post(made["links"]["test"].as_str().expect("a link")).await.task(202);
        let ended = once(&server, &id_of(&test), "failed").await;
        assert_eq!(ended["error"]["type"], "address-refused", "{host}: {ended}");
    }
    assert!(receiver.is_quiet());
}

#[tokio::test]
async fn what_ended_before_a_crash_is_told_after_it() {
    let mut server = server().await;
    let mut receiver = Receiver::start().await;
    let webhook = webhook(&server, &receiver).await;
    receiver.answers("503 Service Unavailable\r\nRetry-After: 2\r\n");
    let task = done(&server, "k").await;
    let first = receiver.next().await.header("webhook-id").to_owned();
    once(&server, &first, "retrying").await;
    server.kill9().await;
    server.restart().await;
    let again = receiver.next().await;
    assert_eq!(again.header("webhook-id"), first);
    assert_eq!(again.json()["data"]["task"]["id"], task["id"]);
    assert!(verifies(&webhook["secret"], &again));
}

#[tokio::test]
async fn a_receiver_that_keeps_silent_does_not_hold_up_the_others() {
    let flags = ["--webhook-allow-private", "--webhook-timeout-seconds", "60"];
    let server = Server::with(Options::flags(flags)).await;
    let (mut slow, mut quick) = (Receiver::start().await, Receiver::start().await);
    webhook(&server, &slow).await;
    for _ in 0..8 {
        slow.answers(SILENCE);
        done(&server, "k").await;
    }
    for _ in 0..4 {
        slow.next().await;
    }
    let body = json!({"url": quick.url("/"), "kind": "other"});
    server.post(PATH).json(&body).await.expect(201);
    let task = done(&server, "other").await;
    assert_eq!(quick.next().await.json()["data"]["task"]["id"], task["id"]);
    assert!(slow.is_quiet(), "at most four at once");
}
