use std::collections::BTreeSet;

use poem_openapi::types::{Example, ToJSON, Type};
use serde::de::DeserializeOwned;

use super::{properties, required};
use crate::{
    api::{
        parse::parse,
        wire::{
            lease::LeaseRequest,
            report::{
                ReportedError, ReportedLine, ReportedProgress, TaskCompletion, TaskFailure,
                TaskRelease, TaskReport,
            },
            submit::{TaskChange, TaskSubmission},
        },
    },
    domain::{FieldError, Refusal},
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
    assert!(example_is_read::<TaskChange>().into_change(None).is_ok());
    assert!(example_is_read::<LeaseRequest>().into_acquire().is_ok());
    assert!(example_is_read::<TaskReport>().into_report().is_ok());
    assert!(example_is_read::<TaskFailure>().into_outcome().is_ok());
    example_is_read::<TaskCompletion>();
    example_is_read::<TaskRelease>();
}

/// The fields a body is refused for.
fn refused<T: DeserializeOwned, V: std::fmt::Debug>(
    body: &str,
    check: impl Fn(T) -> Result<V, Refusal>,
) -> Vec<String> {
    let value: T = parse(body.as_bytes()).unwrap_or_else(|problem| panic!("{body}: {problem}"));
    match check(value).expect_err(body) {
        Refusal::Invalid(errors) => {
            errors.into_iter().map(|FieldError { field, .. }| field).collect()
        }
        other => panic!("{body}: {other}"),
    }
}

#[test]
fn everything_out_of_range_is_named_at_once() {
    let long = "x".repeat(129);
    let body = format!(
        r#"{{"kind":"","queue":"a\u0007","labels":{{"a=b":""}},"priority":101,"max_attempts":0,
        "timeout_seconds":0,"cancel_grace_seconds":3601,"parent_id":"../x","trace_parent":"",
        "worker":"{long}"}}"#
    );
    assert_eq!(
        refused(&body, |task: TaskSubmission| task.into_task(None)),
        [
            "kind",
            "queue",
            "labels",
            "priority",
            "max_attempts",
            "timeout_seconds",
            "cancel_grace_seconds",
            "parent_id",
            "trace_parent",
            "worker"
        ]
    );
    let body = r#"{"worker":"","request_id":"","queues":[],"kinds":["a",""],"max_tasks":101,
        "lease_seconds":0,"wait_seconds":61}"#;
    assert_eq!(
        refused(body, LeaseRequest::into_acquire),
        [
            "worker",
            "request_id",
            "queues",
            "kinds[1]",
            "max_tasks",
            "lease_seconds",
            "wait_seconds"
        ]
    );
    let body = format!(
        r#"{{"lease":"x","progress":{{"percent":100.5,"unit":"{long}","stage":"{long}"}}}}"#
    );
    assert_eq!(
        refused(&body, TaskReport::into_report),
        ["progress.unit", "progress.stage", "progress.percent"]
    );
    let body = r#"{"lease":"x","error":{"type":""},"retry_after_seconds":604801}"#;
    assert_eq!(refused(body, TaskFailure::into_outcome), ["error.type", "retry_after_seconds"]);
}

/// The limits the contract shows are the ones that hold: the example passes with each number at its
/// bounds, and is refused by that field beyond them.
fn bounds_hold<T: Example + ToJSON + Type + DeserializeOwned, V: std::fmt::Debug>(
    check: impl Fn(T) -> Result<V, Refusal>,
) -> usize {
    let example = T::example().to_json().expect("JSON");
    let with = |field: &str, number: i64| {
        let mut body = example.clone();
        body[field] = number.into();
        let value = parse::<T>(body.to_string().as_bytes()).map_err(|problem| {
            let errors = problem.body().errors.unwrap_or_default();
            errors.into_iter().map(|error| error.field).collect::<Vec<_>>()
        })?;
        match check(value) {
            Ok(_) => Ok(()),
            Err(Refusal::Invalid(errors)) => {
                Err(errors.into_iter().map(|error| error.field).collect())
            }
            Err(other) => panic!("{field}: {other}"),
        }
    };
    let mut bounds = 0;
    for (field, schema) in super::schema::<T>().properties {
        let poem_openapi::registry::MetaSchemaRef::Inline(schema) = schema else { continue };
        for (bound, beyond) in [(schema.minimum, -1), (schema.maximum, 1)] {
            let Some(bound) = bound else { continue };
            let bound = bound as i64;
            assert_eq!(with(field, bound), Ok(()), "{field} = {bound}");
            assert_eq!(with(field, bound + beyond), Err(vec![field.to_owned()]), "{field}");
            bounds += 1;
        }
    }
    bounds
}

#[test]
fn the_bounds_the_contract_shows_are_the_ones_that_hold() {
    assert_eq!(bounds_hold(|task: TaskSubmission| task.into_task(None)), 7);
    assert_eq!(bounds_hold(|change: TaskChange| change.into_change(None)), 2);
    assert_eq!(bounds_hold(LeaseRequest::into_acquire), 5);
    assert_eq!(bounds_hold(TaskFailure::into_outcome), 1);
}
