//! The TypeScript types, by openapi-typescript.
//!
//! It stands in a folder of its own, `ts-client/codegen`, because it needs TypeScript's JavaScript
//! API, which the TypeScript that the rest is checked with no longer has.

use std::{
    fs,
    path::Path,
    process::Command,
    sync::{Mutex, PoisonError},
};

use super::{ContractError, root};

/// The types of a published document.
pub fn generate(openapi: &str) -> Result<String, ContractError> {
    let codegen = root().join("ts-client/codegen");
    install(&codegen)?;
    let scratch = tempfile::tempdir().map_err(ContractError::file(&codegen))?;
    let scratch = scratch.path();
    let (input, output) = (scratch.join("openapi.json"), scratch.join("openapi.ts"));
    fs::write(&input, openapi).map_err(ContractError::file(&input))?;
    let mut npm = Command::new("npm");
    npm.args(["run", "--silent", "generate", "--"]).arg(&input).arg(&output).current_dir(&codegen);
    run(npm, "the TypeScript generator is ts-client/codegen")?;
    fs::read_to_string(&output).map_err(ContractError::file(&output))
}

/// Tests run side by side, and one of them installs.
static INSTALLING: Mutex<()> = Mutex::new(());

/// Installs the locked packages of a folder, unless that was done since the lock file changed.
pub fn install(folder: &Path) -> Result<(), ContractError> {
    let _one_at_a_time = INSTALLING.lock().unwrap_or_else(PoisonError::into_inner);
    let modified = |name: &str| fs::metadata(folder.join(name)).and_then(|file| file.modified());
    // npm writes this copy of the lock file when it is through.
    if let (Ok(locked), Ok(installed)) =
        (modified("package-lock.json"), modified("node_modules/.package-lock.json"))
        && installed >= locked
    {
        return Ok(());
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-audit", "--no-fund"]).current_dir(folder);
    run(npm, "the contract needs Node 20.19 or newer with npm, and the npm registry once").map(drop)
}

/// Runs a command to its end; what it printed is the value, or the reason.
pub fn run(mut command: Command, hint: &'static str) -> Result<String, ContractError> {
    let shown = std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|part| part.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ");
    let failed = |output: String| ContractError::Command { command: shown.clone(), hint, output };
    let done = command.output().map_err(|error| failed(error.to_string()))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if done.status.success() {
        Ok(text(&done.stdout))
    } else {
        Err(failed(text(&done.stdout) + &text(&done.stderr)))
    }
}
