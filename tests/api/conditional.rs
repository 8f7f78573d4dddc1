//! `If-Match` and `If-None-Match` on what changes one thing, over all operations that hear them. That
//! there is no other is held by the contract's tests.

use milepost_tests::harness::{Answer, Client, Server, id_of};
use reqwest::Method;
use serde_json::{Value, json};

use crate::generated;

/// An operation, and what it is done to.
struct Case {
    method: Method,
    /// Which of the things below.
    thing: &'static str,
    /// Behind the thing's own path.
    action: &'static str,
    body: Option<Value>,
    status: u16,
}

fn case(method: Method, thing: &'static str, action: &'static str, status: u16) -> Case {
    Case { method, thing, action, body: None, status }
}

fn with(body: Value, case: Case) -> Case {
    Case { body: Some(body), ..case }
}

fn schedule() -> Value {
    json!({"cron": "0 3 * * *", "task": {"kind": "report"}})
}

fn cases() -> Vec<Case> {
    let url = json!({"url": "https://example.com/other"});
    vec![
        with(json!({"priority": 7}), case(Method::PATCH, "tasks/waiting", "", 200)),
        case(Method::POST, "tasks/waiting", "/cancel", 202),
        case(Method::POST, "tasks/ended", "/retry", 202),
        case(Method::DELETE, "tasks/ended", "", 204),
        with(json!({"paused": true}), case(Method::PUT, "queues", "", 200)),
        with(json!({"paused": true}), case(Method::PATCH, "queues", "", 200)),
        with(json!({"description": "other"}), case(Method::PUT, "kinds", "", 200)),
        case(Method::DELETE, "kinds", "", 204),
        with(schedule(), case(Method::PUT, "schedules", "", 200)),
        with(json!({"paused": true}), case(Method::PATCH, "schedules", "", 200)),
        case(Method::DELETE, "schedules", "", 204),
        case(Method::POST, "schedules", "/run", 202),
        with(url, case(Method::PATCH, "webhooks", "", 200)),
        case(Method::DELETE, "webhooks", "", 204),
        case(Method::POST, "webhooks", "/test", 202),
        with(json!({}), case(Method::POST, "webhooks", "/rotate-secret", 200)),
    ]
}

/// A thing of its own; returns its path.
async fn made(server: &Server, thing: &str, name: &str) -> String {
    let path = format!("/api/v1/{thing}/{name}");
    match thing {
        "queues" => server.put(&path).json(&json!({"max_concurrency": 3})).await.expect(200),
        "kinds" => server.put(&path).json(&json!({"description": "one"})).await.expect(201),
        "schedules" => server.put(&path).json(&schedule()).await.expect(201),
        "webhooks" => {
            let body = json!({"url": "https://example.com/", "queue": "none"});
            let webhook = server.post("/api/v1/webhooks").json(&body).await.expect(201).json();
            return format!("/api/v1/webhooks/{}", id_of(&webhook));
        }
        _ => {
            let path = format!("/api/v1/tasks/{}", server.submit_kind("k").await);
            if thing == "tasks/ended" {
                server.post(&format!("{path}/cancel")).await.task(202);
            }
            return path;
        }
    };
    path
}

fn tag(answer: &Answer) -> String {
    answer.header("etag").unwrap_or_else(|| panic!("no ETag: {answer}")).to_owned()
}

async fn tag_of(client: &Client, path: &str) -> String {
    tag(&client.get(path).await.expect(200))
}

/// The tag of the revision alone.
fn revision(tag: &str) -> String {
    let text = tag.trim_matches('"');
    format!("\"{}\"", text.split_once('-').map_or(text, |(revision, _)| revision))
}

#[tokio::test]
async fn every_change_is_made_only_to_the_revision_insisted_on() {
    let server = Server::start().await;
    for (at, case) in cases().into_iter().enumerate() {
        let thing = made(&server, case.thing, &format!("n{at}")).await;
        let path = format!("{thing}{}", case.action);
        let insisting = |tag: &str| {
            let request = server.request(case.method.clone(), &path).header("if-match", tag);
            match &case.body {
                Some(body) => request.json(body),
                None => request,
            }
        };
        let before = tag_of(&server, &thing).await;
        for stale in ["\"99\"", "\"\"", "\"nonsense\"", &format!("W/{before}")] {
            let refused = insisting(stale).await;
            assert_eq!(tag(&refused), revision(&before), "{stale}: {refused}");
            refused.problem(412, "precondition-failed");
        }
        for none in ["99", "\"99", "\"99\", x", ""] {
            insisting(none).await.names_field(400, "If-Match");
        }
        assert_eq!(tag_of(&server, &thing).await, before, "nothing was changed: {path}");
        let several = format!("\"99\", {before}");
        insisting(&several).await.expect(case.status);
        if case.action != "/run" && case.action != "/test" {
            let late = insisting(&before).await;
            assert!(matches!(late.status.as_u16(), 404 | 412), "{late}");
        }
    }
}

