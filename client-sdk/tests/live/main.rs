//! The SDK and the command against the real server.

mod bash_worker;
mod batches;
mod buffering;
mod bulk;
mod command;
mod command_if_match;
mod command_kind;
mod command_queue;
mod command_schedule;
mod command_submit;
mod command_tasks;
mod command_webhook;
mod if_match;
mod milepost;
mod proxy;
mod server;
mod stages;
mod stream;
mod worker;
