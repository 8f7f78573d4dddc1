//! Webhooks: whom the end of tasks is told to.

use std::collections::BTreeMap;

use poem_openapi::{Enum, Object, types::Example};
use serde::{Deserialize, Serialize};

use super::{declared_as, settable::Settable};
use crate::{
    api::strict,
    domain::{
        FieldError, Refusal, Timestamp,
        checks::Errors,
        webhook::{self, Secret, WEBHOOK_LABEL, WebhookEvent, WebhookId, WebhookSpec},
    },
};

declared_as!(WebhookEvent, DeclaredWebhookEvent);

/// An end of a task that a webhook can be told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename = "WebhookEvent")]
pub enum DeclaredWebhookEvent {
    /// It succeeded.
    #[oai(rename = "task.succeeded")]
    Succeeded,
    /// It failed, and no attempt follows.
    #[oai(rename = "task.failed")]
    Failed,
    /// It was cancelled.
    #[oai(rename = "task.cancelled")]
    Cancelled,
}

fn default_events() -> Option<Vec<WebhookEvent>> {
    Some(WebhookEvent::ALL.to_vec())
}

fn default_enabled() -> Option<bool> {
    Some(true)
}

/// A webhook to be made. `null` is the same as leaving a field out.
#[derive(Debug, Object, Deserialize)]
#[oai(example, skip_serializing_if_is_none)]
#[serde(deny_unknown_fields)]
pub struct WebhookSubmission {
    /// Where the messages are posted: `https://` or `http://`, without user name, password,
    /// fragment, blanks and control characters, at most 2048 bytes. Shown to everybody who may look.
    #[oai(validator(max_length = 2048))]
    pub url: String,
    /// Which ends are told.
    #[oai(default = "default_events", validator(min_items = 1))]
    #[serde(default, deserialize_with = "strict::optional_words")]
    pub events: Option<Vec<WebhookEvent>>,
    /// Only of tasks in this queue.
    pub queue: Option<String>,
    /// Only of tasks of this kind.
    pub kind: Option<String>,
    /// Only of tasks with all of these labels.
    #[oai(validator(max_properties = 32))]
    pub labels: Option<BTreeMap<String, String>>,
    /// What it is for, for people: at most 4096 characters.
    #[oai(validator(max_length = 4096))]
    pub description: Option<String>,
    /// `false`: nothing is told.
    #[oai(default = "default_enabled")]
    pub enabled: Option<bool>,
    /// A secret of your own that signs: `whsec_` and 24 to 64 bytes in base64. Without it the server
    /// makes one.
    pub secret: Option<String>,
}

/// What may change about a webhook; what is left out stays as it is.
#[derive(Debug, Default, Object, Deserialize)]
#[oai(example, skip_serializing_if_is_none)]
#[serde(deny_unknown_fields)]
pub struct WebhookChange {
    /// Where the messages are posted, those that wait included.
    #[oai(validator(max_length = 2048))]
    pub url: Option<String>,
    /// Which ends are told; replaced as a whole.
    #[oai(validator(min_items = 1))]
    #[serde(default, deserialize_with = "strict::optional_words")]
    pub events: Option<Vec<WebhookEvent>>,
    /// Only of tasks in this queue. `null`: of any.
    #[serde(default)]
    pub queue: Settable<String>,
    /// Only of tasks of this kind. `null`: of any.
    #[serde(default)]
    pub kind: Settable<String>,
    /// Only of tasks with all of these labels; replaced as a whole, so `{}` takes all away.
    #[oai(validator(max_properties = 32))]
    pub labels: Option<BTreeMap<String, String>>,
    /// What it is for. `null` takes it away.
    #[serde(default)]
    pub description: Settable<String>,
    /// `false`: nothing is told, and what waits is cancelled. `true`: from now on; what was missed is
    /// not made up for.
    pub enabled: Option<bool>,
}

/// Another secret.
#[derive(Debug, Default, Object, Deserialize)]
#[oai(example, skip_serializing_if_is_none)]
#[serde(deny_unknown_fields)]
pub struct SecretRotation {
    /// A secret of your own: `whsec_` and 24 to 64 bytes in base64. Without it the server makes one.
    pub secret: Option<String>,
}

/// Whom the end of tasks is told to.
#[derive(Debug, Object, Serialize)]
#[oai(skip_serializing_if_is_none)]
pub struct Webhook {
    /// Made by the server (a UUIDv7).
    pub id: WebhookId,
    /// Where the messages are posted.
    pub url: String,
    /// Which ends are told.
    pub events: Vec<WebhookEvent>,
    /// Only of tasks in this queue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue: Option<String>,
    /// Only of tasks of this kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Only of tasks with all of these labels.
    pub labels: BTreeMap<String, String>,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether anything is told.
    pub enabled: bool,
    /// Why the server disabled it; absent where its owner did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disabled_reason: Option<String>,
    /// What signs the messages. Only in the answers of createWebhook and rotateWebhookSecret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When anything was last said of it.
    pub updated_at: Timestamp,
    /// Where to go from here.
    pub links: WebhookLinks,
}

