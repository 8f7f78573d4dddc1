//! The document is clean under redocly's recommended rules, warnings included.

use std::fs;

use milepost_tests::contract::{OPENAPI, root};
use serde_json::Value;

use super::redocly;

#[test]
fn the_document_is_clean_under_the_recommended_rules() {
    let found = redocly::lint(&root().join(OPENAPI));
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_linter_finds_what_is_wrong() {
    let text = fs::read_to_string(root().join(OPENAPI)).expect("the document is there");
    let mut document: Value = serde_json::from_str(&text).expect("the document is JSON");
    document["info"]["license"].take();
    document["paths"]["/wrong/{id}"]["get"]["responses"]["200"]["description"] = "Fine.".into();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("openapi.json");
    fs::write(&file, document.to_string()).expect("a temporary file");
    let found = redocly::lint(&file).join("\n");
    for rule in ["info-license", "path-parameters-defined", "operation-4xx-response"] {
        assert!(found.contains(rule), "{rule} is not among: {found}");
    }
}