#[tokio::test]
async fn the_star_takes_whatever_is_there_and_what_is_missing_is_missed() {
    let server = Server::start().await;
    for (at, case) in cases().into_iter().enumerate() {
        let thing = made(&server, case.thing, &format!("n{at}")).await;
        let send = |path: String| {
            let request = server.request(case.method.clone(), &path).header("if-match", "*");
            match &case.body {
                Some(body) => request.json(body),
                None => request,
            }
        };
        send(format!("{thing}{}", case.action)).await.expect(case.status);
        let (folder, _) = thing.rsplit_once('/').expect("a path");
        let missing = send(format!("{folder}/nobody{at}{}", case.action)).await;
        // What a put would make is not there to be matched; a queue is made by any change.
        let made_by_it = case.method == Method::PUT || case.thing == "queues";
        let answer = missing.expect(if made_by_it { 412 } else { 404 });
        assert_eq!(answer.header("etag"), None, "{answer}");
    }
}

#[tokio::test]
async fn what_a_412_says_can_be_sent_as_it_is() {
    let server = Server::start().await;
    for thing in ["queues", "kinds", "schedules"] {
        let path = made(&server, thing, "a").await;
        let remove = |tag: &str| match thing {
            "queues" => {
                server.put(&path).header("if-match", tag).json(&json!({"max_concurrency": 9}))
            }
            _ => server.delete(&path).header("if-match", tag),
        };
        let refused = remove("\"0\"").await;
        let now = tag(&refused);
        let problem = refused.problem(412, "precondition-failed");
        let detail = problem["detail"].as_str().expect("a detail");
        assert!(detail.contains(now.trim_matches('"')), "{detail}");
        assert!(remove(&now).await.status.is_success());
    }
}

#[tokio::test]
async fn the_star_of_if_none_match_makes_and_never_replaces() {
    let server = Server::start().await;
    let bodies = [
        ("/api/v1/queues/a", json!({"paused": true})),
        ("/api/v1/kinds/a", json!({"description": "mine"})),
        ("/api/v1/schedules/a", schedule()),
        ("/api/v1/tasks/a", json!({"kind": "k"})),
    ];
    for (path, body) in bodies {
        let put = |none: &str| server.put(path).header("if-none-match", none).json(&body);
        assert!(put("*").await.status.is_success());
        let before = tag_of(&server, path).await;
        let refused = put("*").await;
        assert_eq!(tag(&refused), revision(&before));
        refused.problem(412, "precondition-failed");
        for held in [before.clone(), format!("W/{before}, \"99\"")] {
            put(&held).await.problem(412, "precondition-failed");
        }
        put("nonsense").await.names_field(400, "If-None-Match");
        assert_eq!(tag_of(&server, path).await, before);
        assert!(put("\"99\"").await.status.is_success(), "{path} is in another state");
    }
}

#[tokio::test]
async fn many_who_make_the_same_thing_at_once_make_it_once() {
    let server = Server::start().await;
    let puts = (0..20).map(|at| {
        let client = server.clone();
        async move {
            let body = json!({"max_concurrency": at + 1});
            client.put("/api/v1/queues/race").header("if-none-match", "*").json(&body).await
        }
    });
    let answers = futures_util::future::join_all(puts).await;
    let won = answers.iter().filter(|answer| answer.status.as_u16() == 200).count();
    assert_eq!(won, 1);
    assert!(answers.iter().all(|answer| matches!(answer.status.as_u16(), 200 | 412)));
}

#[tokio::test]
async fn a_queues_tasks_change_what_is_shown_and_not_what_is_insisted_on() {
    let server = Server::start().await;
    let path = "/api/v1/queues/q";
    let set = server.put(path).json(&json!({"max_concurrency": 3})).await.expect(200);
    let first = tag(&set);
    assert_eq!(first, tag_of(&server, path).await, "a put answers the tag of what it shows");
    let held = |tag: &str| server.get(path).header("if-none-match", tag);
    held(&first).await.expect(304);
    server.submit(json!({"kind": "k", "queue": "q"})).await;
    let shown = held(&first).await.expect(200);
    assert_eq!(shown.json()["counts"]["queued"], 1);
    assert_eq!(revision(&tag(&shown)), revision(&first));
    held(&tag(&shown)).await.expect(304);
    held(&revision(&first)).await.expect(200);

    let patch = |tag: &str, body: Value| server.patch(path).header("if-match", tag).json(&body);
    let second = tag(&patch(&first, json!({"max_concurrency": 4})).await.expect(200));
    patch(&first, json!({"max_concurrency": 5})).await.problem(412, "precondition-failed");
    let same = tag(&patch(&second, json!({"max_concurrency": 4})).await.expect(200));
    assert_eq!(revision(&same), revision(&second), "the same again is no change");
    assert_eq!(server.get(path).await.json()["max_concurrency"], 4);
}

