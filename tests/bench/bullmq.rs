//! BullMQ on Redis, side by side: the peer that a reader knows.
//!
//! Redis keeps nothing on the disk here, while every Milepost answer is durable: that is in BullMQ's
//! favour. So is that its jobs travel in one process on one pipelined connection, and Milepost's
//! tasks each in an HTTP request of their own.

use std::{
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde::Deserialize;
use tempfile::TempDir;

use crate::{
    chart::{BULLMQ, Figure, Panel},
    spread::Spread,
    table::{Peer, Row, Table},
};

const SCRIPT: &str = include_str!("bullmq.mjs");
/// Pinned, so that two runs compare; the driver is the one this version of BullMQ is tested with.
const PACKAGES: [&str; 2] = ["bullmq@6.7.0", "ioredis@5.11.1"];

/// A line of the script.
#[derive(Deserialize)]
struct Line {
    name: String,
    in_flight: usize,
    per_second: f64,
    times_ms: Vec<f64>,
}

/// Measures it, or says in a row why not.
pub fn measure(table: &mut Table, length: Duration) {
    let lines = match lines(length) {
        Ok(lines) => lines,
        Err(why) => return table.push(Row::new("BullMQ + Redis").note(format!("skipped: {why}"))),
    };
    for Line { name, in_flight, per_second, times_ms } in lines {
        let row = match name.as_str() {
            "submit" => {
                let (panel, at) = (Panel::Submit, in_flight.to_string());
                table.plot(Figure { panel, series: BULLMQ, at, value: per_second });
                let times = times_ms.iter().map(|time| Duration::from_secs_f64(time / 1000.0));
                Row::new(format!("{} submit, {in_flight} in flight", PACKAGES[0]))
                    .times(Spread::of(times.collect()))
                    .of_peer(Peer::Submit)
            }
            _ => Row::new(format!("{} processing, concurrency {in_flight}", PACKAGES[0]))
                .of_peer(Peer::Processing),
        };
        table.push(row.per_second(per_second).note("Redis without persistence"));
    }
}

fn lines(length: Duration) -> Result<Vec<Line>, String> {
    for program in ["node", "npm", "redis-server"] {
        if Command::new(program).arg("--version").output().is_err() {
            return Err(format!("{program} is not installed"));
        }
    }
    let folder = installed()?;
    let redis = Redis::start()?;
    let output = Command::new("node")
        .current_dir(folder)
        .args(["--input-type=module", "--eval", SCRIPT, "--"])
        .args([redis.port.to_string(), length.as_secs().to_string()])
        .output()
        .map_err(|error| format!("node: {error}"))?;
    if !output.status.success() {
        return Err(format!("its script failed: {}", error_line(&output.stderr)));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let lines = text.lines().map(serde_json::from_str).collect::<Result<_, _>>();
    lines.map_err(|error| format!("its script printed something else: {error}"))
}

/// A folder with the packages, beside what cargo builds.
fn installed() -> Result<PathBuf, String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let target = program.ancestors().nth(2).unwrap_or(Path::new("target"));
    let folder = target.join("bench").join(PACKAGES.join("-"));
    if PACKAGES.iter().all(|package| is_there(&folder, package)) {
        return Ok(folder);
    }
    let failed = |error: &dyn std::fmt::Display| format!("npm cannot install it: {error}");
    std::fs::create_dir_all(&folder).map_err(|error| failed(&error))?;
    let output = Command::new("npm")
        .arg("--prefix")
        .arg(&folder)
        .args(["install", "--no-audit", "--no-fund", "--ignore-scripts", "--save-exact"])
        .args(PACKAGES)
        .output()
        .map_err(|error| failed(&error))?;
    if output.status.success() { Ok(folder) } else { Err(failed(&last_line(&output.stderr))) }
}

fn is_there(folder: &Path, package: &str) -> bool {
    let name = package.split('@').next().unwrap_or_default();
    folder.join("node_modules").join(name).join("package.json").exists()
}

fn last_line(output: &[u8]) -> String {
    String::from_utf8_lossy(output).trim().lines().last().unwrap_or_default().to_owned()
}

/// What Node threw; the lines after it are the stack, and at last Node's version.
fn error_line(output: &[u8]) -> String {
    let text = String::from_utf8_lossy(output);
    let thrown = text.lines().find(|line| line.contains("Error: "));
    thrown.map_or_else(|| last_line(output), |line| line.trim().to_owned())
}

/// A Redis of the bench's own; it ends with this.
struct Redis {
    child: Child,
    port: u16,
    /// It has nothing to write, but wants a directory.
    _directory: TempDir,
}

impl Redis {
    fn start() -> Result<Redis, String> {
        let failed = |error: std::io::Error| format!("redis-server: {error}");
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .and_then(|listener| listener.local_addr())
            .map_err(failed)?
            .port();
        let directory = TempDir::with_prefix("milepost-bench-").map_err(failed)?;
        let child = Command::new("redis-server")
            .args(["--bind", "127.0.0.1", "--port", &port.to_string()])
            .args(["--save", "", "--appendonly", "no", "--dir"])
            .arg(directory.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(failed)?;
        let redis = Redis { child, port, _directory: directory };
        let began = Instant::now();
        while std::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            if began.elapsed() > Duration::from_secs(10) {
                return Err("redis-server does not listen".to_owned());
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(redis)
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
