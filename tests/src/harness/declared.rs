//! Every answer and every event is what the contract declares.
//!
//! The harness holds each of them against the checked-in document, field by field, so no test has
//! to think of it: a server that sends what it does not declare, or declares what it does not send,
//! fails whichever test sees it first.

use std::sync::LazyLock;

use reqwest::Method;

use super::Answer;
use crate::contract::{Spec, spec};

static SPEC: LazyLock<Spec> =
    LazyLock::new(|| Spec::load().unwrap_or_else(|error| panic!("the contract: {error}")));

#[track_caller]
pub(super) fn assert_declared(answer: &Answer) {
    // The answer to HEAD is that to GET without its body; OPTIONS is CORS, beside the contract.
    if answer.method == Method::HEAD || answer.method == Method::OPTIONS {
        return;
    }
    let headers: Vec<(String, String)> = answer
        .headers
        .iter()
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into()))
        .collect();
    let wire =
        spec::Answer { status: answer.status.as_u16(), headers: &headers, body: &answer.body };
    if let Err(wrong) = SPEC.check(answer.method.as_str(), &answer.path, wire) {
        panic!("not as the contract declares:\n{}\n{answer}", wrong.join("\n"));
    }
}

#[track_caller]
pub(super) fn assert_event_declared(method: &str, path: &str, data: &str) {
    if let Err(wrong) = SPEC.check_event(method, path, data) {
        panic!("an event of {path} is not as the contract declares:\n{}", wrong.join("\n"));
    }
}
