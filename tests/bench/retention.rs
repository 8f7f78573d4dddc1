//! What a client feels while what is done goes: one that creates and one that gets, before and while the
//! retention of a queue full of done tasks works.

use std::time::{Duration, Instant};

use milepost_tests::harness::Server;
use serde_json::{Value, json};

use crate::{
    http::Request,
    lease::short,
    load::{self, Outcome},
    seed,
    table::{Row, Table},
    worker,
};

/// What is set for the queue, one after the other, and how the rows call it.
const PARTS: [(&str, &str); 2] =
    [("bodies, events and progress go", "rest"), ("tasks go", "tasks")];
const QUEUE: &str = "/api/v1/queues/default";

/// A client that creates and one that gets, side by side.
struct Felt {
    create: Outcome,
    get: Outcome,
}

pub async fn measure(table: &mut Table, length: Duration, rows: u64) {
    let seeded = seed::seed(rows, 0).await;
    let server = seeded.serve().await;
    let done = short(seeded.finished);
    let id = server.submit_kind("waits").await;
    let before = felt(&server, &id, length).await;
    for (name, outcome) in [("createTask", &before.create), ("getTask", &before.get)] {
        let row = Row::new(format!("{name}, {done} done, nothing goes")).times(&outcome.times);
        table.push(row.note("one client"));
    }
    for (what, part) in PARTS {
        let begun = Instant::now();
        set(&server, part).await;
        let meanwhile = felt(&server, &id, length).await;
        let left = succeeded(&server).await;
        for (name, outcome, was) in [
            ("createTask", meanwhile.create, &before.create),
            ("getTask", meanwhile.get, &before.get),
        ] {
            let ratio = outcome.times.at(0.99).as_secs_f64() / was.times.at(0.99).as_secs_f64();
            let over =
                if part == "tasks" && left == 0 { "; IT WAS OVER BEFORE THE END" } else { "" };
            let note = format!("one client; p99 × {ratio:.1}{over}");
            table.push(Row::new(format!("{name} while {what}")).times(&outcome.times).note(note));
        }
        if part == "tasks" {
            let gone = (seeded.finished - left) as f64 / begun.elapsed().as_secs_f64();
            table.push(Row::new("tasks deleted meanwhile").per_second(gone));
        }
    }
    let begun = Instant::now();
    let left = succeeded(&server).await;
    while succeeded(&server).await > 0 {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    if left > 0 {
        let gone = left as f64 / begun.elapsed().as_secs_f64();
        table.push(Row::new("tasks deleted while nobody asks").per_second(gone));
    }
}

async fn felt(server: &Server, id: &str, length: Duration) -> Felt {
    let get = Request::get(&format!("/api/v1/tasks/{id}"));
    let (create, get) = tokio::join!(
        load::run(server, worker::create(), 1, length),
        load::run(server, get, 1, length)
    );
    Felt { create, get }
}

async fn set(server: &Server, part: &str) {
    let retention: Value = match part {
        "tasks" => json!({"task_seconds": 0}),
        _ => json!({"body_seconds": 0, "event_seconds": 0, "progress_seconds": 0}),
    };
    server.put(QUEUE).json(&json!({"retention": retention})).await.expect(200);
}

async fn succeeded(server: &Server) -> u64 {
    let queue = server.get(QUEUE).await.expect(200).json();
    queue["counts"]["succeeded"].as_u64().unwrap_or(0)
}
