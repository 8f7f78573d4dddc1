//! `milepost attempts`, `workers`, `logs`, and how stages, stalls and final failures are shown.

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::json;

use crate::{
    milepost::{output, text},
    server::Server,
};

/// A worker that runs a line of shell for each task of kind `k`, until the test is over.
struct Working(std::process::Child);

impl Working {
    fn start(server: &Server, script: &str) -> Self {
        Working(server.spawn(&["work", "--kind", "k", "--name", "bob", "--", "sh", "-c", script]))
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        let _ = kill(Pid::from_raw(self.0.id().cast_signed()), Signal::SIGTERM);
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn stages_and_stalls_are_seen_by_whoever_watches() {
    let server = Server::start();
    let script = "echo '::stages fetch encode:3'; echo '::stage fetch'; echo 50%; sleep 0.5
        echo '::stage encode'; echo '::progress 1/2 half'; sleep 3; echo '::progress 2/2 all'";
    let _working = Working::start(&server, script);
    let done = server.run(&["submit", "k", "--stalled-after", "1s", "--watch"]).await;
    let said = text(&done.stdout);
    for words in
        ["12% [fetch]", "62% [encode] half", "62% [encode] (stalled) half", "100% [encode]"]
    {
        assert!(said.contains(words), "{words} is not in:\n{said}");
    }
    let table = server.prints(&["list"]).await;
    assert!(table.contains("100% [encode]"), "{table}");
}

#[tokio::test]
async fn a_command_can_say_that_its_failure_is_final() {
    let server = Server::start();
    for code in [0, 3] {
        let script = format!("echo working; echo '::fail no such image'; exit {code}");
        let _working = Working::start(&server, &script);
        let done = server.run(&["submit", "k", "--watch", "--json"]).await;
        assert_eq!(done.status.code(), Some(1), "{}", text(&done.stdout));
        let listed = server.prints_json(&["list", "--json"]).await;
        let task = &listed[0];
        assert_eq!((&task["state"], &task["attempt"]), (&json!("failed"), &json!(1)), "{task}");
        let error = json!({"type": "failed", "title": "no such image", "detail": "working"});
        assert_eq!(task["error"], error);
    }
}

#[tokio::test]
async fn attempts_tell_who_tried_and_how_it_ended() {
    let server = Server::start();
    let _working = Working::start(&server, "[ $MILEPOST_ATTEMPT = 2 ] || exit 3");
    let done = server.run(&["submit", "k", "--backoff", "0", "--watch"]).await;
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stdout));
    let listed = server.prints_json(&["list", "--json"]).await;
    let id = listed[0]["id"].as_str().unwrap();
    let table = server.prints(&["attempts", id]).await;
    let lines: Vec<Vec<&str>> =
        table.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines[0], ["ATTEMPT", "STATE", "STARTED", "TOOK", "WORKER", "ERROR"]);
    assert_eq!((lines[1][0], lines[1][1], lines[1][4]), ("1", "failed", "bob"));
    assert_eq!(lines[1][5..], ["exit:", "exit", "code", "3"]);
    assert_eq!((lines[2][0], lines[2][1], lines[2][5]), ("2", "succeeded", "-"));
    let attempts = server.prints_json(&["attempts", id, "--json"]).await;
    assert_eq!((&attempts[0]["number"], &attempts[1]["state"]), (&json!(1), &json!("succeeded")));
    server.refuses(&["attempts", "nobody"], 1, &["(404)", "nobody"]).await;
    server.refuses(&["attempts"], 2, &["<ID>"]).await;
}

#[tokio::test]
async fn workers_are_listed_with_what_they_run() {
    let server = Server::start();
    let _working = Working::start(&server, "echo 42%; sleep 600");
    let id = server.prints(&["submit", "k"]).await;
    let running = format!("{} 42%", id.trim());
    let table = loop {
        let table = server.prints(&["workers"]).await;
        if table.contains(&running) {
            break table;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    };
    let line = table.lines().find(|line| line.starts_with("bob")).expect("bob");
    let cells: Vec<&str> = line.split_whitespace().collect();
    assert_eq!(cells[4..7], ["1", "default", "k"], "{table}");
    let workers = server.prints_json(&["workers", "--json"]).await;
    let bob = workers.as_array().unwrap().iter().find(|worker| worker["name"] == "bob").unwrap();
    assert_eq!((&bob["running"], &bob["tasks"][0]["percent"]), (&json!(1), &json!(42.0)));
    server.refuses(&["workers", "bob"], 2, &["bob"]).await;
}

#[tokio::test]
async fn a_tail_that_is_too_long_is_refused_with_its_bound() {
    let server = Server::start();
    let exec = server.spawn(&["exec", "--", "sh", "-c", "seq 3; echo '::stage last'; echo 7%"]);
    assert_eq!(output(exec).await.status.code(), Some(0));
    let listed = server.prints_json(&["list", "--json"]).await;
    let id = listed[0]["id"].as_str().unwrap();
    server.refuses(&["logs", id, "--tail", "5000"], 2, &["5000", "1000"]).await;
    server.refuses(&["logs", id, "--tail", "0"], 1, &["tail: must be"]).await;
    assert_eq!(server.prints(&["logs", id, "--tail", "1000"]).await, "1\n2\n3\n7%\n");
    assert_eq!(listed[0]["progress"]["stage"], "last", "exec knows stages too");
}

#[tokio::test]
async fn tasks_are_found_by_the_type_of_the_error_they_ended_with() {
    let server = Server::start();
    server.run(&["exec", "--kind", "a", "--", "sh", "-c", "exit 3"]).await;
    server.run(&["exec", "--kind", "b", "--", "true"]).await;
    let waits = server.prints(&["submit", "c"]).await;
    server.prints(&["cancel", waits.trim()]).await;
    let found = async |types: &[&str]| {
        let flags = types.iter().flat_map(|&one| ["--error-type", one]);
        let line: Vec<&str> = ["list", "--json"].into_iter().chain(flags).collect();
        let listed = server.prints_json(&line).await;
        let kinds = listed.as_array().expect("a list").iter().map(|task| task["kind"].clone());
        let mut kinds: Vec<_> = kinds.filter_map(|kind| Some(kind.as_str()?.to_owned())).collect();
        kinds.sort();
        kinds
    };
    assert_eq!(found(&["exit"]).await, ["a"]);
    assert_eq!(found(&["exit", "cancelled"]).await, ["a", "c"]);
    assert!(found(&["no such type"]).await.is_empty());
    let dry = ["bulk", "retry", "--error-type", "exit", "--dry-run", "--watch"];
    let said = server.prints(&dry).await;
    assert!(said.contains(r#""matched": 1"#), "{said}");
    server.prints(&["bulk", "delete", "--error-type", "cancelled", "--watch"]).await;
    assert_eq!(found(&["exit", "cancelled"]).await, ["a"]);
    server.refuses(&["list", "--error-type", ""], 1, &["(400)", "error_type"]).await;
}
