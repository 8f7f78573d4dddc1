//! What the system says of a process.

use std::time::Duration;

/// Processor time it has used, all its threads together.
///
/// # Panics
/// When `/proc` does not say, as on other systems than Linux.
pub fn processor_time(pid: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"));
    let stat = stat.expect("the process's times can be read");
    // Behind the name, which is in parentheses: utime and stime are the 12th and 13th fields, in
    // ticks of 10 ms (proc(5)).
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks: u64 = fields.skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}

/// Resident memory, in bytes.
///
/// # Panics
/// As [`processor_time`].
pub fn resident_memory(pid: u32) -> u64 {
    memory(pid, "VmRSS:")
}

/// Resident memory that is its own, in bytes: without the pages of files, its program's above all.
///
/// # Panics
/// As [`processor_time`].
pub fn anonymous_memory(pid: u32) -> u64 {
    memory(pid, "RssAnon:")
}

fn memory(pid: u32, name: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"));
    let status = status.expect("the process's status can be read");
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kib.expect("the status names its memory") * 1024
}
