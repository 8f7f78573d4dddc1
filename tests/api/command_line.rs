//! The command line: what whoever starts a server can say, and hears.

use std::process::{Command, Output};

use milepost_tests::harness::{Options, Server, server_binary, workspace};
use serde_json::Value;

fn run(arguments: &[&str]) -> Output {
    Command::new(server_binary()).args(arguments).output().expect("the server can be run")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn openapi_prints_the_published_document_and_opens_nothing() {
    let elsewhere = tempfile::tempdir().expect("a directory");
    let output = Command::new(server_binary())
        .arg("openapi")
        .current_dir(elsewhere.path())
        .output()
        .expect("the server can be run");
    assert!(output.status.success(), "{}", text(&output.stderr));
    let published = workspace().join("api-spec/openapi.json");
    let published = std::fs::read_to_string(published).expect("the published document");
    assert_eq!(text(&output.stdout), published, "byte for byte");
    let left = std::fs::read_dir(elsewhere.path()).expect("a directory").count();
    assert_eq!(left, 0, "no database was made");
}

#[test]
fn help_names_every_setting_with_its_environment_twin_and_default() {
    let output = run(&["--help"]);
    assert!(output.status.success());
    let help = text(&output.stdout);
    for (flag, twin) in [
        ("--listen", "MILEPOST_LISTEN=]"),
        ("--data-dir", "MILEPOST_DATA_DIR=]"),
        ("--auth", "MILEPOST_AUTH=]"),
        ("--cors-origin", "MILEPOST_CORS_ORIGIN=]"),
        ("--allowed-host", "MILEPOST_ALLOWED_HOST=]"),
        ("--log", "MILEPOST_LOG=]"),
    ] {
        assert!(help.contains(flag) && help.contains(twin), "{flag} or {twin} is not in:\n{help}");
    }
    for default in ["127.0.0.1:8080", "./data"] {
        assert!(help.contains(default), "{default} is not in:\n{help}");
    }
}

#[test]
fn settings_that_make_no_sense_end_it_with_2_and_a_sentence() {
    for arguments in [
        &["--listen", "nowhere"][..],
        &["--listen", "0.0.0.0:0"],
        &["--auth", "maybe"],
        &["--auth", "keys"],
        &["--cors-origin", "not an origin"],
        &["--cors-origin", "https://app.example/path"],
        &["--allowed-host", "https://a.example"],
        &["--log", "louder=very"],
        &["--unknown"],
        &["unknown"],
    ] {
        let output = run(arguments);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.lines().count() >= 1 && !said.contains("panicked"), "{arguments:?}: {said}");
    }
}

#[test]
fn a_standard_variable_that_makes_no_sense_ends_it_with_2_by_its_name() {
    let standard = "OTEL_EXPORTER_OTLP_ENDPOINT";
    let output = Command::new(server_binary()).env(standard, "collector:4318").output();
    let output = output.expect("the server can be run");
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains(standard), "{said}");
}

#[tokio::test]
async fn standard_output_has_the_ready_line_and_serve_is_the_default() {
    let server = Server::start().await;
    let data = server.data_dir().join("other");
    drop(server);
    let mut server = Command::new(server_binary())
        .args(["serve", "--data-dir"])
        .arg(&data)
        .env("MILEPOST_LISTEN", "127.0.0.1:0")
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("the server can be run");
    let mut line = String::new();
    let pipe = server.stdout.take().expect("a pipe");
    std::io::BufRead::read_line(&mut std::io::BufReader::new(pipe), &mut line).expect("a line");
    server.kill().expect("it can be stopped");
    server.wait().expect("it ends");
    std::fs::remove_dir_all(&data).expect("its data were made where it was told");
    let port = line.trim_end().strip_prefix("milepost-server listening on http://127.0.0.1:");
    let port = port.unwrap_or_else(|| panic!("{line:?}"));
    assert_ne!(port.parse::<u16>().expect("a port"), 0, "the port that was found is named");
}

#[tokio::test]
async fn the_log_as_json_is_json_on_every_line() {
    let mut server = Server::with(Options::flags(["--log", "debug", "--log-format", "json"])).await;
    server.submit_kind("k").await;
    server.get("/api/v1/tasks/nobody").await.problem(404, "");
    server.terminate().await;
    let said = server.stderr();
    assert!(!said.is_empty(), "debug says something");
    for line in said.lines() {
        let entry: Value =
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert!(entry["timestamp"].is_string() && entry["level"].is_string(), "{line}");
    }
}
