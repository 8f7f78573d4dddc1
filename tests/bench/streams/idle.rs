//! What watchers cost that nothing happens for: most of a crowd, most of the time.

use std::time::Duration;

use milepost_tests::harness::{Server, anonymous_memory};

use super::{
    closed,
    crowd::{Crowd, Plan, fresh},
    mebibytes,
    nchan::Nchan,
    too_many,
};
use crate::{
    chart::{Figure, MILEPOST, NCHAN, Panel},
    http::Connection,
    load,
    table::{Row, Table},
    worker,
};

const WATCHERS: usize = 10_000;
const TASKS: usize = 100;
const IN_FLIGHT: usize = 64;
/// Two keep-alives for each.
const QUIET: Duration = Duration::from_secs(30);
/// Until what the opening left to do is done.
const SETTLING: Duration = Duration::from_secs(1);

pub async fn measure(table: &mut Table, length: Duration) {
    let name = format!("{WATCHERS} idle watchers");
    if let Some(row) = too_many(&name, WATCHERS) {
        return table.push(row);
    }
    let server = Server::start().await;
    let mut connection = Connection::open(server.address()).await;
    let leases = worker::begin_many(&mut connection, TASKS).await;
    submits(table, &server, "no watchers", length).await;

    tokio::time::sleep(SETTLING).await;
    let before = anonymous_memory(server.pid());
    let requests = leases.iter().cycle().take(WATCHERS).map(|lease| fresh(&lease.events()));
    let crowd = Crowd::open(Plan::fresh(server.address(), requests.collect())).await;
    tokio::time::sleep(SETTLING).await;
    let after = anonymous_memory(server.pid());
    crowd.take().await;
    let used = server.processor_time();
    tokio::time::sleep(QUIET).await;
    let used = server.processor_time().saturating_sub(used);
    let bytes = crowd.take().await.bytes;
    let note = format!(
        "{}; open in {:.2} s; {:.1} % of a core in {} s with {} bytes of keep-alives each{}",
        memory(before, after),
        crowd.opening.as_secs_f64(),
        used.as_secs_f64() / QUIET.as_secs_f64() * 100.0,
        QUIET.as_secs(),
        bytes / WATCHERS as u64,
        closed(&crowd)
    );
    table.push(Row::new(name).note(note));
    plot(table, MILEPOST, before, after);
    submits(table, &server, &format!("{WATCHERS} idle watchers"), length).await;
    drop((crowd, server));
    beside(table).await;
}

async fn submits(table: &mut Table, server: &Server, beside: &str, length: Duration) {
    let outcome = load::run(server, worker::create(), IN_FLIGHT, length).await;
    let row = Row::new(format!("createTask, {IN_FLIGHT} in flight, {beside}"));
    table.push(row.per_second(outcome.per_second).times(outcome.times).cost(outcome.cost));
}

/// nchan's subscribers of as many channels.
async fn beside(table: &mut Table) {
    let name = format!("nchan, {WATCHERS} idle subscribers");
    let nginx = match Nchan::start() {
        Ok(nginx) => nginx,
        Err(why) => return table.push(Row::new(name).note(format!("skipped: {why}"))),
    };
    let before = nginx.anonymous_memory();
    let requests = (0..WATCHERS)
        .flat_map(|n| nginx.plan(&format!("channel-{}", n % TASKS), 1).requests)
        .collect();
    let crowd = Crowd::open(Plan { requests, ..nginx.plan("", 0) }).await;
    tokio::time::sleep(SETTLING).await;
    let after = nginx.anonymous_memory();
    let opening = crowd.opening.as_secs_f64();
    table.push(Row::new(name).note(format!("{}; open in {opening:.2} s", memory(before, after))));
    plot(table, NCHAN, before, after);
}

fn each(before: u64, after: u64) -> f64 {
    after.saturating_sub(before) as f64 / WATCHERS as f64 / 1024.0
}

fn memory(before: u64, after: u64) -> String {
    format!(
        "{:.1} KiB each; RssAnon {:.1} MiB without, {:.1} MiB with them",
        each(before, after),
        mebibytes(before),
        mebibytes(after)
    )
}

fn plot(table: &mut Table, series: &'static str, before: u64, after: u64) {
    let (at, value) = (format!("{WATCHERS} idle"), each(before, after));
    table.plot(Figure { panel: Panel::Memory, series, at, value });
}
