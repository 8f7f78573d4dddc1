//! Webhooks: whom the end of tasks is told to.

use poem::Request;
use poem_openapi::{
    ApiResponse, OpenApi,
    param::{Path, Query},
};

use super::{
    Api, Tag,
    answers::{ChangeAccepted, NO_STORE, REVALIDATE},
    cached::Listed,
    conditional::{self, none_match_holds, revision_tag},
    idempotency,
    paging::{NamedPage, default_limit, next_link},
    params::{Bounded, HeaderText, IdText},
    payload::{JsonBody, Reply},
    problem::{
        ChangingSetting, CreatingSchedule, DeletingSchedule, Failed, Reading, ReadingTask,
        RotatingSecret, RunningSchedule,
    },
    wire::webhook::{SecretRotation, Webhook, WebhookChange, WebhookList, WebhookSubmission},
};
use crate::domain::Refusal;

/// The operations tagged "Webhooks".
pub struct Webhooks(pub Api);

const WEBHOOKS: &str = "/api/v1/webhooks";

/// A webhook that was made.
#[derive(ApiResponse)]
pub enum WebhookCreated {
    /// Made and durable, with its secret. With an `Idempotency-Key` that came before: the webhook as it
    /// is now.
    #[oai(status = 201)]
    Created(
        Reply<Webhook>,
        /// Where the webhook is.
        #[oai(header = "Location")]
        String,
        /// The webhook's revision.
        #[oai(header = "ETag")]
        String,
        /// `no-store`: it has a secret in it.
        #[oai(header = "Cache-Control")]
        String,
    ),
}

/// A webhook, unless the client has it.
#[derive(ApiResponse)]
pub enum WebhookFound {
    /// The webhook, without its secret.
    #[oai(status = 200)]
    Found(
        Reply<Webhook>,
        /// The webhook's revision: it rises with every change.
        #[oai(header = "ETag")]
        String,
        /// `no-cache`: ask again each time, with `If-None-Match`.
        #[oai(header = "Cache-Control")]
        String,
    ),
    /// The webhook is still as the `If-None-Match` says.
    #[oai(status = 304)]
    Unchanged(
        /// The webhook's revision.
        #[oai(header = "ETag")]
        String,
        /// `no-cache`: ask again each time, with `If-None-Match`.
        #[oai(header = "Cache-Control")]
        String,
    ),
}

/// A webhook after a change.
#[derive(ApiResponse)]
pub enum WebhookChanged {
    /// The webhook after the change, without its secret.
    #[oai(status = 200)]
    Changed(
        Reply<Webhook>,
        /// The webhook's revision.
        #[oai(header = "ETag")]
        String,
    ),
}

/// A webhook with another secret.
#[derive(ApiResponse)]
pub enum SecretRotated {
    /// The webhook, with its new secret.
    #[oai(status = 200)]
    Rotated(
        Reply<Webhook>,
        /// The webhook's revision.
        #[oai(header = "ETag")]
        String,
        /// `no-store`: it has a secret in it.
        #[oai(header = "Cache-Control")]
        String,
    ),
}

/// The webhook is gone.
#[derive(ApiResponse)]
pub enum WebhookDeleted {
    /// The webhook is deleted.
    #[oai(status = 204)]
    Deleted,
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Webhooks")]
impl Webhooks {
    /// Create a webhook
    ///
    /// From now on the end of each task that matches is posted to its URL, signed as Standard Webhooks
    /// has it. The answer has the secret that signs; it is not shown again. Each delivery is a task of
    /// the server's own: it is tried for about three days, and `links.deliveries` lists them with what
    /// went wrong. At most 100 webhooks.
    #[oai(path = "/webhooks", method = "post", operation_id = "createWebhook")]
    async fn create_webhook(
        &self,
        /// Your word for this request: 1 to 255 printable ASCII characters, e.g. a UUID.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: HeaderText,
        body: JsonBody<WebhookSubmission>,
    ) -> Result<WebhookCreated, Failed<CreatingSchedule>> {
        let (spec, secret) = body.value.into_spec()?;
        let request = || serde_json::to_string(&(&spec, &secret)).unwrap_or_default();
        let key = idempotency::key("createWebhook", &idempotency_key, WEBHOOKS, request)?;
        let webhook = self.0.engine.create_webhook(spec, secret, key).await?;
        let tag = revision_tag(webhook.revision);
        let webhook = Webhook::revealed(webhook);
        let reply = Reply::of(&webhook)?;
        Ok(WebhookCreated::Created(reply, webhook.links.itself, tag, NO_STORE.to_owned()))
    }

    /// List webhooks
    ///
    /// By id, in pages, without their secrets.
    #[oai(path = "/webhooks", method = "get", operation_id = "listWebhooks")]
    async fn list_webhooks(
        &self,
        request: &Request,
        /// At most that many.
        #[oai(default = "default_limit")]
        limit: Query<Bounded<1, 200>>,
        /// `next_page` of the page before.
        page: Query<Option<String>>,
        /// The `ETag` of what you hold: 304 if nothing changed.
        #[oai(name = "If-None-Match")]
        if_none_match: HeaderText,
    ) -> Result<Listed<WebhookList>, Failed<Reading>> {
        let page = NamedPage::of(limit.0, page.0.as_deref())?;
        let (after, sought) = (page.after.clone(), page.sought());
        let mut found = self.0.log.read(move |reads| reads.webhooks(&after, sought)).await?;
        let next_page = page.cut(&mut found, |webhook| webhook.id.as_str());
        let link = next_link(request.original_uri(), next_page.as_deref());
        let items = found.into_iter().map(Webhook::from).collect();
        Ok(Listed::page(&WebhookList { items, next_page }, link, &if_none_match)?)
    }

