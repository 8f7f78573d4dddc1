//! The Milepost server.
//!
//! - [`domain`]: the words as plain types; no HTTP, no SQL, no tokio
//! - [`engine`]: the rules as a pure core, and the one writer that applies them in batches
//! - [`store`]: the trait the writer and the readers stand on, and SQLite behind it
//! - [`stream`]: the log after a cursor, to whoever watches
//! - [`api`]: the operations of the contract, one file per resource
//! - [`metrics`]: what is counted, for a Prometheus to fetch
//! - [`embedded`]: workers inside the server; [`bulk`]: the one behind runs over many tasks;
//!   [`webhooks`]: the one that delivers; [`countdown`]: the one behind the Quickstart
//! - [`traces`]: the life of tasks as spans, for an OpenTelemetry collector
//! - [`http`]: connections, limits, CORS, the dashboard's files
//! - [`config`]: every setting; [`app`]: the only place where parts are wired

pub mod api;
pub mod app;
pub mod bulk;
pub mod config;
pub mod countdown;
pub mod domain;
pub mod embedded;
pub mod engine;
pub mod http;
pub mod metrics;
pub mod store;
pub mod stream;
pub mod traces;
pub mod webhooks;
