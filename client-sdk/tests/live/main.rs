//! The SDK and the command against the real server.

mod command;
mod server;
mod stream;
mod worker;
