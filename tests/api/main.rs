//! The operations, each through the socket of a real server: one file an operation, its bad input
//! included. Files that are about no single operation stand below.

mod acquire_leases;
mod cancel_task;
mod complete_task;
mod create_task;
mod delete_task;
mod fail_task;
mod get_data;
mod get_health;
mod get_readiness;
mod get_system;
mod get_task;
mod list_events;
mod list_task_events;
mod list_task_logs;
mod list_tasks;
mod put_task;
mod release_task;
mod report_task;
mod retry_task;
mod start_task;
mod submit_data;
mod update_task;
mod watch_events;
mod watch_progress;
mod watch_task;

mod bash_worker;
mod bodies;
mod command_line;
mod free_text;
mod generated;
mod header_junk;
mod hosts;
mod idempotency;
mod life_by_links;
mod origins;
mod pages;
mod paths;
mod time_ends;
