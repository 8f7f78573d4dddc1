//! Webhooks: how they come to be, and how deliveries do.
//!
//! A delivery is a task of the reserved queue, made in the transaction that writes the end it tells of.
//! An embedded worker sends it; retries, history and retention are those of any task. The webhooks are
//! few and kept with the writer, so an end that no webhook wants costs a look at an empty map.

use super::{
    batch::Batch,
    command::{IdempotencyKey, Reply},
    submit::{self, Origin, known_ids},
};
use crate::domain::{
    Labels, Moment, NewTask, RawJson, Refusal, State,
    bulk::{BulkAction, BulkFilter, BulkOrder},
    checks::Errors,
    name::RESERVED,
    submission::Backoff,
    webhook::{
        DELIVERY_KIND, Delivery, DeliveryType, OldSecret, Secret, WEBHOOK_LABEL, Webhook,
        WebhookChange, WebhookId, WebhookSpec,
    },
};

/// With these the attempts are spread over about three days: each wait is half its bound on average,
/// the bounds double from 10 s to 8 h, and 17 of them are 8 h.
const MAX_ATTEMPTS: u32 = 30;
const BACKOFF: Backoff = Backoff { base_seconds: Some(10), max_seconds: Some(8 * 3600) };
/// Deliveries are looked at for a week after their end.
const RETENTION_SECONDS: u64 = 7 * 24 * 3600;

pub fn create(
    batch: &mut Batch,
    spec: &WebhookSpec,
    secret: Option<&Secret>,
    key: Option<&IdempotencyKey>,
    now: &Moment,
) -> Result<Reply, Refusal> {
    if let Some(known) = known_ids(batch, key, now)?.and_then(|ids| ids.first()) {
        return Ok(Reply::Webhook(Box::new(find(batch, known)?.clone())));
    }
    check(spec)?;
    if batch.webhooks().len() >= Webhook::MAX {
        return Err(Refusal::TooManyWebhooks(Webhook::MAX));
    }
    let webhook = Webhook {
        id: WebhookId::random(),
        spec: spec.clone(),
        secret: secret.cloned().unwrap_or_else(Secret::random),
        old_secrets: Vec::new(),
        disabled_reason: None,
        revision: 1,
        created_at: now.wall,
        updated_at: now.wall,
    };
    submit::remember(batch, key, std::slice::from_ref(&webhook.id), now);
    batch.save_webhook(webhook.clone());
    Ok(Reply::Webhook(Box::new(webhook)))
}

pub fn change(
    batch: &mut Batch,
    id: &WebhookId,
    change: &WebhookChange,
    now: &Moment,
) -> Result<Reply, Refusal> {
    let mut webhook = find(batch, id)?.clone();
    let spec = webhook.spec.changed_by(change.clone());
    check(&spec)?;
    let stops = webhook.spec.enabled && !spec.enabled;
    if spec.enabled {
        webhook.disabled_reason = None;
    }
    webhook.spec = spec;
    let webhook = save(batch, webhook, now);
    if stops {
        call_back(batch, id, now);
    }
    Ok(Reply::Webhook(Box::new(webhook)))
}

/// The new secret signs first; those before it sign beside it for a day, so that receivers can change
/// theirs in the meantime.
pub fn rotate(
    batch: &mut Batch,
    id: &WebhookId,
    secret: Option<&Secret>,
    key: Option<&IdempotencyKey>,
    now: &Moment,
) -> Result<Reply, Refusal> {
    let mut webhook = find(batch, id)?.clone();
    if known_ids(batch, key, now)?.is_some() {
        return Ok(Reply::Webhook(Box::new(webhook)));
    }
    let secret = secret.cloned().unwrap_or_else(Secret::random);
    if secret != webhook.secret {
        let old = OldSecret {
            secret: std::mem::replace(&mut webhook.secret, secret),
            until: now.wall.plus_seconds(Webhook::OLD_SECRET_SECONDS),
        };
        webhook.old_secrets.retain(|old| old.until > now.wall && old.secret != webhook.secret);
        webhook.old_secrets.insert(0, old);
        webhook.old_secrets.truncate(Webhook::MAX_OLD_SECRETS);
    }
    submit::remember(batch, key, std::slice::from_ref(id), now);
    Ok(Reply::Webhook(Box::new(save(batch, webhook, now))))
}

