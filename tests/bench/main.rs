//! The engine under load: a real server, real requests, beside what the disk and the HTTP stack can
//! do in the same run, and beside BullMQ on Redis where that can be had.
//!
//! Figures of different machines, or of different hours on one, do not compare; the ratios of one
//! run do. Client and server share the cores. What each row measures, and how to repeat it, is in
//! `README.md` beside this file; `make bench` runs it in release.

mod arguments;
mod batches;
mod bullmq;
mod chart;
mod disk;
mod family;
mod http;
mod lease;
mod life;
mod load;
mod machine;
mod overload;
mod retention;
mod seed;
mod spread;
mod start;
mod streams;
mod submit;
mod table;
mod worker;

use std::time::Duration;

use milepost_tests::harness::Server;

use crate::{
    arguments::{Arguments, Group},
    http::Request,
    table::{Row, Table},
};

/// The most tasks that are queued behind.
const MOST_QUEUED: u64 = 100_000;

fn main() {
    let arguments = Arguments::read();
    // Thousands of sockets are opened; a server that is started here raises its own limit.
    streams::descriptors();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let table = runtime.expect("a runtime can be built").block_on(run(&arguments));
    let machine = format!("{}; client and server share the cores", machine::facts());
    let mut manner =
        format!("{} s a measurement; SQLite, synchronous=FULL", arguments.length.as_secs());
    if cfg!(debug_assertions) {
        manner += "; a debug build of the client: its figures mean little";
    }
    println!("{machine}\n{manner}");
    println!();
    table.print(arguments.form);
    if let Some(path) = &arguments.chart {
        let picture = chart::svg(table.figures(), &format!("{machine}; {manner}"));
        if let Err(error) = std::fs::write(path, picture) {
            eprintln!("the chart cannot be written to {}: {error}", path.display());
            std::process::exit(1);
        }
    }
}

async fn run(arguments: &Arguments) -> Table {
    let length = arguments.length;
    let mut table = reference(length).await;
    if arguments.wants(Group::Bullmq) {
        bullmq::measure(&mut table, length);
    }
    if arguments.wants(Group::Submit) {
        submit::measure(&mut table, length).await;
    }
    if arguments.wants(Group::Life) {
        life::measure(&mut table, length).await;
    }
    if arguments.wants(Group::Family) {
        family::measure(&mut table).await;
    }
    filled(arguments, &mut table).await;
    if arguments.wants(Group::Retention) {
        retention::measure(&mut table, length, arguments.rows).await;
    }
    if arguments.wants(Group::Overload) {
        // Measured again right before: what a machine can do drifts within minutes.
        let peak = submit::at(submit::PEAK, length).await.per_second;
        overload::measure(&mut table, peak, length).await;
    }
    watched(arguments, &mut table).await;
    table
}

/// What watchers see, and what they cost.
async fn watched(arguments: &Arguments, table: &mut Table) {
    let length = arguments.length;
    if arguments.wants(Group::Fanout) {
        streams::fanout(table, length).await;
    }
    if arguments.wants(Group::Latency) {
        streams::latency(table, length).await;
    }
    if arguments.wants(Group::Appends) {
        streams::appends(table, length).await;
    }
    if arguments.wants(Group::Storm) {
        streams::storm(table).await;
    }
    if arguments.wants(Group::Idle) {
        streams::idle(table, length).await;
    }
}

/// The floor and the ceiling: one sync a write, and an answer without any work.
async fn reference(length: Duration) -> Table {
    let server = Server::start().await;
    let syncs = disk::sync_times(server.data_dir(), length);
    let hello = load::run(&server, Request::get("/healthz"), 64, length).await;
    let per_second = syncs.count() as f64 / length.as_secs_f64();
    let mut table = Table::new(per_second, hello.per_second);
    let row = Row::new("fdatasync of 4 KiB, appended").per_second(per_second);
    table.push(row.times(syncs));
    let row = Row::new("GET /healthz, 64 in flight").per_second(hello.per_second);
    table.push(row.times(hello.times).cost(hello.cost));
    table
}

/// What depends on the size of the database; each size is made once.
async fn filled(arguments: &Arguments, table: &mut Table) {
    let (leases, starts) = (arguments.wants(Group::Lease), arguments.wants(Group::Start));
    if starts {
        start::measure_empty(table).await;
    }
    let mut sizes = vec![0, arguments.rows.min(MOST_QUEUED), arguments.rows];
    sizes.dedup();
    for rows in sizes {
        if !(leases || starts && rows > 0) {
            continue;
        }
        let seeded = seed::seed(rows, rows.min(MOST_QUEUED)).await;
        if leases {
            lease::measure(table, arguments.length, &seeded).await;
        }
        if starts && rows > 0 {
            start::measure_filled(table, &seeded).await;
        }
    }
}
