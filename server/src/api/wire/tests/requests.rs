use std::collections::BTreeSet;

use poem_openapi::types::{Example, ToJSON, Type};
use serde::de::DeserializeOwned;

use super::{properties, required};
use crate::api::{
    parse::parse,
    wire::{
        lease::LeaseRequest,
        report::{
            ReportedError, ReportedLine, ReportedProgress, TaskCompletion, TaskFailure,
            TaskRelease, TaskReport,
        },
        submit::{TaskChange, TaskSubmission},
    },
};

/// The fields serde reads are the properties the contract shows.
fn read_as_declared<T: Type + DeserializeOwned + std::fmt::Debug>() {
    let error = serde_json::from_str::<T>(r#"{"?":1}"#).expect_err("unknown fields are refused");
    let known: BTreeSet<String> =
        error.to_string().split('`').skip(3).step_by(2).map(str::to_owned).collect();
    assert_eq!(known, properties::<T>(), "{}", T::name());
}

/// Swagger UI offers the example, so it must be one that works; and it works without any one field,
/// unless that is required.
fn example_is_read<T: Example + ToJSON + DeserializeOwned>() -> T {
    let example = T::example().to_json().expect("JSON");
    for field in properties::<T>() {
        let mut without = example.clone();
        without.as_object_mut().expect("an object").remove(&field);
        let missed = match parse::<T>(without.to_string().as_bytes()) {
            Ok(_) => false,
            Err(problem) => {
                let errors = problem.body().errors.unwrap_or_default();
                assert_eq!(errors.len(), 1, "{without}");
                assert_eq!((&errors[0].field, errors[0].message.as_str()), (&field, "is required"));
                true
            }
        };
        assert_eq!(missed, required::<T>().contains(&field), "{}.{field}", T::name());
    }
    parse(example.to_string().as_bytes()).unwrap_or_else(|problem| panic!("{example}: {problem}"))
}

#[test]
fn requests_are_read_as_declared() {
    read_as_declared::<TaskSubmission>();
    read_as_declared::<TaskChange>();
    read_as_declared::<LeaseRequest>();
    read_as_declared::<TaskReport>();
    read_as_declared::<ReportedProgress>();
    read_as_declared::<ReportedLine>();
    read_as_declared::<TaskCompletion>();
    read_as_declared::<TaskFailure>();
    read_as_declared::<ReportedError>();
    read_as_declared::<TaskRelease>();
}

#[test]
fn examples_are_requests_that_pass() {
    assert!(example_is_read::<TaskSubmission>().into_task(None).is_ok());
    example_is_read::<TaskChange>();
    example_is_read::<LeaseRequest>();
    example_is_read::<TaskReport>();
    example_is_read::<TaskFailure>();
    example_is_read::<TaskCompletion>();
    example_is_read::<TaskRelease>();
}
