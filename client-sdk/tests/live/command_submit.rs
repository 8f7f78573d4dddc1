//! `milepost submit`: all a task can have, and many at once.

use std::{
    io::Write,
    process::{Output, Stdio},
};

use serde_json::{Value, json};

use crate::{
    milepost::{output, text},
    server::Server,
};

async fn piped(server: &Server, arguments: &[&str], input: &str) -> Output {
    let mut child = server.command(arguments).stdin(Stdio::piped()).spawn().unwrap();
    let (mut stdin, input) = (child.stdin.take().unwrap(), input.to_owned());
    std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    output(child).await
}

#[tokio::test]
async fn a_group_and_its_parts_are_submitted_by_hand() {
    let server = Server::start();
    let group = server.prints_json(&["submit", "whole", "--json", "--group", "--collect"]).await;
    let policy = (&group["complete_when_children_done"], &group["child_failure"]);
    assert_eq!(policy, (&json!(true), &json!("collect")));
    let id = group["id"].as_str().unwrap();
    let part = ["submit", "part", "--json", "--parent", id, "--weight", "2.5"];
    let part = server.prints_json(&part).await;
    assert_eq!((&part["parent_id"], &part["weight"]), (&group["id"], &json!(2.5)));
    let found = server.prints_json(&["get", id]).await;
    assert_eq!(found["children"]["total"], 1);
}

#[tokio::test]
async fn a_task_is_submitted_to_follow_others() {
    let server = Server::start();
    let first = server.prints(&["submit", "k"]).await;
    let second = server.prints(&["submit", "k"]).await;
    let (first, second) = (first.trim(), second.trim());
    let line = ["submit", "k", "--json", "--after", first, "--after", second];
    let task = server.prints_json(&[&line[..], &["--after-failure", "run"]].concat()).await;
    assert_eq!((&task["after"], &task["after_failure"]), (&json!([first, second]), &json!("run")));
    assert_eq!((&task["state"], &task["waiting_for"]), (&json!("scheduled"), &json!(2)));
}

#[tokio::test]
async fn a_submission_says_all_that_a_task_can_have() {
    let server = Server::start();
    let line = [
        "submit",
        "k",
        "--json",
        "--queue",
        "q",
        "--priority",
        "-5",
        "--delay",
        "1h",
        "--deadline",
        "2h",
        "--attempts",
        "7",
        "--timeout",
        "90s",
        "--key",
        "user-1",
        "--backoff",
        "2s",
        "--backoff-max",
        "1m",
        "--stage",
        "fetch",
        "--stage",
        "encode:8",
        "--stalled-after",
        "30s",
        "--retention",
        "7d",
        "--unique-key",
        "order-7",
        "--label",
        "a=b",
    ];
    let task = server.prints_json(&line).await;
    for (field, expected) in [
        ("queue", json!("q")),
        ("state", json!("scheduled")),
        ("priority", json!(-5)),
        ("max_attempts", json!(7)),
        ("timeout_seconds", json!(90)),
        ("concurrency_key", json!("user-1")),
        ("backoff_base_seconds", json!(2)),
        ("backoff_max_seconds", json!(60)),
        ("stages", json!([{"name": "fetch", "weight": 1.0}, {"name": "encode", "weight": 8.0}])),
        ("stalled_after_seconds", json!(30)),
        ("retention_seconds", json!(604_800)),
        ("unique_key", json!("order-7")),
        ("labels", json!({"a": "b"})),
    ] {
        assert_eq!(task[field], expected, "{field}");
    }
    let time = |field: &str| task[field].as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>();
    let between = time("deadline_at").unwrap() - time("run_at").unwrap();
    assert_eq!(between.num_seconds(), 3600);
    let at = "2099-01-01T01:00:00+01:00";
    let task = server.prints_json(&["submit", "k", "--json", "--deadline", at]).await;
    assert_eq!(task["deadline_at"], "2099-01-01T00:00:00Z");
}

