//! What the disk can do: the floor under every durable write that is not batched.

use std::{
    fs::OpenOptions,
    io::Write,
    path::Path,
    time::{Duration, Instant},
};

/// How often a second 4 KiB can be appended and synced in this directory.
///
/// # Panics
/// When the directory cannot be written.
pub fn syncs_per_second(directory: &Path, length: Duration) -> f64 {
    let path = directory.join("fdatasync.tmp");
    let mut file =
        OpenOptions::new().create(true).append(true).open(&path).expect("a file can be made");
    let block = [7; 4096];
    let began = Instant::now();
    let mut count = 0.0;
    while began.elapsed() < length {
        file.write_all(&block).expect("the disk takes a block");
        file.sync_data().expect("the disk syncs");
        count += 1.0;
    }
    let rate = count / began.elapsed().as_secs_f64();
    let _ = std::fs::remove_file(path);
    rate
}
