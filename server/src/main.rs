//! The binary: settings, log, runtime, exit code.
//!
//! 0 after a drain or a printed document, 1 when the server cannot run, 2 when its settings are wrong.

use std::{
    io::{IsTerminal, Write},
    process::ExitCode,
};

use clap::Parser;
use milepost_server::{
    api, app,
    config::{Cli, Config, LogFormat, Wanted},
};
use tracing_subscriber::EnvFilter;

/// Every event is a few small allocations on whichever thread has time; this one is made for that.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let result = match Cli::parse().wanted() {
        Wanted::Openapi => print_document(),
        Wanted::Serve(config) => {
            if let Err(refusal) = config.check() {
                eprintln!("error: {refusal}");
                return ExitCode::from(2);
            }
            serve(*config)
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn serve(config: Config) -> Result<(), String> {
    start_log(&config);
    let runtime = tokio::runtime::Runtime::new()
        .map_err(|error| format!("cannot start the runtime: {error}"))?;
    runtime.block_on(app::serve(config)).map_err(|failure| failure.to_string())
}

/// Standard output is for the line that says where the server listens, so the log goes beside it.
fn start_log(config: &Config) {
    let log = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(&config.log))
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    match config.log_format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().flatten_event(true).init(),
    }
}

fn print_document() -> Result<(), String> {
    std::io::stdout()
        .write_all(api::spec().as_bytes())
        .map_err(|error| format!("cannot write to standard output: {error}"))
}
