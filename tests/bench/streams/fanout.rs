//! One task that everybody watches.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use milepost_tests::harness::Server;

use super::{
    Attempt, Outcome,
    crowd::{Crowd, Plan, fresh},
    log_lines, memory,
    nchan::Nchan,
    publish::{self, Next},
    stamp, too_many,
};
use crate::{
    chart::{Figure, MILEPOST, NCHAN, Panel},
    http::{Connection, Request},
    table::{Peer, Row, Table},
    worker,
};

const WATCHERS: [usize; 4] = [1, 100, 1000, 5000];
/// What is not counted: buffers grow to their size.
const WARM_UP: Duration = Duration::from_millis(300);
const PACED_WATCHERS: usize = 2000;
const PACED_EVENTS: usize = 1000;
/// One report each 20 ms from each of them makes a thousand a second, and leaves each the time of
/// many commits for its answer.
const PACED_PUBLISHERS: usize = 20;
const PACED_LENGTH: Duration = Duration::from_secs(10);

pub async fn measure(table: &mut Table, length: Duration) {
    let nginx = Nchan::start();
    if let Err(why) = &nginx {
        table.push(Row::new("nchan under nginx").note(format!("skipped: {why}")));
    }
    for watchers in WATCHERS {
        let name = format!("one hot task, {watchers} watchers");
        if let Some(row) = too_many(&name, watchers) {
            table.push(row);
            continue;
        }
        // The same event, so that messages are of one size.
        let event = milepost(table, &name, watchers, length).await;
        if let Ok(nginx) = &nginx {
            beside(table, nginx, watchers, &event, length).await;
        }
    }
    drop(nginx);
    paced(table, length.max(PACED_LENGTH)).await;
}

/// Measures Milepost, and returns one of the events.
async fn milepost(table: &mut Table, name: &str, watchers: usize, length: Duration) -> String {
    let server = Server::start().await;
    let mut connection = Connection::open(server.address()).await;
    let lease = worker::begin_one(&mut connection, &worker::acquire(1, 3600)).await;
    let history = format!("/api/v1/tasks/{}/history", lease.task.id);
    let plan = Plan::fresh(server.address(), vec![fresh(&lease.events()); watchers]);
    let crowd = Crowd::open(plan).await;
    let processor_time = || server.processor_time();
    let next = log_lines(lease);
    let (published, outcome) =
        hot(&crowd, watchers, server.address(), &next, &processor_time, length).await;
    let row = Row::new(name).note(format!(
        "{published:.0} reports/s; {}; slowest {:.0} ms{}",
        memory(&server),
        outcome.delays.longest().as_secs_f64() * 1000.0,
        outcome.missing(&crowd)
    ));
    push(table, row, outcome, MILEPOST, watchers);
    drop(crowd);
    newest_event(&mut connection, &history).await
}

async fn beside(table: &mut Table, nginx: &Nchan, watchers: usize, event: &str, length: Duration) {
    let channel = format!("channel-{watchers}");
    let crowd = Crowd::open(nginx.plan(&channel, watchers)).await;
    let (before, after) = around_the_stamp(event);
    let path = Nchan::publisher(&channel);
    let next: Next =
        Arc::new(move || Request::post(&path, &format!("{before}{}{after}", stamp::line())));
    let processor_time = || nginx.processor_time();
    let (published, outcome) =
        hot(&crowd, watchers, nginx.address(), &next, &processor_time, length).await;
    let row = Row::new(format!("nchan, one channel, {watchers} watchers")).note(format!(
        "{published:.0} posts/s; not durable; slowest {:.0} ms{}",
        outcome.delays.longest().as_secs_f64() * 1000.0,
        outcome.missing(&crowd)
    ));
    push(table, row, outcome, NCHAN, watchers);
}

/// One publisher in a closed loop; what it published a second, and what came of it.
async fn hot(
    crowd: &Crowd,
    watchers: usize,
    address: SocketAddr,
    next: &Next,
    processor_time: &dyn Fn() -> Duration,
    length: Duration,
) -> (f64, Outcome) {
    let mut connection = Connection::open(address).await;
    let warming = publish::closed_loop(&mut connection, next, WARM_UP).await;
    crowd.until(warming.count as u64 * watchers as u64).await;
    let attempt = Attempt::begin(crowd, watchers, processor_time).await;
    let published = publish::closed_loop(&mut connection, next, length).await;
    (published.per_second(), attempt.end(published.count).await)
}

fn push(table: &mut Table, row: Row, outcome: Outcome, series: &'static str, watchers: usize) {
    let at = watchers.to_string();
    let times = crate::spread::Times::from(outcome.delays);
    let peer = Peer::Fanout(watchers);
    let row = row.per_second(outcome.per_second).times(times).cost(outcome.cost);
    table.push(if series == NCHAN { row.of_peer(peer) } else { row.against(peer) });
    for (panel, value) in [
        (Panel::Deliveries, outcome.per_second),
        (Panel::Delay, times.p99.as_secs_f64() * 1000.0),
        (Panel::Cost, outcome.cost.as_secs_f64() * 1e6),
    ] {
        table.plot(Figure { panel, series, at: at.clone(), value });
    }
}

async fn paced(table: &mut Table, length: Duration) {
    let name = format!("one hot task, {PACED_WATCHERS} watchers, {PACED_EVENTS} events/s");
    if let Some(row) = too_many(&name, PACED_WATCHERS) {
        return table.push(row);
    }
    let server = Server::start().await;
    let address = server.address();
    let mut connection = Connection::open(address).await;
    let lease = worker::begin_one(&mut connection, &worker::acquire(1, 3600)).await;
    let plan = Plan::fresh(address, vec![fresh(&lease.events()); PACED_WATCHERS]);
    let crowd = Crowd::open(plan).await;
    let nexts = vec![log_lines(lease); PACED_PUBLISHERS];
    let interval = Duration::from_secs(PACED_PUBLISHERS as u64).div_f64(PACED_EVENTS as f64);
    let processor_time = || server.processor_time();
    let attempt = Attempt::begin(&crowd, PACED_WATCHERS, &processor_time).await;
    let published = publish::paced(address, nexts, interval, length).await;
    let outcome = attempt.end(published.count).await;
    let note = format!(
        "{:.0} events/s written, {PACED_PUBLISHERS} publishers, {} s; slowest {:.0} ms behind; \
         server used {:.2} cores; {}{}",
        published.per_second(),
        length.as_secs(),
        outcome.delays.longest().as_secs_f64() * 1000.0,
        outcome.cores,
        memory(&server),
        outcome.missing(&crowd)
    );
    let row = Row::new(name).per_second(outcome.per_second).cost(outcome.cost);
    table.push(row.times(outcome.delays).note(note));
}

/// The newest event's JSON text.
async fn newest_event(connection: &mut Connection, history: &str) -> String {
    let answer = connection.ask(&Request::get(history)).await.expect_success("listTaskEvents");
    let page: serde_json::Value = serde_json::from_slice(answer).expect("a page is JSON");
    let items = page["items"].as_array().expect("a page has items");
    let last = items.iter().rfind(|item| item["type"] == "task.log");
    last.expect("lines were logged").to_string()
}

/// What stands before and behind the stamped text of an event.
fn around_the_stamp(event: &str) -> (String, String) {
    let (before, rest) = event.split_once('@').expect("the text begins with a stamp");
    let (_, after) = rest.split_once('"').expect("a text ends");
    (before.to_owned(), format!("\"{after}"))
}
