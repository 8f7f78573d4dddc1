//! The operations: one file per resource, each translating between the wire and the engine.

pub mod canonical;
