//! The SDK and the command against the real server.

mod bash_worker;
mod command;
mod server;
mod stream;
mod worker;
