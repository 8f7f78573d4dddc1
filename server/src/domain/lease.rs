//! The right of one worker to one attempt.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{cursor::Position, pace::Pace, time::Timestamp};

/// Rises with every lease of a task and never falls: whoever writes to a place of its own (a file,
/// another database) can refuse a worker whose fence is lower than one it has seen.
pub type Fence = u64;

/// The secret a worker shows with every report. Its `Debug` is blank, so it cannot reach a log line.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LeaseToken(String);

impl LeaseToken {
    /// 128 random bits.
    pub fn random() -> Self {
        LeaseToken(format!("lease_{:032x}", rand::random::<u128>()))
    }

    pub fn new(text: impl Into<String>) -> Self {
        LeaseToken(text.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for LeaseToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LeaseToken(…)")
    }
}

/// What a report is answered; kept, so that the same report sent twice is answered the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reported {
    pub lease_expires_at: Timestamp,
    pub cancel_requested: bool,
    /// The task's last event when the report was written.
    pub position: Position,
}

/// A lease as its task's row keeps it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lease {
    pub token: LeaseToken,
    pub worker: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Held by a worker inside the server, so it does not outlive the process.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub embedded: bool,
    /// How long it lives after each report.
    pub seconds: u64,
    /// On the steady clock.
    pub expires_at: Timestamp,
    /// When the attempt began, on the steady clock: where `timeout_seconds` counts from.
    pub since: Timestamp,
    /// The last report's sequence number and its answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<(u64, Reported)>,
    /// When more than a heartbeat came last, on the steady clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heard_at: Option<Timestamp>,
    /// How fast its work goes, in percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent_pace: Option<Pace>,
    /// The same in what `current` counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current_pace: Option<Pace>,
}