/// The receiver said that it wants no more. What is disabled already stays as it is.
pub fn disable(
    batch: &mut Batch,
    id: &WebhookId,
    reason: &str,
    now: &Moment,
) -> Result<Reply, Refusal> {
    let mut webhook = find(batch, id)?.clone();
    if webhook.spec.enabled {
        webhook.spec.enabled = false;
        webhook.disabled_reason = Some(reason.to_owned());
        save(batch, webhook, now);
        call_back(batch, id, now);
    }
    Ok(Reply::Done)
}

pub fn delete(batch: &mut Batch, id: &WebhookId, now: &Moment) -> Result<Reply, Refusal> {
    find(batch, id)?;
    batch.delete_webhook(id);
    call_back(batch, id, now);
    Ok(Reply::Done)
}

/// One attempt, because somebody looks; and though the webhook is disabled, because who repairs a
/// receiver tries it before anything counts on it.
pub fn test(
    batch: &mut Batch,
    id: &WebhookId,
    key: Option<&IdempotencyKey>,
    now: &Moment,
) -> Result<Reply, Refusal> {
    if let Some(task) = submit::known(batch, key, now)? {
        return Ok(Reply::Task(task));
    }
    let webhook_id = find(batch, id)?.id.clone();
    let event = DeliveryType::Test;
    let delivery =
        Delivery { webhook_id, event, at: now.wall, task_id: None, cursor: None, task: None };
    let new = NewTask { max_attempts: Some(1), ..task_of(&delivery) };
    let task = submit::create(batch, &new, Origin::default(), now);
    submit::remember(batch, key, std::slice::from_ref(&task.id), now);
    Ok(Reply::Task(batch.shown(&task)))
}

/// Makes the tasks of all deliveries that the ends in this batch are to be told by.
pub fn deliver(batch: &mut Batch, now: &Moment) {
    for delivery in batch.take_deliveries() {
        submit::create(batch, &task_of(&delivery), Origin::default(), now);
    }
}

fn task_of(delivery: &Delivery) -> NewTask {
    let id = delivery.webhook_id.as_str().to_owned();
    NewTask {
        queue: RESERVED.to_owned(),
        input: RawJson::of(delivery).ok(),
        labels: Labels::from([(WEBHOOK_LABEL.to_owned(), id.clone())]),
        max_attempts: Some(MAX_ATTEMPTS),
        backoff: BACKOFF,
        retention_seconds: Some(RETENTION_SECONDS),
        // So one slow receiver takes up only so much of the worker.
        concurrency_key: Some(id),
        ..NewTask::of(DELIVERY_KIND)
    }
}

/// Cancels what still waits for a webhook that is disabled or gone, however much that is: by a run over
/// many tasks, which goes page by page and on after a restart. What it misses ends at its next attempt.
fn call_back(batch: &mut Batch, id: &WebhookId, now: &Moment) {
    let filter = BulkFilter {
        states: vec![State::Scheduled, State::Queued, State::Running, State::Retrying],
        queue: Some(RESERVED.to_owned()),
        kind: Some(DELIVERY_KIND.to_owned()),
        labels: Labels::from([(WEBHOOK_LABEL.to_owned(), id.as_str().to_owned())]),
        created_before: Some(now.wall),
        ..BulkFilter::default()
    };
    let order = BulkOrder { action: BulkAction::Cancel, filter, dry_run: false };
    let new =
        NewTask { retention_seconds: Some(RETENTION_SECONDS), ..super::bulk::task_of(&order) };
    submit::create(batch, &new, Origin::default(), now);
}

fn save(batch: &mut Batch, mut webhook: Webhook, now: &Moment) -> Webhook {
    webhook.revision += 1;
    webhook.updated_at = now.wall;
    batch.save_webhook(webhook.clone());
    webhook
}

fn find<'a>(batch: &'a Batch, id: &WebhookId) -> Result<&'a Webhook, Refusal> {
    batch.webhooks().get(id).ok_or_else(|| Refusal::WebhookNotFound(id.clone()))
}

fn check(spec: &WebhookSpec) -> Result<(), Refusal> {
    let mut errors = Errors::default();
    spec.check(&mut errors);
    errors.none_or(())
}
