//! What one request may ask for. getSystem tells them to clients.

pub use crate::engine::{
    MAX_TASKS_PER_BATCH,
    lease::{MAX_LEASE_SECONDS, MAX_TASKS as MAX_TASKS_PER_LEASE, MAX_WAIT_SECONDS},
};

/// The largest body of a request, in bytes.
pub const MAX_BODY_BYTES: usize = 1024 * 1024;
/// The most task ids one URL may name.
pub const MAX_TASKS_PER_STREAM: usize = 150;
/// The most task ids one openEventStream may name, in all its filters together.
pub const MAX_TASKS_PER_EVENT_STREAM: usize = 500;
/// The most filters one openEventStream may have.
pub const MAX_FILTERS_PER_EVENT_STREAM: usize = 64;
/// The most items one reportBatch may have.
pub const MAX_REPORTS_PER_BATCH: usize = 1000;
