//! What can be appended durably while watchers see all of it.

use std::time::Duration;

use milepost_tests::harness::Server;

use super::{
    Attempt,
    crowd::{Crowd, Plan, fresh},
    log_lines, memory, publish,
};
use crate::{
    http::Connection,
    spread::Spread,
    table::{Row, Table},
    worker,
};

/// A task each, with a report of one log line in flight.
const IN_FLIGHT: usize = 256;

pub async fn measure(table: &mut Table, length: Duration) {
    for watchers in [0, 100] {
        at(table, watchers, length).await;
    }
}

async fn at(table: &mut Table, watchers: usize, length: Duration) {
    let server = Server::start().await;
    let address = server.address();
    let mut connection = Connection::open(address).await;
    let leases = worker::begin_many(&mut connection, IN_FLIGHT).await;
    let crowd = Crowd::open(Plan::fresh(address, vec![fresh("/api/v1/events"); watchers])).await;
    let nexts = leases.into_iter().map(log_lines).collect();
    let processor_time = || server.processor_time();
    let before = processor_time();
    let attempt = Attempt::begin(&crowd, watchers, &processor_time).await;
    let published = publish::in_flight(address, nexts, length).await;
    let used = processor_time().saturating_sub(before);
    let outcome = attempt.end(published.count).await;
    let name = format!("appends, {IN_FLIGHT} in flight, {watchers} watchers of everything");
    let cost = used.div_f64(published.count.max(1) as f64);
    let row = Row::new(&name).per_second(published.per_second());
    let note = "reports of one log line, each of another task; times are until the answer";
    table.push(row.times(Spread::of(published.times)).cost(cost).note(note));
    if watchers > 0 {
        let missing = outcome.missing(&crowd);
        let row = Row::new("their deliveries").per_second(outcome.per_second).cost(outcome.cost);
        let row = row.times(outcome.delays);
        table.push(row.note(format!("times are until the watcher; {}{missing}", memory(&server))));
    }
}
