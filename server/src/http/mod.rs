//! Everything between a socket and an operation.
//!
//! [`listener`] accepts while [`peers`] counts, [`tls`] protects, [`preface`] finds out what is spoken,
//! [`http1`] and [`http2`] speak it with hyper and hand each request to a chain of small poem
//! endpoints, the [layers](layer): [`access`] numbers and logs it, [`cors`] refuses foreign pages,
//! [`host`] refuses foreign names, [`method`] makes GET of HEAD, [`dashboard`] answers with the page's
//! files, [`body`] limits what is sent, and then come the operations. Whatever is refused on the way
//! is a [`fault`], and what a fault looks like is not decided here.

pub mod access;
pub mod body;
pub mod connection;
pub mod cors;
pub mod dashboard;
pub mod fault;
mod flow;
pub mod handover;
pub mod host;
pub mod http1;
mod http2;
pub mod layer;
pub mod listener;
pub mod live;
pub mod method;
pub mod origin;
pub mod peers;
mod preface;
pub mod stage;
pub mod tls;
pub mod wire;

use std::{
    sync::{Arc, atomic::AtomicUsize},
    time::Duration,
};

use poem::{Endpoint, Response};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use self::{
    access::Access,
    body::BodyLimit,
    connection::Service,
    cors::{AllowedOrigin, Cors},
    dashboard::Dashboard,
    fault::Explain,
    host::{AllowedHost, HostCheck},
    listener::Room,
    method::Methods,
    stage::Patience,
    tls::Tls,
};

/// How long a reader may take nothing of what is sent to it. It is no setting: a client that is cut
/// off comes back to where it was, and one that reads at all never is.
pub const STALL_TIMEOUT: Duration = Duration::from_secs(10);

/// What the chain and the connections need to know.
#[derive(Clone, Debug)]
pub struct Settings {
    pub cors_origins: Vec<AllowedOrigin>,
    pub allowed_hosts: Vec<AllowedHost>,
    /// The largest body of a request.
    pub max_body_bytes: u64,
    /// Connections beyond this many are refused.
    pub max_connections: usize,
    /// Is kept at how many connections are open.
    pub open_connections: Arc<AtomicUsize>,
    /// And so are those beyond this many from one address.
    pub max_connections_per_ip: Option<usize>,
    /// Without it, connections are plain.
    pub tls: Option<Tls>,
    pub header_timeout: Duration,
    pub idle_timeout: Duration,
    pub stall_timeout: Duration,
    pub drain_timeout: Duration,
    /// How a fault becomes a response.
    pub explain: Explain,
}

/// Puts the chain around the operations.
pub fn around<E: Endpoint>(
    operations: E,
    settings: &Settings,
) -> impl Endpoint<Output = Response> + use<E> {
    let explain = settings.explain;
    let limited =
        BodyLimit::new(operations, settings.max_body_bytes, settings.header_timeout, explain);
    let with_page = Dashboard::new(limited, explain);
    let methods = Methods::new(with_page, explain);
    let checked = HostCheck::new(methods, settings.allowed_hosts.clone(), explain);
    let shared = Cors::new(checked, settings.cors_origins.clone(), explain);
    Access::new(shared, explain)
}

/// Serves `operations` until `drain` is cancelled and what runs has ended, or was cut.
pub async fn serve<E>(
    listener: TcpListener,
    operations: E,
    settings: Settings,
    drain: CancellationToken,
) where
    E: Endpoint + 'static,
{
    let patience = Patience {
        head: settings.header_timeout,
        idle: settings.idle_timeout,
        stalled: settings.stall_timeout,
    };
    let endpoint = around(operations, &settings);
    let room = Room::new(settings.max_connections, settings.max_connections_per_ip);
    let Settings { explain, tls, drain_timeout, open_connections, .. } = settings;
    let service = Service { endpoint, patience, explain, tls, drain };
    listener::serve(listener, service, room, open_connections, drain_timeout).await;
}
