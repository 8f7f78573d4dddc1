//! One client that leases, and one that lists, with more and more tasks behind: what grows with the
//! database shows here.

use std::time::{Duration, Instant};

use crate::{
    http::{Connection, Request},
    load,
    seed::{self, Seeded},
    spread::Spread,
    table::{Row, Table},
    worker,
};

/// Queued tasks of another kind do not stand in its way.
const WANTED: &str = "wanted";

const LISTS: [(&str, &str); 4] = [
    ("the newest 50", "limit=50"),
    ("the newest 50 queued", "limit=50&state=queued"),
    ("the newest 50 succeeded", "limit=50&state=succeeded"),
    // The most a page may cost: it looks at 10,000 rows in vain.
    ("50 of a kind that is not there", "limit=50&kind=absent"),
];

/// Measures on one database.
pub async fn measure(table: &mut Table, length: Duration, seeded: &Seeded) {
    let server = seeded.serve().await;
    let behind = behind(seeded);
    let kinds: &[(&str, &str)] = match seeded.queued {
        0 => &[("lease", WANTED)],
        _ => &[("lease the oldest queued", seed::QUEUED), ("lease of another kind", WANTED)],
    };
    for (name, kind) in kinds {
        let mut connection = Connection::open(server.address()).await;
        let times = lease(&mut connection, kind, length).await;
        table.push(Row::new(format!("{name}, {behind}")).times(times).note("one client"));
    }
    for (name, query) in LISTS {
        let request = Request::get(&format!("/api/v1/tasks?{query}"));
        let outcome = load::run(&server, request, 1, length).await;
        let row = Row::new(format!("list {name}, {behind}")).times(outcome.times);
        let row = row.cost(outcome.cost);
        table.push(row.note(match outcome.refused {
            0 => "one client".to_owned(),
            refused => format!("{refused} refused"),
        }));
    }
}

/// What a row's name says of the database.
pub fn behind(seeded: &Seeded) -> String {
    match (seeded.finished, seeded.queued) {
        (0, 0) => "nothing behind".to_owned(),
        (finished, queued) => format!("{} done, {} queued", short(finished), short(queued)),
    }
}

pub fn short(count: u64) -> String {
    match count {
        _ if count > 0 && count.is_multiple_of(1_000_000) => format!("{} M", count / 1_000_000),
        _ if count > 0 && count.is_multiple_of(1000) => format!("{} k", count / 1000),
        _ => count.to_string(),
    }
}

/// Submits, leases and completes, one after the other; only the lease is timed. What is submitted
/// keeps the number of queued tasks as it was.
async fn lease(connection: &mut Connection, kind: &str, length: Duration) -> Spread {
    let (create, acquire) = (worker::create_kind(kind), worker::acquire_kind(kind));
    let until = Instant::now() + length;
    let mut times = Vec::new();
    while Instant::now() < until {
        connection.ask(&create).await.expect_success("createTask");
        let began = Instant::now();
        let answer = connection.ask(&acquire).await.expect_success("acquireLeases");
        times.push(began.elapsed());
        let lease = worker::leases(answer).pop().expect("a task was queued");
        connection.ask(&lease.complete()).await.expect_success("completeTask");
    }
    Spread::of(times)
}
