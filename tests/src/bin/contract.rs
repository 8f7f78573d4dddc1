//! `cargo contract generate` writes everything that follows from the server's types;
//! `cargo contract check` says whether that was done.

use std::process::ExitCode;

use milepost_tests::contract::{ContractError, advice, check, generate};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let result = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["generate"] => write(),
        ["check"] => compare(),
        _ => {
            eprintln!("usage: cargo contract generate|check");
            return ExitCode::from(2);
        }
    };
    result.unwrap_or_else(|error| {
        eprintln!("{error}");
        ExitCode::FAILURE
    })
}

fn write() -> Result<ExitCode, ContractError> {
    let written = generate()?;
    written.iter().for_each(|path| println!("wrote {path}"));
    if written.is_empty() {
        println!("everything is current");
    }
    Ok(ExitCode::SUCCESS)
}

fn compare() -> Result<ExitCode, ContractError> {
    let stale = check()?;
    if stale.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("{}", advice(&stale));
    Ok(ExitCode::FAILURE)
}
