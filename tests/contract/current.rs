//! Generated files are current. The check is the generator, so there is one truth and one way out.

use milepost_tests::contract::{self, FIX};

#[test]
fn what_is_generated_is_what_the_server_says() {
    let stale = contract::check().unwrap_or_else(|error| panic!("{error}"));
    assert!(stale.is_empty(), "{}", contract::advice(&stale));
}

#[test]
fn the_advice_names_the_files_and_the_command() {
    let advice = contract::advice(&["api-spec/openapi.json, from line 7".to_owned()]);
    assert!(advice.contains("api-spec/openapi.json, from line 7"), "{advice}");
    assert!(advice.contains(FIX), "{advice}");
}
