//! What is sent, and how it is signed: Standard Webhooks.
//!
//! Signed here with the crates that compute HMAC-SHA256 anyway, and not with the library of Standard
//! Webhooks: it takes one secret at a time, and is what the tests verify with, so that sender and
//! verifier do not share a mistake.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use sha2::Sha256;

use crate::domain::{
    RawJson, Timestamp,
    webhook::{Delivery, DeliveryType, Secret, WebhookId},
};

/// A message to a receiver.
#[derive(Serialize)]
pub struct Message<'a> {
    #[serde(rename = "type")]
    event: DeliveryType,
    timestamp: Timestamp,
    data: Data<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Data<'a> {
    Task { task: &'a RawJson },
    Test { webhook_id: &'a WebhookId },
}

/// A message ready to be sent.
pub struct Signed {
    pub id: String,
    /// In seconds since 1970.
    pub timestamp: i64,
    /// One for each secret, separated by blanks.
    pub signature: String,
    pub body: String,
}

impl<'a> Message<'a> {
    /// Made of nothing but the delivery, so that every attempt sends the same.
    pub fn of(delivery: &'a Delivery) -> Self {
        let data = match &delivery.task {
            Some(task) => Data::Task { task },
            None => Data::Test { webhook_id: &delivery.webhook_id },
        };
        Message { event: delivery.event, timestamp: delivery.at, data }
    }

    /// `id` is the same with every attempt, `now` is not.
    pub fn signed<'s>(
        &self,
        id: &str,
        secrets: impl Iterator<Item = &'s Secret>,
        now: Timestamp,
    ) -> Signed {
        let timestamp = now.0.div_euclid(1000);
        // A message of ours is always JSON.
        let body = serde_json::to_string(self).unwrap_or_default();
        let content = format!("{id}.{timestamp}.{body}");
        let signatures: Vec<String> =
            secrets.filter_map(|secret| sign(secret, content.as_bytes())).collect();
        Signed { id: id.to_owned(), timestamp, signature: signatures.join(" "), body }
    }
}

fn sign(secret: &Secret, content: &[u8]) -> Option<String> {
    // HMAC takes a key of any length.
    let mut mac = Hmac::<Sha256>::new_from_slice(&secret.key()).ok()?;
    mac.update(content);
    Some(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_that_of_the_specifications_example() {
        let secret = Secret::parse("secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let content = b"msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{\"test\": 2432232314}";
        let signature = sign(&secret.expect("a secret"), content);
        let expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert_eq!(signature.as_deref(), Some(expected));
    }
}
