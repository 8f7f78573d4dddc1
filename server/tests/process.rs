//! The binary as its operator sees it: what it prints, how it ends, and what it says when it cannot
//! begin.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

/// Longer than anything here takes.
const GIVE_UP: Duration = Duration::from_secs(30);

fn server() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_milepost-server"));
    // The settings of whoever runs the tests are not the tests'.
    for (name, _) in std::env::vars_os()
        .filter(|(name, _)| name.to_str().is_some_and(|name| name.starts_with("MILEPOST_")))
    {
        command.env_remove(name);
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn serving(directory: &Path) -> Command {
    let mut command = server();
    command.args(["--listen", "127.0.0.1:0", "--data-dir"]).arg(directory);
    command
}

/// A running server; killed if a test fails before it is told to stop.
struct Running {
    process: Child,
    address: String,
}

impl Running {
    fn start(mut command: Command) -> Running {
        let mut process = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.strip_prefix("milepost-server listening on http://");
        let address = address.unwrap_or_else(|| panic!("not ready: {line}")).trim().to_owned();
        Running { process, address }
    }

    fn signal(&self, name: &str) {
        let process = self.process.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &process]).status().unwrap();
        assert!(sent.success());
    }

    fn send(&self, request: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(GIVE_UP)).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        stream
    }

    fn ask(&self, method: &str, path: &str) -> String {
        let head = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
        let mut answer = String::new();
        self.send(&(head + "\r\n")).read_to_string(&mut answer).unwrap();
        answer
    }

    /// The exit code and the log.
    fn ended(mut self) -> (Option<i32>, String) {
        let limit = Instant::now() + GIVE_UP;
        let status = loop {
            if let Some(status) = self.process.try_wait().unwrap() {
                break status;
            }
            assert!(Instant::now() < limit, "the server does not end");
            thread::sleep(Duration::from_millis(10));
        };
        let mut log = String::new();
        self.process.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        (status.code(), log)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Runs to the end, which must be one clear sentence and this exit code.
fn refused(command: &mut Command, code: i32) -> String {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = String::from_utf8(stderr).unwrap();
    assert_eq!(status.code(), Some(code), "{text}");
    assert!(stdout.is_empty());
    assert!(text.starts_with("error: ") && !text.contains("panicked"), "{text}");
    text
}

#[test]
fn it_serves_until_it_is_told_to_stop_and_keeps_what_it_acknowledged() {
    let directory = TempDir::new().unwrap();
    for (round, signal) in ["TERM", "INT"].into_iter().enumerate() {
        let server = Running::start(serving(directory.path()));
        assert!(server.ask("GET", "/readyz").starts_with("HTTP/1.1 200"));
        let answer = server.ask("POST", "/start_task/a");
        // The first run is given back when the server stops, and goes on in the second.
        let expected = if round == 0 { "HTTP/1.1 202" } else { "HTTP/1.1 409" };
        assert!(answer.starts_with(expected), "{answer}");
        server.signal(signal);
        let (code, log) = server.ended();
        assert_eq!(code, Some(0), "{log}");
        assert!(log.contains("draining") && log.contains("stopped"), "{log}");
    }
}

#[test]
fn an_open_stream_is_told_of_the_drain_and_ends_whole() {
    let directory = TempDir::new().unwrap();
    let server = Running::start(serving(directory.path()));
    let mut stream =
        BufReader::new(server.send("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    let mut seen = String::new();
    while !seen.contains("stream.snapshot") {
        assert_ne!(stream.read_line(&mut seen).unwrap(), 0, "{seen}");
    }
    server.signal("TERM");
    stream.read_to_string(&mut seen).unwrap();
    assert!(seen.contains("event: stream.draining"), "{seen}");
    assert!(seen.ends_with("\r\n0\r\n\r\n"), "the last chunk is missing: {seen}");
    assert_eq!(server.ended().0, Some(0));
}

#[test]
fn a_waiting_request_is_answered_when_the_server_drains() {
    let directory = TempDir::new().unwrap();
    let server = Running::start(serving(directory.path()));
    let mut waiting =
        server.send("GET /api/v1/history HTTP/1.1\r\nHost: localhost\r\nPrefer: wait=60\r\n\r\n");
    // Nothing shows from outside that it waits, so it is given time to arrive.
    server.ask("GET", "/healthz");
    thread::sleep(Duration::from_millis(300));
    server.signal("TERM");
    let mut answer = String::new();
    waiting.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let (code, log) = server.ended();
    assert_eq!(code, Some(0));
    assert!(!log.contains("cutting"), "{log}");
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let directory = TempDir::new().unwrap();
    let mut command = serving(directory.path());
    command.args(["--drain-seconds", "3600"]);
    let server = Running::start(command);
    // A client that never ends its request holds the drain up.
    let mut held = server.send(
        "POST /api/submit HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\
         Expect: 100-continue\r\n\r\n",
    );
    held.read_exact(&mut [0; 12]).unwrap();
    server.signal("INT");
    let gone = Instant::now() + GIVE_UP;
    while TcpStream::connect(&server.address).is_ok() {
        assert!(Instant::now() < gone, "it still listens");
        thread::sleep(Duration::from_millis(10));
    }
    server.signal("INT");
    assert_eq!(server.ended().0, Some(130));
}

#[test]
fn a_port_that_is_in_use_is_said_to_be() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let directory = TempDir::new().unwrap();
    let text =
        refused(server().args(["--listen", &address, "--data-dir"]).arg(directory.path()), 1);
    assert!(text.contains("is in use") && text.contains("--listen"), "{text}");
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0, "nothing was opened");
}

#[test]
fn a_directory_serves_one_server_at_a_time() {
    let directory = TempDir::new().unwrap();
    let first = Running::start(serving(directory.path()));
    let text = refused(&mut serving(directory.path()), 1);
    assert!(text.contains("another milepost-server uses"), "{text}");
    drop(first);
    Running::start(serving(directory.path()));
}

#[test]
fn a_directory_that_cannot_be_made_is_named() {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("file");
    fs::write(&file, "in the way").unwrap();
    let text = refused(&mut serving(&file.join("data")), 1);
    assert!(text.contains("file/data"), "{text}");
}

#[test]
fn settings_that_make_no_sense_are_refused_before_anything_is_opened() {
    let directory = TempDir::new().unwrap();
    for (arguments, hint) in [
        (["--listen", "0.0.0.0:0"], "loopback only"),
        (["--auth", "keys"], "--auth off"),
        (["--cors-origin", "localhost:3000"], "scheme://host[:port]"),
        (["--data", "."], "--data-dir"),
    ] {
        let text = refused(server().current_dir(directory.path()).args(arguments), 2);
        assert!(text.contains(hint), "{text}");
    }
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
}

#[test]
fn the_environment_sets_what_no_flag_does_and_goes_with_a_command() {
    let directory = TempDir::new().unwrap();
    let mut command = server();
    command.arg("serve").args(["--listen", "127.0.0.1:0"]);
    command.env("MILEPOST_LISTEN", "127.0.0.1:1").env("MILEPOST_DATA_DIR", directory.path());
    command.env("MILEPOST_CORS_ORIGIN", "http://a.example,http://b.example");
    command.env("MILEPOST_LOG_FORMAT", "json").env("MILEPOST_LOG", "debug");
    let server = Running::start(command);
    assert!(directory.path().join("milepost.db").exists());
    let request = "GET /healthz?token=hidden HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
                   Origin: http://b.example\r\nX-Request-Id: number-1\r\n\
                   Authorization: Bearer hidden\r\n\r\n";
    let mut answer = String::new();
    server.send(request).read_to_string(&mut answer).unwrap();
    assert!(answer.contains("access-control-allow-origin: http://b.example"), "{answer}");
    server.signal("TERM");
    let (_, log) = server.ended();
    let line = log.lines().find(|line| line.contains("number-1")).expect("a line per request");
    assert!(line.starts_with('{') && line.contains("\"path\":\"/healthz\""), "{line}");
    assert!(!log.contains("hidden"), "{log}");
}

#[test]
fn the_document_is_printed_without_a_database_or_a_port() {
    let directory = TempDir::new().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut command = server();
    command.arg("openapi").current_dir(directory.path());
    command.env("MILEPOST_LISTEN", taken.local_addr().unwrap().to_string());
    let output = command.output().unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.starts_with('{') && text.ends_with("}\n"), "{text}");
    assert!(text.contains("\"operationId\": \"createTask\""));
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
}
