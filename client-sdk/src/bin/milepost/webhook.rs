//! `webhook`: whom the end of tasks is told to.

use std::pin::pin;

use futures_util::TryStreamExt;
use milepost_client::{
    Milepost,
    types::{Webhook, WebhookChange, WebhookSubmission},
};
use serde_json::Value;

use crate::{
    args::{Condition, WebhookCommand, WebhookCreate, WebhookOptions, WebhookUpdate},
    ask::{ask, if_match, show},
    outcome::{Complaint, FAILED, Outcome, SUCCEEDED, print, print_json},
    table::{or_dash, print_table},
    tasks::each,
};

/// How long one question waits for a delivery's end, in seconds.
const WAIT_SECONDS: u64 = 60;

pub async fn run(milepost: Milepost, command: WebhookCommand) -> Outcome {
    match command {
        WebhookCommand::List { json } => list(milepost, json).await,
        WebhookCommand::Get { id, shown } => {
            show(milepost.api().get_webhook().id(id).send(), shown).await
        }
        WebhookCommand::Create(create) => make(milepost, *create).await,
        WebhookCommand::Update(update) => change(milepost, *update).await,
        WebhookCommand::Test { id, condition, json } => test(milepost, id, condition, json).await,
        WebhookCommand::RotateSecret { id, condition } => {
            let rotating = milepost
                .api()
                .rotate_webhook_secret()
                .id(id)
                .idempotency_key(uuid::Uuid::new_v4().to_string())
                .body_map(|body| body);
            let rotating = if_match!(rotating, condition.if_match);
            print(ask(rotating.send()).await?.secret.clone().unwrap_or_default());
            Ok(SUCCEEDED)
        }
        WebhookCommand::Delete { ids, condition } => delete(milepost, ids, condition).await,
    }
}

async fn list(milepost: Milepost, json: bool) -> Outcome {
    let webhooks: Vec<Webhook> = pin!(milepost.webhooks()).try_collect().await?;
    if json {
        print_json(&webhooks)?;
    } else {
        let head = ["ID", "STATE", "QUEUE", "KIND", "URL"];
        print_table(head, webhooks.iter().map(row).collect());
    }
    Ok(SUCCEEDED)
}

fn row(webhook: &Webhook) -> [String; 5] {
    let state = if webhook.enabled { "enabled" } else { "disabled" };
    [
        webhook.id.clone(),
        state.to_owned(),
        or_dash(webhook.queue.clone()),
        or_dash(webhook.kind.clone()),
        webhook.url.clone(),
    ]
}

async fn make(milepost: Milepost, create: WebhookCreate) -> Outcome {
    let WebhookOptions { events, labels, description } = create.options;
    let mut submission: WebhookSubmission = WebhookSubmission::builder()
        .url(create.url)
        .queue(create.queue)
        .kind(create.kind)
        .labels(labels.into_iter().collect::<std::collections::BTreeMap<_, _>>())
        .description(description)
        .enabled(!create.disabled)
        .try_into()
        .map_err(|error| Complaint::usage(format!("the webhook cannot be made: {error}")))?;
    if !events.is_empty() {
        submission.events = events.into_iter().map(Into::into).collect();
    }
    let key = uuid::Uuid::new_v4().to_string();
    let making = milepost.api().create_webhook().idempotency_key(key).body(submission).send();
    let webhook = ask(making).await?;
    if create.json {
        print_json(&webhook)?;
    } else {
        print(format_args!("{}\n{}", webhook.id, webhook.secret.clone().unwrap_or_default()));
    }
    Ok(SUCCEEDED)
}

async fn change(milepost: Milepost, update: WebhookUpdate) -> Outcome {
    let says_nothing = update.url.is_none()
        && update.options == WebhookOptions::default()
        && (update.queue.is_none() && !update.any_queue)
        && (update.kind.is_none() && !update.any_kind)
        && !(update.enable || update.disable);
    if says_nothing {
        return Err(Complaint::usage("there is nothing to update; --help names what there is"));
    }
    let WebhookOptions { events, labels, description } = update.options;
    let change = WebhookChange {
        url: update.url,
        events: (!events.is_empty()).then(|| events.into_iter().map(Into::into).collect()),
        queue: settable(update.queue, update.any_queue),
        kind: settable(update.kind, update.any_kind),
        labels: (!labels.is_empty()).then(|| labels.into_iter().collect()),
        description: settable(description, false),
        enabled: (update.enable || update.disable).then_some(update.enable),
    };
    let changing = milepost.api().update_webhook().id(update.id).body(change);
    let webhook = ask(if_match!(changing, update.condition.if_match).send()).await?;
    if update.json {
        print_json(&webhook)?;
    } else {
        print(format_args!("{} updated", webhook.id));
    }
    Ok(SUCCEEDED)
}

/// A field that `null` takes away.
fn settable(typed: Option<String>, away: bool) -> Option<Value> {
    if away { Some(Value::Null) } else { typed.map(Value::String) }
}

async fn test(milepost: Milepost, id: String, condition: Condition, json: bool) -> Outcome {
    let key = uuid::Uuid::new_v4().to_string();
    let testing = milepost.api().test_webhook().id(id).idempotency_key(key);
    let mut task = ask(if_match!(testing, condition.if_match).send()).await?;
    while !task.done {
        let prefer = format!("wait={WAIT_SECONDS}");
        task = ask(milepost.api().get_task().id(&task.id).prefer(prefer).send()).await?;
    }
    let error = task.error.clone();
    if json {
        print_json(&task)?;
    } else {
        let title = error.as_ref().map(|error| error.title.as_ref().unwrap_or(&error.type_));
        print(title.map_or("delivered", |title| title.as_str()));
    }
    Ok(if error.is_some() { FAILED } else { SUCCEEDED })
}

async fn delete(milepost: Milepost, ids: Vec<String>, condition: Condition) -> Outcome {
    let tag = condition.of(&ids)?;
    each(ids, |id| {
        let (milepost, tag) = (milepost.clone(), tag.clone());
        async move {
            ask(if_match!(milepost.api().delete_webhook().id(&id), tag).send()).await?;
            Ok(format!("{id} deleted"))
        }
    })
    .await
}
