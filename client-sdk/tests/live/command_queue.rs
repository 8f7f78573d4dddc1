//! `milepost queue`.

use serde_json::json;

use crate::server::Server;

#[tokio::test]
async fn what_is_set_stays_until_it_is_set_again_and_none_lifts_it() {
    let server = Server::start();
    let set = |more: &[&'static str]| {
        server.prints_json(&[&["queue", "set", "media", "--json"], more].concat())
    };
    let queue = set(&["--max-concurrency", "4", "--rate", "10/1s", "--attempts", "5"]).await;
    assert_eq!(queue["max_concurrency"], 4);
    assert_eq!(queue["rate_limit"], json!({"limit": 10, "period_seconds": 1}));
    assert_eq!(queue["defaults"], json!({"max_attempts": 5}));

    let queue = set(&["--burst", "20", "--timeout", "15m", "--retention", "7d"]).await;
    assert_eq!(queue["rate_limit"], json!({"limit": 10, "period_seconds": 1, "burst": 20}));
    let defaults = json!({"max_attempts": 5, "timeout_seconds": 900, "retention_seconds": 604_800});
    assert_eq!(queue["defaults"], defaults);
    assert_eq!(queue["max_concurrency"], 4, "it was not named");

    let lifted = ["--max-concurrency", "none", "--rate", "none", "--timeout", "none"];
    let queue = set(&[&lifted[..], &["--retention", "none", "--per-key", "2"]].concat()).await;
    assert_eq!(queue["defaults"], json!({"max_attempts": 5}));
    assert_eq!((queue.get("max_concurrency"), queue.get("rate_limit")), (None, None));
    assert_eq!(queue["max_concurrency_per_key"], 2);
    assert_eq!(server.prints_json(&["queue", "get", "media"]).await, queue);
}

#[tokio::test]
async fn how_long_what_is_done_is_kept_is_set_part_by_part() {
    let server = Server::start();
    let set = |more: &[&'static str]| {
        server.prints_json(&[&["queue", "set", "media", "--json"], more].concat())
    };
    let queue = set(&["--keep-tasks", "30d", "--keep-bodies", "7d", "--keep-progress", "1h"]).await;
    let kept =
        json!({"task_seconds": 2_592_000, "body_seconds": 604_800, "progress_seconds": 3_600});
    assert_eq!(queue["retention"], kept);
    let queue = set(&["--keep-bodies", "none", "--keep-events", "2h"]).await;
    let kept =
        json!({"task_seconds": 2_592_000, "event_seconds": 7_200, "progress_seconds": 3_600});
    assert_eq!(queue["retention"], kept);
}

#[tokio::test]
async fn a_paused_queue_gives_nothing_to_its_workers_until_it_is_resumed() {
    let server = Server::start();
    let milepost = server.client();
    assert_eq!(server.prints(&["queue", "pause", "a/b ä"]).await, "a/b ä paused\n");
    let id = server.prints(&["submit", "k", "--queue", "a/b ä"]).await;
    let ask = || {
        let request = milepost_client::types::LeaseRequest::builder().worker("w");
        let request = request.queues(vec!["a/b ä".to_owned()]).try_into().unwrap();
        milepost.acquire(request)
    };
    assert_eq!(ask().await.unwrap().len(), 0);
    assert_eq!(server.prints(&["queue", "resume", "a/b ä"]).await, "a/b ä resumed\n");
    assert_eq!(ask().await.unwrap()[0].task.id, id.trim());
}

#[tokio::test]
async fn the_list_says_what_waits_and_what_holds_it_up() {
    let server = Server::start();
    server.prints(&["submit", "k"]).await;
    server.prints(&["submit", "k", "--queue", "later", "--delay", "1h"]).await;
    let limits = ["--max-concurrency", "4", "--rate", "10/m", "--burst", "3", "--per-key", "2"];
    server.prints(&[&["queue", "set", "media"], &limits[..]].concat()).await;
    server.prints(&["queue", "pause", "media"]).await;
    let table = server.prints(&["queue", "list"]).await;
    let lines: Vec<Vec<&str>> =
        table.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines[0][..3], ["NAME", "SCHEDULED", "QUEUED"], "{table}");
    let of = |name: &str| lines.iter().find(|line| line[0] == name).expect(name);
    assert_eq!(of("default")[1..3], ["0", "1"], "{table}");
    assert_eq!(of("later")[1..3], ["1", "0"], "{table}");
    assert!(table.contains("paused, 4 at once, 2 per key, 10/60s burst 3"), "{table}");
    let queues = server.prints_json(&["queue", "list", "--json"]).await;
    assert_eq!(queues.as_array().map(Vec::len), Some(3));
}

#[tokio::test]
async fn what_cannot_be_set_is_refused_with_a_sentence() {
    let server = Server::start();
    let set = |more: &[&'static str], code, words: &[&str]| {
        server.refuses(&[&["queue", "set", "q"], more].concat(), code, words)
    };
    set(&[], 2, &["--max-concurrency"]).await;
    set(&["--burst", "5"], 2, &["--burst needs --rate"]).await;
    set(&["--burst", "5", "--rate", "none"], 2, &["--burst"]).await;
    set(&["--rate", "10"], 2, &["10/1s"]).await;
    set(&["--rate", "10/500ms"], 2, &["whole seconds"]).await;
    set(&["--per-key", "none"], 2, &["whole number"]).await;
    set(&["--max-concurrency", "-1"], 2, &[]).await;
    set(&["--max-concurrency", "0"], 1, &["(400)", "max_concurrency: must be"]).await;
    set(&["--rate", "10/2d"], 1, &["rate_limit.period_seconds: must be"]).await;
    server.refuses(&["queue", "get", "nobody"], 1, &["(404)", "nobody"]).await;
    server.refuses(&["queue", "pause", "\u{7}"], 1, &["(400)"]).await;
    server.refuses(&["queue", "frobnicate"], 2, &["frobnicate"]).await;
    assert_eq!(server.prints_json(&["queue", "list", "--json"]).await, json!([]));
}
