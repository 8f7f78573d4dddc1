use super::*;
use crate::{
    domain::{Progress, Stage, progress::ProgressReport},
    store::Selection,
};

fn percent(percent: f64) -> Report {
    let progress = ProgressReport { percent: Some(percent), ..ProgressReport::default() };
    Report { progress: Some(progress), ..Report::default() }
}

fn progress(rig: &Rig, id: &TaskId) -> Progress {
    rig.task(id).progress.expect("some progress")
}

fn events(rig: &Rig, id: &TaskId) -> Vec<String> {
    let (seq, _) = rig.reads.task(id).expect("read").expect("there");
    let page = rig.reads.log(&Selection::Task { id: id.clone(), seq }, 0, 1000).expect("the log");
    page.entries.iter().map(|(entry, _)| entry.event_type.to_string()).collect()
}

#[test]
fn a_silent_worker_that_keeps_its_lease_is_said_to_be_stalled_until_it_speaks() {
    let mut rig = Rig::new();
    let id = rig.submit(NewTask { stalled_after_seconds: Some(5), ..NewTask::of("k") });
    let lease = rig.lease(1).remove(0);
    rig.report(&lease, percent(10.0));
    for _ in 0..4 {
        rig.pass(1_000);
        rig.report(&lease, Report::default());
    }
    assert!(!progress(&rig, &id).stalled);
    rig.pass(1_200);
    assert!(progress(&rig, &id).stalled);
    assert_eq!(progress(&rig, &id).percent, Some(10.0));
    let told = events(&rig, &id).len();
    rig.pass(60_000);
    assert_eq!(events(&rig, &id).len(), told, "once");
    rig.report(&lease, Report { checkpoint: RawJson::parse("1".into()).ok(), ..Report::default() });
    assert!(!progress(&rig, &id).stalled);
    assert_eq!(events(&rig, &id).len(), told + 1);
    rig.pass(5_200);
    assert!(progress(&rig, &id).stalled, "and again");
    rig.complete(&lease);
    assert!(!progress(&rig, &id).stalled);
}

#[test]
fn a_task_that_nobody_works_on_any_more_is_not_stalled() {
    let error = || TaskError::new("boom", "It broke");
    for outcome in [
        Some(Outcome::Release),
        Some(Outcome::Fail { error: error(), retryable: false, retry_after_seconds: None }),
        Some(Outcome::Fail { error: error(), retryable: true, retry_after_seconds: Some(60) }),
        // The lease expires.
        None,
    ] {
        let mut rig = Rig::new();
        let id = rig.submit(NewTask { stalled_after_seconds: Some(1), ..NewTask::of("k") });
        let lease = rig.lease(1).remove(0);
        rig.pass(1_200);
        assert!(progress(&rig, &id).stalled);
        match outcome {
            Some(outcome) => rig.end(&lease, outcome),
            None => rig.pass(3_600_000),
        }
        assert_ne!(rig.state(&id), State::Running);
        assert!(!progress(&rig, &id).stalled);
    }
}

#[test]
fn a_task_without_any_progress_stalls_too() {
    let mut rig = Rig::new();
    let id = rig.submit(NewTask { stalled_after_seconds: Some(1), ..NewTask::of("k") });
    rig.lease(1);
    rig.pass(1_400);
    assert!(progress(&rig, &id).stalled);
    assert_eq!(progress(&rig, &id).percent, None);
}

#[test]
fn stages_declared_by_the_submitter_or_the_worker_add_up() {
    let mut rig = Rig::new();
    let stage = |name: &str, weight: f64| Stage { name: name.to_owned(), weight };
    let stages = vec![stage("load", 1.0), stage("save", 1.0)];
    let id = rig.submit(NewTask { stages, ..NewTask::of("k") });
    let lease = rig.lease(1).remove(0);
    let at = |name: &str, percent: f64| {
        let progress = ProgressReport {
            stage: Some(name.to_owned()),
            percent: Some(percent),
            ..ProgressReport::default()
        };
        Report { progress: Some(progress), ..Report::default() }
    };
    rig.report(&lease, at("load", 50.0));
    assert_eq!(progress(&rig, &id).percent, Some(25.0));
    let stages = Some(vec![stage("load", 1.0), stage("save", 1.0), stage("tell", 2.0)]);
    rig.report(&lease, Report { stages, ..at("save", 100.0) });
    assert_eq!(progress(&rig, &id).percent, Some(50.0));
    assert_eq!(rig.task(&id).stages.len(), 3);
    let told = events(&rig, &id);
    assert_eq!(told[2..], ["task.progress", "task.updated", "task.progress"]);
}

#[test]
fn stages_that_are_none_are_refused() {
    let mut rig = Rig::new();
    let stage = |name: &str, weight: f64| Stage { name: name.to_owned(), weight };
    for (stages, field) in [
        (vec![stage("", 1.0)], "stages[0].name"),
        (vec![stage("a", 0.0)], "stages[0].weight"),
        (vec![stage("a", 1.0), stage("a", 1.0)], "stages[1].name"),
        ((0..33).map(|n| stage(&n.to_string(), 1.0)).collect(), "stages"),
    ] {
        let task = NewTask { stages, ..NewTask::of("k") };
        assert_eq!(invalid_fields(rig.run(Command::Submit { task, key: None })), [field]);
    }
}

#[test]
fn the_rest_is_estimated_from_how_fast_it_went_in_this_attempt() {
    let mut rig = Rig::new();
    let id = rig.submit(NewTask { max_attempts: Some(2), ..NewTask::of("k") });
    let lease = rig.lease(1).remove(0);
    for step in 1..=5 {
        rig.clock.advance(1_000);
        rig.report(&lease, percent(f64::from(step) * 10.0));
    }
    assert_eq!(progress(&rig, &id).rate_per_second, Some(10.0));
    assert_eq!(progress(&rig, &id).eta_seconds, Some(5.0));
    let error = TaskError::new("boom", "It broke");
    rig.end(&lease, Outcome::Fail { error, retryable: true, retry_after_seconds: Some(0) });
    rig.pass(400);
    let lease = rig.lease(1).remove(0);
    rig.clock.advance(1_000);
    rig.report(&lease, percent(50.0));
    assert_eq!(progress(&rig, &id).eta_seconds, None, "half was done by the attempt before");
    rig.clock.advance(10_000);
    rig.report(&lease, percent(55.0));
    assert_eq!(progress(&rig, &id).eta_seconds, Some(90.0));
}

#[test]
fn numbers_at_the_end_of_what_there_is_harm_nobody() {
    let mut rig = Rig::new();
    let id = rig.submit(NewTask::of("k"));
    let lease = rig.lease(1).remove(0);
    let count = |current: f64, total: Option<f64>| ProgressReport {
        current: Some(current),
        total,
        ..ProgressReport::default()
    };
    for (current, total) in
        [(1e308, None), (10.0, Some(1e-308)), (1e308, Some(1e308)), (f64::MAX, Some(f64::MAX))]
    {
        rig.clock.advance(1);
        let progress = Some(count(current, total));
        rig.report(&lease, Report { progress, ..Report::default() });
        assert_eq!(self::progress(&rig, &id).current, Some(current));
    }
    let mut rig = rig.restart_after(0);
    rig.complete(&lease);
    assert_eq!(rig.state(&id), State::Succeeded);
}
