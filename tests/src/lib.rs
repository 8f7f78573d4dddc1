//! Milepost seen from outside: what the tests, the benchmarks and the contract generator share.
//!
//! - [`contract`]: the chain from the server's types to everything that is generated from them

pub mod contract;
