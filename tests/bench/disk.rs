//! What the disk can do: the floor under every durable write that is not batched.

use std::{
    fs::OpenOptions,
    io::Write,
    path::Path,
    time::{Duration, Instant},
};

use crate::spread::Spread;

/// Appends 4 KiB and syncs it, again and again, in this directory.
///
/// # Panics
/// When the directory cannot be written.
pub fn sync_times(directory: &Path, length: Duration) -> Spread {
    let path = directory.join("fdatasync.tmp");
    let mut file =
        OpenOptions::new().create(true).append(true).open(&path).expect("a file can be made");
    let block = [7; 4096];
    let until = Instant::now() + length;
    let mut times = Vec::new();
    loop {
        let began = Instant::now();
        if began >= until {
            break;
        }
        file.write_all(&block).expect("the disk takes a block");
        file.sync_data().expect("the disk syncs");
        times.push(began.elapsed());
    }
    let _ = std::fs::remove_file(path);
    Spread::of(times)
}
