//! What a watcher sees, held against a log that a test writes line by line.

mod countdown;
mod events;
mod filters;
mod frame;
mod hand_over;
mod reader;
mod ring;
mod script;
mod task;
