//! The Rust SDK.
pub mod stream { pub mod parser; }
