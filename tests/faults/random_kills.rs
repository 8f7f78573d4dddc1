//! A process killed at random, with two journals: what clients were told, and what watchers saw.
//!
//! Short by default; `MILEPOST_CHAOS=1` makes it long. The seed is printed, and `MILEPOST_SEED`
//! repeats a run's choices (not its timing).

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use milepost_tests::harness::{Client, Dice, Entry, Journal, Server, cursor_position, persist};
use serde_json::{Value, json};

/// What the server acknowledged to one client.
#[derive(Debug, Default)]
struct Told {
    tasks: Vec<String>,
    /// Of each task: the lines it was told are written.
    lines: BTreeMap<String, Vec<String>>,
    /// Of each task: the output it was told is kept.
    outputs: BTreeMap<String, Value>,
}

/// Submits with keys and repeats whatever got no answer, as a careful client does.
async fn submitter(client: Client, name: usize, stop: Arc<AtomicBool>) -> Told {
    let mut told = Told::default();
    for n in 0.. {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let id = format!("task-{name}-{n}");
        let path = format!("/api/v1/tasks/{id}");
        let request = json!({"kind": "chaos", "max_attempts": 100, "input": {"n": n}});
        let answer = persist(|| client.put(&path).json(&request)).await;
        assert!(matches!(answer.status.as_u16(), 200 | 202), "{answer}");
        told.tasks.push(id);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    told
}

/// Works, reports with sequences, and repeats whatever got no answer.
async fn worker(client: Client, name: usize, stop: Arc<AtomicBool>) -> Told {
    let mut told = Told::default();
    let mut dice = Dice::new(name as u64);
    let mut polls = 0;
    while !stop.load(Ordering::Relaxed) {
        polls += 1;
        let wish = json!({
            "worker": format!("worker-{name}"), "request_id": format!("poll-{name}-{polls}"),
            "lease_seconds": 30, "wait_seconds": 1,
        });
        let answer = persist(|| client.post("/api/v1/leases").json(&wish)).await.expect(200).json();
        let Some(lease) = answer["leases"].get(0) else { continue };
        let id = lease["task"]["id"].as_str().expect("an id").to_owned();
        let token = &lease["token"];
        for sequence in 0..dice.roll(6) {
            let text = format!("{name} {} {sequence}", lease["fence"]);
            let report = json!({
                "lease": token, "sequence": sequence, "logs": [{"text": text}],
                "progress": {"percent": sequence * 10}, "checkpoint": sequence,
            });
            let path = lease["links"]["report"].as_str().expect("a link");
            persist(|| client.post(path).json(&report)).await.expect(200);
            told.lines.entry(id.clone()).or_default().push(text);
        }
        let output = json!({"by": name, "fence": lease["fence"]});
        let body = json!({"lease": token, "output": output});
        let path = lease["links"]["complete"].as_str().expect("a link");
        let task = persist(|| client.post(path).json(&body)).await.task(200);
        assert_eq!(task["output"], output);
        let before = told.outputs.insert(id.clone(), output);
        assert!(before.is_none(), "{id} was given out again after it was done");
    }
    told
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kills_at_random_moments_lose_nothing_double_nothing_and_run_nothing_twice() {
    let kills = if std::env::var_os("MILEPOST_CHAOS").is_some() { 200 } else { 8 };
    let mut dice = Dice::new(Dice::seed());

    let mut server = Server::start().await;
    let stop = Arc::new(AtomicBool::new(false));
    let submitters: Vec<_> = (0..3)
        .map(|name| tokio::spawn(submitter(Client::new(server.address()), name, stop.clone())))
        .collect();
    let workers_stop = Arc::new(AtomicBool::new(false));
    let workers: Vec<_> = (0..4)
        .map(|name| tokio::spawn(worker(Client::new(server.address()), name, workers_stop.clone())))
        .collect();
    let watchers: Vec<_> = ["/api/v1/events?from=start", "/api/v1/events?kind=chaos&from=start"]
        .into_iter()
        .map(|path| Journal::keep(&server, path))
        .collect();

    for _ in 0..kills {
        tokio::time::sleep(Duration::from_millis(20 + dice.roll(400))).await;
        server.kill9().await;
        if dice.roll(3) == 0 {
            tokio::time::sleep(Duration::from_millis(dice.roll(200))).await;
        }
        server.restart().await;
    }
    stop.store(true, Ordering::Relaxed);
    let mut tasks = Vec::new();
    for submitter in submitters {
        tasks.extend(submitter.await.expect("a submitter").tasks);
    }
    milepost_tests::harness::soon("the backlog to be worked off", async {
        loop {
            let system = server.get("/api/v1/system").await.json();
            if system["queued_tasks"] == 0 && system["running_tasks"] == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await;
    workers_stop.store(true, Ordering::Relaxed);
    let mut told = Vec::new();
    for worker in workers {
        told.push(worker.await.expect("a worker"));
    }

    let log = server.log("").await;
    let positions: Vec<u64> = log.iter().map(|event| cursor_position(&event["cursor"])).collect();
    assert_eq!(positions, (1..=log.len() as u64).collect::<Vec<_>>(), "gapless as written");
    assert_told_is_written(&log, &tasks, &told);
    let last = log.last().expect("events")["cursor"].as_str().expect("a cursor").to_owned();
    for watcher in watchers {
        watcher.reaches("the log's end", |entry| entry.cursor == last).await;
        let resets = watcher.frames().iter().filter(|frame| frame.event == "stream.reset").count();
        assert_eq!(resets, 0, "{:?}", watcher.frames());
        let seen: Vec<Value> = watcher.entries().iter().map(json_of).collect();
        assert_eq!(seen, log, "what was seen is what is there");
    }
    println!("{kills} kills, {} tasks, {} events", tasks.len(), log.len());
}

fn json_of(entry: &Entry) -> Value {
    serde_json::from_str(&entry.data).expect("JSON")
}

/// Asserts that everything acknowledged is in the log exactly once.
fn assert_told_is_written(log: &[Value], tasks: &[String], told: &[Told]) {
    let mut ends: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
    let mut begun: BTreeMap<&str, usize> = BTreeMap::new();
    let mut lines: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for event in log {
        let id = event["task_id"].as_str().expect("a task");
        match event["type"].as_str().expect("a type") {
            "task.succeeded" => ends.entry(id).or_default().push(&event["task"]["output"]),
            "task.queued" => *begun.entry(id).or_default() += 1,
            "task.log" => {
                for line in event["lines"].as_array().expect("lines") {
                    *lines.entry((id, line["text"].as_str().expect("text"))).or_default() += 1;
                }
            }
            "task.retrying" | "task.failed" => panic!("a restart made a lease expire: {event}"),
            _ => {}
        }
    }
    for id in tasks {
        assert_eq!(begun.get(id.as_str()), Some(&1), "{id} was acknowledged");
        assert_eq!(ends.get(id.as_str()).map(Vec::len), Some(1), "{id} ended");
    }
    for (id, text) in told
        .iter()
        .flat_map(|told| &told.lines)
        .flat_map(|(id, texts)| texts.iter().map(move |text| (id.as_str(), text.as_str())))
    {
        assert_eq!(lines.get(&(id, text)), Some(&1), "{text:?} of {id} was acknowledged");
    }
    for (id, output) in told.iter().flat_map(|told| &told.outputs) {
        assert_eq!(ends[id.as_str()], [output], "{id} was completed with this");
    }
}
