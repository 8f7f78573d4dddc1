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

/// How many clients may be in the middle of being turned away; more are dropped without a word.
const MAX_TURNED_AWAY: usize = 256;

/// Accepts and serves until `service.drain` is cancelled; then lets running requests end for at most
/// `drain_for`, and cuts what is left.
pub async fn serve<E>(
    listener: TcpListener,
    service: Service<E>,
    max_connections: usize,
    drain_for: Duration,
) where
    E: Endpoint + 'static,
{
    let service = Arc::new(service);
    let connections = TaskTracker::new();
    let cut = CancellationToken::new();
    let turned_away = TaskTracker::new();
    let mut complained: Option<Instant> = None;
    // Once a second: whoever knocks too often must not fill the log, too.
    let mut complain = |reason: &str, open: usize| {
        if complained.is_none_or(|at| at.elapsed() >= Duration::from_secs(1)) {
            complained = Some(Instant::now());
            tracing::warn!(reason, open, "cannot take more connections");
        }
    };
    loop {
        let accepted = tokio::select! {
            biased;
            () = service.drain.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((socket, peer)) if connections.len() < max_connections => {
                let (service, cut) = (service.clone(), cut.clone());
                connections.spawn(async move {
                    cut.run_until_cancelled(connection::serve(socket, peer, service)).await;
                });
            }
            Ok((socket, _)) => {
                complain("as many connections are open as are allowed", connections.len());
                if turned_away.len() < MAX_TURNED_AWAY {
                    turned_away.spawn(connection::turn_away(socket, service.clone()));
                }
            }
            Err(error) if is_the_peers(&error) => {}
            Err(error) => {
                complain(&error.to_string(), connections.len());
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
