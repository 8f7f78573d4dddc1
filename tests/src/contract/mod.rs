//! The chain from the server's types to everything that is generated from them.
//!
//! ```text
//! server types → raw spec → canonical → api-spec/openapi.json → TypeScript types
//!                                     → operations.txt
//!                                     → for_progenitor (private, lossy) → Rust client
//! ```
//!
//! [`outputs`] makes all of it in memory. [`generate`] writes what differs and [`check`] reports it,
//! so the check cannot disagree with the fix. No server and no database runs for either.
//!
//! - [`operations`]: the operations of a document, and their table
//! - [`walk`]: every schema of a document, and what refers to what
//! - [`for_progenitor`]: the document as the Rust generator can take it
//! - [`rust_client`], [`typescript`]: the two generators
//! - [`spec`], [`json_schema`]: answers held against the document, for the tests

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use serde_json::Value;

pub mod for_progenitor;
pub mod json_schema;
pub mod operations;
pub mod rust_client;
pub mod spec;
pub mod typescript;
pub mod walk;

pub use spec::Spec;

/// The command that brings every generated file up to date.
pub const FIX: &str = "cargo contract generate";

/// The published document, relative to the root of the project.
pub const OPENAPI: &str = "api-spec/openapi.json";
pub const OPERATIONS: &str = "api-spec/operations.txt";
pub const RUST_CLIENT: &str = "client-sdk/src/generated.rs";
pub const TYPESCRIPT_TYPES: &str = "ts-client/sdk/src/generated/openapi.ts";

/// Why the chain did not run through.
#[derive(Debug, thiserror::Error)]
pub enum ContractError {
    #[error("{path}: {source}")]
    File { path: String, source: io::Error },
    #[error("the server's spec is no OpenAPI 3.0 document: {0}")]
    Document(#[from] serde_json::Error),
    #[error("the spec has something the Rust client cannot say: {0}")]
    Unsupported(String),
    #[error("progenitor refuses the spec: {0}")]
    Progenitor(#[from] progenitor::Error),
    #[error("progenitor wrote code that does not parse: {0}")]
    Rust(#[from] syn::Error),
    #[error("`{command}` failed; {hint}\n{output}")]
    Command { command: String, hint: &'static str, output: String },
}

impl ContractError {
    fn file(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.display().to_string();
        move |source| ContractError::File { path, source }
    }
}

/// One generated file: its path from the root of the project, and what belongs in it.
pub struct Output {
    pub path: &'static str,
    pub text: String,
}

/// The root of the project.
pub fn root() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_owned()
}

/// The published document, made from the server's types.
pub fn published() -> Result<Value, ContractError> {
    Ok(serde_json::from_str(&milepost_server::api::spec())?)
}

/// Everything that is generated, in the order of the chain.
pub fn outputs() -> Result<Vec<Output>, ContractError> {
    let spec = published()?;
    let openapi = serde_json::to_string_pretty(&spec)? + "\n";
    Ok(vec![
        Output { path: OPERATIONS, text: operations::table(&spec) },
        Output { path: RUST_CLIENT, text: rust_client::generate(&spec)? },
        Output { path: TYPESCRIPT_TYPES, text: typescript::generate(&openapi)? },
        Output { path: OPENAPI, text: openapi },
    ])
}

/// Writes the files that differ, and says which.
pub fn generate() -> Result<Vec<&'static str>, ContractError> {
    let mut written = Vec::new();
    for Output { path, text } in outputs()? {
        if difference(path, &text)?.is_some() {
            let file = root().join(path);
            let folder = file.parent().unwrap_or(&file);
            fs::create_dir_all(folder).map_err(ContractError::file(folder))?;
            fs::write(&file, text).map_err(ContractError::file(&file))?;
            written.push(path);
        }
    }
    Ok(written)
}

/// What differs from the server's types, one line a file; nothing, if all is current.
pub fn check() -> Result<Vec<String>, ContractError> {
    let mut stale = Vec::new();
    for Output { path, text } in outputs()? {
        stale.extend(difference(path, &text)?);
    }
    Ok(stale)
}

/// What [`check`] found, as a message that ends with the way out.
pub fn advice(stale: &[String]) -> String {
    format!(
        "generated files are not what the server's types say:\n  {}\nRun `{FIX}` and commit what it writes.",
        stale.join("\n  ")
    )
}

fn difference(path: &str, text: &str) -> Result<Option<String>, ContractError> {
    let file = root().join(path);
    match fs::read_to_string(&file) {
        Ok(found) if found == text => Ok(None),
        Ok(found) => {
            let same = found.lines().zip(text.lines()).take_while(|(a, b)| a == b).count();
            Ok(Some(format!("{path}, from line {}", same + 1)))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Ok(Some(format!("{path} is missing")))
        }
        Err(error) => Err(ContractError::file(&file)(error)),
    }
}