#[tokio::test]
async fn every_line_of_a_file_becomes_a_task_however_many_there_are() {
    let server = Server::start();
    let lines: String = (0..2050).map(|number| format!("{{\"n\": {number}}}\n")).collect();
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(lines.as_bytes()).unwrap();
    let name = file.path().to_str().unwrap();
    let line = ["submit", "k", "--label", "a=b", "--many", name, "--idempotency-key", "album-7"];
    let ids = server.prints(&line).await;
    assert_eq!(ids.lines().count(), 2050);
    for place in [0, 999, 1000, 2049] {
        let task = server.prints_json(&["get", ids.lines().nth(place).unwrap()]).await;
        assert_eq!((&task["input"], &task["labels"]), (&json!({"n": place}), &json!({"a": "b"})));
    }
    assert_eq!(server.prints(&line).await, ids, "sent again, nothing is made");

    let done = piped(&server, &["submit", "k", "--json", "--many", "-"], "1\n\n \"two\"").await;
    let tasks: Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!(tasks.as_array().map(Vec::len), Some(2), "blank lines are none");
    let done = piped(&server, &["submit", "k", "--many", "-"], "").await;
    assert_eq!((done.status.code(), text(&done.stdout).as_str()), (Some(0), ""));
}

#[tokio::test]
async fn after_a_refusal_in_the_middle_the_rest_can_be_sent() {
    let server = Server::start();
    // A line that alone is more than a request may have.
    let long = format!("\"{}\"", "x".repeat(1_200_000));
    let lines = |middle: &str| "1\n".repeat(1500) + middle + "\n2\n";
    let line = ["submit", "k", "--many", "-", "--idempotency-key", "w"];
    let done = piped(&server, &line, &lines(&long)).await;
    let said = text(&done.stderr);
    assert_eq!(done.status.code(), Some(1), "{said}");
    assert!(said.contains("(413)") && said.contains("1500 tasks are submitted"), "{said}");
    assert!(said.contains("--idempotency-key w "), "{said}");
    let made = text(&done.stdout);
    assert_eq!(made.lines().count(), 1500);

    // The cut is the same up to the line that was wrong, so what was made is not made again.
    let done = piped(&server, &line, &("1\n".repeat(1000) + "3\n")).await;
    assert!(!done.status.success(), "another tail under the same key: {}", text(&done.stderr));
    let done = piped(
        &server,
        &["submit", "k", "--many", "-", "--idempotency-key", "w"],
        &"1\n".repeat(1500),
    )
    .await;
    assert_eq!(text(&done.stdout), made);
}

#[tokio::test]
async fn what_cannot_be_submitted_is_refused_with_a_sentence() {
    let server = Server::start();
    let submit = |more: &[&'static str], code, words: &[&str]| {
        server.refuses(&[&["submit"], more].concat(), code, words)
    };
    submit(&["k", "--delay", "1h", "--run-at", "2099-01-01T00:00:00Z"], 2, &["--run-at"]).await;
    submit(&["k", "--delay", "500ms"], 2, &["whole seconds"]).await;
    submit(&["k", "--deadline", "tomorrow"], 2, &["2h", "2026-01-31T09:30:00Z"]).await;
    submit(&["k", "--attempts", "x"], 2, &["whole number"]).await;
    submit(&["k", "--stage", "a:b"], 2, &["NAME:WEIGHT"]).await;
    submit(&["k", "--stage", "a:0"], 1, &["stages[0].weight: must be"]).await;
    submit(&["k", "--stage", "a", "--stage", "a"], 1, &["stages[1].name"]).await;
    submit(&["k", "--attempts", "0"], 1, &["max_attempts: must be"]).await;
    submit(&["k", "--many", "/no/such/file"], 2, &["/no/such/file"]).await;
    submit(&["k", "--many", "x", "--watch"], 2, &["--watch"]).await;
    submit(&["k", "--idempotency-key", "x"], 2, &["--many"]).await;
    let done = piped(&server, &["submit", "k", "--many", "-"], "1\n{\n3").await;
    let said = text(&done.stderr);
    assert_eq!((done.status.code(), text(&done.stdout).as_str()), (Some(2), ""));
    assert!(said.contains("line 2 of standard input is no JSON"), "{said}");
    assert_eq!(server.prints_json(&["list", "--json"]).await, json!([]), "nothing was made");

    let twice = server.run(&["submit", "", "--priority", "1000"]).await;
    assert_eq!(text(&twice.stderr).matches("priority").count(), 1, "{}", text(&twice.stderr));
}
