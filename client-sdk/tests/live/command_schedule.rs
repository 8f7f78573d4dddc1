//! `milepost schedule`.

use serde_json::json;

use crate::server::Server;

#[tokio::test]
async fn a_schedule_is_made_with_all_its_task_can_have() {
    let server = Server::start();
    let line = [
        "schedule",
        "create",
        "nightly",
        "report",
        "--cron",
        "0 3 * * *",
        "--zone",
        "Europe/Berlin",
        "--overlap",
        "cancel",
        "--paused",
        "--queue",
        "q",
        "--input",
        r#"{"of": "yesterday"}"#,
        "--label",
        "a=b",
        "--priority",
        "-5",
        "--key",
        "user-1",
        "--attempts",
        "7",
        "--timeout",
        "2h",
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
        "--deadline",
        "3h",
    ];
    assert_eq!(server.prints(&line).await, "nightly\n");
    let schedule = server.prints_json(&["schedule", "get", "nightly"]).await;
    for (field, expected) in [
        ("id", json!("nightly")),
        ("cron", json!("0 3 * * *")),
        ("time_zone", json!("Europe/Berlin")),
        ("overlap", json!("cancel")),
        ("paused", json!(true)),
    ] {
        assert_eq!(schedule[field], expected, "{field}");
    }
    let mut task = schedule["task"].clone();
    // The server tells its default, which nobody can type.
    task.as_object_mut().unwrap().remove("cancel_grace_seconds");
    let stages = json!([{"name": "fetch", "weight": 1.0}, {"name": "encode", "weight": 8.0}]);
    let expected = json!({
        "kind": "report", "queue": "q", "input": {"of": "yesterday"}, "labels": {"a": "b"},
        "priority": -5, "concurrency_key": "user-1", "max_attempts": 7, "timeout_seconds": 7200,
        "backoff_base_seconds": 2, "backoff_max_seconds": 60, "stages": stages,
        "stalled_after_seconds": 30, "retention_seconds": 604_800, "deadline_seconds": 10_800,
    });
    assert_eq!(task, expected);
}

#[tokio::test]
async fn an_update_changes_what_was_typed_and_nothing_else() {
    let server = Server::start();
    let create = ["schedule", "create", "s", "report", "--cron", "0 3 * * *", "--input", "1"];
    server.prints(&[&create[..], &["--key", "user-1"]].concat()).await;
    let update = ["schedule", "update", "s", "--cron", "30 4 * * *", "--priority", "5", "--json"];
    let schedule = server.prints_json(&update).await;
    assert_eq!(schedule["cron"], "30 4 * * *");
    let task = &schedule["task"];
    assert_eq!((&task["priority"], &task["input"]), (&json!(5), &json!(1)));
    assert_eq!((&task["kind"], &task["concurrency_key"]), (&json!("report"), &json!("user-1")));
    let renamed = ["schedule", "update", "s", "--kind", "other", "--zone", "Asia/Tokyo"];
    assert_eq!(server.prints(&renamed).await, "s updated\n");
    let schedule = server.prints_json(&["schedule", "get", "s"]).await;
    assert_eq!(
        (&schedule["task"]["kind"], &schedule["time_zone"]),
        (&json!("other"), &json!("Asia/Tokyo"))
    );
    assert_eq!(
        (&schedule["task"]["priority"], &schedule["cron"]),
        (&json!(5), &json!("30 4 * * *"))
    );
}

#[tokio::test]
async fn a_schedule_is_listed_paused_resumed_run_and_deleted() {
    let server = Server::start();
    let id = server.prints(&["schedule", "create", "report", "--cron", "0 3 * * *"]).await;
    let id = id.trim();
    assert_eq!(server.prints(&["schedule", "pause", id]).await, format!("{id} paused\n"));
    let table = server.prints(&["schedule", "list"]).await;
    assert!(table.starts_with("ID") && table.contains("paused"), "{table}");
    assert_eq!(server.prints(&["schedule", "resume", id]).await, format!("{id} resumed\n"));
    let table = server.prints(&["schedule", "list"]).await;
    assert!(table.contains("T03:00:00Z"), "{table}");

    let task = server.prints(&["schedule", "run", id]).await;
    let task = server.prints_json(&["get", task.trim()]).await;
    assert_eq!((&task["kind"], &task["schedule_id"]), (&json!("report"), &json!(id)));
    let task = server.prints_json(&["schedule", "run", id, "--json"]).await;
    assert_eq!(task["state"], "queued");

    let listed = server.prints_json(&["schedule", "list", "--json"]).await;
    assert_eq!(listed[0]["last_task_id"], task["id"]);
    server.refuses(&["schedule", "delete", "nobody", id], 1, &["nobody: ", "(404)"]).await;
    let listed = server.prints_json(&["schedule", "list", "--json"]).await;
    assert_eq!(listed, json!([]), "the refusal of one does not spare the other");
}

#[tokio::test]
async fn what_is_no_schedule_is_refused_with_a_sentence() {
    let server = Server::start();
    server.prints(&["schedule", "create", "s", "k", "--cron", "0 3 * * *"]).await;
    let create = |more: &[&'static str], code, words: &[&str]| {
        server.refuses(&[&["schedule", "create"], more].concat(), code, words)
    };
    create(&["s", "k", "--cron", "* * * * *"], 1, &["(409)"]).await;
    create(&["k", "--cron", "nope", "--zone", "Mars"], 1, &["cron: ", "time_zone: "]).await;
    create(&["k", "--cron", "* * * * *", "--priority", "1000"], 1, &["task.priority: "]).await;
    create(&["a b", "k", "--cron", "* * * * *"], 1, &["(400)", "id: "]).await;
    create(&["k"], 2, &["--cron"]).await;
    create(&["--cron", "* * * * *"], 2, &["<KIND>"]).await;
    create(&["k", "--cron", "* * * * *", "--overlap", "maybe"], 2, &["skip"]).await;
    create(&["k", "--cron", "* * * * *", "--input", "{"], 2, &["no JSON"]).await;
    create(&["k", "--cron", "* * * * *", "--stage", "a:b"], 2, &["NAME:WEIGHT"]).await;
    server.refuses(&["schedule", "update", "s"], 2, &["nothing to update"]).await;
    let update = ["schedule", "update", "nobody", "--cron", "* * * * *"];
    server.refuses(&update, 1, &["(404)", "nobody"]).await;
    for command in ["get", "pause", "resume", "run", "delete"] {
        server.refuses(&["schedule", command, "nobody"], 1, &["(404)", "nobody"]).await;
    }
}

#[tokio::test]
async fn its_runs_are_listed() {
    let server = Server::start();
    for schedule in ["one", "other"] {
        server.prints(&["schedule", "create", schedule, "k", "--cron", "0 0 1 1 *"]).await;
    }
    let run = server.prints(&["schedule", "run", "one"]).await;
    server.prints(&["schedule", "run", "other"]).await;
    let listed = server.prints_json(&["list", "--schedule", "one", "--json"]).await;
    let ids: Vec<_> = listed.as_array().expect("a list").iter().map(|task| &task["id"]).collect();
    assert_eq!(ids, [run.trim()]);
    server.prints(&["bulk", "cancel", "--schedule", "one", "--watch"]).await;
    let left = server.prints_json(&["list", "--state", "queued", "--json"]).await;
    assert_eq!(left.as_array().map(Vec::len), Some(1), "the other's");
    server.refuses(&["list", "--schedule", "two words"], 1, &["(400)", "schedule"]).await;
}
