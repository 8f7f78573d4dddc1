//! The embedded worker behind webhooks.
//!
//! Each delivery is a task of the reserved queue, so waiting, retrying and what came of it are the
//! engine's; here a message is sent, and its answer is put into the engine's words.

mod message;
mod reach;

use std::{ops::ControlFlow, sync::Arc};

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

pub use self::reach::Reach;
use self::{
    message::Message,
    reach::{Answer, Sender},
};
use crate::{
    domain::{
        RawJson, TaskError, Timestamp,
        name::RESERVED,
        webhook::{DELIVERY_KIND, Delivery, DeliveryType, Webhook},
    },
    embedded::{self, Attempt, Trade},
    engine::{Engine, Leased, Outcome},
    store::StoreError,
    stream::log::Log,
};

/// Deliveries that are under way at once. A webhook has at most four of them, so receivers that let
/// everybody wait must be many before they hold up the others.
const AT_ONCE: usize = 32;
/// Longer than the longest patience with a receiver, so that no delivery needs to report.
const LEASE_SECONDS: u64 = 90;
/// The longest time that a receiver's `Retry-After` is given: a day.
const MAX_RETRY_AFTER_SECONDS: u64 = 24 * 3600;

/// Delivers until `shutdown`, then gives its leases back. The handle ends when that is done.
pub fn start(
    engine: Engine,
    log: Log,
    reach: Reach,
    shutdown: CancellationToken,
) -> JoinHandle<()> {
    let trade = Trade {
        name: "milepost-webhooks",
        queue: RESERVED,
        kinds: vec![DELIVERY_KIND.to_owned()],
        at_once: AT_ONCE,
        lease_seconds: LEASE_SECONDS,
    };
    let postman = Arc::new(Postman { log, sender: Sender::new(reach) });
    let run = move |attempt, lease| run(postman.clone(), attempt, lease);
    embedded::start(engine, trade, run, shutdown)
}

struct Postman {
    log: Log,
    sender: Sender,
}

async fn run(postman: Arc<Postman>, attempt: Attempt, lease: Leased) -> ControlFlow<()> {
    if lease.cancel_requested {
        return attempt.stop().await;
    }
    let delivery = lease.task.input.as_ref().map(|input| serde_json::from_str(input.get()));
    let Some(Ok(delivery)) = delivery else {
        return give_up(&attempt, "damaged", "The delivery's input is not what the server wrote")
            .await;
    };
    match postman.deliver(&attempt, &delivery).await {
        Ok(flow) => flow,
        Err(error) => {
            tracing::error!(%error, "a webhook's delivery cannot be read");
            let error = TaskError::new("unreadable", "The delivery cannot be read at the moment");
            fail(&attempt, error, Some(5)).await
        }
    }
}

impl Postman {
    async fn deliver(
        &self,
        attempt: &Attempt,
        delivery: &Delivery,
    ) -> Result<ControlFlow<()>, StoreError> {
        let id = delivery.webhook_id.clone();
        let Some(webhook) = self.log.read(move |reads| reads.webhook(&id)).await? else {
            return Ok(give_up(attempt, "webhook-deleted", "The webhook was deleted").await);
        };
        if !webhook.spec.enabled && delivery.event != DeliveryType::Test {
            return Ok(give_up(attempt, "webhook-disabled", "The webhook is disabled").await);
        }
        let id = attempt.task().as_str();
        let now = Timestamp::system();
        let signed = Message::of(delivery).signed(id, webhook.secrets(now), now);
        let answer = self.sender.post(&webhook.spec.url, signed).await;
        Ok(conclude(attempt, &webhook, answer).await)
    }
}

/// Puts the receiver's answer into the engine's words.
async fn conclude(attempt: &Attempt, webhook: &Webhook, answer: Answer) -> ControlFlow<()> {
    match answer {
        Answer::Taken { status } => {
            let output = RawJson::of(&serde_json::json!({ "status": status })).ok();
            attempt.end(Outcome::Complete { output }).await
        }
        Answer::Gone(error) => {
            // First what cannot be told twice: should the server end between the two, the next
            // delivery learns the same.
            let flow = give_up_with(attempt, error).await;
            let reason = "The receiver answered 410 Gone".to_owned();
            if let Err(refusal) = attempt.engine.disable_webhook(webhook.id.clone(), reason).await {
                tracing::warn!(webhook = %webhook.id, %refusal, "a webhook is not disabled");
            }
            flow
        }
        Answer::Forbidden(error) => give_up_with(attempt, error).await,
        Answer::Failed { error, retry_after_seconds } => {
            let wait = retry_after_seconds.map(|wait| wait.clamp(1, MAX_RETRY_AFTER_SECONDS));
            fail(attempt, error, wait).await
        }
    }
}

async fn give_up(attempt: &Attempt, kind: &str, title: &str) -> ControlFlow<()> {
    give_up_with(attempt, TaskError::new(kind, title)).await
}

async fn give_up_with(attempt: &Attempt, error: TaskError) -> ControlFlow<()> {
    attempt.end(Outcome::Fail { error, retryable: false, retry_after_seconds: None }).await
}

async fn fail(
    attempt: &Attempt,
    error: TaskError,
    retry_after_seconds: Option<u64>,
) -> ControlFlow<()> {
    attempt.end(Outcome::Fail { error, retryable: true, retry_after_seconds }).await
}
