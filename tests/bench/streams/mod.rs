//! Streams under load: many watchers of one task, idle ones, and ones that all come back at once.

mod appends;
mod crowd;
mod delays;
mod fanout;
mod idle;
mod latency;
mod nchan;
mod publish;
mod reader;
mod stamp;
mod storm;

use std::{sync::Arc, time::Duration};

use milepost_tests::harness::{Server, anonymous_memory};

use self::{crowd::Crowd, delays::Delays, publish::Next};
use crate::{table::Row, worker::Lease};

pub use self::{
    appends::measure as appends, crowd::descriptors, fanout::measure as fanout,
    idle::measure as idle, latency::measure as latency, storm::measure as storm,
};

/// Reports of one log line, each stamped.
fn log_lines(lease: Lease) -> Next {
    Arc::new(move || lease.log(&stamp::line()))
}

/// What came of publishing to a crowd.
struct Outcome {
    per_second: f64,
    deliveries: u64,
    delays: Delays,
    /// Of the server, for one delivery, its share of the publishing included.
    cost: Duration,
    /// Of the server, while all that lasted.
    cores: f64,
    /// What was published to somebody and did not arrive; below zero, what came more than once.
    lost: i64,
}

/// A crowd that is about to be published to.
struct Attempt<'a> {
    crowd: &'a Crowd,
    watchers: usize,
    processor_time: &'a dyn Fn() -> Duration,
    before: Duration,
    deliveries: u64,
    began: u64,
}

impl<'a> Attempt<'a> {
    async fn begin(
        crowd: &'a Crowd,
        watchers: usize,
        processor_time: &'a dyn Fn() -> Duration,
    ) -> Attempt<'a> {
        // Forget what came before.
        crowd.take().await;
        let deliveries = crowd.deliveries();
        let before = processor_time();
        Attempt { crowd, watchers, processor_time, before, deliveries, began: stamp::now() }
    }

    /// Waits until everybody has everything that was published; a rate counts until then.
    async fn end(self, published: usize) -> Outcome {
        let expected = published as u64 * self.watchers as u64;
        self.crowd.until(self.deliveries + expected).await;
        let seen = self.crowd.take().await;
        let used = (self.processor_time)().saturating_sub(self.before);
        let took = Duration::from_micros(seen.last.saturating_sub(self.began).max(1));
        Outcome {
            per_second: seen.deliveries as f64 / took.as_secs_f64(),
            deliveries: seen.deliveries,
            delays: seen.delays,
            cost: used.div_f64(seen.deliveries.max(1) as f64),
            cores: used.as_secs_f64() / took.as_secs_f64(),
            lost: expected as i64 - seen.deliveries as i64,
        }
    }
}

impl Outcome {
    /// What must not hide behind a good rate; empty when everything arrived once.
    fn missing(&self, crowd: &Crowd) -> String {
        let closed = closed(crowd);
        match self.lost {
            0 => closed,
            lost if lost < 0 => format!("; {} DELIVERED AGAIN{closed}", -lost),
            lost => format!("; {lost} NOT DELIVERED{closed}"),
        }
    }
}

/// Streams that the server closed while they were measured; empty when it closed none.
fn closed(crowd: &Crowd) -> String {
    match crowd.ended() {
        0 => String::new(),
        ended => format!("; {ended} streams closed"),
    }
}

fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / 1_048_576.0
}

/// Its own memory, for a note.
fn memory(server: &Server) -> String {
    format!("RssAnon {:.0} MiB", mebibytes(anonymous_memory(server.pid())))
}

/// A row that says why there is no figure, if this process may not have so many sockets.
fn too_many(name: &str, sockets: usize) -> Option<Row> {
    // A few hundred for everything else.
    let wanted = sockets as u64 + 500;
    let limit = descriptors();
    (limit < wanted).then(|| {
        Row::new(name)
            .note(format!("skipped: {wanted} descriptors are needed, the limit is {limit}"))
    })
}
