//! The thread that keeps leases alive.
//!
//! A handler may compute for minutes without ever yielding. If heartbeats ran on the same threads,
//! such a job would lose its lease and be run twice, so everything that talks to the server for a
//! worker runs on a thread, an async runtime and connections of its own.

use std::{future::Future, sync::Arc, thread};

use tokio::{
    runtime::{Builder, Handle},
    sync::oneshot,
    task::JoinHandle,
};

use crate::error::Error;

/// Cheap to clone; the thread ends when the last clone is gone.
#[derive(Clone)]
pub(crate) struct Heart {
    runtime: Handle,
    _alive: Arc<oneshot::Sender<()>>,
}

impl Heart {
    pub fn start() -> Result<Self, Error> {
        let failed =
            |error| Error::Setup(format!("the heartbeat thread cannot be started: {error}"));
        let runtime = Builder::new_current_thread().enable_all().build().map_err(failed)?;
        let handle = runtime.handle().clone();
        let (alive, ended) = oneshot::channel::<()>();
        thread::Builder::new()
            .name("milepost-heart".to_owned())
            .spawn(move || {
                let _ = runtime.block_on(ended);
            })
            .map_err(failed)?;
        Ok(Heart { runtime: handle, _alive: Arc::new(alive) })
    }

    pub fn spawn<F>(&self, work: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        self.runtime.spawn(work)
    }
}
