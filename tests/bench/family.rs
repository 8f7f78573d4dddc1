//! A parent of ten thousand: what its counting costs beside the same tasks without a parent, and how
//! long its cancel takes to reach them all.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use milepost_tests::harness::Server;
use serde::Deserialize;
use serde_json::json;

use crate::{
    batches,
    http::{Connection, Request},
    spread::Spread,
    table::{Row, Table},
    worker,
};

const CHILDREN: usize = 10_000;
/// Tasks submitted with one request.
const A_REQUEST: usize = 1000;
const WORKERS: usize = 4;
const LEASED: usize = 100;

pub async fn measure(table: &mut Table) {
    let alone = lives(false).await;
    let together = lives(true).await;
    let ratio = together.per_second() / alone.per_second();
    table.push(alone.row("10,000 tasks without a parent, in batches").note(NOTE));
    let note = format!("{NOTE}; {ratio:.2} × the tasks without a parent");
    table.push(together.row("10,000 children of one group, in batches").note(note));
    cancel(table).await;
}

const NOTE: &str = "createTasks of 1,000; 4 workers lease, report and complete 100 at a time";

/// A run of them all, from the first submit to the last end.
struct Run {
    took: Duration,
    processor: Duration,
}

impl Run {
    fn per_second(&self) -> f64 {
        CHILDREN as f64 / self.took.as_secs_f64()
    }

    fn row(&self, name: &str) -> Row {
        let cost = self.processor.div_f64(CHILDREN as f64);
        Row::new(name).per_second(self.per_second()).cost(cost)
    }
}

async fn lives(in_a_group: bool) -> Run {
    let server = Server::start().await;
    let mut connection = Connection::open(server.address()).await;
    let group = match in_a_group {
        true => Some(begin_group(&mut connection).await),
        false => None,
    };
    let before = server.processor_time();
    let began = Instant::now();
    let done = Arc::new(AtomicUsize::new(0));
    let workers: Vec<_> =
        (0..WORKERS).map(|_| tokio::spawn(work(server.address(), done.clone()))).collect();
    submit(&mut connection, group.as_deref()).await;
    for worker in workers {
        worker.await.expect("a worker ends well");
    }
    let run =
        Run { took: began.elapsed(), processor: server.processor_time().saturating_sub(before) };
    if let Some(group) = group {
        let parent = look(&mut connection, &group).await;
        assert_eq!(parent.state, "succeeded", "the group is done with its last child");
        assert_eq!(parent.children.expect("it had children").succeeded, CHILDREN);
    }
    run
}

async fn work(address: SocketAddr, done: Arc<AtomicUsize>) {
    let mut connection = Connection::open(address).await;
    let acquire = worker::acquire(LEASED, 30);
    while done.load(Ordering::Relaxed) < CHILDREN {
        let leases = worker::leases(connection.ask(&acquire).await.expect_success("acquireLeases"));
        if leases.is_empty() {
            continue;
        }
        batches::report(&mut connection, &leases).await;
        batches::complete(&mut connection, &leases).await;
        done.fetch_add(leases.len(), Ordering::Relaxed);
    }
}

/// Cancels a group of them while somebody else submits.
async fn cancel(table: &mut Table) {
    let server = Server::start().await;
    let mut connection = Connection::open(server.address()).await;
    let group = begin_group(&mut connection).await;
    submit(&mut connection, Some(&group)).await;
    let over = Arc::new(AtomicBool::new(false));
    let other = tokio::spawn(submit_meanwhile(server.address(), over.clone()));
    let before = server.processor_time();
    let began = Instant::now();
    let request = Request::post(&format!("/api/v1/tasks/{group}/cancel"), "");
    connection.ask(&request).await.expect_success("cancelTask");
    while look(&mut connection, &group).await.children.is_none_or(|all| all.cancelled < CHILDREN) {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let took = began.elapsed();
    let processor = server.processor_time().saturating_sub(before);
    over.store(true, Ordering::Relaxed);
    let times = other.await.expect("who submits ends well");
    let row = Run { took, processor }.row("10,000 queued children cancelled by way of their group");
    let note = format!("all within {} ms; times are of createTask meanwhile", took.as_millis());
    table.push(row.times(Spread::of(times)).note(note));
}

async fn submit_meanwhile(address: SocketAddr, over: Arc<AtomicBool>) -> Vec<Duration> {
    let mut connection = Connection::open(address).await;
    let request = worker::create();
    let mut times = Vec::new();
    while !over.load(Ordering::Relaxed) {
        let began = Instant::now();
        connection.ask(&request).await.expect_success("createTask");
        times.push(began.elapsed());
    }
    times
}

async fn begin_group(connection: &mut Connection) -> String {
    let task = json!({"kind": "bench.group", "complete_when_children_done": true});
    let request = Request::post("/api/v1/tasks", &task.to_string());
    let body = connection.ask(&request).await.expect_success("createTask");
    parent(body).id
}

async fn submit(connection: &mut Connection, group: Option<&str>) {
    let mut task: serde_json::Value = serde_json::from_str(worker::TASK).expect("it is JSON");
    if let Some(group) = group {
        task["parent_id"] = group.into();
    }
    let body = json!({ "tasks": vec![task; A_REQUEST] });
    let request = Request::post("/api/v1/task-batches", &body.to_string());
    for _ in 0..CHILDREN / A_REQUEST {
        connection.ask(&request).await.expect_success("createTasks");
    }
}

#[derive(Deserialize)]
struct Parent {
    id: String,
    state: String,
    children: Option<Children>,
}

#[derive(Deserialize)]
struct Children {
    succeeded: usize,
    cancelled: usize,
}

async fn look(connection: &mut Connection, id: &str) -> Parent {
    let request = Request::get(&format!("/api/v1/tasks/{id}"));
    parent(connection.ask(&request).await.expect_success("getTask"))
}

fn parent(body: &[u8]) -> Parent {
    serde_json::from_slice(body).expect("a task")
}
