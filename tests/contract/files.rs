//! Files stay readable: none that a hand writes is longer than 500 lines, and what no hand writes
//! says which command does.

use std::{
    fs,
    path::{Path, PathBuf},
};

use milepost_tests::contract::{FIX, OPERATIONS, RUST_CLIENT, TYPESCRIPT_TYPES, root};

const LONGEST: usize = 500;

const WRITTEN: [&str; 8] = ["css", "html", "js", "md", "rs", "sql", "ts", "tsx"];

/// What is built, fetched or generated.
fn is_foreign(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let folder = ["target", "node_modules", "dist", "snapshots", "data"];
    name.starts_with('.') || folder.contains(&name) || name.starts_with("generated")
}

fn written_by_hand(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the project is there") {
        let path = entry.expect("a folder lists").path();
        if is_foreign(&path) {
            continue;
        }
        let extension = path.extension().and_then(|extension| extension.to_str());
        if path.is_dir() {
            written_by_hand(&path, found);
        } else if extension.is_some_and(|extension| WRITTEN.contains(&extension)) {
            found.push(path);
        }
    }
}

#[test]
fn no_file_written_by_hand_is_longer_than_a_reader_bears() {
    let mut files = Vec::new();
    written_by_hand(&root(), &mut files);
    assert!(files.len() > 50, "only {} files were found", files.len());
    let mut long = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).expect("source is text");
        let lines = text.lines().count();
        if lines > LONGEST {
            let path = file.strip_prefix(root()).unwrap_or(&file).display();
            long.push(format!("{path} has {lines} lines"));
        }
    }
    assert!(long.is_empty(), "more than {LONGEST} lines:\n{}", long.join("\n"));
}

#[test]
fn generated_files_name_the_command_that_writes_them() {
    for path in [OPERATIONS, RUST_CLIENT, TYPESCRIPT_TYPES] {
        let text = fs::read_to_string(root().join(path)).expect("a generated file is text");
        let first = text.lines().next().unwrap_or_default();
        assert!(first.contains(FIX), "{path} begins with {first:?}");
    }
    // JSON has no comments; the README beside it says it for the document.
    let readme = fs::read_to_string(root().join("api-spec/README.md")).expect("a README");
    assert!(readme.contains(FIX) && readme.contains("openapi.json"), "{readme}");
}
