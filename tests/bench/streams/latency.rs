//! From a report to who watches its task, at a load that leaves the server time.

use std::{sync::Arc, time::Duration};

use milepost_tests::harness::Server;

use super::{
    Attempt, closed,
    crowd::{Crowd, Plan, fresh},
    publish::{self, Next},
    stamp,
};
use crate::{
    chart::{Figure, Panel},
    http::Connection,
    spread::{Spread, Times},
    table::{Row, Table},
    worker,
};

const TASKS: usize = 100;
/// Ten reports a second from each.
const INTERVAL: Duration = Duration::from_millis(100);

pub async fn measure(table: &mut Table, length: Duration) {
    let server = Server::start().await;
    let address = server.address();
    let mut connection = Connection::open(address).await;
    let leases = worker::begin_many(&mut connection, TASKS).await;
    let requests = leases.iter().map(|lease| fresh(&lease.events())).collect();
    let crowd = Crowd::open(Plan::fresh(address, requests)).await;
    let nexts =
        leases.into_iter().map(|lease| -> Next { Arc::new(move || lease.message(&stamp::line())) });
    let nexts = nexts.collect();
    let processor_time = || server.processor_time();
    // Each report has one watcher.
    let attempt = Attempt::begin(&crowd, 1, &processor_time).await;
    let published = publish::paced(address, nexts, INTERVAL, length).await;
    let rate = published.per_second();
    let outcome = attempt.end(published.count).await;
    let answered = Times::from(Spread::of(published.times));
    let note = format!(
        "{} of {} events; server used {:.2} cores{}",
        outcome.deliveries,
        published.count,
        outcome.cores,
        closed(&crowd)
    );
    let arrived = Times::from(outcome.delays);
    let name = format!("{TASKS} tasks × 10 reports/s");
    table.push(Row::new(format!("{name}: answered")).per_second(rate).times(answered));
    let row = Row::new(format!("{name}: seen by its watcher")).per_second(outcome.per_second);
    table.push(row.times(arrived).note(note));
    for (series, times) in [("answered", answered), ("seen by its watcher", arrived)] {
        for (at, time) in [("p50", times.p50), ("p99", times.p99)] {
            let value = time.as_secs_f64() * 1000.0;
            table.plot(Figure { panel: Panel::Latency, series, at: at.to_owned(), value });
        }
    }
}
