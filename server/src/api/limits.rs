//! What one request may ask for. getSystem tells them to clients.

/// The largest body of a request, in bytes.
pub const MAX_BODY_BYTES: usize = 1024 * 1024;
/// The most task ids one stream may name.
pub const MAX_TASKS_PER_STREAM: usize = 150;
/// The most tasks one acquireLeases may take.
pub const MAX_TASKS_PER_LEASE: u64 = 100;
/// The longest life of a lease without a report.
pub const MAX_LEASE_SECONDS: u64 = 3600;
/// The longest a request may wait for something to happen.
pub const MAX_WAIT_SECONDS: u64 = 60;
