//! Redocly, pinned in `api-spec/lint`, which lints the document and compares it with another.

use std::{
    path::Path,
    process::{Command, Output},
};

use milepost_tests::contract::{root, typescript::install};
use serde_json::Value;

fn redocly(arguments: &[&str], files: &[&Path]) -> Output {
    let folder = root().join("api-spec/lint");
    install(&folder).unwrap_or_else(|error| panic!("{error}"));
    Command::new(folder.join("node_modules/.bin/redocly"))
        .args(&arguments[..1])
        .args(files)
        .args(&arguments[1..])
        .args(["--format", "json"])
        .env("REDOCLY_TELEMETRY", "off")
        .env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true")
        .current_dir(folder)
        .output()
        .expect("Node runs redocly")
}

fn report(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        panic!("redocly gave no report: {error}\n{}{}", text(&output.stdout), text(&output.stderr))
    })
}

/// What the recommended rules find, errors and warnings alike.
pub fn lint(document: &Path) -> Vec<String> {
    let output = redocly(&["lint", "--extends", "recommended"], &[document]);
    let report = report(&output);
    let problems = report["problems"].as_array().expect("a lint report lists problems");
    let describe = |problem: &Value| {
        let place = problem["location"][0]["pointer"].as_str().unwrap_or_default();
        format!("{}: {} ({place})", problem["ruleId"], problem["message"])
    };
    problems.iter().map(describe).collect()
}

/// The changes from `base` to `revision` that break a client.
///
/// A value added to an enum and a variant added to a union break none: both SDKs keep what they do
/// not know. Redocly does not care for what is *taken out* of either in an answer; see
/// [`super::compat`].
pub fn breaking(base: &Path, revision: &Path) -> Vec<String> {
    let open = ["--skip-rule", "enum-values-added", "--skip-rule", "schema-combinator-changed"];
    let arguments = [&["diff", "--fail-on", "major"], &open[..]].concat();
    let output = redocly(&arguments, &[base, revision]);
    let report = report(&output);
    let mut breaking: Vec<String> = Vec::new();
    for change in report["changes"].as_array().expect("a comparison lists changes") {
        for verdict in change["verdicts"].as_array().into_iter().flatten() {
            if verdict["impact"] == "major" {
                breaking.push(format!("{}: {}", verdict["ruleId"], verdict["message"]));
            }
        }
    }
    breaking.sort();
    breaking.dedup();
    assert_eq!(
        output.status.success(),
        breaking.is_empty(),
        "redocly's verdict and its report disagree: {report:#}"
    );
    breaking
}
