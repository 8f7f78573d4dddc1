//! What a reader must know of the machine to make sense of a figure.

use std::fs;

/// Cores, memory, system: never the host's name, which says nothing.
pub fn facts() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let memory = memory_gib().map_or("memory unknown".to_owned(), |gib| format!("{gib:.0} GiB"));
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    // What follows the version is the builder's own word.
    let kernel = kernel.trim().split('-').next().unwrap_or_default();
    format!("{cores} cores, {memory}, {} {kernel}", std::env::consts::OS)
}

fn memory_gib() -> Option<f64> {
    let text = fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kib: f64 = line.trim().trim_end_matches(" kB").parse().ok()?;
    Some(kib / 1_048_576.0)
}
