//! The command `milepost`.

use std::{
    io::Write,
    process::{Child, Command, Stdio},
    time::Duration,
};

use futures_util::TryStreamExt;
use milepost_client::{
    Milepost, TaskFilter,
    types::{Task, TaskState},
};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::{Value, json};

use crate::{
    milepost::{output, text},
    server::Server,
};

fn send(child: &Child, signal: Signal) {
    kill(Pid::from_raw(child.id().try_into().unwrap()), signal).unwrap();
}

/// The only task there is, once `ready` says so.
async fn task_when(milepost: &Milepost, ready: impl Fn(&Task) -> bool) -> Task {
    loop {
        let tasks: Vec<Task> = milepost.tasks(TaskFilter::default()).try_collect().await.unwrap();
        if let Some(task) = tasks.into_iter().find(&ready) {
            return task;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn lines(milepost: &Milepost, id: &str) -> Vec<String> {
    let lines = milepost.logs(id, 1000).await.unwrap();
    lines.into_iter().map(|line| line.text).collect()
}

/// Waits for a process the task named in its log to be gone.
async fn gone(process: &str) {
    let state = || std::fs::read_to_string(format!("/proc/{process}/stat"));
    while state().is_ok_and(|stat| !stat.contains(") Z ")) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_command_becomes_a_task_with_its_progress_its_log_and_its_exit_code() {
    let server = Server::start();
    let milepost = server.client();
    let script = r"printf 'a\n 10%%\r 60%%\r'; printf 'b\377\n::progress 7/9 half\n' >&2; exit 3";
    let arguments = ["exec", "--kind", "copy", "--label", "a=b", "--name", "n", "--", "sh", "-c"];
    let done = server.run(&[&arguments[..], &[script]].concat()).await;
    assert_eq!(done.status.code(), Some(3));
    assert_eq!(done.stdout, b"a\n 10%\r 60%\r", "byte for byte");
    let task = task_when(&milepost, |_| true).await;
    let url = format!("milepost: {}/tasks/{}\n", server.url, task.id);
    assert_eq!(done.stderr, [url.as_bytes(), b"b\xFF\n::progress 7/9 half\n"].concat());
    assert_eq!((task.kind.as_str(), task.state), ("copy", TaskState::Failed));
    assert_eq!(serde_json::to_value(&task.labels).unwrap(), json!({"a": "b", "name": "n"}));
    let error = task.error.unwrap();
    assert_eq!((error.type_.as_str(), error.title.as_deref()), ("exit", Some("exit code 3")));
    assert!(error.detail.unwrap().contains("b\u{FFFD}"));
    let mut logged = lines(&milepost, &task.id).await;
    logged.sort();
    assert_eq!(logged, [" 10%", " 60%", "a", "b\u{FFFD}"]);
    assert!(task.progress.unwrap().percent.unwrap() >= 60.0);
    let input = milepost.get(&task.id).await.unwrap().input.unwrap();
    assert_eq!(input["command"], json!(["sh", "-c", script]));
}

#[tokio::test]
async fn a_command_that_succeeds_is_a_task_that_succeeds() {
    let server = Server::start();
    let done = server.run(&["exec", "sh", "-c", "echo $MILEPOST_TASK_ID"]).await;
    assert_eq!(done.status.code(), Some(0));
    let task = task_when(&server.client(), |_| true).await;
    assert_eq!(text(&done.stdout).trim(), task.id);
    assert_eq!((task.state, task.output), (TaskState::Succeeded, Some(json!({"exit_code": 0}))));
}

#[tokio::test]
async fn a_task_of_the_same_kind_does_not_get_in_the_way_and_is_left_for_others() {
    let server = Server::start();
    for _ in 0..3 {
        server.run(&["submit", "exec", "--queue", "exec", "--priority", "100"]).await;
    }
    let done = server.run(&["exec", "true"]).await;
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    let listed = server.run(&["list", "--json"]).await;
    let tasks: Vec<Task> = serde_json::from_slice(&listed.stdout).unwrap();
    let states: Vec<(TaskState, u32)> =
        tasks.into_iter().map(|task| (task.state, task.attempt)).collect();
    let waiting = (TaskState::Queued, 0);
    let expected = [(TaskState::Succeeded, 1), waiting.clone(), waiting.clone(), waiting];
    assert_eq!(states, expected);
}

#[tokio::test]
async fn a_cancel_from_outside_ends_the_whole_group() {
    let server = Server::start();
    let milepost = server.client();
    // The shell and the first sleep end with SIGTERM; the subshell needs SIGKILL.
    let script =
        "sleep 600 & echo $!; (trap '' TERM; echo deaf; while :; do sleep 0.1; done) & wait";
    let exec = server.spawn(&["exec", "--grace", "1s", "--", "sh", "-c", script]);
    let task = task_when(&milepost, |task| task.state == TaskState::Running).await;
    let mut logged = Vec::new();
    while logged.len() < 2 {
        logged = lines(&milepost, &task.id).await;
    }
    milepost.cancel(&task.id).await.unwrap();
    let done = milepost.wait(&task.id).await.unwrap();
    assert_eq!(done.state, TaskState::Cancelled);
    assert_eq!(output(exec).await.status.code(), Some(128 + 15));
    gone(logged.iter().find(|line| *line != "deaf").unwrap()).await;
}

#[tokio::test]
async fn an_interrupt_at_the_terminal_cancels_the_task() {
    let server = Server::start();
    let milepost = server.client();
    let exec = server.spawn(&["exec", "--", "sleep", "600"]);
    let task = task_when(&milepost, |task| task.state == TaskState::Running).await;
    // The lease is there a moment before the command is.
    tokio::time::sleep(Duration::from_millis(300)).await;
    send(&exec, Signal::SIGINT);
    assert_eq!(output(exec).await.status.code(), Some(128 + 2));
    let done = milepost.get(&task.id).await.unwrap();
    assert_eq!(done.state, TaskState::Cancelled);
}

/// Runs a line of shell on a terminal of its own, where this is typed.
fn on_a_terminal(server: &Server, line: &str) -> Child {
    let mut script = Command::new("script");
    script.args(["--quiet", "--return", "--command", line, "/dev/null"]);
    script.env("MILEPOST_URL", &server.url).env("SHELL", "/bin/sh");
    script.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    script.spawn().expect("script (util-linux) is there")
}

#[tokio::test]
async fn a_command_that_reads_from_the_terminal_gets_it() {
    let server = Server::start();
    let milepost = env!("CARGO_BIN_EXE_milepost");
    let line = format!("{milepost} exec -- sh -c 'read word; echo got $word; exit 4'");
    let mut terminal = on_a_terminal(&server, &line);
    let mut keyboard = terminal.stdin.take().unwrap();
    keyboard.write_all(b"hello\n").unwrap();
    let done = output(terminal).await;
    assert!(text(&done.stdout).contains("got hello\r\n"), "{}", text(&done.stdout));
    assert_eq!(done.status.code(), Some(4));
}

#[tokio::test]
async fn ctrl_c_cancels_whether_or_not_the_command_has_the_terminal() {
    let server = Server::start();
    let milepost = server.client();
    for command in ["sleep 600", "cat"] {
        let line = format!("{} exec -- {command}", env!("CARGO_BIN_EXE_milepost"));
        let mut terminal = on_a_terminal(&server, &line);
        let task = task_when(&milepost, |task| task.state == TaskState::Running).await;
        tokio::time::sleep(Duration::from_millis(500)).await;
        let mut keyboard = terminal.stdin.take().unwrap();
        keyboard.write_all(b"\x03").unwrap();
        assert_eq!(output(terminal).await.status.code(), Some(128 + 2), "{command}");
        assert_eq!(milepost.get(&task.id).await.unwrap().state, TaskState::Cancelled, "{command}");
    }
}

#[tokio::test]
async fn a_command_outlives_the_server_and_its_task_catches_up() {
    let mut server = Server::start();
    let milepost = server.client();
    let script = "i=0; while [ $i -lt 100 ]; do i=$((i+1)); echo $i; sleep 0.02; done";
    let exec = server.spawn(&["exec", "--", "sh", "-c", script]);
    let task = task_when(&milepost, |task| task.state == TaskState::Running).await;
    while lines(&milepost, &task.id).await.len() < 20 {}
    server.kill();
    tokio::time::sleep(Duration::from_millis(500)).await;
    server.start_again();
    let done = output(exec).await;
    let numbers: Vec<String> = (1..=100).map(|number| number.to_string()).collect();
    assert_eq!(text(&done.stdout), numbers.join("\n") + "\n");
    assert_eq!(done.status.code(), Some(0));
    let task = milepost.get(&task.id).await.unwrap();
    assert_eq!((&task.state, task.attempt), (&TaskState::Succeeded, 1));
    assert_eq!(lines(&milepost, &task.id).await, numbers, "nothing lost, nothing doubled");
}

#[tokio::test]
async fn a_flood_of_output_passes_through_whole_and_the_log_says_what_it_left_out() {
    let server = Server::start();
    let milepost = server.client();
    // 400,001 short lines, and one line of a megabyte.
    let script = "seq 1000000 1400000; head -c 1000000 /dev/zero | tr '\\0' x; echo; echo end";
    let done = server.run(&["exec", "--", "sh", "-c", script]).await;
    assert_eq!((done.status.code(), done.stdout.len()), (Some(0), 400_001 * 8 + 1_000_001 + 4));
    let task = task_when(&milepost, |_| true).await;
    assert_eq!(task.state, TaskState::Succeeded);
    let logged = milepost.logs(&task.id, 1000).await.unwrap();
    let last: Vec<&str> = logged.iter().rev().take(3).map(|line| line.text.as_str()).collect();
    assert_eq!((last[0], last[2]), ("end", "1400000"));
    assert!(last[1].starts_with("xxx") && last[1].ends_with("… (991808 bytes left out)"));
    let mut left_out = 0;
    let history = server.run(&["watch", "--json", &task.id]).await;
    assert_eq!(history.status.code(), Some(0));
    let mut after = String::new();
    let mut kept = 0;
    loop {
        let mut request = milepost.api().list_task_events().id(&task.id).limit(1000u64);
        if !after.is_empty() {
            request = request.after(&after);
        }
        let page = request.send().await.unwrap().into_inner();
        for event in page.items {
            if let milepost_client::stream::Event::TaskLog { lines, .. } = event {
                for line in lines {
                    match line.text.strip_suffix(" lines left out") {
                        Some(number) => {
                            left_out += number.trim_start_matches("… ").parse::<usize>().unwrap();
                        }
                        None => kept += 1,
                    }
                }
            }
        }
        if page.cursor == after {
            break;
        }
        after = page.cursor;
    }
    assert_eq!(kept + left_out, 400_003, "every line is in the log or in the count");
    assert!(left_out > 0);
}

#[tokio::test]
async fn a_worker_command_gets_the_input_and_gives_the_output() {
    let server = Server::start();
    let milepost = server.client();
    let script = r#"
        input=$(cat); echo "got $input in attempt $MILEPOST_ATTEMPT of $MILEPOST_KIND"
        if [ -z "$MILEPOST_CHECKPOINT" ]; then
            echo '::checkpoint {"at": 7}'; echo '::progress 1/2 first half'; echo no >&2; exit 1
        fi
        echo "::output {\"from\": $MILEPOST_CHECKPOINT, \"fence\": $MILEPOST_FENCE}"; echo last"#;
    let arguments =
        ["work", "--queue", "q", "--kind", "k", "--kind", "j", "--", "sh", "-c", script];
    let worker = server.spawn(&arguments);
    let submitted = ["submit", "k", "--queue", "q", "--input", r#"{"a": [1, "ä"]}"#, "--watch"];
    let watched = server.run(&submitted).await;
    assert_eq!(watched.status.code(), Some(0), "{}", text(&watched.stderr));
    let task = task_when(&milepost, |task| task.done).await;
    assert_eq!((task.attempt, task.output), (2, Some(json!({"from": {"at": 7}, "fence": 2}))));
    let expected = [
        r#"got {"a":[1,"ä"]} in attempt 1 of k"#,
        "no",
        r#"got {"a":[1,"ä"]} in attempt 2 of k"#,
        "last",
    ];
    let mut logged = lines(&milepost, &task.id).await;
    // The two pipes of one attempt have no order between them.
    logged[..2].sort();
    assert_eq!(logged, expected);
    assert!(text(&watched.stdout).contains("retrying"), "{}", text(&watched.stdout));
    send(&worker, Signal::SIGTERM);
    assert_eq!(output(worker).await.status.code(), Some(0));
}

#[tokio::test]
async fn the_last_line_of_a_worker_command_is_its_output() {
    let server = Server::start();
    let milepost = server.client();
    let worker = server.spawn(&["work", "--kind", "k", "--", "sh", "-c", "eval \"$(jq -r .)\""]);
    for (script, expected) in [
        ("echo first; echo '{\"a\": 1}'; echo", json!({"a": 1})),
        ("echo plain words", json!("plain words")),
        ("echo only this >&2", json!({})),
    ] {
        let task = milepost_client::types::TaskSubmission::builder().kind("k").input(json!(script));
        let task = milepost.submit(task).await.unwrap();
        assert_eq!(milepost.wait(&task.id).await.unwrap().output, Some(expected), "{script}");
    }
    send(&worker, Signal::SIGINT);
    assert_eq!(output(worker).await.status.code(), Some(0));
}

#[tokio::test]
async fn a_worker_command_that_is_told_to_end_gives_its_task_back() {
    let server = Server::start();
    let milepost = server.client();
    let worker =
        server.spawn(&["work", "--kind", "k", "--", "sh", "-c", "echo $$; exec sleep 600"]);
    server.run(&["submit", "k"]).await;
    let task = task_when(&milepost, |task| task.state == TaskState::Running).await;
    let mut logged = Vec::new();
    while logged.is_empty() {
        logged = lines(&milepost, &task.id).await;
    }
    send(&worker, Signal::SIGTERM);
    assert_eq!(output(worker).await.status.code(), Some(0));
    gone(&logged[0]).await;
    let task = milepost.get(&task.id).await.unwrap();
    assert_eq!((task.state, task.attempt), (TaskState::Queued, 0));
}

#[tokio::test]
async fn logs_are_followed_from_the_last_lines_on_without_gap_or_repetition() {
    let server = Server::start();
    let milepost = server.client();
    let script = "i=0; while [ $i -lt 60 ]; do i=$((i+1)); echo $i; sleep 0.03; done";
    let exec = server.spawn(&["exec", "--", "sh", "-c", script]);
    let task = task_when(&milepost, |task| task.state == TaskState::Running).await;
    while lines(&milepost, &task.id).await.len() < 10 {}
    let followers: Vec<Child> =
        (0..3).map(|_| server.spawn(&["logs", "-f", "--tail", "1000", &task.id])).collect();
    let all: String = (1..=60).map(|number| format!("{number}\n")).collect();
    for follower in followers {
        let done = output(follower).await;
        assert_eq!((text(&done.stdout), done.status.code()), (all.clone(), Some(0)));
    }
    assert_eq!(output(exec).await.status.code(), Some(0));
    let tail = server.run(&["logs", "--tail", "2", &task.id]).await;
    assert_eq!(text(&tail.stdout), "59\n60\n");
    for whole in [&["logs", "--all", &task.id][..], &["logs", "--all", "--follow", &task.id]] {
        assert_eq!(text(&server.run(whole).await.stdout), all, "{whole:?}");
    }
    server.refuses(&["logs", "--all", "--tail", "2", &task.id], 2, &["--all", "--tail"]).await;
}

#[tokio::test]
async fn exit_codes_tell_success_failure_usage_and_absence_apart() {
    let server = Server::start();
    let mut ids = Vec::new();
    for script in ["exit 0", "exit 1"] {
        server.run(&["exec", "sh", "-c", script]).await;
        let listed = server.run(&["list", "--json", "--limit", "1"]).await;
        let tasks: Value = serde_json::from_slice(&listed.stdout).unwrap();
        ids.push(tasks[0]["id"].as_str().unwrap().to_owned());
    }
    let (good, bad) = (ids[0].as_str(), ids[1].as_str());
    for (arguments, code) in [
        (&["watch", good][..], 0),
        (&["watch", bad], 1),
        (&["watch", good, bad], 1),
        (&["watch", "unknown"], 1),
        (&["get", good], 0),
        (&["get", "unknown"], 1),
        (&["cancel", good], 1),
        (&["retry", bad], 0),
        (&["cancel", bad], 0),
        (&["delete", good, bad], 0),
        (&["get", good], 1),
        (&["frobnicate"], 2),
        (&["submit", "k", "--input", "{"], 2),
        (&["--server", "nowhere", "list"], 2),
        (&["--server", "http://127.0.0.1:1", "list"], 3),
        (&["--server", "http://127.0.0.1:1", "exec", "true"], 3),
        (&["exec", "no-such-command-here"], 127),
        (&["exec", "/etc/hosts"], 126),
    ] {
        let done = server.run(arguments).await;
        let (out, error) = (text(&done.stdout), text(&done.stderr));
        assert_eq!(done.status.code(), Some(code), "{arguments:?}\n{out}\n{error}");
        assert!(code == 0 || !error.is_empty() || arguments[0] == "watch", "{arguments:?}");
    }
}

#[tokio::test]
async fn input_comes_from_the_line_a_file_or_standard_input() {
    let server = Server::start();
    let milepost = server.client();
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(b"{\"from\": \"file\"}").unwrap();
    let name = format!("@{}", file.path().display());
    for (argument, piped, expected) in [
        (r#"{"from": "line"}"#, "", json!({"from": "line"})),
        (name.as_str(), "", json!({"from": "file"})),
        ("-", "[1, 2]", json!([1, 2])),
    ] {
        let mut submit = server.command(&["submit", "k", "--label", "a=b", "--input", argument]);
        let mut submit = submit.stdin(Stdio::piped()).spawn().unwrap();
        submit.stdin.take().unwrap().write_all(piped.as_bytes()).unwrap();
        let done = output(submit).await;
        assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
        let task = milepost.get(text(&done.stdout).trim()).await.unwrap();
        assert_eq!(task.input, Some(expected));
    }
    let table = text(&server.run(&["list", "--state", "queued", "--label", "a=b"]).await.stdout);
    assert_eq!(table.lines().count(), 4, "{table}");
    assert!(table.starts_with("ID"), "{table}");
}
