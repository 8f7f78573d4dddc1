//! One request in a closed loop: each connection asks again as soon as it is answered.

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use milepost_tests::harness::Server;

use crate::{
    http::{Connection, Request},
    spread::Spread,
};

/// What is not counted: first requests fill caches and grow buffers.
const WARM_UP: Duration = Duration::from_millis(300);

/// What came of it.
pub struct Outcome {
    pub per_second: f64,
    pub times: Spread,
    /// Answers other than 2xx; they do not count as done.
    pub refused: usize,
    /// Processor time of the server for one request.
    pub cost: Duration,
}

/// Keeps `in_flight` requests going for `length`.
///
/// # Panics
/// When the server goes away.
pub async fn run(server: &Server, request: Request, in_flight: usize, length: Duration) -> Outcome {
    let request = Arc::new(request);
    let mut open = Vec::with_capacity(in_flight);
    for _ in 0..in_flight {
        open.push(Connection::open(server.address()).await);
    }
    let before = server.processor_time();
    let began = Instant::now() + WARM_UP;
    let connections: Vec<_> = open
        .into_iter()
        .map(|connection| tokio::spawn(repeat(connection, request.clone(), began, length)))
        .collect();
    let mut all = Answered::default();
    for connection in connections {
        let mut some = connection.await.expect("a connection's task ends well");
        all.times.append(&mut some.times);
        all.refused += some.refused;
        all.warming += some.warming;
    }
    let per_second = all.times.len() as f64 / began.elapsed().as_secs_f64();
    let cost = server.processor_time().saturating_sub(before);
    let answered = all.times.len() + all.refused + all.warming;
    Outcome {
        per_second,
        times: Spread::of(all.times),
        refused: all.refused,
        cost: cost.div_f64(answered.max(1) as f64),
    }
}

/// What one connection was answered.
#[derive(Default)]
struct Answered {
    times: Vec<Duration>,
    refused: usize,
    warming: usize,
}

async fn repeat(
    mut connection: Connection,
    request: Arc<Request>,
    began: Instant,
    length: Duration,
) -> Answered {
    let mut all = Answered::default();
    loop {
        let asked = Instant::now();
        if asked >= began + length {
            return all;
        }
        let success = connection.ask(&request).await.is_success();
        if asked < began {
            all.warming += 1;
        } else if success {
            all.times.push(asked.elapsed());
        } else {
            all.refused += 1;
        }
    }
}

/// Keeps requests going until the server is gone.
pub fn until_it_dies(address: SocketAddr, request: Request, in_flight: usize) {
    let request = Arc::new(request);
    for _ in 0..in_flight {
        let request = request.clone();
        tokio::spawn(async move {
            let Ok(mut connection) = Connection::try_open(address).await else { return };
            while connection.try_ask(&request).await.is_ok() {}
        });
    }
}