#[tokio::test]
async fn a_queue_that_only_has_tasks_can_be_set_while_nothing_is() {
    let server = Server::start().await;
    let path = "/api/v1/queues/default";
    server.submit_kind("k").await;
    let unset = tag_of(&server, path).await;
    assert_eq!(revision(&unset), "\"0\"");
    let put = || server.put(path).header("if-match", &unset).json(&json!({"paused": true}));
    put().await.expect(200);
    put().await.problem(412, "precondition-failed");
}

#[tokio::test]
async fn a_schedules_runs_change_what_is_shown_and_not_what_is_insisted_on() {
    let server = Server::start().await;
    let path = made(&server, "schedules", "s").await;
    let first = tag_of(&server, &path).await;
    server.post(&format!("{path}/run")).await.task(202);
    let shown = server.get(&path).header("if-none-match", &first).await.expect(200);
    assert!(shown.json()["last_task_id"].is_string(), "{shown}");
    let patch =
        |tag: &str| server.patch(&path).header("if-match", tag).json(&json!({"paused": true}));
    let changed = patch(&first).await.expect(200);
    assert_eq!(tag(&changed), tag_of(&server, &path).await);
    patch(&first).await.problem(412, "precondition-failed");
}

#[tokio::test]
async fn a_tag_is_not_used_again_where_a_name_is() {
    let mut server = Server::start().await;
    for thing in ["kinds", "schedules"] {
        let path = made(&server, thing, "a").await;
        let first = tag_of(&server, &path).await;
        server.delete(&path).header("if-match", &first).await.expect(204);
        made(&server, thing, "a").await;
        server.delete(&path).header("if-match", &first).await.problem(412, "precondition-failed");
        server.get(&path).header("if-none-match", &first).await.expect(200);
    }
    let before = tag_of(&server, "/api/v1/kinds/a").await;
    server.kill9().await;
    server.restart().await;
    assert_eq!(tag_of(&server, "/api/v1/kinds/a").await, before);
}

#[tokio::test]
async fn a_request_that_was_done_is_answered_again_under_its_key() {
    let server = Server::start().await;
    for (at, (thing, action)) in [
        ("tasks/waiting", "/cancel"),
        ("tasks/ended", "/retry"),
        ("webhooks", "/rotate-secret"),
        ("webhooks", "/test"),
        ("schedules", "/run"),
    ]
    .into_iter()
    .enumerate()
    {
        let path = made(&server, thing, &format!("n{at}")).await;
        let before = tag_of(&server, &path).await;
        let act = |tag: &str| {
            let request = server.post(&format!("{path}{action}"));
            let request = request.header("idempotency-key", format!("key-{at}"));
            let request = request.header("if-match", tag);
            if action == "/rotate-secret" { request.json(&json!({})) } else { request }
        };
        act("\"99\"").await.problem(412, "precondition-failed");
        let done = act(&before).await;
        assert!(done.status.is_success(), "a refused request uses no key up: {done}");
        let again = act(&before).await;
        assert_eq!(again.status, done.status, "{again}");
        // A delivery goes on in the meantime, so only what does not change is compared.
        assert_eq!(id_of(&again.json()), id_of(&done.json()));
        assert_eq!(again.json().get("secret"), done.json().get("secret"));
    }
}

#[tokio::test]
async fn what_is_the_servers_own_is_said_first() {
    let server = Server::start().await;
    let put = |path: &str| server.put(path).header("if-match", "\"1\"").json(&json!({}));
    put("/api/v1/queues/milepost").await.problem(403, "reserved-name");
    put("/api/v1/kinds/quickstart.countdown").await.problem(403, "reserved-name");
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = Server::start().await;
    let api = generated::client(&server);
    let put = || api.put_kind().name("k").if_none_match("*");
    put().send().await.expect("the kind");
    generated::assert_refused(put().send().await, 412, "precondition-failed");
    let tag = tag_of(&server, "/api/v1/kinds/k").await;
    let stale = api.delete_kind().name("k").if_match("\"1\"").send().await;
    generated::assert_refused(stale, 412, "precondition-failed");
    api.delete_kind().name("k").if_match(&tag).send().await.expect("it is gone");
}
