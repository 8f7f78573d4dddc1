//! A server that has no descriptors left.
//!
//! The limit holds for a whole process, so the server runs in one of its own: this test binary again,
//! under `ulimit`, with an environment variable that says which part it plays.

use std::{
    io::{BufRead, BufReader, Read},
    process::{Command, Stdio},
};

use super::*;

const PART: &str = "MILEPOST_TEST_SERVES";

/// User and system time of a process, in clock ticks.
#[cfg(target_os = "linux")]
fn ticks(process: u32) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn plays_the_server_when_told_to() {
    if std::env::var_os(PART).is_none() {
        return;
    }
    let edge = Edge::start(settings()).await;
    println!("at {}", edge.address);
    // The parent closes our standard input when it is done.
    let waits = tokio::task::spawn_blocking(|| std::io::stdin().read(&mut [0]));
    waits.await.unwrap().unwrap();
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn without_descriptors_the_server_waits_at_no_cost_and_recovers() {
    let mut server = Command::new("sh")
        .arg("-c")
        .arg("ulimit -n 40; exec \"$0\" --exact descriptors::plays_the_server_when_told_to --nocapture")
        .arg(std::env::current_exe().unwrap())
        .env(PART, "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
    let address: SocketAddr = lines
        .find_map(|line| line.unwrap().split_once("at ")?.1.parse().ok())
        .expect("the server's address");

    let mut clients = Vec::new();
    for _ in 0..60 {
        clients.push(Client(TcpStream::connect(address).await.unwrap()));
    }
    // With the loop spinning, two seconds are 200 ticks and more.
    let before = ticks(server.id());
    tokio::time::sleep(Duration::from_secs(2)).await;
    let spent = ticks(server.id()) - before;
    assert!(spent < 20, "{spent} ticks were spent in two seconds of waiting");

    clients.truncate(20);
    let mut client = Client(TcpStream::connect(address).await.unwrap());
    client.send(get("/api/hello")).await;
    client.until("hello").await;

    drop(server.stdin.take());
    assert!(server.wait().unwrap().success());
}
