//! Milepost seen from outside: what the tests, the benchmarks and the contract generator share.
//!
//! - [`harness`]: the real server binary as a child process, and clients that trust nothing of it

pub mod harness;
