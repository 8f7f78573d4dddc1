//! createTask, one task a request, each answered when it is durable.

use std::time::Duration;

use milepost_tests::harness::Server;

use crate::{
    chart::{Figure, MILEPOST, Panel},
    load,
    table::{Peer, Row, Table},
    worker,
};

/// What counts as the peak: more in flight gains nothing.
pub const PEAK: usize = 256;

pub async fn measure(table: &mut Table, length: Duration) {
    for in_flight in [1, 64, PEAK] {
        let outcome = at(in_flight, length).await;
        let note = match outcome.refused {
            0 => String::new(),
            refused => format!("{refused} refused"),
        };
        let (panel, at, value) = (Panel::Submit, in_flight.to_string(), outcome.per_second);
        table.plot(Figure { panel, series: MILEPOST, at, value });
        let row = Row::new(format!("createTask, {in_flight} in flight"));
        let row = row.per_second(outcome.per_second).times(outcome.times).cost(outcome.cost);
        table.push(row.against(Peer::Submit).note(note));
    }
}

/// A server of its own each time, so that the size of the database is the same.
pub async fn at(in_flight: usize, length: Duration) -> load::Outcome {
    let server = Server::start().await;
    load::run(&server, worker::create(), in_flight, length).await
}
