//! The Rust SDK of Milepost.
//!
//! | module | what it is for |
//! |---|---|
//! | [`Milepost`] | one server: submit, get, wait, cancel, retry, and every other operation through [`Milepost::api`] |
//! | [`stream`] | live events, typed, that go on across reconnects and restarts |
//! | [`worker`] | running tasks: leases kept alive, progress, lines, checkpoints, cancels, graceful stops |
//! | [`types`] | what the contract's operations take and give |
//!
//! The client of the operations is generated from the contract (`cargo contract generate`); the rest
//! is written by hand around it.

mod answers;
mod backoff;
mod client;
mod error;
mod generated;
mod pages;
pub mod stream;
pub mod worker;

pub use client::{Milepost, Revision};
pub use error::{Error, Refusal};
pub use generated::{Client, builder, types};
pub use pages::TaskFilter;
