//! Milepost seen from outside: what the tests, the benchmarks and the contract generator share.
//!
//! - [`contract`]: the chain from the server's types to everything that is generated from them
//! - [`harness`]: the real server binary as a child process, and clients that trust nothing of it

pub mod contract;
pub mod harness;
