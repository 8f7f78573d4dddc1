//! `schedule`: tasks by the calendar.

use std::pin::pin;

use futures_util::TryStreamExt;
use milepost_client::{
    Milepost,
    types::{Overlap, Schedule, ScheduleChange, ScheduleSubmission, ScheduledTask, Task},
};

use crate::{
    args::{Condition, ScheduleCommand, ScheduleCreate, ScheduleUpdate, TaskOptions},
    ask::{ask, if_match, show},
    input,
    outcome::{Complaint, Outcome, SUCCEEDED, print, print_json},
    table::{or_dash, print_table, time},
    tasks::each,
};

pub async fn run(milepost: Milepost, command: ScheduleCommand) -> Outcome {
    match command {
        ScheduleCommand::List { json } => list(milepost, json).await,
        ScheduleCommand::Get { id, shown } => {
            show(milepost.api().get_schedule().id(id).send(), shown).await
        }
        ScheduleCommand::Create(create) => make(milepost, *create).await,
        ScheduleCommand::Update(update) => change(milepost, *update).await,
        ScheduleCommand::Pause { id, condition } => pause(milepost, id, true, condition).await,
        ScheduleCommand::Resume { id, condition } => pause(milepost, id, false, condition).await,
        ScheduleCommand::Run { id, condition, json } => {
            let key = uuid::Uuid::new_v4().to_string();
            let running = milepost.api().run_schedule().id(id).idempotency_key(key);
            shown(ask(if_match!(running, condition.if_match).send()).await?, json, |task: &Task| {
                task.id.clone()
            })
        }
        ScheduleCommand::Delete { ids, condition } => delete(milepost, ids, condition).await,
    }
}

async fn list(milepost: Milepost, json: bool) -> Outcome {
    let schedules: Vec<Schedule> = pin!(milepost.schedules()).try_collect().await?;
    if json {
        print_json(&schedules)?;
    } else {
        let head = ["ID", "KIND", "CRON", "ZONE", "OVERLAP", "NEXT", "LAST"];
        print_table(head, schedules.iter().map(row).collect());
    }
    Ok(SUCCEEDED)
}

fn row(schedule: &Schedule) -> [String; 7] {
    let next =
        if schedule.paused { Some("paused".to_owned()) } else { schedule.next_run_at.map(time) };
    [
        schedule.id.clone(),
        schedule.task.kind.clone(),
        schedule.cron.clone(),
        schedule.time_zone.clone(),
        schedule.overlap.to_string(),
        or_dash(next),
        or_dash(schedule.last_run_at.map(time)),
    ]
}

async fn make(milepost: Milepost, create: ScheduleCreate) -> Outcome {
    let mut task = bare(create.kind);
    apply(&mut task, create.task, create.deadline)?;
    let submission = ScheduleSubmission {
        id: create.id,
        cron: create.cron,
        time_zone: create.zone,
        overlap: create.overlap.map(Overlap::from),
        paused: create.paused.then_some(true),
        task,
    };
    let key = uuid::Uuid::new_v4().to_string();
    let making = milepost.api().create_schedule().idempotency_key(key).body(submission).send();
    shown(ask(making).await?, create.json, |schedule: &Schedule| schedule.id.clone())
}

async fn change(milepost: Milepost, update: ScheduleUpdate) -> Outcome {
    if says_nothing(&update) {
        return Err(Complaint::usage("there is nothing to update; --help names what there is"));
    }
    let before = ask(milepost.api().get_schedule().id(&update.id).send()).await?;
    let mut task = before.task.clone();
    task.kind = update.kind.unwrap_or(task.kind);
    apply(&mut task, update.task, update.deadline)?;
    let change = ScheduleChange {
        cron: update.cron,
        time_zone: update.zone,
        overlap: update.overlap.map(Overlap::from),
        paused: None,
        // It is replaced as a whole, so it is only sent when something in it changes.
        task: (task != before.task).then_some(task),
    };
    let changing = milepost.api().update_schedule().id(update.id).body(change);
    let changing = if_match!(changing, update.condition.if_match);
    shown(ask(changing.send()).await?, update.json, |schedule: &Schedule| {
        format!("{} updated", schedule.id)
    })
}

fn says_nothing(update: &ScheduleUpdate) -> bool {
    update.cron.is_none()
        && update.zone.is_none()
        && update.overlap.is_none()
        && update.kind.is_none()
        && update.deadline.is_none()
        && update.task == TaskOptions::default()
}

async fn pause(milepost: Milepost, id: String, paused: bool, condition: Condition) -> Outcome {
    let change = ScheduleChange { paused: Some(paused), ..Default::default() };
    let changing = milepost.api().update_schedule().id(id).body(change);
    let schedule = ask(if_match!(changing, condition.if_match).send()).await?;
    print(format_args!("{} {}", schedule.id, if paused { "paused" } else { "resumed" }));
    Ok(SUCCEEDED)
}

async fn delete(milepost: Milepost, ids: Vec<String>, condition: Condition) -> Outcome {
    let tag = condition.of(&ids)?;
    each(ids, |id| {
        let (milepost, tag) = (milepost.clone(), tag.clone());
        async move {
            ask(if_match!(milepost.api().delete_schedule().id(&id), tag).send()).await?;
            Ok(format!("{id} deleted"))
        }
    })
    .await
}

fn shown<T: serde::Serialize>(value: T, json: bool, line: impl Fn(&T) -> String) -> Outcome {
    if json {
        print_json(&value)?;
    } else {
        print(line(&value));
    }
    Ok(SUCCEEDED)
}

/// A task of this kind about which nothing else is said.
fn bare(kind: String) -> ScheduledTask {
    ScheduledTask {
        kind,
        queue: None,
        input: None,
        labels: Default::default(),
        priority: None,
        max_attempts: None,
        timeout_seconds: None,
        cancel_grace_seconds: None,
        deadline_seconds: None,
        concurrency_key: None,
        backoff_base_seconds: None,
        backoff_max_seconds: None,
        stages: Vec::new(),
        stalled_after_seconds: None,
        retention_seconds: None,
        trace_parent: None,
    }
}

/// Says of the task what was typed; the rest stays.
fn apply(
    task: &mut ScheduledTask,
    options: TaskOptions,
    deadline: Option<u64>,
) -> Result<(), Complaint> {
    if let Some(input) = options.input {
        task.input = Some(input::one(&input)?);
    }
    if !options.labels.is_empty() {
        task.labels = options.labels.into_iter().collect();
    }
    if !options.stages.is_empty() {
        task.stages = options.stages;
    }
    set(&mut task.queue, options.queue);
    set(&mut task.priority, options.priority);
    set(&mut task.concurrency_key, options.key);
    set(&mut task.max_attempts, options.attempts);
    set(&mut task.timeout_seconds, options.timeout);
    set(&mut task.backoff_base_seconds, options.backoff);
    set(&mut task.backoff_max_seconds, options.backoff_max);
    set(&mut task.stalled_after_seconds, options.stalled_after);
    set(&mut task.retention_seconds, options.retention);
    set(&mut task.deadline_seconds, deadline);
    Ok(())
}

fn set<T>(field: &mut Option<T>, typed: Option<T>) {
    if typed.is_some() {
        *field = typed;
    }
}
