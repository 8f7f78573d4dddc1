//! Traces: the life of tasks as spans for an OpenTelemetry collector.
//!
//! It reads the log like any watcher, behind everybody, so nothing waits for it. What the collector does
//! not take is dropped: the log is what is kept, spans are a picture of it.

mod spans;

use std::time::Duration;

use opentelemetry_otlp::{ExporterBuildError, Protocol, WithExportConfig};
use opentelemetry_sdk::{
    Resource,
    trace::{SpanData, SpanExporter},
};
use tokio::{
    task::JoinHandle,
    time::{Instant, sleep_until, timeout},
};
use tokio_util::sync::CancellationToken;

use self::spans::{Spans, Told};
use crate::{
    domain::{Filter, Filters, Position, Verdict},
    store::{Selection, StoreError},
    stream::{hub::Waker, log::Log},
};

/// Events read at a time.
const PAGE: usize = 256;
/// Spans sent at a time, at most.
const BATCH: usize = 512;
/// How long spans wait for others to be sent with.
const GATHER: Duration = Duration::from_secs(1);
/// How long the collector has to take what is left when the server goes.
const LAST: Duration = Duration::from_secs(3);
/// From one complaint about the collector to the next.
const COMPLAIN: Duration = Duration::from_secs(60);

/// Sends spans to a collector.
///
/// `endpoint` is where it takes OTLP over HTTP, such as `http://localhost:4318`; headers and timeouts are
/// taken from the standard's variables.
///
/// # Errors
/// When nothing can be sent there: the endpoint is no URL.
pub fn exporter(endpoint: &str) -> Result<impl SpanExporter + 'static, ExporterBuildError> {
    let traces = format!("{}/v1/traces", endpoint.trim_end_matches('/'));
    let mut exporter = opentelemetry_otlp::SpanExporter::builder()
        .with_http()
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(traces)
        .build()?;
    // The standard's variables may name the service otherwise.
    let mut resource = Resource::builder();
    if std::env::var_os("OTEL_SERVICE_NAME").is_none() {
        resource = resource.with_service_name("milepost");
    }
    exporter.set_resource(&resource.build());
    Ok(exporter)
}

/// Exports the spans of what ends from now on, until `shutdown`. The handle ends when the rest is sent.
pub fn start(
    log: Log,
    exporter: impl SpanExporter + 'static,
    shutdown: CancellationToken,
) -> JoinHandle<()> {
    let filters = Filters::from(Filter::default());
    let waker = log.hub.watch_filters(&filters);
    let after = log.hub.tail();
    let reader =
        Reader { log, waker, what: Selection::Filters(filters), after, spans: Spans::new() };
    tokio::spawn(run(reader, Sender { exporter, complained: None }, shutdown))
}

async fn run(
    mut reader: Reader,
    mut sender: Sender<impl SpanExporter>,
    shutdown: CancellationToken,
) {
    let mut ended: Vec<SpanData> = Vec::new();
    let mut due = Instant::now() + GATHER;
    loop {
        let at_end = match reader.read(&mut ended).await {
            Ok(at_end) => at_end,
            Err(error) => {
                tracing::warn!(%error, "the log cannot be read for traces");
                true
            }
        };
        let last = at_end && shutdown.is_cancelled();
        if ended.len() >= BATCH || (!ended.is_empty() && (last || Instant::now() >= due)) {
            let batch = std::mem::take(&mut ended);
            if last {
                let _ = timeout(LAST, sender.send(batch)).await;
            } else {
                sender.send(batch).await;
            }
        }
        if last {
            return;
        }
        if !at_end {
            continue;
        }
        if ended.is_empty() {
            tokio::select! {
                () = reader.waker.woken() => due = Instant::now() + GATHER,
                () = shutdown.cancelled() => {}
            }
        } else {
            tokio::select! {
                () = sleep_until(due) => {}
                () = shutdown.cancelled() => {}
            }
        }
    }
}

/// The log, from where it was when this began.
struct Reader {
    log: Log,
    waker: Waker,
    what: Selection,
    after: Position,
    spans: Spans,
}

impl Reader {
    /// Adds the spans that ended with the next events. Returns whether those were the last.
    async fn read(&mut self, ended: &mut Vec<SpanData>) -> Result<bool, StoreError> {
        let page = self.log.page(&self.waker, &self.what, self.after, PAGE).await?;
        for (entry, verdict) in &page.entries {
            if *verdict != Verdict::Deliver {
                continue;
            }
            // Those without a task tell of no end.
            if let Ok(told) = serde_json::from_str::<Told>(&entry.json) {
                ended.extend(self.spans.ended_with(entry.event_type, &told));
            }
        }
        self.after = page.through;
        Ok(page.at_end)
    }
}

struct Sender<E> {
    exporter: E,
    complained: Option<Instant>,
}

impl<E: SpanExporter> Sender<E> {
    async fn send(&mut self, mut spans: Vec<SpanData>) {
        while !spans.is_empty() {
            let rest = spans.split_off(spans.len().min(BATCH));
            let count = spans.len();
            let batch = std::mem::replace(&mut spans, rest);
            if let Err(error) = self.exporter.export(batch).await {
                self.complain(&error, count);
            }
        }
    }

    fn complain(&mut self, error: &impl std::fmt::Display, spans: usize) {
        let quiet = self.complained.is_some_and(|at| at.elapsed() < COMPLAIN);
        if quiet {
            tracing::debug!(%error, spans, "the collector took no traces");
        } else {
            tracing::warn!(%error, spans, "the collector took no traces; they are dropped");
            self.complained = Some(Instant::now());
        }
    }
}
