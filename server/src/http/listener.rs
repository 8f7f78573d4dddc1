//! The accept loop, and the drain.
//!
//! An own loop instead of `poem::Server` (3.1.12), which sees a client leave only when a write fails,
//! sets no header timer, burns a core when descriptors run out, and waits for open streams for ever.

use std::{
    io,
    sync::Arc,
    time::{Duration, Instant},
};

use poem::Endpoint;
use tokio::{net::TcpListener, time::timeout};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::connection::{self, Service};

/// How long to wait when the machine has no room for another connection. Long enough to cost
/// nothing, short enough that nobody notices when there is room again.
const BACK_OFF: Duration = Duration::from_millis(100);

/// Accepts and serves until `service.drain` is cancelled; then lets running requests end for at most
/// `drain_for`, and cuts what is left.
pub async fn serve<E>(listener: TcpListener, service: Service<E>, drain_for: Duration)
where
    E: Endpoint + 'static,
{
    let service = Arc::new(service);
    let connections = TaskTracker::new();
    let cut = CancellationToken::new();
    let mut complained: Option<Instant> = None;
    loop {
        let accepted = tokio::select! {
            biased;
            () = service.drain.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((socket, peer)) => {
                let (service, cut) = (service.clone(), cut.clone());
                connections.spawn(async move {
                    cut.run_until_cancelled(connection::serve(socket, peer, service)).await;
                });
            }
            Err(error) if is_the_peers(&error) => {}
            Err(error) => {
                if complained.is_none_or(|at| at.elapsed() >= Duration::from_secs(1)) {
                    complained = Some(Instant::now());
                    let open = connections.len();
                    tracing::warn!(%error, open, "cannot accept connections; waiting for room");
                }
                tokio::time::sleep(BACK_OFF).await;
            }
        }
    }
    drop(listener);
    connections.close();
    if timeout(drain_for, connections.wait()).await.is_err() {
        tracing::warn!(open = connections.len(), "cutting connections that did not end in time");
        cut.cancel();
        connections.wait().await;
    }
}

/// Errors of one connection that was gone before it was accepted; the next one can be taken at once.
fn is_the_peers(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}
