//! One request in a closed loop: each connection asks again as soon as it is answered.

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

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
}

/// Keeps `in_flight` requests going for `length`.
///
/// # Panics
/// When the server goes away.
pub async fn run(
    address: SocketAddr,
    request: Request,
    in_flight: usize,
    length: Duration,
) -> Outcome {
    let request = Arc::new(request);
    let mut open = Vec::with_capacity(in_flight);
    for _ in 0..in_flight {
        open.push(Connection::open(address).await);
    }
    let began = Instant::now() + WARM_UP;
    let connections: Vec<_> = open
        .into_iter()
        .map(|connection| tokio::spawn(repeat(connection, request.clone(), began, length)))
        .collect();
    let (mut times, mut refused) = (Vec::new(), 0);
    for connection in connections {
        let (mut some, more) = connection.await.expect("a connection's task ends well");
        times.append(&mut some);
        refused += more;
    }
    let took = began.elapsed().as_secs_f64();
    Outcome { per_second: times.len() as f64 / took, times: Spread::of(times), refused }
}

async fn repeat(
    mut connection: Connection,
    request: Arc<Request>,
    began: Instant,
    length: Duration,
) -> (Vec<Duration>, usize) {
    let (mut times, mut refused) = (Vec::new(), 0);
    loop {
        let asked = Instant::now();
        if asked >= began + length {
            return (times, refused);
        }
        let success = connection.ask(&request).await.is_success();
        if asked < began {
            continue;
        }
        if success {
            times.push(asked.elapsed());
        } else {
            refused += 1;
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
