//! What holds the contract, the layers and the files of the project in place.
//!
//! - [`current`]: what is generated is what the server's types say
//! - [`lint`], [`described`]: the document is well made, and explains itself
//! - [`compat`]: it keeps what the newest release promised
//! - [`snapshots`]: a change of any part is a change someone reviews
//! - [`conditional`]: what changes one thing can be told which state of it to change
//! - [`coverage`]: every operation is called by an API test
//! - [`open`]: the Rust client keeps what it does not know
//! - [`layering`], [`files`]: who may use whom, and how long a file may be

mod compat;
mod conditional;
mod coverage;
mod current;
mod described;
mod files;
mod layering;
mod lint;
mod open;
mod redocly;
mod snapshots;
