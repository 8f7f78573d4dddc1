//! Two hundred watchers that come and go while the server is killed under them: what each of them
//! wrote down is the log.
//!
//! Short by default; `MILEPOST_CHAOS=1` makes it last a minute.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use milepost_tests::harness::{Client, Dice, Entry, Journal, Server, cursor_position, persist};
use serde_json::{Value, json};

const TASKS: usize = 50;
const WATCHERS: usize = 200;

fn id_of(n: usize) -> String {
    format!("task-{n}")
}

/// What selects a task's events among those of all, for each `n`: several watchers share each of it.
fn filter_of(n: usize) -> String {
    match n % 4 {
        0 => format!("kind=kind-{}", n % 5),
        1 => format!("label=team%3D{}", n % 3),
        2 => format!("task={}&task={}&task={}", id_of(n % TASKS), id_of((n + 7) % TASKS), id_of(0)),
        _ => String::new(),
    }
}

/// Submits a task, works on it and reports until it is told to stop, whatever happens to the server.
async fn work(client: Client, n: usize, stop: Arc<AtomicBool>) {
    let (path, queue) = (format!("/api/v1/tasks/{}", id_of(n)), format!("queue-{n}"));
    let request = json!({
        "kind": format!("kind-{}", n % 5), "labels": {"team": format!("{}", n % 3)},
        "queue": queue, "max_attempts": 100,
    });
    let put = persist(|| client.put(&path).json(&request)).await;
    assert!(matches!(put.status.as_u16(), 200 | 202), "{put}");
    let wish = json!({
        "worker": format!("worker-{n}"), "request_id": format!("lease-{n}"), "queues": [queue],
        "lease_seconds": 600,
    });
    let leased = persist(|| client.post("/api/v1/leases").json(&wish)).await.expect(200).json();
    let token = &leased["leases"][0]["token"];
    let mut sequence = 0;
    while !stop.load(Ordering::Relaxed) {
        sequence += 1;
        let report = json!({
            "lease": token, "sequence": sequence, "logs": [{"text": format!("line {sequence}")}],
            "progress": {"current": sequence},
        });
        persist(|| client.post(&format!("{path}/report")).json(&report)).await.expect(200);
        tokio::time::sleep(Duration::from_millis(400)).await;
    }
    let end = json!({"lease": token, "output": sequence});
    persist(|| client.post(&format!("{path}/complete")).json(&end)).await.expect(200);
}

/// Where a journal begins: at the log's first event, or behind the first whole snapshot.
fn beginning(path: &str, journal: &Journal) -> u64 {
    if path.contains("from=start") {
        return 0;
    }
    let frames = journal.frames();
    let snapshot = frames.iter().find(|frame| !frame.cursor.is_empty()).expect("a snapshot");
    assert_eq!(snapshot.event, "stream.snapshot");
    cursor_position(&json!(snapshot.cursor))
}

fn assert_same(path: &str, seen: &[Entry], log: &[Value]) {
    for (n, (seen, written)) in seen.iter().zip(log).enumerate() {
        let json: Value = serde_json::from_str(&seen.data).expect("JSON");
        assert_eq!(&json, written, "event {n} of {path}");
        assert_eq!(seen.cursor, written["cursor"].as_str().unwrap_or_default(), "{path}");
    }
    assert_eq!(seen.len(), log.len(), "how much {path} has");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_watchers_who_come_and_go_have_each_written_down_the_log() {
    let long = std::env::var_os("MILEPOST_CHAOS").is_some();
    let lasts = Duration::from_secs(if long { 60 } else { 10 });
    let seed = Dice::seed();
    let mut dice = Dice::new(seed);
    let mut server = Server::start().await;
    let stop = Arc::new(AtomicBool::new(false));
    let client = Client::new(server.address());
    let workers: Vec<_> =
        (0..TASKS).map(|n| tokio::spawn(work(client.clone(), n, stop.clone()))).collect();
    for n in 0..TASKS {
        while server.get(&format!("/api/v1/tasks/{}", id_of(n))).await.status == 404 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    let began = Instant::now();
    let mut journals = Vec::new();
    for n in 0..WATCHERS {
        let begin = if n % 3 == 0 { "" } else { "from=start" };
        let (path, query) = if n % 2 == 0 {
            let path = format!("/api/v1/tasks/{}/events?{begin}", id_of(n / 2 % TASKS));
            (path, format!("&task={}", id_of(n / 2 % TASKS)))
        } else {
            let filter = filter_of(n / 2);
            (format!("/api/v1/events?{filter}&{begin}"), format!("&{filter}"))
        };
        let whims = Dice::new(seed.wrapping_add(n as u64 + 1));
        let journal = Journal::keep_fickly(&client, &path, whims);
        journals.push((path, query, journal));
    }
    let mut kills = 0;
    while began.elapsed() < lasts {
        tokio::time::sleep(Duration::from_millis(1500 + dice.roll(2000))).await;
        server.kill9().await;
        tokio::time::sleep(Duration::from_millis(dice.roll(300))).await;
        server.restart().await;
        kills += 1;
    }
    stop.store(true, Ordering::Relaxed);
    for worker in workers {
        worker.await.expect("a worker");
    }

    let mut connections = 0;
    for (path, query, journal) in &journals {
        let log = server.log(query.trim_end_matches('&')).await;
        let last = log.last().expect("events")["cursor"].as_str().expect("a cursor");
        journal.reads_through(path, last).await;
        let resets = journal.frames().iter().filter(|one| one.event == "stream.reset").count();
        assert_eq!(resets, 0, "{path}: {:?}", journal.frames());
        let begin = beginning(path, journal);
        let after = log.partition_point(|event| cursor_position(&event["cursor"]) <= begin);
        assert_same(path, &journal.entries(), &log[after..]);
        connections += journal.connections();
    }
    let events = server.log("").await.len();
    println!("{kills} kills, {events} events, {connections} connections");
    assert!(connections > 2 * WATCHERS, "they came and went");
}
