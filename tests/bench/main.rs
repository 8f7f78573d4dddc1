//! A first load on a real server: how many durable createTasks a second, beside what the disk and
//! the HTTP stack can do in the same run, and what idle watchers cost.
//!
//! Figures of different machines, or of different hours on one, do not compare; the ratios of one
//! run do. Client and server share the cores.
//!
//! `make bench` runs it in release; `--seconds N` is the length of each measurement (default 5).

mod disk;
mod load;
mod memory;

use std::time::Duration;

use milepost_tests::harness::Server;

fn main() {
    let seconds = seconds();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.expect("a runtime can be built").block_on(run(Duration::from_secs(seconds)));
}

/// The number after `--seconds`.
fn seconds() -> u64 {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => 5,
        ["--seconds", number] => match number.parse() {
            Ok(seconds @ 1..=600) => seconds,
            _ => exit("--seconds takes a number from 1 to 600"),
        },
        _ => exit("usage: bench [--seconds N]"),
    }
}

fn exit(message: &str) -> ! {
    eprintln!("{message}");
    std::process::exit(2);
}

async fn run(length: Duration) {
    if cfg!(debug_assertions) {
        println!("note: this is a debug build; its figures mean little");
    }
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    println!("{cores} cores, shared by client and server; {} s each\n", length.as_secs());

    let server = Server::start().await;
    let disk = disk::syncs_per_second(server.data_dir(), length);
    let hello = load::Load::get("/healthz");
    let hello = load::run(server.address(), &hello, 64, length).await;
    println!("{:<34}{:>12}", "fdatasync of 4 KiB", format!("{disk:.0}/s"));
    print_row("GET /healthz, 64 in flight", &hello, disk, hello.per_second);

    let body =
        r#"{"kind":"bench","input":{"report":"2026-11","pages":[1,2,3]},"labels":{"run":"1"}}"#;
    let submit = load::Load::post("/api/v1/tasks", body);
    for in_flight in [1, 64, 256] {
        // A server of its own each time, so that the size of the database is the same.
        let server = Server::start().await;
        let result = load::run(server.address(), &submit, in_flight, length).await;
        let name = format!("createTask, {in_flight} in flight");
        print_row(&name, &result, disk, hello.per_second);
    }

    let cost = memory::of_idle_watchers(1000).await;
    println!(
        "\n{} idle watchers: {:.1} KiB each ({:.1} MiB before, {:.1} MiB with them)",
        cost.watchers,
        cost.per_watcher() / 1024.0,
        cost.before as f64 / 1_048_576.0,
        cost.after as f64 / 1_048_576.0
    );
}

fn print_row(name: &str, result: &load::Outcome, disk: f64, hello: f64) {
    println!(
        "{name:<34}{:>12}   p50 {:>8.2} ms   p99 {:>8.2} ms   {:>6.1} × fdatasync   {:>5.2} × hello",
        format!("{:.0}/s", result.per_second),
        result.median.as_secs_f64() * 1000.0,
        result.slowest_hundredth.as_secs_f64() * 1000.0,
        result.per_second / disk,
        result.per_second / hello,
    );
    if result.refused > 0 {
        println!("{:<34}{:>12}", "  refused", result.refused);
    }
}
