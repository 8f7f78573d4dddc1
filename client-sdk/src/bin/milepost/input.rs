//! What workers are given: JSON from the command line, a file or standard input.

use std::{
    fs,
    io::{self, BufRead},
    path::Path,
};

use serde_json::Value;

use crate::outcome::Complaint;

/// One input: JSON, `@FILE` with JSON, or `-` for standard input.
pub fn one(argument: &str) -> Result<Value, Complaint> {
    let text = if argument == "-" {
        io::read_to_string(io::stdin()).map_err(|error| unreadable("standard input", error))?
    } else if let Some(file) = argument.strip_prefix('@') {
        fs::read_to_string(file).map_err(|error| unreadable(file, error))?
    } else {
        argument.to_owned()
    };
    serde_json::from_str(&text).map_err(|error| {
        Complaint::usage(format!(
            "the input is no JSON ({error}); a text needs its quotes: '\"text\"'"
        ))
    })
}

/// One input a line; `-` is standard input, and blank lines are left out. All are read before any is
/// used: a file that is broken in the middle is better refused than half submitted.
pub fn lines(file: &Path) -> Result<Vec<Value>, Complaint> {
    let (name, reader): (String, Box<dyn BufRead>) = if file == Path::new("-") {
        ("standard input".to_owned(), Box::new(io::stdin().lock()))
    } else {
        let name = file.display().to_string();
        let opened = fs::File::open(file).map_err(|error| unreadable(&name, error))?;
        (name, Box::new(io::BufReader::new(opened)))
    };
    let mut inputs = Vec::new();
    for (number, line) in reader.lines().enumerate() {
        let line = line.map_err(|error| unreadable(&name, error))?;
        if !line.trim().is_empty() {
            inputs.push(serde_json::from_str(&line).map_err(|error| {
                let (number, error) = (number + 1, error.to_string());
                // It counts lines too, but sees only one.
                let what = error.split(" at line ").next().unwrap_or_default();
                Complaint::usage(format!("line {number} of {name} is no JSON: {what}"))
            })?);
        }
    }
    Ok(inputs)
}

fn unreadable(what: &str, error: io::Error) -> Complaint {
    Complaint::usage(format!("the input cannot be read from {what}: {error}"))
}
