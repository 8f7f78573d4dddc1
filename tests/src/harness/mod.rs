//! The real binary on a free port and a directory of its own, and clients to hold it against.
//!
//! Nothing here links against the server or the SDKs: requests go over sockets, and the readers of
//! HTTP chunks and event streams are written for the tests alone. A fault that the server and the
//! SDK share would pass a test made of their own parts.

mod answer;
mod binary;
mod checks;
mod client;
mod declared;
mod dice;
mod journal;
mod process;
mod raw;
mod receiver;
mod server;
mod sse;
mod watcher;
mod worker;

pub use answer::Answer;
pub use binary::{server as server_binary, workspace};
pub use checks::{assert_task, cursor_position};
pub use client::{Client, Request, persist};
pub use dice::Dice;
pub use journal::{Entry, Journal};
pub use process::{anonymous_memory, processor_time, resident_memory};
pub use raw::{Connection, RawAnswer};
pub use receiver::{Received, Receiver, SILENCE};
pub use server::{Options, Server};
pub use sse::{Item, Message, Parser};
pub use watcher::{Ending, Watcher};
pub use worker::{Lease, id_of, types_of};

use std::time::Duration;

/// How long a test waits for something that must happen. Generous, because it is only ever used up
/// by a failure.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Waits for something that must happen.
///
/// # Panics
/// When it has not happened within [`PATIENCE`].
pub async fn soon<F: Future>(what: &str, future: F) -> F::Output {
    match tokio::time::timeout(PATIENCE, future).await {
        Ok(output) => output,
        Err(_) => panic!("waited {} s in vain for {what}", PATIENCE.as_secs()),
    }
}
