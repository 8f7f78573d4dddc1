//! What Milepost survives: each test is a sentence of the fault list, held against a real process.

mod connections;
mod disk;
mod kills;
mod large_bodies;
mod random_kills;
mod two_servers;
