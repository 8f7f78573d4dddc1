//! What the server counts, for a Prometheus to fetch.
//!
//! Two kinds of numbers. What happens is counted as it happens: commits tell their tallies, streams
//! count what they send. What *is* (tasks in a state, the oldest wait, streams open) is asked for
//! when somebody looks, so it can never drift from the store. Names and units are Prometheus's:
//! `_total`, `_seconds`.
//!
//! A queue's name is a label, and whoever submits tasks makes up queues: of more than
//! [`MAX_QUEUES`], the rest share one label.

use std::{
    fmt,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use prometheus_client::{
    encoding::text::{encode_eof, encode_registry},
    metrics::{
        counter::{ConstCounter, Counter},
        family::Family,
        gauge::{ConstGauge, Gauge},
        histogram::{Histogram, exponential_buckets},
        info::Info,
    },
    registry::{Registry, Unit},
};

use crate::{
    domain::{State, Timestamp},
    engine::{Engine, tally::Commit},
    store::{Reads, StoreError},
    stream::{resume::Reset, subscription::Streams},
};

/// What Prometheus calls the format (OpenMetrics 1.0).
pub const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// How many queues have numbers of their own.
const MAX_QUEUES: usize = 1000;
/// The label of all others: no queue may be called so.
const OTHERS: &str = "milepost.others";

const PREFIX: &str = "milepost";

type Labels = [(&'static str, String); 1];
type ByQueue = Family<Labels, Counter>;

/// What is counted as it happens. Cheap to clone.
#[derive(Clone)]
pub struct Metrics(Arc<Counted>);

struct Counted {
    registry: Registry,
    /// The queues that have numbers of their own.
    queues: Mutex<std::collections::BTreeSet<String>>,
    submitted: ByQueue,
    started: ByQueue,
    succeeded: ByQueue,
    failed: ByQueue,
    cancelled: ByQueue,
    retried: ByQueue,
    expired: ByQueue,
    /// Set by whoever accepts them.
    connections: Arc<AtomicUsize>,
    events: Counter,
    commit_commands: Histogram,
    commit_seconds: Histogram,
}

impl Metrics {
    pub fn new() -> Self {
        let mut root = Registry::default();
        let started = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        root.register_with_unit(
            "process_start_time",
            "When the process started, since the Unix epoch",
            Unit::Seconds,
            ConstGauge::new(started.as_secs_f64()),
        );
        let registry = root.sub_registry_with_prefix(PREFIX);
        let version = vec![("version", env!("CARGO_PKG_VERSION"))];
        registry.register("build", "The server", Info::new(version));
        let mut by_queue = |name: &str, help: &str| {
            let family = ByQueue::default();
            registry.register(name, help, family.clone());
            family
        };
        let submitted = by_queue("tasks_submitted", "Tasks created");
        let started = by_queue("attempts_started", "Attempts begun");
        let succeeded = by_queue("tasks_succeeded", "Tasks that succeeded");
        let failed = by_queue("tasks_failed", "Tasks that failed");
        let cancelled = by_queue("tasks_cancelled", "Tasks that were cancelled");
        let retried = by_queue("attempts_retried", "Attempts that failed and left another one");
        let expired = by_queue("leases_expired", "Leases that ended because of silence");
        let events = Counter::default();
        registry.register("events", "Events written to the log", events.clone());
        let commit_commands = Histogram::new(exponential_buckets(1.0, 2.0, 12));
        registry.register(
            "commit_commands",
            "Commands decided in one commit",
            commit_commands.clone(),
        );
        let commit_seconds = Histogram::new(exponential_buckets(0.000_25, 2.0, 16));
        registry.register_with_unit(
            "commit",
            "From the beginning of a transaction until it was on the disk",
            Unit::Seconds,
            commit_seconds.clone(),
        );
        Metrics(Arc::new(Counted {
            registry: root,
            queues: Mutex::default(),
            submitted,
            started,
            succeeded,
            failed,
            cancelled,
            retried,
            expired,
            connections: Arc::default(),
            events,
            commit_commands,
            commit_seconds,
        }))
    }

    /// Takes note of a commit. Called by the writer, so it must be quick: a few additions.
    pub fn committed(&self, commit: &Commit<'_>) {
        let counted = &self.0;
        counted.events.inc_by(commit.events.len() as u64);
        counted.commit_commands.observe(commit.commands as f64);
        counted.commit_seconds.observe(commit.took.as_secs_f64());
        for (queue, tally) in commit.tallies {
            let labels = [("queue", self.label(queue))];
            for (family, count) in [
                (&counted.submitted, tally.submitted),
                (&counted.started, tally.leased),
                (&counted.succeeded, tally.succeeded),
                (&counted.failed, tally.failed),
                (&counted.cancelled, tally.cancelled),
                (&counted.retried, tally.retried),
                (&counted.expired, tally.expired),
            ] {
                if count > 0 {
                    family.get_or_create(&labels).inc_by(count);
                }
            }
        }
    }

    fn label(&self, queue: &str) -> String {
        let mut queues = self.0.queues.lock().unwrap_or_else(PoisonError::into_inner);
        if queues.contains(queue) || queues.len() < MAX_QUEUES && queues.insert(queue.to_owned()) {
            return queue.to_owned();
        }
        OTHERS.to_owned()
    }

    /// How many connections are open: for whoever accepts them to set.
    pub fn connections(&self) -> Arc<AtomicUsize> {
        self.0.connections.clone()
    }

    /// All numbers as text. Blocks for as long as a disk takes.
    ///
    /// # Errors
    /// What the store says when it cannot be read.
    pub fn text(
        &self,
        reads: &dyn Reads,
        engine: &Engine,
        streams: &Streams,
    ) -> Result<String, StoreError> {
        let mut now = looked_up(reads, engine, streams)?;
        let open = self.0.connections.load(Ordering::Relaxed);
        let open = ConstGauge::new(i64::try_from(open).unwrap_or(i64::MAX));
        now.register("connections_open", "Connections that are open now", open);
        let mut text = String::new();
        let mut write = || {
            encode_registry(&mut text, &self.0.registry)?;
            encode_registry(&mut text, &now)?;
            encode_eof(&mut text)
        };
        write().map_err(|error: fmt::Error| StoreError::Other(error.to_string()))?;
        Ok(text)
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Metrics::new()
    }
}

/// What is, at this moment.
fn looked_up(
    reads: &dyn Reads,
    engine: &Engine,
    streams: &Streams,
) -> Result<Registry, StoreError> {
    let mut registry = Registry::with_prefix(PREFIX);
    let tasks = Family::<[(&'static str, String); 2], Gauge>::default();
    let oldest = Family::<Labels, Gauge<f64, AtomicU64>>::default();
    let now = Timestamp::system();
    for queue in reads.queues("", MAX_QUEUES)? {
        for state in State::ALL {
            let count = queue.counts.get(&state).copied().unwrap_or(0);
            let labels = [("queue", queue.name.clone()), ("state", state.as_str().to_owned())];
            tasks.get_or_create(&labels).set(i64::try_from(count).unwrap_or(i64::MAX));
        }
        let waited = queue.oldest_queued_at.map_or(0, |at| (now.0 - at.0).max(0));
        oldest.get_or_create(&[("queue", queue.name)]).set(waited as f64 / 1000.0);
    }
    registry.register("tasks", "Tasks of a queue that are in a state now", tasks);
    registry.register_with_unit(
        "queue_oldest",
        "How long the longest waiting task of a queue has waited",
        Unit::Seconds,
        oldest,
    );
    let waiting = i64::try_from(engine.waiting()).unwrap_or(i64::MAX);
    registry.register(
        "writer_waiting",
        "Commands that wait for a commit",
        ConstGauge::new(waiting),
    );
    let open = i64::try_from(streams.open()).unwrap_or(i64::MAX);
    registry.register("streams_open", "Streams that are open now", ConstGauge::new(open));
    registry.register(
        "stream_events_delivered",
        "Events written to streams, once for each watcher",
        ConstCounter::new(streams.delivered()),
    );
    let resets = Family::<Labels, Counter>::default();
    for reason in Reset::ALL {
        let labels = [("reason", reason.as_str().to_owned())];
        resets.get_or_create(&labels).inc_by(streams.resets(reason));
    }
    registry.register("stream_resets", "Cursors that could not be used", resets);
    Ok(registry)
}
