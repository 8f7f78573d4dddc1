//! Workers: programs that take tasks and do them.
//!
//! A [`Worker`] leases tasks, runs a handler for each, keeps every lease alive from a thread of its
//! own, and brings what handlers say to the server. [`Hold`] is the part of it that keeps one lease,
//! for programs that are shaped otherwise.
//!
//! ```no_run
//! use milepost_client::{Milepost, worker::{Failure, Job, Worker}};
//!
//! #[derive(serde::Deserialize)]
//! struct Album { images: Vec<String> }
//!
//! #[tokio::main]
//! async fn main() -> Result<(), milepost_client::Error> {
//!     Worker::new(Milepost::new("http://127.0.0.1:8080")?, "worker-1")
//!         .register("thumbnails", |job: Job<Album>| async move {
//!             let total = job.input.images.len();
//!             job.stages([("resize", 3.0), ("upload", 1.0)]);
//!             job.stage("resize");
//!             for (done, image) in job.input.images.iter().enumerate() {
//!                 job.check()?;
//!                 job.log(format!("resizing {image}"));
//!                 job.progress(100.0 * done as f64 / total as f64); // of the stage
//!             }
//!             job.stage("upload"); // 75 % of the whole are done
//!             Ok::<_, Failure>(total)
//!         })
//!         .run()
//!         .await
//! }
//! ```

mod acquire;
mod buffer;
mod failure;
mod heart;
mod hold;
mod job;
mod progress;
mod report;
mod stages;
mod supervise;

use std::{collections::BTreeMap, future::Future, sync::Arc, time::Duration};

use futures_util::future::BoxFuture;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use tokio::sync::watch;

use crate::{Milepost, error::Error};

pub use crate::types::{Lease, LogLevel, StageDefinition};
pub use failure::Failure;
pub use hold::{Hold, HoldOptions};
pub use job::{Job, Reporter, Stop};
pub use progress::Progress;

use heart::Heart;

/// A handler with its types gone: JSON in, JSON out.
pub(crate) type Handler =
    Arc<dyn Fn(Job<Value>) -> BoxFuture<'static, Result<Value, Failure>> + Send + Sync>;

/// A worker: which tasks it takes, how many at once, and what it does with them.
pub struct Worker {
    pub(crate) milepost: Milepost,
    pub(crate) name: String,
    pub(crate) queues: Vec<String>,
    pub(crate) concurrency: usize,
    pub(crate) lease_seconds: u64,
    pub(crate) stop_grace: Duration,
    pub(crate) hold: HoldOptions,
    pub(crate) handlers: BTreeMap<String, Handler>,
}

impl Worker {
    /// A worker under this name: 1 to 128 characters, no control characters. Tasks submitted for one
    /// `worker` only are found by it. Several processes may share a name; their leases are apart.
    pub fn new(milepost: Milepost, name: impl Into<String>) -> Self {
        Worker {
            milepost,
            name: name.into(),
            queues: Vec::new(),
            concurrency: 1,
            lease_seconds: 30,
            stop_grace: Duration::from_secs(10),
            hold: HoldOptions::default(),
            handlers: BTreeMap::new(),
        }
    }

    /// Takes tasks of this queue; may be called for several. Without any, it is `default`.
    pub fn queue(mut self, queue: impl Into<String>) -> Self {
        self.queues.push(queue.into());
        self
    }

    /// How many tasks run at once; 1 unless set.
    pub fn concurrency(mut self, concurrency: usize) -> Self {
        self.concurrency = concurrency.max(1);
        self
    }

    /// How long a lease lives without a report, in seconds from 1 to 3600; 30 unless set. This is how
    /// long it takes until the tasks of a worker that died are run elsewhere.
    pub fn lease_seconds(mut self, seconds: u64) -> Self {
        self.lease_seconds = seconds.clamp(1, 3600);
        self
    }

    /// How long to be silent at most; 5 s unless set, and never more than a third of the lease. This
    /// is how late a job may hear of a cancel.
    pub fn heartbeat(mut self, heartbeat: Duration) -> Self {
        self.hold.heartbeat = heartbeat;
        self
    }

    /// How many bytes of lines each job may keep for a server that does not answer; see
    /// [`HoldOptions::log_limit`]. Without it, all are kept.
    pub fn log_limit(mut self, bytes: usize) -> Self {
        self.hold.log_limit = Some(bytes);
        self
    }

    /// How long jobs may go on after the worker was told to stop; 10 s unless set. Whatever runs then
    /// is given back.
    pub fn stop_grace(mut self, grace: Duration) -> Self {
        self.stop_grace = grace;
        self
    }

    /// What to do with tasks of this kind. The handler's input is read from the task's, and its
    /// output written to it.
    ///
    /// A handler that computes for long without awaiting anything keeps its lease, but also its
    /// thread: see [`Worker::register_blocking`].
    pub fn register<I, O, F, Fut>(mut self, kind: impl Into<String>, handler: F) -> Self
    where
        I: DeserializeOwned + Send,
        O: Serialize,
        F: Fn(Job<I>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<O, Failure>> + Send + 'static,
    {
        let handler = Arc::new(handler);
        let untyped: Handler = Arc::new(move |job| {
            let handler = Arc::clone(&handler);
            Box::pin(async move {
                let running = handler(job.read()?);
                Ok(serde_json::to_value(running.await?)?)
            })
        });
        self.handlers.insert(kind.into(), untyped);
        self
    }

    /// The same for a handler that computes, or blocks in another way: each job gets a thread.
    pub fn register_blocking<I, O, F>(self, kind: impl Into<String>, handler: F) -> Self
    where
        I: DeserializeOwned + Send + 'static,
        O: Serialize + Send + 'static,
        F: Fn(Job<I>) -> Result<O, Failure> + Send + Sync + 'static,
    {
        let handler = Arc::new(handler);
        self.register(kind, move |job: Job<I>| {
            let handler = Arc::clone(&handler);
            async move {
                match tokio::task::spawn_blocking(move || handler(job)).await {
                    Ok(result) => result,
                    Err(error) => match error.try_into_panic() {
                        Ok(payload) => std::panic::resume_unwind(payload),
                        Err(_) => Err(Failure::new("stopped", "the worker is shutting down")),
                    },
                }
            }
        })
    }

    /// Works until the process is told to end (Ctrl-C, and SIGTERM where there is such a thing), then
    /// stops gracefully.
    pub async fn run(self) -> Result<(), Error> {
        self.run_until(told_to_end()).await
    }

    /// Works until `shutdown` is ready, then stops gracefully: no new tasks, jobs are told, those that
    /// are not done within [`Worker::stop_grace`] are given back.
    ///
    /// Ends earlier only with an error that trying again would not help, e.g. when the server refuses
    /// the worker's name. Must be called within a multi-threaded or current-thread Tokio runtime;
    /// handlers run on it.
    pub async fn run_until(self, shutdown: impl Future<Output = ()>) -> Result<(), Error> {
        if self.handlers.is_empty() {
            return Err(Error::Setup("a worker without handlers has nothing to do".to_owned()));
        }
        let heart = Heart::start()?;
        let milepost = self.milepost.apart()?;
        let (stop, stopping) = watch::channel(false);
        let user = tokio::runtime::Handle::current();
        let work = acquire::work(self, milepost, heart.clone(), user, stopping);
        let mut work = heart.spawn(work);
        let ended = tokio::select! {
            ended = &mut work => ended,
            () = shutdown => {
                stop.send_replace(true);
                work.await
            }
        };
        ended.unwrap_or_else(|error| Err(Error::Setup(format!("the worker ended: {error}"))))
    }
}

async fn told_to_end() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