    /// Get a webhook
    ///
    /// Without its secret.
    #[oai(path = "/webhooks/:id", method = "get", operation_id = "getWebhook")]
    async fn get_webhook(
        &self,
        /// The webhook.
        id: Path<IdText>,
        /// The `ETag` of what you hold: 304 if nothing changed.
        #[oai(name = "If-None-Match")]
        if_none_match: HeaderText,
    ) -> Result<WebhookFound, Failed<ReadingTask>> {
        let id = id.webhook_id()?;
        let sought = id.clone();
        let webhook = self.0.log.read(move |reads| reads.webhook(&sought)).await?;
        let webhook = webhook.ok_or(Refusal::WebhookNotFound(id))?;
        let (tag, revalidate) = (revision_tag(webhook.revision), REVALIDATE.to_owned());
        if if_none_match.as_deref().is_some_and(|header| none_match_holds(header, &tag)) {
            return Ok(WebhookFound::Unchanged(tag, revalidate));
        }
        Ok(WebhookFound::Found(Reply::of(&webhook.into())?, tag, revalidate))
    }

    /// Change a webhook
    ///
    /// What is left out stays as it is; `null` takes `queue`, `kind` and `description` away. With
    /// `If-Match` only if the webhook is still at that revision. Where it is disabled, deliveries that
    /// wait are cancelled.
    #[oai(path = "/webhooks/:id", method = "patch", operation_id = "updateWebhook")]
    async fn update_webhook(
        &self,
        /// The webhook.
        id: Path<IdText>,
        /// Only if it is still so: its `ETag`, several of them, or `*` (RFC 9110 §13.1.1).
        #[oai(name = "If-Match")]
        if_match: HeaderText,
        body: JsonBody<WebhookChange>,
    ) -> Result<WebhookChanged, Failed<ChangingSetting>> {
        let id = id.webhook_id()?;
        let engine = self.0.engine.only_if(conditional::if_match(&if_match)?);
        let webhook = engine.change_webhook(id, body.value.into_change()).await?;
        let tag = revision_tag(webhook.revision);
        Ok(WebhookChanged::Changed(Reply::of(&webhook.into())?, tag))
    }

    /// Delete a webhook
    ///
    /// Nothing is told to it any more. Its deliveries that wait are cancelled; those that ended stay for
    /// their week.
    #[oai(path = "/webhooks/:id", method = "delete", operation_id = "deleteWebhook")]
    async fn delete_webhook(
        &self,
        /// The webhook.
        id: Path<IdText>,
        /// Only if it is still so: its `ETag`, several of them, or `*` (RFC 9110 §13.1.1).
        #[oai(name = "If-Match")]
        if_match: HeaderText,
    ) -> Result<WebhookDeleted, Failed<DeletingSchedule>> {
        self.0
            .engine
            .only_if(conditional::if_match(&if_match)?)
            .delete_webhook(id.webhook_id()?)
            .await?;
        Ok(WebhookDeleted::Deleted)
    }

    /// Test a webhook
    ///
    /// Sends it one message of type `webhook.test`, once, though it is disabled. The answer is the
    /// delivery's task: wait for its end to learn what the receiver said.
    #[oai(path = "/webhooks/:id/test", method = "post", operation_id = "testWebhook")]
    async fn test_webhook(
        &self,
        /// The webhook.
        id: Path<IdText>,
        /// Only if it is still so: its `ETag`, several of them, or `*` (RFC 9110 §13.1.1).
        #[oai(name = "If-Match")]
        if_match: HeaderText,
        /// Your word for this request: 1 to 255 printable ASCII characters, e.g. a UUID.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: HeaderText,
    ) -> Result<ChangeAccepted, Failed<RunningSchedule>> {
        let id = id.webhook_id()?;
        let path = format!("{WEBHOOKS}/{id}/test");
        let key = idempotency::key("testWebhook", &idempotency_key, &path, String::new)?;
        Ok(ChangeAccepted::of(
            &self.0.engine.only_if(conditional::if_match(&if_match)?).test_webhook(id, key).await?,
        ))
    }

    /// Give a webhook another secret
    ///
    /// The answer has the secret; it is not shown again. For 24 hours the one before signs as well, so
    /// that the receiver can change over in that time.
    #[oai(
        path = "/webhooks/:id/rotate-secret",
        method = "post",
        operation_id = "rotateWebhookSecret"
    )]
    async fn rotate_webhook_secret(
        &self,
        /// The webhook.
        id: Path<IdText>,
        /// Only if it is still so: its `ETag`, several of them, or `*` (RFC 9110 §13.1.1).
        #[oai(name = "If-Match")]
        if_match: HeaderText,
        /// Your word for this request: 1 to 255 printable ASCII characters, e.g. a UUID.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: HeaderText,
        body: JsonBody<SecretRotation>,
    ) -> Result<SecretRotated, Failed<RotatingSecret>> {
        let id = id.webhook_id()?;
        let secret = body.value.into_secret()?;
        let path = format!("{WEBHOOKS}/{id}/rotate-secret");
        let request = || serde_json::to_string(&secret).unwrap_or_default();
        let key = idempotency::key("rotateWebhookSecret", &idempotency_key, &path, request)?;
        let webhook = self
            .0
            .engine
            .only_if(conditional::if_match(&if_match)?)
            .rotate_webhook_secret(id, secret, key)
            .await?;
        let tag = revision_tag(webhook.revision);
        let reply = Reply::of(&Webhook::revealed(webhook))?;
        Ok(SecretRotated::Rotated(reply, tag, NO_STORE.to_owned()))
    }
}
