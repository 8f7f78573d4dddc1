//! A worker's main loop: takes leases while there is room, and hands each to its supervisor.
//!
//! Runs on the heart's thread, so that a lease is kept from the moment it is there, whatever the
//! handlers do.

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use tokio::{
    runtime::Handle,
    sync::watch,
    task::JoinSet,
    time::{sleep, timeout},
};

use super::{Worker, heart::Heart, hold::Hold, supervise};
use crate::{Milepost, backoff::Backoff, client::new_key, error::Error, types};

/// How long one request waits on the server for a task.
const WAIT_SECONDS: u64 = 20;
/// The most tasks the server gives out at once.
const MOST_AT_ONCE: usize = 100;
/// What a worker may take beyond its grace to tell the server how its jobs ended.
const LAST_WORDS: Duration = Duration::from_secs(5);

type Acquiring = Pin<Box<dyn Future<Output = Result<Vec<types::Lease>, Error>> + Send>>;

pub(super) async fn work(
    worker: Worker,
    milepost: Milepost,
    heart: Heart,
    user: Handle,
    stopping: watch::Receiver<bool>,
) -> Result<(), Error> {
    let worker = Arc::new(worker);
    let mut told = stopping.clone();
    let mut jobs = JoinSet::new();
    let mut acquiring: Option<(String, Acquiring)> = None;
    let ended = loop {
        let room = worker.concurrency - jobs.len().min(worker.concurrency);
        if acquiring.is_none() && room > 0 {
            let id = new_key();
            let request = wish(&worker, room, id.clone());
            acquiring = Some((id, Box::pin(acquire(milepost.clone(), request))));
        }
        let next = async {
            match &mut acquiring {
                Some((_, acquiring)) => acquiring.await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            leases = next => {
                acquiring = None;
                match leases {
                    Ok(leases) => for lease in leases {
                        let job = supervise::Supervisor {
                            worker: Arc::clone(&worker),
                            hold: keep(&worker, &milepost, &heart, &lease),
                            lease,
                            user: user.clone(),
                            stopping: stopping.clone(),
                        };
                        jobs.spawn(job.run());
                    },
                    Err(error) => break Err(error),
                }
            }
            Some(_) = jobs.join_next() => {}
            _ = told.wait_for(|&stop| stop) => break Ok(()),
        }
    };
    let lost = acquiring.map(|(id, acquiring)| {
        drop(acquiring);
        give_back(milepost.clone(), wish(&worker, MOST_AT_ONCE, id))
    });
    let rest = async {
        if let Some(lost) = lost {
            lost.await;
        }
        while jobs.join_next().await.is_some() {}
    };
    if timeout(worker.stop_grace + LAST_WORDS, rest).await.is_err() {
        tracing::warn!("the server was not told how some jobs ended; their leases will expire");
    }
    ended
}

fn wish(worker: &Worker, room: usize, request_id: String) -> types::LeaseRequest {
    let queues =
        if worker.queues.is_empty() { vec!["default".to_owned()] } else { worker.queues.clone() };
    types::LeaseRequest {
        worker: worker.name.clone(),
        request_id: Some(request_id),
        queues,
        kinds: worker.handlers.keys().cloned().collect(),
        max_tasks: Some(room.min(MOST_AT_ONCE) as u64),
        lease_seconds: Some(worker.lease_seconds),
        wait_seconds: Some(WAIT_SECONDS),
    }
}

/// One wish, repeated under the same id until it is answered.
async fn acquire(
    milepost: Milepost,
    request: types::LeaseRequest,
) -> Result<Vec<types::Lease>, Error> {
    let mut backoff = Backoff::for_requests();
    loop {
        match milepost.acquire(request.clone()).await {
            Err(error) if error.is_retryable() => {
                tracing::warn!(%error, "no tasks can be asked for; trying again");
                sleep(backoff.next_delay(error.retry_after())).await;
            }
            answer => return answer,
        }
    }
}

/// When a worker stops while it asks for tasks, some may be on their way. Asking again under the same
/// id, without waiting, finds them.
async fn give_back(milepost: Milepost, mut request: types::LeaseRequest) {
    request.wait_seconds = Some(0);
    let Ok(leases) = milepost.acquire(request).await else { return };
    for lease in leases {
        let body = types::TaskRelease { lease: lease.token };
        let released = milepost.api().release_task().id(lease.task.id).body(body).send();
        if let Err(error) = released.await.map_err(Error::from) {
            tracing::warn!(%error, "a lease could not be given back; it will expire");
        }
    }
}

fn keep(worker: &Worker, milepost: &Milepost, heart: &Heart, lease: &types::Lease) -> Hold {
    let mut options = worker.hold.clone();
    let third = Duration::from_secs(worker.lease_seconds) / 3;
    options.heartbeat = options.heartbeat.min(third);
    Hold::on(heart, milepost.clone(), lease, options)
}
