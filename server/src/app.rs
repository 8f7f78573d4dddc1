//! The only place where parts are wired: configuration, store, writer, worker, operations, edge.

use std::{
    io::{self, Write},
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, atomic::AtomicUsize},
    time::Duration,
};

use opentelemetry_otlp::ExporterBuildError;
use tokio::{
    net::{TcpListener, TcpSocket},
    task::{JoinHandle, spawn_blocking},
};
use tokio_util::sync::CancellationToken;

use crate::{
    api::{self, Api, limits},
    bulk,
    config::Config,
    countdown,
    engine::{
        Engine,
        clock::Clock,
        tally::Commit,
        writer::{self, Writer},
    },
    http::{
        self, Settings,
        tls::{Tls, TlsError},
    },
    metrics::Metrics,
    store::{Reads, StoreError, sqlite},
    stream::{hub::Hub, log::Log, subscription::Streams},
    traces,
    webhooks::{self, Reach},
};

/// Connections the kernel keeps until they are accepted. With tokio's 128, a crowd that comes back
/// after a restart has its connects dropped, and tries again only after a second or more.
const BACKLOG: u32 = 4096;

/// Why the server cannot run, in a sentence for whoever started it.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("port {} is in use on {}; stop what listens there, or choose another with --listen", .0.port(), .0.ip())]
    AddressInUse(SocketAddr),
    #[error("cannot listen on {address}: {error}")]
    Listen { address: SocketAddr, error: io::Error },
    #[error("cannot use the data directory {}: {error}", directory.display())]
    Store { directory: PathBuf, error: StoreError },
    #[error("cannot serve HTTPS: {0}")]
    Tls(#[from] TlsError),
    #[error("cannot export traces to {endpoint}: {error}")]
    Traces { endpoint: String, error: ExporterBuildError },
    #[error("cannot listen for signals: {0}")]
    Signals(io::Error),
    #[error("cannot write to standard output: {0}")]
    Output(io::Error),
    #[error("the server failed while it started; its log has the reason")]
    Start,
}

/// Serves until SIGTERM or Ctrl-C, and returns when everything acknowledged is on the disk.
///
/// # Errors
/// Whatever keeps it from starting. Once it serves, it ends only by being told to.
pub async fn serve(config: Config) -> Result<(), Failure> {
    allow_many_descriptors();
    let tls = config.tls_files().map(|(cert, key)| Tls::from_files(cert, key)).transpose()?;
    if let Some(tls) = &tls {
        reload_on_hangup(tls.clone())?;
    }
    let listener = listen(config.listen)?;
    let drain = drain_on_signal()?;
    let parts = start(config.data_dir.clone(), config.tombstone_seconds).await?;

    let stop_worker = CancellationToken::new();
    let workers = [
        countdown::start(parts.engine.clone(), stop_worker.clone()),
        bulk::start(parts.engine.clone(), parts.log.clone(), stop_worker.clone()),
        webhooks::start(
            parts.engine.clone(),
            parts.log.clone(),
            reach(&config),
            stop_worker.clone(),
        ),
    ];
    let stop_traces = CancellationToken::new();
    let traces = traces(&config, &parts.log, &stop_traces)?;
    let settings = settings(&config, tls.clone(), parts.metrics.connections());
    let streams = Streams::new(drain.clone());
    let api = Api::new(parts.engine, parts.log, streams, parts.metrics, drain.clone())
        .traced(traces.is_some());
    // Before the line that says it is ready: making the operations takes a moment.
    let operations = api::endpoint(api);
    announce(&listener, tls.is_some())?;
    http::serve(listener, operations, settings, drain).await;

    // Nobody asks anything any more. The workers give their leases back before the writer goes.
    stop_worker.cancel();
    for worker in workers {
        if worker.await.is_err() {
            tracing::error!("an embedded worker had panicked");
        }
    }
    if spawn_blocking(|| parts.writer.stop()).await.is_err() {
        tracing::error!("the writer could not be stopped");
    }
    // After the last commit, so that it is told too.
    stop_traces.cancel();
    if let Some(traces) = traces
        && traces.await.is_err()
    {
        tracing::error!("the export of traces had panicked");
    }
    tracing::info!("stopped");
    Ok(())
}

/// The export of traces, if there is to be one.
fn traces(
    config: &Config,
    log: &Log,
    stop: &CancellationToken,
) -> Result<Option<JoinHandle<()>>, Failure> {
    let Some(endpoint) = config.collector() else { return Ok(None) };
    let exporter =
        traces::exporter(&endpoint).map_err(|error| Failure::Traces { endpoint, error })?;
    Ok(Some(traces::start(log.clone(), exporter, stop.clone())))
}

/// What stands behind the operations.
struct Parts {
    engine: Engine,
    writer: Writer,
    log: Log,
    metrics: Metrics,
}

