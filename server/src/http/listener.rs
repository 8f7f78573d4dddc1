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
use tokio::{net::TcpListener, task::JoinSet, time::timeout};

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
    // A set, and no token in each task: what is wrapped around a connection's future counts for each
    // of ten thousand idle ones.
    let mut connections = JoinSet::new();
    let mut turned_away = JoinSet::new();
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
            Some(ended) = connections.join_next() => {
                if ended.is_err() {
                    tracing::error!("a connection panicked");
                }
                continue;
            }
            Some(_) = turned_away.join_next() => continue,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((socket, peer)) if connections.len() < max_connections => {
                connections.spawn(connection::serve(socket, peer, service.clone()));
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
    let all_end = async { while connections.join_next().await.is_some() {} };
    if timeout(drain_for, all_end).await.is_err() {
        tracing::warn!(open = connections.len(), "cutting connections that did not end in time");
        connections.shutdown().await;
    }
}

/// Errors of one connection that was gone before it was accepted; the next one can be taken at once.
fn is_the_peers(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}
