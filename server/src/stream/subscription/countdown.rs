//! Quickstart's stream: a countdown's numbers as unnamed events.

use super::{Opened, Streams};
use crate::{domain::Refusal, stream::log::Log};

/// watchProgress.
#[derive(Clone, Debug)]
pub struct WatchCountdown {
    /// The name it was started under.
    pub name: String,
    /// `Last-Event-ID`, as it came. What is no cursor counts as none.
    pub cursor: Option<String>,
}

/// Watches the newest run of a countdown.
pub async fn open_countdown(
    log: &Log,
    streams: &Streams,
    request: WatchCountdown,
) -> Result<Opened, Refusal> {
    let _ = (log, streams, request);
    todo!()
}
