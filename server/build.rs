//! Finds the dashboard's files for `http::dashboard` to embed.
//!
//! The server compiles without them: then an empty directory takes their place.

use std::{env, fs, io, path::PathBuf};

fn main() -> io::Result<()> {
    let server = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    let app = server.join("../ts-client/app");
    let built = app.join("dist");

    println!("cargo::rerun-if-changed=build.rs");
    // A watched path that is missing makes cargo build anew each time, so the directory is made,
    // where it can be, as soon as there is an app: from then on only its content counts.
    if app.is_dir() && fs::create_dir_all(&built).is_ok() {
        println!("cargo::rerun-if-changed={}", built.display());
    }
    let files = if built.join("index.html").is_file() {
        built.canonicalize()?
    } else {
        let none = out.join("no-dashboard");
        fs::create_dir_all(&none)?;
        none
    };
    println!("cargo::rustc-env=MILEPOST_DASHBOARD={}", files.display());
    Ok(())
}
