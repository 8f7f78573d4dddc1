//! The contract in reviewable pieces: its table, each operation, each schema, each problem.
//!
//! A failing snapshot is not a mistake by itself; it is a change of the public contract that asks
//! to be looked at. Accept it with `cargo insta review`, or with
//! `INSTA_UPDATE=always cargo test -p milepost-tests --test contract`.

use std::{collections::BTreeSet, fs};

use milepost_server::api::problem::ProblemType;
use milepost_tests::contract::{self, operations};
use serde_json::Value;

fn settings() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings
}

fn published() -> Value {
    contract::published().unwrap_or_else(|error| panic!("{error}"))
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).expect("JSON can be written")
}

#[test]
fn the_table_of_operations() {
    let spec = published();
    settings().bind(|| insta::assert_snapshot!("operations", operations::table(&spec)));
}

#[test]
fn what_the_contract_says_of_each_operation() {
    let spec = published();
    settings().bind(|| {
        for operation in operations::operations(&spec) {
            let text =
                format!("{} {}\n{}", operation.method, operation.path, pretty(operation.value));
            insta::assert_snapshot!(format!("operation-{}", operation.id), text);
        }
    });
}

#[test]
fn the_shape_of_everything_that_travels() {
    let spec = published();
    settings().bind(|| {
        for (name, schema) in spec["components"]["schemas"].as_object().into_iter().flatten() {
            insta::assert_snapshot!(format!("schema-{name}"), pretty(schema));
        }
    });
}

#[test]
fn every_problem_and_its_page() {
    settings().bind(|| {
        for problem in ProblemType::ALL {
            let text = format!(
                "/problems/{}\nstatus: {}\ntitle: {}\ncause: {}\nremedy: {}\n",
                problem.slug(),
                problem.status().as_u16(),
                problem.title(),
                problem.cause(),
                problem.remedy(),
            );
            insta::assert_snapshot!(format!("problem-{}", problem.slug()), text);
        }
    });
}

#[test]
fn no_snapshot_is_left_of_what_is_gone() {
    let spec = published();
    let operations = operations::operations(&spec);
    let mut expected: BTreeSet<String> = BTreeSet::from(["operations".to_owned()]);
    expected.extend(operations.iter().map(|operation| format!("operation-{}", operation.id)));
    let schemas = spec["components"]["schemas"].as_object().into_iter().flatten();
    expected.extend(schemas.map(|(name, _)| format!("schema-{name}")));
    expected.extend(ProblemType::ALL.iter().map(|problem| format!("problem-{}", problem.slug())));

    let folder = contract::root().join("tests/contract/snapshots");
    let files = fs::read_dir(folder).expect("the snapshots are there");
    let names =
        files.filter_map(|file| file.expect("a folder lists").file_name().into_string().ok());
    let kept: BTreeSet<String> =
        names.filter_map(|name| name.strip_suffix(".snap").map(str::to_owned)).collect();
    assert_eq!(kept.difference(&expected).collect::<Vec<_>>(), Vec::<&String>::new());
}
