//! Twice as many tasks as the server can take, submitted at their own pace whether or not earlier
//! ones were answered, while workers hold leases: a good server takes nearly as many as at its peak,
//! refuses the others at once, and costs no worker its lease.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use milepost_tests::harness::Server;
use tokio::{sync::Semaphore, task::JoinHandle};

use crate::{
    http::{Connection, Request},
    spread::Spread,
    table::{Row, Table},
    worker::{self, Lease},
};

/// Clients; more than the server's queue holds, or its bound would never be reached.
const CLIENTS: usize = 15_000;
const WORKERS: usize = 20;
/// A lease lives this long without a report, and reports come four times as often.
const LEASE_SECONDS: u64 = 2;

/// Of the first seconds much goes by until every client has been busy once.
const SHORTEST: Duration = Duration::from_secs(10);

/// # Panics
/// When the server cannot hold so many connections.
pub async fn measure(table: &mut Table, peak: f64, length: Duration) {
    let server = Server::start().await;
    let address = server.address();
    let until_over = Arc::new(Semaphore::new(0));
    let workers = hold_leases(address, &until_over).await;
    let offered = offer(address, 2.0 * peak, length.max(SHORTEST)).await;
    // The queue is empty when each client has its answer, so a lost lease would show by now.
    until_over.close();
    let (mut times, mut kept) = (Vec::new(), 0);
    for worker in workers {
        let (some, has_kept) = worker.await.expect("a worker ends well");
        times.extend(some);
        kept += usize::from(has_kept);
    }
    let share = offered.goodput / peak * 100.0;
    table.push(
        Row::new("createTask offered at 2 × the peak")
            .per_second(offered.goodput)
            .times(Spread::of(offered.times))
            .note(format!(
                "{share:.0} % of the peak; of {} offered {} got 503, {} another answer or none, {} \
                 found every client busy",
                offered.offered, offered.overloaded, offered.failed, offered.unsent
            )),
    );
    table.push(
        Row::new("reports of running tasks meanwhile")
            .times(Spread::of(times))
            .note(format!("{kept} of {WORKERS} leases of {LEASE_SECONDS} s kept to completion")),
    );
}

/// What came of an offer.
struct Offered {
    offered: usize,
    /// Accepted a second, while the offer lasted.
    goodput: f64,
    /// From when a task was due, not from when a client was free to send it.
    times: Vec<Duration>,
    overloaded: usize,
    failed: usize,
    unsent: usize,
}

struct Offer {
    address: SocketAddr,
    request: Request,
    /// One permit a task that is due.
    due: Semaphore,
    began: Instant,
    until: Instant,
    /// Seconds between two tasks.
    pace: f64,
    taken: AtomicUsize,
}

async fn offer(address: SocketAddr, per_second: f64, length: Duration) -> Offered {
    let mut open = Vec::with_capacity(CLIENTS);
    for _ in 0..CLIENTS {
        open.push(Connection::open(address).await);
    }
    let began = Instant::now();
    let offer = Arc::new(Offer {
        address,
        request: worker::create(),
        due: Semaphore::new(0),
        began,
        until: began + length,
        pace: 1.0 / per_second,
        taken: AtomicUsize::new(0),
    });
    let clients: Vec<_> = open
        .into_iter()
        .map(|connection| tokio::spawn(submit(offer.clone(), connection)))
        .collect();
    let mut offered = 0;
    while Instant::now() < offer.until {
        tokio::time::sleep(Duration::from_millis(1)).await;
        let due = (began.elapsed().as_secs_f64() * per_second) as usize;
        offer.due.add_permits(due - offered);
        offered = due;
    }
    offer.due.close();
    let mut all = Client::default();
    for client in clients {
        let mut client = client.await.expect("a client ends well");
        all.times.append(&mut client.times);
        all.in_time += client.in_time;
        all.overloaded += client.overloaded;
        all.failed += client.failed;
    }
    Offered {
        offered,
        goodput: all.in_time as f64 / length.as_secs_f64(),
        times: all.times,
        overloaded: all.overloaded,
        failed: all.failed,
        unsent: offered - offer.taken.load(Ordering::Relaxed),
    }
}

#[derive(Default)]
struct Client {
    times: Vec<Duration>,
    /// Accepted while the offer lasted.
    in_time: usize,
    overloaded: usize,
    failed: usize,
}

async fn submit(offer: Arc<Offer>, mut connection: Connection) -> Client {
    let mut client = Client::default();
    while let Ok(permit) = offer.due.acquire().await {
        permit.forget();
        let number = offer.taken.fetch_add(1, Ordering::Relaxed);
        let due = offer.began + Duration::from_secs_f64(number as f64 * offer.pace);
        match connection.try_ask(&offer.request).await {
            Ok(answer) if answer.is_success() => {
                client.times.push(due.elapsed());
                client.in_time += usize::from(Instant::now() < offer.until);
            }
            Ok(answer) if answer.status == 503 => client.overloaded += 1,
            Ok(_) => client.failed += 1,
            Err(_) => {
                client.failed += 1;
                let Ok(new) = Connection::try_open(offer.address).await else { break };
                connection = new;
            }
        }
    }
    client
}

/// Leases that report until it is over and then complete: how long each report took, and whether the
/// lease was kept.
async fn hold_leases(
    address: SocketAddr,
    until_over: &Arc<Semaphore>,
) -> Vec<JoinHandle<(Vec<Duration>, bool)>> {
    let mut workers = Vec::new();
    for _ in 0..WORKERS {
        let mut connection = Connection::open(address).await;
        let acquire = worker::acquire(1, LEASE_SECONDS);
        let lease = worker::begin_one(&mut connection, &acquire).await;
        workers.push(tokio::spawn(hold(connection, lease, until_over.clone())));
    }
    workers
}

async fn hold(
    mut connection: Connection,
    lease: Lease,
    until_over: Arc<Semaphore>,
) -> (Vec<Duration>, bool) {
    let pause = Duration::from_millis(LEASE_SECONDS * 250);
    let mut times = Vec::new();
    let mut kept = true;
    while tokio::time::timeout(pause, until_over.acquire()).await.is_err() {
        let began = Instant::now();
        kept &= connection.ask(&lease.report()).await.is_success();
        times.push(began.elapsed());
    }
    kept &= connection.ask(&lease.complete()).await.is_success();
    (times, kept)
}