/// Paths relative to the server's root.
#[derive(Debug, Object, Serialize)]
pub struct WebhookLinks {
    /// The webhook itself.
    #[serde(rename = "self")]
    #[oai(rename = "self")]
    pub itself: String,
    /// POST here to send it a test.
    pub test: String,
    /// POST here to give it another secret.
    pub rotate_secret: String,
    /// Its deliveries, as tasks, newest first.
    pub deliveries: String,
}

/// A page of webhooks, by id.
#[derive(Debug, Object, Serialize)]
#[oai(skip_serializing_if_is_none)]
pub struct WebhookList {
    /// The webhooks, without their secrets.
    pub items: Vec<Webhook>,
    /// Give this as `page` to get the next one; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_page: Option<String>,
}

impl Example for WebhookSubmission {
    fn example() -> Self {
        WebhookSubmission {
            url: "https://example.com/hooks/milepost".to_owned(),
            events: Some(vec![WebhookEvent::Succeeded, WebhookEvent::Failed]),
            queue: None,
            kind: Some("thumbnails".to_owned()),
            labels: None,
            description: Some("Tells the shop that the pictures are there".to_owned()),
            enabled: default_enabled(),
            secret: None,
        }
    }
}

impl Example for WebhookChange {
    fn example() -> Self {
        WebhookChange { kind: Settable::Null, enabled: Some(true), ..WebhookChange::default() }
    }
}

impl Example for SecretRotation {
    fn example() -> Self {
        SecretRotation::default()
    }
}

fn each_once(mut events: Vec<WebhookEvent>) -> Vec<WebhookEvent> {
    events.sort_unstable();
    events.dedup();
    events
}

fn secret(text: Option<String>) -> Result<Option<Secret>, FieldError> {
    text.map(|text| Secret::parse("secret", &text)).transpose()
}

impl WebhookSubmission {
    /// The webhook and its secret, if one is given.
    pub fn into_spec(self) -> Result<(WebhookSpec, Option<Secret>), Refusal> {
        let spec = WebhookSpec {
            url: self.url,
            events: each_once(self.events.unwrap_or_else(|| WebhookEvent::ALL.to_vec())),
            queue: self.queue,
            kind: self.kind,
            labels: self.labels.unwrap_or_default(),
            description: self.description,
            enabled: self.enabled.unwrap_or(true),
        };
        let mut errors = Errors::default();
        spec.check(&mut errors);
        let secret = errors.keep(secret(self.secret));
        errors.none_or((spec, secret))
    }
}

impl WebhookChange {
    /// What it changes; what is wrong with it, the engine says.
    pub fn into_change(self) -> webhook::WebhookChange {
        webhook::WebhookChange {
            url: self.url,
            events: self.events.map(each_once),
            queue: self.queue.into_change(),
            kind: self.kind.into_change(),
            labels: self.labels,
            description: self.description.into_change(),
            enabled: self.enabled,
        }
    }
}

impl SecretRotation {
    /// The secret, if one is given.
    pub fn into_secret(self) -> Result<Option<Secret>, Refusal> {
        Ok(secret(self.secret)?)
    }
}

impl Webhook {
    /// With its secret: only for who has just made or changed it.
    pub fn revealed(webhook: webhook::Webhook) -> Self {
        let secret = Some(webhook.secret.text().to_owned());
        Webhook { secret, ..webhook.into() }
    }
}

impl From<webhook::Webhook> for Webhook {
    fn from(webhook: webhook::Webhook) -> Self {
        let WebhookSpec { url, events, queue, kind, labels, description, enabled } = webhook.spec;
        let itself = format!("/api/v1/webhooks/{}", webhook.id);
        let deliveries =
            format!("/api/v1/tasks?queue=milepost&label={WEBHOOK_LABEL}%3D{}", webhook.id);
        Webhook {
            links: WebhookLinks {
                test: format!("{itself}/test"),
                rotate_secret: format!("{itself}/rotate-secret"),
                deliveries,
                itself,
            },
            id: webhook.id,
            url,
            events,
            queue,
            kind,
            labels,
            description,
            enabled,
            disabled_reason: webhook.disabled_reason,
            secret: None,
            created_at: webhook.created_at,
            updated_at: webhook.updated_at,
        }
    }
}
