//! Webhooks: whom the end of tasks is told to.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use url::Url;

use super::{
    Cursor, EventType, FieldError, Labels, RawJson, Revision, Task, TaskId, Timestamp,
    checks::{self, Errors},
    name::is_reserved,
};

/// Webhooks are named like tasks.
pub type WebhookId = TaskId;

/// What a delivery's task is.
pub const DELIVERY_KIND: &str = "milepost.webhook.delivery";
/// The label by which a webhook's deliveries are found.
pub const WEBHOOK_LABEL: &str = "webhook";

/// What can be told. A task has one of these each time it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum WebhookEvent {
    #[serde(rename = "task.succeeded")]
    Succeeded,
    #[serde(rename = "task.failed")]
    Failed,
    #[serde(rename = "task.cancelled")]
    Cancelled,
}

impl WebhookEvent {
    pub const ALL: [WebhookEvent; 3] =
        [WebhookEvent::Succeeded, WebhookEvent::Failed, WebhookEvent::Cancelled];

    /// The end that an event of the log tells of, if it tells of one.
    pub fn of(event: EventType) -> Option<Self> {
        match event {
            EventType::Succeeded => Some(WebhookEvent::Succeeded),
            EventType::Failed => Some(WebhookEvent::Failed),
            EventType::Cancelled => Some(WebhookEvent::Cancelled),
            _ => None,
        }
    }
}

/// What is delivered: the end of a task, or a test that somebody asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DeliveryType {
    #[serde(rename = "webhook.test")]
    Test,
    #[serde(untagged)]
    Task(WebhookEvent),
}

/// The input of a delivery's task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    pub webhook_id: WebhookId,
    #[serde(rename = "type")]
    pub event: DeliveryType,
    /// When it happened.
    pub at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task_id: Option<TaskId>,
    /// Where the event is in the log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
    /// The task as that event shows it: the log may keep it for a shorter time than the attempts go on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<RawJson>,
}

/// What its owner says of a webhook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookSpec {
    pub url: String,
    /// In order, each once.
    pub events: Vec<WebhookEvent>,
    /// Only tasks of this queue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<String>,
    /// Only tasks of this kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Only tasks with all of these.
    #[serde(default, skip_serializing_if = "Labels::is_empty")]
    pub labels: Labels,
    /// For people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    pub enabled: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Webhook {
    pub id: WebhookId,
    pub spec: WebhookSpec,
    /// Signs what is sent.
    pub secret: Secret,
    /// Those before it, which sign beside it for a while, newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub old_secrets: Vec<OldSecret>,
    /// Why the server disabled it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled_reason: Option<String>,
    /// Rises with every change.
    pub revision: Revision,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OldSecret {
    pub secret: Secret,
    pub until: Timestamp,
}

/// updateWebhook: what is `None` stays, and `Some(None)` goes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WebhookChange {
    pub url: Option<String>,
    pub events: Option<Vec<WebhookEvent>>,
    pub queue: Option<Option<String>>,
    pub kind: Option<Option<String>>,
    pub labels: Option<Labels>,
    pub description: Option<Option<String>>,
    pub enabled: Option<bool>,
}

impl WebhookSpec {
    /// The longest URL, in bytes.
    pub const MAX_URL: usize = 2048;
    /// The longest description, in characters.
    pub const MAX_DESCRIPTION: usize = 4096;

    pub fn check(&self, errors: &mut Errors) {
        errors.take(check_url(&self.url));
        if self.events.is_empty() {
            errors.take(checks::error("events", "must have at least one entry"));
        }
        for (field, name) in [("queue", &self.queue), ("kind", &self.kind)] {
            let Some(name) = name else { continue };
            errors.take(checks::name(field, name));
            if is_reserved(name) {
                let message = "is the server's own, and its tasks are told to no webhook";
                errors.take(checks::error(field, message));
            }
        }
        errors.take(checks::labels(&self.labels));
        let description = self.description.as_deref();
        errors.take(checks::at_most("description", description, Self::MAX_DESCRIPTION));
    }

    /// Whether the end of this task is told.
    pub fn wants(&self, event: WebhookEvent, task: &Task) -> bool {
        self.enabled
            && self.events.contains(&event)
            && self.queue.as_ref().is_none_or(|queue| **queue == *task.queue)
            && self.kind.as_ref().is_none_or(|kind| **kind == *task.kind)
            && self.labels.iter().all(|(key, value)| task.labels.get(key) == Some(value))
    }

    pub fn changed_by(&self, change: WebhookChange) -> Self {
        WebhookSpec {
            url: change.url.unwrap_or_else(|| self.url.clone()),
            events: change.events.unwrap_or_else(|| self.events.clone()),
            queue: change.queue.unwrap_or_else(|| self.queue.clone()),
            kind: change.kind.unwrap_or_else(|| self.kind.clone()),
            labels: change.labels.unwrap_or_else(|| self.labels.clone()),
            description: change.description.unwrap_or_else(|| self.description.clone()),
            enabled: change.enabled.unwrap_or(self.enabled),
        }
    }
}

