//! `queue`: what is in queues, and what limits them.

use std::pin::pin;

use chrono::{DateTime, Utc};
use futures_util::TryStreamExt;
use milepost_client::{
    Error, Milepost,
    types::{Queue, QueueChange, RateLimit, Retention, TaskDefaults},
};
use serde_json::Value;

use crate::{
    args::{Condition, Limits, OrNone, QueueCommand, QueueSet},
    ask::{ask, if_match, show},
    outcome::{Complaint, Outcome, SUCCEEDED, print, print_json},
    table::{age, or_dash, print_table},
};

pub async fn run(milepost: Milepost, command: QueueCommand) -> Outcome {
    match command {
        QueueCommand::List { json } => list(milepost, json).await,
        QueueCommand::Get { name, shown } => {
            show(milepost.api().get_queue().name(name).send(), shown).await
        }
        QueueCommand::Pause { name, condition } => pause(milepost, name, true, condition).await,
        QueueCommand::Resume { name, condition } => pause(milepost, name, false, condition).await,
        QueueCommand::Set(set) => change(milepost, *set).await,
    }
}

async fn list(milepost: Milepost, json: bool) -> Outcome {
    let queues: Vec<Queue> = pin!(milepost.queues()).try_collect().await?;
    if json {
        print_json(&queues)?;
    } else {
        let now = Utc::now();
        let head = ["NAME", "SCHEDULED", "QUEUED", "RUNNING", "RETRYING", "OLDEST", "LIMITS"];
        print_table(head, queues.iter().map(|queue| row(queue, now)).collect());
    }
    Ok(SUCCEEDED)
}

fn row(queue: &Queue, now: DateTime<Utc>) -> [String; 7] {
    let counts = &queue.counts;
    [
        queue.name.clone(),
        counts.scheduled.to_string(),
        counts.queued.to_string(),
        counts.running.to_string(),
        counts.retrying.to_string(),
        or_dash(queue.oldest_queued_at.map(|since| age(now - since))),
        or_dash(Some(limits(queue))),
    ]
}

/// `paused, 4 at once, 2 per key, 10/1s burst 20`; empty where nothing holds tasks up.
fn limits(queue: &Queue) -> String {
    let rate = queue.rate_limit.as_ref().map(|rate| {
        let burst = rate.burst.map(|burst| format!(" burst {burst}")).unwrap_or_default();
        format!("{}/{}s{burst}", rate.limit, rate.period_seconds)
    });
    // One at a time is what a key is for, and says nothing new.
    let per_key = Some(queue.max_concurrency_per_key).filter(|&most| most != 1);
    let parts = [
        queue.paused.then(|| "paused".to_owned()),
        queue.max_concurrency.map(|most| format!("{most} at once")),
        per_key.map(|most| format!("{most} per key")),
        rate,
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

async fn pause(milepost: Milepost, name: String, paused: bool, condition: Condition) -> Outcome {
    let change = QueueChange { paused: Some(paused), ..Default::default() };
    let changing = milepost.api().update_queue().name(name).body(change);
    let queue = ask(if_match!(changing, condition.if_match).send()).await?;
    print(format_args!("{} {}", queue.name, if paused { "paused" } else { "resumed" }));
    Ok(SUCCEEDED)
}

async fn change(milepost: Milepost, set: QueueSet) -> Outcome {
    let before = match ask(milepost.api().get_queue().name(&set.name).send()).await {
        Ok(queue) => Some(queue),
        // Nothing was set for it, and no task is in it: it can be set up all the same.
        Err(error) if is_unknown(&error) => None,
        Err(error) => return Err(error.into()),
    };
    let change = changed(&set.limits, before.as_ref())?;
    let changing = milepost.api().update_queue().name(set.name).body(change);
    let queue = ask(if_match!(changing, set.condition.if_match).send()).await?;
    if set.json {
        print_json(&queue)?;
    } else {
        print(format_args!("{} set", queue.name));
    }
    Ok(SUCCEEDED)
}

fn is_unknown(error: &Error) -> bool {
    error.problem().is_some_and(|problem| problem.status == 404)
}

/// What the server is told. It replaces defaults, rate and retention as a whole, so what they were is needed.
fn changed(limits: &Limits, before: Option<&Queue>) -> Result<QueueChange, Complaint> {
    let rate_limit = match (limits.rate, limits.burst) {
        (Some(OrNone::Value(rate)), burst) => Some(json(Some(&rate.with_burst(burst)))?),
        (Some(OrNone::None), None) => Some(Value::Null),
        (Some(OrNone::None), Some(_)) => {
            return Err(Complaint::usage("--burst makes no sense without a rate"));
        }
        (None, Some(burst)) => {
            let Some(rate) = before.and_then(|queue| queue.rate_limit.clone()) else {
                return Err(Complaint::usage("--burst needs --rate: the queue has none"));
            };
            Some(json(Some(&RateLimit { burst: Some(burst), ..rate }))?)
        }
        (None, None) => None,
    };
    Ok(QueueChange {
        paused: None,
        max_concurrency: limits
            .max_concurrency
            .map(|most| json(most.value().as_ref()))
            .transpose()?,
        max_concurrency_per_key: limits.per_key,
        rate_limit,
        defaults: defaults(limits, before.map(|queue| queue.defaults.clone()).unwrap_or_default()),
        retention: kept(limits, before.map(|queue| queue.retention.clone()).unwrap_or_default()),
    })
}

/// The new defaults, if any of them is set.
fn defaults(limits: &Limits, before: TaskDefaults) -> Option<TaskDefaults> {
    let mut after = before;
    let mut touched = false;
    touched |= set(&mut after.max_attempts, limits.attempts);
    touched |= set(&mut after.timeout_seconds, limits.timeout);
    touched |= set(&mut after.backoff_base_seconds, limits.backoff);
    touched |= set(&mut after.backoff_max_seconds, limits.backoff_max);
    touched |= set(&mut after.stalled_after_seconds, limits.stalled_after);
    touched |= set(&mut after.retention_seconds, limits.retention);
    touched.then_some(after)
}

/// The new retention, if any of it is set.
fn kept(limits: &Limits, before: Retention) -> Option<Retention> {
    let mut after = before;
    let mut touched = false;
    touched |= set(&mut after.task_seconds, limits.keep_tasks);
    touched |= set(&mut after.body_seconds, limits.keep_bodies);
    touched |= set(&mut after.event_seconds, limits.keep_events);
    touched |= set(&mut after.progress_seconds, limits.keep_progress);
    touched.then_some(after)
}

fn set<T>(field: &mut Option<T>, limit: Option<OrNone<T>>) -> bool {
    let Some(limit) = limit else { return false };
    *field = limit.value();
    true
}

/// A value, or the `null` that takes a limit away.
fn json<T: serde::Serialize>(value: Option<&T>) -> Result<Value, Complaint> {
    serde_json::to_value(value)
        .map_err(|error| Complaint::usage(format!("the limit is no JSON: {error}")))
}
