//! Watching: the log after a cursor, as Server-Sent Events or as pages.
//!
//! Nobody is pushed anything. A commit wakes whoever watches a task it touched ([`hub`]); the woken
//! read the log from their own cursor ([`log`]) and encode what they find ([`frame`]). One watcher,
//! from its first byte to its last, is a [`subscription`].

pub mod frame;
pub mod hub;
pub mod log;
pub mod notice;
pub mod resume;
pub mod ring;
pub mod subscription;

#[cfg(test)]
mod tests;