impl Webhook {
    /// How many there may be: each end of a task is held against all of them.
    pub const MAX: usize = 100;
    /// How many old secrets sign beside the current one.
    pub const MAX_OLD_SECRETS: usize = 4;
    /// How long an old secret signs on after a rotation: a day.
    pub const OLD_SECRET_SECONDS: u64 = 24 * 3600;

    /// The secrets that sign at a time, the current one first.
    pub fn secrets(&self, at: Timestamp) -> impl Iterator<Item = &Secret> {
        let old = self.old_secrets.iter().filter(move |old| old.until > at);
        std::iter::once(&self.secret).chain(old.map(|old| &old.secret))
    }
}

fn check_url(text: &str) -> Result<(), FieldError> {
    if text.len() > WebhookSpec::MAX_URL {
        return checks::error("url", format!("must have at most {} bytes", WebhookSpec::MAX_URL));
    }
    // A URL's parser leaves some of them out and writes others anew, so what is called would not be
    // what is shown.
    if text.contains(|c: char| c.is_control() || c.is_whitespace()) {
        let message = "must not have blanks or control characters; %20 stands for a blank";
        return checks::error("url", message);
    }
    let url = Url::parse(text).map_err(|error| {
        FieldError::new("url", format!("is no URL, e.g. https://example.com/hook: {error}"))
    })?;
    if !matches!(url.scheme(), "http" | "https") {
        return checks::error("url", "must begin with https:// or http://");
    }
    if !url.username().is_empty() || url.password().is_some() {
        // It is shown to everybody who may look.
        return checks::error("url", "must not carry a user name or password");
    }
    if url.fragment().is_some() {
        return checks::error("url", "must not have a fragment: it would never be sent");
    }
    Ok(())
}

/// A secret of Standard Webhooks: `whsec_` and 24 to 64 bytes in base64.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    const PREFIX: &str = "whsec_";
    const MIN_BYTES: usize = 24;
    const MAX_BYTES: usize = 64;

    /// A new one of 32 bytes.
    pub fn random() -> Self {
        let key: [u8; 32] = rand::random();
        Secret(format!("{}{}", Self::PREFIX, STANDARD.encode(key)))
    }

    /// One that the client chose.
    ///
    /// # Errors
    /// If it is none; the message does not repeat it.
    pub fn parse(field: &str, text: &str) -> Result<Self, FieldError> {
        let secret = Secret(text.to_owned());
        let fits = text.starts_with(Self::PREFIX)
            && (Self::MIN_BYTES..=Self::MAX_BYTES).contains(&secret.key().len());
        let message = "must be whsec_ and 24 to 64 bytes in base64";
        if fits { Ok(secret) } else { Err(FieldError::new(field, message)) }
    }

    /// As clients are shown it.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// The bytes that sign.
    pub fn key(&self) -> Vec<u8> {
        let text = self.0.strip_prefix(Self::PREFIX).unwrap_or_default();
        STANDARD.decode(text).unwrap_or_default()
    }
}

/// It stands in commands and rows, and those may be logged.
impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_has_24_to_64_bytes_and_is_not_shown_by_accident() {
        let secret = Secret::random();
        assert_eq!(secret.key().len(), 32);
        assert_eq!(Secret::parse("secret", secret.text()), Ok(secret.clone()));
        assert!(!format!("{secret:?}").contains(secret.text()));
        for bytes in [23, 65] {
            let text = format!("whsec_{}", STANDARD.encode(vec![7; bytes]));
            assert!(Secret::parse("secret", &text).is_err(), "{bytes}");
        }
        for text in ["", "whsec_", "whsec_%%%", &secret.text()[6..]] {
            assert!(Secret::parse("secret", text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_url_is_http_and_carries_no_password() {
        for text in ["https://example.com/hook?a=b", "http://127.0.0.1:8080", "http://[::1]/x"] {
            assert_eq!(check_url(text), Ok(()), "{text}");
        }
        let long = format!("https://example.com/{}", "x".repeat(2048));
        let wrong =
            ["", "x", "ftp://a", "https://", "http://u:p@a/", "http://u@a/", "http://a/#b", &long];
        for text in wrong {
            assert!(check_url(text).is_err(), "{text}");
        }
        for within in [" ", "\t", "\n", "\r\n", "\0", "\u{7f}", "\u{85}", "\u{a0}", "\u{2028}"] {
            for text in [
                format!("{within}https://example.com/"),
                format!("https://example{within}.com/"),
                format!("https://example.com/a{within}b"),
                format!("https://example.com/?a={within}"),
            ] {
                assert!(check_url(&text).is_err(), "{text:?}");
            }
        }
        assert_eq!(check_url("https://example.com/a%20b?c=%0a"), Ok(()));
    }

    #[test]
    fn a_deliverys_type_is_the_events_name() {
        for (event, name) in [
            (DeliveryType::Test, "\"webhook.test\""),
            (DeliveryType::Task(WebhookEvent::Failed), "\"task.failed\""),
        ] {
            assert_eq!(serde_json::to_string(&event).ok().as_deref(), Some(name));
            assert_eq!(serde_json::from_str::<DeliveryType>(name).ok(), Some(event));
        }
    }
}
