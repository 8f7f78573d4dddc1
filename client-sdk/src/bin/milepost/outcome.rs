//! How the program ends: a message and an exit code, decided in one place.

use std::{
    fmt::Display,
    io::{self, Write},
};

use milepost_client::Error;

/// Why the program ends early.
#[derive(Debug)]
pub struct Complaint {
    pub message: String,
    pub code: i32,
}

/// The exit code, or a reason to end early.
pub type Outcome = Result<i32, Complaint>;

pub const SUCCEEDED: i32 = 0;
/// A watched task did not succeed, or the server refused.
pub const FAILED: i32 = 1;
pub const USAGE: i32 = 2;
pub const UNREACHABLE: i32 = 3;

impl Complaint {
    pub fn usage(message: impl Into<String>) -> Self {
        Complaint { message: message.into(), code: USAGE }
    }
}

impl From<Error> for Complaint {
    fn from(error: Error) -> Self {
        let code = match error {
            Error::Setup(_) | Error::InvalidRequest(_) => USAGE,
            // 502 and its like too: there is a proxy, and no server behind it.
            _ if error.is_retryable() => UNREACHABLE,
            _ => FAILED,
        };
        Complaint { message: error.to_string(), code }
    }
}

/// Prints a line to standard output. When nobody reads it any more (`milepost list | head`), the
/// program ends quietly, as one that knows no better is ended by SIGPIPE.
pub fn print(line: impl Display) {
    let mut stdout = io::stdout().lock();
    match writeln!(stdout, "{line}") {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => std::process::exit(128 + 13),
        _ => {}
    }
}

/// Prints any answer as readable JSON.
pub fn print_json<T: serde::Serialize>(value: &T) -> Result<(), Complaint> {
    let text = serde_json::to_string_pretty(value).map_err(|error| Complaint {
        message: format!("the answer cannot be written as JSON: {error}"),
        code: FAILED,
    })?;
    print(text);
    Ok(())
}

/// A note to the person at the terminal, told apart from the output of a command that runs.
pub fn note(text: impl Display) {
    let _ = writeln!(io::stderr().lock(), "milepost: {text}");
}
