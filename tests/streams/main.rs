//! Event streams over time, read by a parser that shares nothing with the SDKs.

mod cuts;
mod drain;
mod fold;
mod form;
mod many_tasks;
mod one_task;
mod quickstart;
mod resets;
mod resume;
mod several_filters;
