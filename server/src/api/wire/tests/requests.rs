use std::collections::BTreeSet;

use poem_openapi::types::{Example, ToJSON, Type};
use serde::de::DeserializeOwned;

use super::{properties, required};
use crate::api::{
    parse::parse,
    wire::{
        batch::{ItemText, ReportBatch, TaskBatch},
        kind::KindDefinition,
        lease::LeaseRequest,
        queue_settings::{QueueChange, QueueDefinition, RateLimit, TaskDefaults},
        report::{
            ReportedError, ReportedLine, ReportedProgress, TaskCompletion, TaskFailure,
            TaskRelease, TaskReport,
        },
        schedule::{ScheduleChange, ScheduleDefinition, ScheduleSubmission},
        scheduled_task::ScheduledTask,
        settable::Settable,
        stage::StageDefinition,
        submit::{TaskChange, TaskSubmission},
        watch::{WatchFilter, WatchRequest},
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
    read_as_declared::<StageDefinition>();
    read_as_declared::<TaskBatch>();
    read_as_declared::<ReportBatch>();
    read_as_declared::<QueueDefinition>();
    read_as_declared::<QueueChange>();
    read_as_declared::<RateLimit>();
    read_as_declared::<TaskDefaults>();
    read_as_declared::<KindDefinition>();
    read_as_declared::<ScheduleSubmission>();
    read_as_declared::<ScheduleDefinition>();
    read_as_declared::<ScheduleChange>();
    read_as_declared::<ScheduledTask>();
    read_as_declared::<WatchRequest>();
    read_as_declared::<WatchFilter>();
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
    assert!(example_is_read::<TaskBatch>().into_tasks().is_ok());
    for item in example_is_read::<ReportBatch>().items {
        assert!(item.read().is_ok());
    }
    example_is_read::<QueueDefinition>();
    example_is_read::<QueueChange>();
    example_is_read::<KindDefinition>();
    assert!(example_is_read::<ScheduleSubmission>().into_spec().is_ok());
    example_is_read::<ScheduleDefinition>();
    example_is_read::<ScheduleChange>();
    example_is_read::<ScheduledTask>();
    assert!(example_is_read::<WatchRequest>().into_watch(None).is_ok());
}

#[test]
fn an_item_of_a_batch_is_read_as_the_operation_of_its_type_reads_it() {
    for good in [
        r#"{"type":"report","task_id":"a","lease":"x","progress":{"percent":5},"checkpoint":null}"#,
        r#"{"task_id":"a","lease":"x","output":{"n":12345678901234567890.10},"type":"complete"}"#,
        r#"{"type":"fail","task_id":"a","lease":"x","error":{"type":"broken"}}"#,
        r#"{"type":"release","task_id":"a","lease":"x"}"#,
    ] {
        let item: ItemText = serde_json::from_str(good).expect(good);
        assert!(item.read().is_ok(), "{good}");
        assert_eq!(item.task_id().as_deref(), Some("a"));
    }
    for (bad, field) in [
        (r#"{"task_id":"a","lease":"x"}"#, "type"),
        (r#"{"type":"explode","task_id":"a","lease":"x"}"#, "type"),
        (r#"{"type":"report","lease":"x"}"#, "task_id"),
        (r#"{"type":"report","task_id":5,"lease":"x"}"#, "task_id"),
        (r#"{"type":"report","task_id":"a","lease":"x","progress":{"pct":5}}"#, "progress.pct"),
        (r#"{"type":"release","task_id":"a","lease":"x","output":1}"#, "output"),
        (r#"{"type":"release","type":"fail","task_id":"a","lease":"x"}"#, "type"),
        ("7", "body"),
        ("[]", "body"),
    ] {
        let item: ItemText = serde_json::from_str(bad).expect(bad);
        let Err(problem) = item.read() else { panic!("{bad} is read") };
        let problem = problem.body();
        assert_eq!(problem.errors.expect(bad)[0].field, field, "{bad}");
    }
}

#[test]
fn null_takes_a_limit_away_and_an_absent_field_leaves_it() {
    let change = |body: &str| parse::<QueueChange>(body.as_bytes()).expect(body);
    assert_eq!(change("{}").max_concurrency, Settable::Absent);
    assert_eq!(change("{}").rate_limit, Settable::Absent);
    assert_eq!(change(r#"{"max_concurrency":null}"#).max_concurrency, Settable::Null);
    assert_eq!(change(r#"{"rate_limit":null}"#).rate_limit, Settable::Null);
    assert_eq!(change(r#"{"max_concurrency":7}"#).max_concurrency, Settable::Value(7));
    for (bad, field) in [
        (r#"{"max_concurrency":"7"}"#, "max_concurrency"),
        (r#"{"rate_limit":[1,2]}"#, "rate_limit"),
        (r#"{"rate_limit":{"limit":1}}"#, "rate_limit.period_seconds"),
        (r#"{"defaults":{"max_attempts":1,"colour":2}}"#, "defaults.colour"),
    ] {
        let problem = parse::<QueueChange>(bad.as_bytes()).expect_err(bad).body();
        assert_eq!(problem.errors.expect(bad)[0].field, field, "{bad}");
    }
}
