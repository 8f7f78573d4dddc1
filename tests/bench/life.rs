//! A task's whole life over HTTP, one request a step: create, lease, report, complete.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use milepost_tests::harness::Server;

use crate::{
    batches,
    http::Connection,
    spread::Spread,
    table::{Peer, Row, Table},
    worker,
};

const WORKERS: usize = 64;

pub async fn measure(table: &mut Table, length: Duration) {
    let server = Server::start().await;
    let before = server.processor_time();
    let began = Instant::now();
    let workers: Vec<_> =
        (0..WORKERS).map(|_| tokio::spawn(live(server.address(), began + length))).collect();
    let mut times = Vec::new();
    for worker in workers {
        times.append(&mut worker.await.expect("a worker ends well"));
    }
    let took = began.elapsed().as_secs_f64();
    let cost = server.processor_time().saturating_sub(before).div_f64(times.len().max(1) as f64);
    let row = Row::new(format!("whole life, nothing batched, {WORKERS} workers"));
    let row = row.per_second(times.len() as f64 / took).times(Spread::of(times)).cost(cost);
    table.push(row.against(Peer::Processing).note("tasks; 4 requests each"));
    batches::measure(table, length).await;
}

/// Each worker submits a task and then works on one, so there is always one for it: its own, or
/// that of another, who finds this one's.
async fn live(address: SocketAddr, until: Instant) -> Vec<Duration> {
    let mut connection = Connection::open(address).await;
    let acquire = worker::acquire(1, 30);
    let mut times = Vec::new();
    loop {
        let began = Instant::now();
        if began >= until {
            return times;
        }
        let lease = worker::begin_one(&mut connection, &acquire).await;
        connection.ask(&lease.report()).await.expect_success("reportTask");
        connection.ask(&lease.complete()).await.expect_success("completeTask");
        times.push(began.elapsed());
    }
}
