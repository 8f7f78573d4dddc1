//! What Milepost survives: each test is a sentence of the fault list, held against a real process.

mod bulk;
mod connections;
mod descriptors;
mod disk;
mod journal;
mod kills;
mod large_bodies;
mod overload;
mod random_kills;
mod two_servers;
mod webhooks;
