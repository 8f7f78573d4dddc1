//! The same life with the worker's side in batches: tasks are created one by one, as their callers
//! come one by one, but a worker leases 100 and reports on all of them at once.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use milepost_tests::harness::Server;
use serde::Deserialize;
use tokio::{sync::Semaphore, time::timeout_at};

use crate::{
    http::{Connection, Request},
    table::{Peer, Row, Table},
    worker::{self, Lease},
};

const CREATORS: usize = 64;
const WORKERS: usize = 4;
/// Tasks that are not done at any one time: callers outrun the workers otherwise, and what was only
/// created would cost time without counting.
const UNDER_WAY: usize = 2000;
const LEASED: usize = 100;
const PATH: &str = "/api/v1/reports";

pub async fn measure(table: &mut Table, length: Duration) {
    let row = Row::new(format!("whole life, in batches of {LEASED}, {WORKERS} workers"));
    let server = Server::start().await;
    let mut connection = Connection::open(server.address()).await;
    let probe = connection.ask(&Request::post(PATH, r#"{"items":[]}"#)).await;
    if matches!(probe.status, 404 | 405) {
        return table.push(row.note("not there yet: the server has no reportBatch"));
    }
    let flow = Arc::new(Flow {
        address: server.address(),
        until: Instant::now() + length,
        free: Semaphore::new(UNDER_WAY),
        done: AtomicUsize::new(0),
        rounds: AtomicUsize::new(0),
    });
    let before = server.processor_time();
    let began = Instant::now();
    let creators = (0..CREATORS).map(|_| tokio::spawn(create(flow.clone())));
    let workers = (0..WORKERS).map(|_| tokio::spawn(work(flow.clone())));
    for one in creators.chain(workers).collect::<Vec<_>>() {
        one.await.expect("who creates and who works ends well");
    }
    let done = flow.done.load(Ordering::Relaxed) as f64;
    let a_round = done / flow.rounds.load(Ordering::Relaxed).max(1) as f64;
    let row = row.per_second(done / began.elapsed().as_secs_f64()).against(Peer::Processing);
    let cost = server.processor_time().saturating_sub(before);
    let row = row.cost(cost.div_f64(done.max(1.0)));
    table.push(row.note(format!("tasks; created one by one, {a_round:.0} leased at a time")));
}

struct Flow {
    address: SocketAddr,
    until: Instant,
    free: Semaphore,
    done: AtomicUsize,
    /// Leasings that brought something.
    rounds: AtomicUsize,
}

async fn create(flow: Arc<Flow>) {
    let mut connection = Connection::open(flow.address).await;
    let request = worker::create();
    while let Ok(Ok(permit)) = timeout_at(flow.until.into(), flow.free.acquire()).await {
        if Instant::now() >= flow.until {
            return;
        }
        permit.forget();
        connection.ask(&request).await.expect_success("createTask");
    }
}

async fn work(flow: Arc<Flow>) {
    let mut connection = Connection::open(flow.address).await;
    let acquire = worker::acquire(LEASED, 30);
    while Instant::now() < flow.until {
        let leases = worker::leases(connection.ask(&acquire).await.expect_success("acquireLeases"));
        if leases.is_empty() {
            continue;
        }
        // Two requests, as a worker whose work takes time would send them.
        report(&mut connection, &leases).await;
        complete(&mut connection, &leases).await;
        flow.done.fetch_add(leases.len(), Ordering::Relaxed);
        flow.rounds.fetch_add(1, Ordering::Relaxed);
        flow.free.add_permits(leases.len());
    }
}

/// reportBatch with half of the progress of each.
pub async fn report(connection: &mut Connection, leases: &[Lease]) {
    let item = |id: &str, token: &str| {
        format!(
            r#"{{"type":"report","task_id":"{id}","lease":"{token}","progress":{{"percent":50}}}}"#
        )
    };
    send(connection, leases, item).await;
}

/// reportBatch with the end of each.
pub async fn complete(connection: &mut Connection, leases: &[Lease]) {
    let item = |id: &str, token: &str| {
        format!(
            r#"{{"type":"complete","task_id":"{id}","lease":"{token}","output":{{"pages":3}}}}"#
        )
    };
    send(connection, leases, item).await;
}

#[derive(Deserialize)]
struct Results {
    items: Vec<ItemResult>,
}

#[derive(Deserialize)]
struct ItemResult {
    status: u16,
}

async fn send(connection: &mut Connection, leases: &[Lease], item: impl Fn(&str, &str) -> String) {
    let items = leases.iter().map(|lease| item(&lease.task.id, &lease.token));
    let items = items.collect::<Vec<_>>().join(",");
    let request = Request::post(PATH, &format!(r#"{{"items":[{items}]}}"#));
    let body = connection.ask(&request).await.expect_success("reportBatch");
    let results: Results = serde_json::from_slice(body).expect("reportBatch answers results");
    assert_eq!(results.items.len(), leases.len(), "one result an item");
    assert!(results.items.iter().all(|item| item.status == 200), "every item is taken");
}
