//! Commands of other people's, run for a task: the process, its lines, and what they say.

pub mod lines;
pub mod output;
pub mod process;
pub mod session;
pub mod terminal;
