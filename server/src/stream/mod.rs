//! Watching: the log after a cursor, as Server-Sent Events or as pages.
//!
//! Nobody is pushed anything. A commit goes into the [`ring`] of the newest events and wakes whoever
//! watches what it is about ([`hub`]). The woken read the log from their own cursor ([`log`]): what
//! their [`topic`] knows in the ring, else the store, as one [`chunk`] of [`frame`]s that all who
//! read the same share. One watcher, from its first byte to its last, is a [`subscription`].

pub mod chunk;
pub mod frame;
pub mod hub;
pub mod log;
pub mod notice;
pub mod resume;
pub mod ring;
pub mod subscription;
pub mod topic;

#[cfg(test)]
mod tests;
