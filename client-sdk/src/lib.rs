//! The Rust SDK of Milepost.
//!
//! | module | what it is for |
//! |---|---|
//! | [`Milepost`] | one server: submit one or many, get, wait, cancel, retry, list, do one thing to many, and every other operation through [`Milepost::api`] |
//! | [`stream`] | live events, typed, that go on across reconnects and restarts, and by long polls where streams do not get through |
//! | [`worker`] | running tasks: leases kept alive, progress, lines, checkpoints, cancels, graceful stops |
//! | [`types`] | what the contract's operations take and give |
//!
//! What a submission may say is on its builder:
//!
//! ```no_run
//! # async fn example(milepost: milepost_client::Milepost) -> Result<(), milepost_client::Error> {
//! use milepost_client::types::{StageDefinition, TaskSubmission};
//!
//! let task = TaskSubmission::builder()
//!     .kind("transcode")
//!     .queue("media".to_owned())
//!     .delay_seconds(60)
//!     .deadline_seconds(3600)
//!     .concurrency_key("user-17".to_owned()) // of the tasks with this key one runs at a time
//!     .max_attempts(5)
//!     .backoff_base_seconds(2)
//!     .backoff_max_seconds(120)
//!     .stages(vec![StageDefinition::from(("fetch", 1.0)), ("encode", 8.0).into()])
//!     .stalled_after_seconds(30)
//!     .retention_seconds(7 * 24 * 3600);
//! let task = milepost.submit(task).await?;
//! # Ok(())
//! # }
//! ```
//!
//! A `null` in a change takes a limit away:
//!
//! ```no_run
//! # async fn example(milepost: milepost_client::Milepost) -> Result<(), milepost_client::Error> {
//! use milepost_client::types::QueueChange;
//! use serde_json::{Value, json};
//!
//! let rate = json!({"limit": 10, "period_seconds": 1});
//! let change = QueueChange::builder().rate_limit(rate).max_concurrency(Value::Null);
//! milepost.api().update_queue().name("media").body(change).send().await?;
//! # Ok(())
//! # }
//! ```
//!
//! Queues, kinds and schedules are set through [`Milepost::api`], and walked with
//! [`Milepost::queues`], [`Milepost::kinds`], [`Milepost::schedules`], [`Milepost::webhooks`] and
//! [`Milepost::workers`].
//!
//! The client of the operations is generated from the contract (`cargo contract generate`); the rest
//! is written by hand around it.

mod answers;
mod backoff;
mod batches;
mod bulk;
mod client;
mod error;
mod generated;
mod pages;
pub mod stream;
pub mod worker;

pub use batches::Batches;
pub use client::{Milepost, Revision};
pub use error::{Error, Refusal};
pub use generated::{Client, builder, types};
pub use pages::TaskFilter;
