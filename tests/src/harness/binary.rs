//! Where the server's binary is.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

/// The binary named by `MILEPOST_SERVER`; else it is built, once per process, with the profile this
/// test was built with.
///
/// Cargo gives tests the path of binaries of their own package only, so the place is derived from
/// the test's own: `target/<profile>/deps/<test>`.
pub fn server() -> &'static Path {
    static SERVER: OnceLock<PathBuf> = OnceLock::new();
    SERVER.get_or_init(|| match std::env::var_os("MILEPOST_SERVER") {
        Some(path) => workspace().join(path),
        None => build(),
    })
}

/// The root of the workspace.
pub fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

fn build() -> PathBuf {
    let test = std::env::current_exe().expect("a test knows its own path");
    let profile = test
        .ancestors()
        .skip(1)
        .find(|folder| !folder.ends_with("deps"))
        .expect("tests lie in target/<profile>/deps");
    // The whole workspace's features, as in the build of this test: otherwise cargo would build
    // every shared dependency a second time.
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(workspace()).args([
        "build",
        "--quiet",
        "--workspace",
        "--bin",
        "milepost-server",
    ]);
    if profile.ends_with("release") {
        cargo.arg("--release");
    }
    let status = cargo.status().expect("cargo can be run");
    assert!(status.success(), "the server does not build");
    profile.join("milepost-server")
}
