//! Publishers: one that publishes again as soon as it is answered, and several that keep a pace.

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use crate::http::{Connection, Request};

/// Writes the next request, stamped with now.
pub type Next = Arc<dyn Fn() -> Request + Send + Sync>;

/// What a publisher did.
#[derive(Default)]
pub struct Published {
    pub count: usize,
    /// From the first request to the last answer.
    pub took: Duration,
    /// From a request to its answer.
    pub times: Vec<Duration>,
}

/// One after the other, for so long.
///
/// # Panics
/// When one is refused.
pub async fn closed_loop(connection: &mut Connection, next: &Next, length: Duration) -> Published {
    let began = Instant::now();
    let mut published = Published::default();
    while began.elapsed() < length {
        published.once(connection, next).await;
    }
    published.took = began.elapsed();
    published
}

/// So many in flight, each one after the other.
///
/// # Panics
/// When one is refused.
pub async fn in_flight(address: SocketAddr, nexts: Vec<Next>, length: Duration) -> Published {
    let publishers: Vec<_> = nexts
        .into_iter()
        .map(|next| {
            tokio::spawn(async move {
                closed_loop(&mut Connection::open(address).await, &next, length).await
            })
        })
        .collect();
    sum(publishers).await
}

/// Each publishes every `interval`, evenly spread over it; one that is not answered in time
/// publishes as soon as it is. What is still due when the time is over is not published.
///
/// # Panics
/// When one is refused.
pub async fn paced(
    address: SocketAddr,
    nexts: Vec<Next>,
    interval: Duration,
    length: Duration,
) -> Published {
    let began = Instant::now();
    let count = u32::try_from(nexts.len().max(1)).unwrap_or(u32::MAX);
    let publishers: Vec<_> = (0..)
        .zip(nexts)
        .map(|(n, next)| {
            let mut due = began + interval * n / count;
            tokio::spawn(async move {
                let mut connection = Connection::open(address).await;
                let mut published = Published::default();
                while due < began + length && began.elapsed() < length {
                    tokio::time::sleep_until(due.into()).await;
                    published.once(&mut connection, &next).await;
                    due += interval;
                }
                published.took = began.elapsed();
                published
            })
        })
        .collect();
    sum(publishers).await
}

async fn sum(publishers: Vec<tokio::task::JoinHandle<Published>>) -> Published {
    let mut all = Published::default();
    for publisher in publishers {
        let mut some = publisher.await.expect("a publisher ends well");
        all.count += some.count;
        all.took = all.took.max(some.took);
        all.times.append(&mut some.times);
    }
    all
}

impl Published {
    pub fn per_second(&self) -> f64 {
        self.count as f64 / self.took.as_secs_f64()
    }

    async fn once(&mut self, connection: &mut Connection, next: &Next) {
        let request = next();
        let asked = Instant::now();
        connection.ask(&request).await.expect_success("a publisher");
        self.times.push(asked.elapsed());
        self.count += 1;
    }
}
