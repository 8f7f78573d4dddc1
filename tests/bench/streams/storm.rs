//! Everybody comes back at once: the server was killed, and each watcher has a cursor and missed
//! something.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use milepost_tests::harness::Server;
use serde::Deserialize;

use super::{
    crowd::{Crowd, Plan, resumed},
    stamp,
};
use crate::{
    http::Connection,
    spread::Spread,
    table::{Row, Table},
    worker::{self, Lease},
};

const WATCHERS: usize = 1000;
const TASKS: usize = 50;
/// Events that each missed.
const MISSED: usize = 100;
const SUBMITTERS: usize = 16;
/// How long submits are looked at without a storm.
const CALM: Duration = Duration::from_secs(2);

pub async fn measure(table: &mut Table) {
    let mut server = Server::start().await;
    let address = server.address();
    let mut connection = Connection::open(address).await;
    let leases = worker::begin_many(&mut connection, TASKS).await;
    let mut requests = Vec::new();
    for lease in &leases {
        let cursor = miss(&mut connection, lease).await;
        let request = resumed(&lease.events(), &cursor);
        requests.extend(vec![request; WATCHERS / TASKS]);
    }
    drop(connection);
    server.kill9().await;
    let began = Instant::now();
    server.restart().await;
    let back = began.elapsed();

    let calm = Submits::begin(address);
    tokio::time::sleep(CALM).await;
    let calm = calm.end().await;
    let submits = Submits::begin(address);
    let began = stamp::now();
    // Only the head is waited for: the first events may be there before the last is asked for.
    let plan = Plan { address, requests, opened_by: b"retry:", at_once: usize::MAX };
    let crowd = Crowd::open(plan).await;
    crowd.until((WATCHERS * MISSED) as u64).await;
    let seen = crowd.take().await;
    let during = submits.end().await;
    let took = Duration::from_micros(seen.last.saturating_sub(began));
    let lost = (WATCHERS * MISSED) as i64 - seen.deliveries as i64;
    let note = format!(
        "all caught up after {:.0} ms, all connected after {:.0} ms; each had missed {MISSED} events; \
         {}the start after SIGKILL took {:.0} ms",
        took.as_secs_f64() * 1000.0,
        crowd.opening.as_secs_f64() * 1000.0,
        match lost {
            0 => String::new(),
            lost => format!("{lost} NOT DELIVERED; "),
        },
        back.as_secs_f64() * 1000.0,
    );
    let rate = seen.deliveries as f64 / took.as_secs_f64();
    let name = format!("{WATCHERS} watchers come back at once");
    table.push(Row::new(name).per_second(rate).note(note));
    for (submits, when) in [(calm, "before it"), (during, "meanwhile")] {
        let (rate, times) = submits;
        let name = format!("createTask, {SUBMITTERS} in flight, {when}");
        table.push(Row::new(name).per_second(rate).times(times));
    }
}

/// Lets a task report what the watchers will miss; their cursor is that of the first report.
async fn miss(connection: &mut Connection, lease: &Lease) -> String {
    #[derive(Deserialize)]
    struct Reported {
        cursor: String,
    }
    let answer = connection.ask(&lease.log("seen before")).await.expect_success("reportTask");
    let reported: Reported = serde_json::from_slice(answer).expect("a report has a cursor");
    for _ in 0..MISSED {
        connection.ask(&lease.log(&stamp::line())).await.expect_success("reportTask");
    }
    reported.cursor
}

/// Callers that submit until they are told to end.
struct Submits {
    over: Arc<AtomicBool>,
    began: Instant,
    callers: Vec<tokio::task::JoinHandle<Vec<Duration>>>,
}

impl Submits {
    fn begin(address: SocketAddr) -> Submits {
        let over = Arc::new(AtomicBool::new(false));
        let callers = (0..SUBMITTERS).map(|_| tokio::spawn(submit(address, over.clone())));
        Submits { over: over.clone(), began: Instant::now(), callers: callers.collect() }
    }

    /// How many a second, and how long each took.
    async fn end(self) -> (f64, Spread) {
        self.over.store(true, Ordering::Relaxed);
        let took = self.began.elapsed().as_secs_f64();
        let mut times = Vec::new();
        for caller in self.callers {
            times.append(&mut caller.await.expect("a caller ends well"));
        }
        (times.len() as f64 / took, Spread::of(times))
    }
}

async fn submit(address: SocketAddr, over: Arc<AtomicBool>) -> Vec<Duration> {
    let mut connection = Connection::open(address).await;
    let (request, mut times) = (worker::create(), Vec::new());
    while !over.load(Ordering::Relaxed) {
        let asked = Instant::now();
        connection.ask(&request).await.expect_success("createTask");
        times.push(asked.elapsed());
    }
    times
}
