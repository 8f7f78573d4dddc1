//! The server itself.

use poem_openapi::{ApiResponse, Object, OpenApi};
use serde::Serialize;

use super::{
    Api, Tag,
    answers::NO_STORE,
    limits,
    payload::Reply,
    problem::{Asking, AskingReadiness, Failed, Problem},
};
use crate::domain::{Cursor, State, Timestamp};

/// The operations tagged "System".
pub struct System(pub Api);

/// What this server is and how it is doing.
#[derive(Debug, Object, Serialize)]
pub struct SystemStatus {
    /// The server's version.
    pub version: String,
    /// The contract's version: `info.version` of the spec.
    pub api_version: String,
    /// Names this database: a cursor with another epoch belongs to another one.
    pub epoch: String,
    /// When this process started.
    pub started_at: Timestamp,
    /// How long this process has been running, in whole seconds.
    pub uptime_seconds: u64,
    /// What keeps the tasks: `sqlite`.
    pub store: String,
    /// Streams that are open now.
    pub open_streams: u64,
    /// Tasks that are running now, the server's own left out.
    pub running_tasks: u64,
    /// Tasks that wait for a worker now, the server's own left out.
    pub queued_tasks: u64,
    /// The last event's place in the log.
    pub log_end: Cursor,
    /// What one request may ask for.
    pub limits: Limits,
}

/// What one request may ask for.
#[derive(Debug, Object, Serialize)]
pub struct Limits {
    /// The largest body, in bytes.
    pub max_body_bytes: u64,
    /// The most task ids one watchEvents may name.
    pub max_tasks_per_stream: u64,
    /// The most task ids one openEventStream may name, in all its filters together.
    pub max_tasks_per_event_stream: u64,
    /// The most filters one openEventStream may have.
    pub max_filters_per_event_stream: u64,
    /// The most tasks one acquireLeases may take.
    pub max_tasks_per_lease: u64,
    /// The most tasks one createTasks may bring.
    pub max_tasks_per_batch: u64,
    /// The most items one reportBatch may have.
    pub max_reports_per_batch: u64,
    /// The longest life of a lease without a report.
    pub max_lease_seconds: u64,
    /// The longest a request may wait for something to happen.
    pub max_wait_seconds: u64,
}

/// A sign of life.
#[derive(Debug, Object, Serialize)]
pub struct Health {
    /// `ok`.
    pub status: String,
}

/// What this server is and how it is doing.
#[derive(ApiResponse)]
pub enum SystemShown {
    /// The server's state.
    #[oai(status = 200)]
    Shown(
        Reply<SystemStatus>,
        /// `no-store`: it changes all the time.
        #[oai(header = "Cache-Control")]
        String,
    ),
}

/// A sign of life.
#[derive(ApiResponse)]
pub enum Healthy {
    /// All is well.
    #[oai(status = 200)]
    Ok(
        Reply<Health>,
        /// `no-store`: it may change any time.
        #[oai(header = "Cache-Control")]
        String,
    ),
}

impl Healthy {
    fn ok() -> Result<Self, Problem> {
        Ok(Self::Ok(Reply::of(&Health { status: "ok".to_owned() })?, NO_STORE.to_owned()))
    }
}

#[OpenApi(tag = "Tag::System")]
impl System {
    /// Show the server's state
    ///
    /// Version, uptime, counts and limits.
    #[oai(path = "/api/v1/system", method = "get", operation_id = "getSystem")]
    async fn get_system(&self) -> Result<SystemShown, Failed<Asking>> {
        let read = |reads: &dyn crate::store::Reads| Ok((reads.counts()?, reads.log_end()?));
        let (counts, log_end) = self.0.log.read(read).await?;
        let count = |state: State| {
            let ours = |queue: &str| !crate::domain::name::is_reserved(queue);
            counts
                .iter()
                .filter(|(key, _)| key.state == state && ours(&key.queue))
                .map(|(_, count)| count)
                .sum()
        };
        let epoch = self.0.log.reads.epoch();
        let status = SystemStatus {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            api_version: super::API_VERSION.to_owned(),
            epoch: epoch.to_string(),
            started_at: self.0.started_at,
            uptime_seconds: self.0.started.elapsed().as_secs(),
            store: "sqlite".to_owned(),
            open_streams: self.0.streams.open() as u64,
            running_tasks: count(State::Running),
            queued_tasks: count(State::Queued),
            log_end: Cursor { epoch, position: log_end },
            limits: Limits {
                max_body_bytes: limits::MAX_BODY_BYTES as u64,
                max_tasks_per_stream: limits::MAX_TASKS_PER_STREAM as u64,
                max_tasks_per_event_stream: limits::MAX_TASKS_PER_EVENT_STREAM as u64,
                max_filters_per_event_stream: limits::MAX_FILTERS_PER_EVENT_STREAM as u64,
                max_tasks_per_lease: limits::MAX_TASKS_PER_LEASE,
                max_tasks_per_batch: limits::MAX_TASKS_PER_BATCH as u64,
                max_reports_per_batch: limits::MAX_REPORTS_PER_BATCH as u64,
                max_lease_seconds: limits::MAX_LEASE_SECONDS,
                max_wait_seconds: limits::MAX_WAIT_SECONDS,
            },
        };
        Ok(SystemShown::Shown(Reply::of(&status)?, NO_STORE.to_owned()))
    }

    /// Is the process alive?
    ///
    /// 200 for as long as the server answers at all: a reason to restart it is only that it does
    /// not.
    #[oai(path = "/healthz", method = "get", operation_id = "getHealth")]
    async fn get_health(&self) -> Result<Healthy, Failed<Asking>> {
        Ok(Healthy::ok()?)
    }

    /// Does the server take work?
    ///
    /// 503 while it shuts down or cannot write: a load balancer should send work elsewhere.
    #[oai(path = "/readyz", method = "get", operation_id = "getReadiness")]
    async fn get_readiness(&self) -> Result<Healthy, Failed<AskingReadiness>> {
        if self.0.drain.is_cancelled() {
            return Err(Problem::shutting_down().into());
        }
        self.0.engine.writable()?;
        Ok(Healthy::ok()?)
    }
}
