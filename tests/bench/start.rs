//! From exec to the first answers: a restart is a gap that every client sees.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use milepost_tests::harness::{PATIENCE, server_binary};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::{
    http::{Connection, Request},
    lease::behind,
    load,
    seed::Seeded,
    spread::Spread,
    table::{Row, Table},
    worker,
};

const STARTS: usize = 5;
/// How long it is under load before it is killed.
const LOADED: Duration = Duration::from_secs(2);
const IN_FLIGHT: usize = 64;
/// Leases that are running at the kill: a start renews them.
const RUNNING: usize = 100;

/// On an empty directory.
pub async fn measure_empty(table: &mut Table) {
    let mut starts = Vec::new();
    for _ in 0..STARTS {
        let directory = TempDir::with_prefix("milepost-bench-").expect("a directory can be made");
        let started = Started::time(directory.path()).await;
        starts.push(started.answered);
        started.process.stop();
    }
    push(table, "start, empty", starts, "a new database each time");
}

/// On a filled one, after a stop and after a crash.
pub async fn measure_filled(table: &mut Table, seeded: &Seeded) {
    let (data_dir, behind) = (seeded.data_dir(), behind(seeded));
    let mut starts = Vec::new();
    for _ in 0..STARTS {
        let started = Started::time(&data_dir).await;
        starts.push(started.answered);
        started.process.stop();
    }
    push(table, &format!("start, {behind}"), starts, "the system has its pages cached");
    let mut starts = Vec::new();
    for _ in 0..STARTS {
        let started = Started::time(&data_dir).await;
        let address = started.address;
        let mut connection = Connection::open(address).await;
        connection.ask(&worker::acquire(RUNNING, 30)).await.expect_success("acquireLeases");
        load::until_it_dies(address, worker::create(), IN_FLIGHT);
        tokio::time::sleep(LOADED).await;
        drop(started.process);
        let started = Started::time(&data_dir).await;
        starts.push(started.answered);
        started.process.stop();
    }
    let note = format!("{IN_FLIGHT} createTask in flight, {RUNNING} leases running at the kill");
    push(table, &format!("start after SIGKILL, {behind}"), starts, &note);
}

fn push(table: &mut Table, name: &str, starts: Vec<Answered>, note: &str) {
    let (health, list) = starts.into_iter().map(|start| (start.health, start.list)).unzip();
    let note = format!("{STARTS} starts; {note}");
    table.push(Row::new(format!("{name}: /healthz")).times(Spread::of(health)).note(note));
    table.push(Row::new(format!("{name}: first list")).times(Spread::of(list)));
}

/// When it answered, since its exec.
struct Answered {
    health: Duration,
    list: Duration,
}

struct Started {
    process: Process,
    address: SocketAddr,
    answered: Answered,
}

impl Started {
    /// Asks without pause: the harness looks for the ready line every 2 ms, which would be seen here.
    async fn time(data_dir: &Path) -> Started {
        let address = free_address();
        let began = Instant::now();
        let process = Process::start(address, data_dir);
        let mut connection = loop {
            match Connection::try_open(address).await {
                Ok(connection) => break connection,
                Err(_) => tokio::time::sleep(Duration::from_micros(200)).await,
            }
            assert!(began.elapsed() < PATIENCE, "the server did not start");
        };
        connection.ask(&Request::get("/healthz")).await.expect_success("getHealth");
        let health = began.elapsed();
        connection.ask(&Request::get("/api/v1/tasks?limit=1")).await.expect_success("listTasks");
        let list = began.elapsed();
        Started { process, address, answered: Answered { health, list } }
    }
}

/// A port that was free a moment ago; port 0 would have to be read from the server's output.
fn free_address() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
    listener.local_addr().expect("a listener has an address")
}

/// A server's process; SIGKILL when it is dropped.
struct Process(Child);

impl Process {
    fn start(address: SocketAddr, data_dir: &Path) -> Process {
        let mut command = Command::new(server_binary());
        command.arg("--listen").arg(address.to_string()).arg("--data-dir").arg(data_dir);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Process(command.spawn().expect("the server can be run"))
    }

    /// SIGTERM, and waits for the end.
    fn stop(mut self) {
        let pid = i32::try_from(self.0.id()).ok().and_then(Pid::from_raw);
        kill_process(pid.expect("a child has an id"), Signal::TERM).expect("it can be signalled");
        self.0.wait().expect("a child can be waited for");
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // After a stop there is nothing left to kill, which is no error here.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
