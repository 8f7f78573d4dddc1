//! The accept loop, and the drain.
//!
//! An own loop instead of `poem::Server` (3.1.12), which sees a client leave only when a write fails,
//! sets no header timer, burns a core when descriptors run out, and waits for open streams for ever.

use std::{
    io,
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use poem::Endpoint;
use tokio::{net::TcpListener, task::JoinSet, time::timeout};

use super::{
    connection::{self, Service},
    fault::Fault,
    peers::{Peers, Place},
};

/// How long to wait when the machine has no room for another connection. Long enough to cost
/// nothing, short enough that nobody notices when there is room again.
const BACK_OFF: Duration = Duration::from_millis(100);

/// How many clients may be in the middle of being turned away; more are dropped without a word.
const MAX_TURNED_AWAY: usize = 256;

/// How many connections there may be.
pub struct Room {
    in_all: usize,
    /// Counted only where there is a limit.
    by_address: Option<Arc<Peers>>,
}

impl Room {
    pub fn new(in_all: usize, by_address: Option<usize>) -> Self {
        Room { in_all, by_address: by_address.map(Peers::new) }
    }

    /// Whether there is room for one more, from `address`, beside the `open` ones.
    fn admit(&self, address: IpAddr, open: usize) -> Result<Option<Place>, Fault> {
        if open >= self.in_all {
            return Err(Fault::TooManyConnections);
        }
        let Some(peers) = &self.by_address else { return Ok(None) };
        peers.admit(address).map(Some).ok_or(Fault::TooManyOfAddress(peers.limit()))
    }
}

/// Accepts and serves until `service.drain` is cancelled; then lets running requests end for at most
/// `drain_for`, and cuts what is left.
///
/// `open` is kept at the number of connections there are.
pub async fn serve<E>(
    listener: TcpListener,
    service: Service<E>,
    room: Room,
    open: Arc<AtomicUsize>,
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
        open.store(connections.len(), Ordering::Relaxed);
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
        let (socket, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) if is_the_peers(&error) => continue,
            Err(error) => {
                complain(&error.to_string(), connections.len());
                tokio::time::sleep(BACK_OFF).await;
                continue;
            }
        };
        match room.admit(peer.ip(), connections.len()) {
            Ok(place) => {
                // Before it can ask how many there are.
                open.store(connections.len() + 1, Ordering::Relaxed);
                connections.spawn(connection::serve(socket, peer, place, service.clone()));
            }
            Err(fault) => {
                let reason = match fault {
                    Fault::TooManyOfAddress(_) => "an address has as many as it may have",
                    _ => "as many connections are open as are allowed",
                };
                complain(reason, connections.len());
                // Inside TLS it could only be said after a handshake, which is what costs most.
                if service.tls.is_none() && turned_away.len() < MAX_TURNED_AWAY {
                    turned_away.spawn(connection::turn_away(socket, fault, service.clone()));
                }
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