/// Opens the store and starts the one writer on it.
async fn start(directory: PathBuf, tombstone_seconds: u64) -> Result<Parts, Failure> {
    let opening = move || {
        let start = || {
            let opened = sqlite::open(&directory)?;
            let hub = Hub::new(opened.reads.log_end()?);
            let metrics = Metrics::new();
            let (wakes, counts) = (hub.clone(), metrics.clone());
            let on_commit = Box::new(move |commit: &Commit<'_>| {
                wakes.forget(commit.dropped_to);
                wakes.committed(commit.tail, commit.touched, commit.events);
                counts.committed(commit);
            });
            let (engine, writer) =
                writer::start(opened.store, Clock::start(), tombstone_seconds, on_commit)?;
            let reads: Arc<dyn Reads> = opened.reads;
            Ok(Parts { engine, writer, log: Log::new(reads, hub), metrics })
        };
        start().map_err(|error| Failure::Store { directory: directory.clone(), error })
    };
    spawn_blocking(opening).await.unwrap_or(Err(Failure::Start))
}

fn listen(address: SocketAddr) -> Result<TcpListener, Failure> {
    let bound = || {
        let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        // A restart takes its port back while connections of the last process still fade.
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        socket.listen(BACKLOG)
    };
    bound().map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => Failure::AddressInUse(address),
        _ => Failure::Listen { address, error },
    })
}

/// The one line on standard output: whoever started the server waits for it.
fn announce(listener: &TcpListener, protected: bool) -> Result<(), Failure> {
    let address = listener.local_addr().map_err(Failure::Output)?;
    let scheme = if protected { "https" } else { "http" };
    let mut out = io::stdout().lock();
    writeln!(out, "milepost-server listening on {scheme}://{address}")
        .and_then(|()| out.flush())
        .map_err(Failure::Output)
}

fn settings(config: &Config, tls: Option<Tls>, open_connections: Arc<AtomicUsize>) -> Settings {
    Settings {
        cors_origins: config.cors_origins.clone(),
        allowed_hosts: config.allowed_hosts.clone(),
        max_body_bytes: limits::MAX_BODY_BYTES as u64,
        max_connections: config.max_connections as usize,
        open_connections,
        max_connections_per_ip: config.connections_per_ip(),
        tls,
        header_timeout: config.header_timeout(),
        idle_timeout: config.idle_timeout(),
        stall_timeout: http::STALL_TIMEOUT,
        drain_timeout: config.drain_timeout(),
        explain: api::problem::fault::explain,
    }
}

fn reach(config: &Config) -> Reach {
    let timeout = Duration::from_secs(config.webhook_timeout_seconds);
    Reach { private: config.webhook_allow_private, timeout }
}

/// A token that SIGTERM or Ctrl-C cancels. A second one ends the process at once.
fn drain_on_signal() -> Result<CancellationToken, Failure> {
    let drain = CancellationToken::new();
    let mut signals = Signals::new().map_err(Failure::Signals)?;
    let told = drain.clone();
    tokio::spawn(async move {
        signals.next().await;
        tracing::info!("draining; a second signal ends the server at once");
        told.cancel();
        signals.next().await;
        tracing::warn!("ended at once");
        std::process::exit(130);
    });
    Ok(drain)
}

/// Certificates are renewed every few weeks; streams need not break for it.
#[cfg(unix)]
fn reload_on_hangup(tls: Tls) -> Result<(), Failure> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut hangup = signal(SignalKind::hangup()).map_err(Failure::Signals)?;
    tokio::spawn(async move {
        while hangup.recv().await.is_some() {
            let again = tls.clone();
            match spawn_blocking(move || again.reload()).await {
                Ok(Ok(())) => tracing::info!("the certificate was read again"),
                Ok(Err(error)) => tracing::error!(%error, "the certificate stays as it was"),
                Err(error) => tracing::error!(%error, "reading the certificate failed"),
            }
        }
    });
    Ok(())
}

#[cfg(not(unix))]
fn reload_on_hangup(_: Tls) -> Result<(), Failure> {
    Ok(())
}

#[cfg(unix)]
struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Signals {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

#[cfg(not(unix))]
struct Signals(tokio::signal::windows::CtrlC);

#[cfg(not(unix))]
impl Signals {
    fn new() -> io::Result<Self> {
        tokio::signal::windows::ctrl_c().map(Signals)
    }

    async fn next(&mut self) {
        self.0.recv().await;
    }
}

/// Systems start programs with few descriptors for the sake of old ones; every watcher needs one.
#[cfg(unix)]
fn allow_many_descriptors() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    if let Err(error) = setrlimit(Resource::Nofile, limit) {
        tracing::debug!(%error, "the limit of open files stays as it is");
    }
}

#[cfg(not(unix))]
fn allow_many_descriptors() {}
