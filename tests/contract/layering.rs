//! Who may use whom in the server.
//!
//! ```text
//! app → everything        api → engine → store (the trait) → domain
//! main → app, config      api → stream → store (the trait)
//!                         api → metrics → engine, stream
//! ```
//! Only `app` names a concrete store, nothing but `app` names `api`, and `domain` names nobody.
//! `http::fault` is what `http` refuses, in words that `api` turns into problems, and `http::live` is a
//! body that `api` makes and `http` sends; they are apart, so that `api` needs nothing else of `http`.
//!
//! The test reads the paths in the source, because the compiler is content with any of them. Tests
//! are free: they stand a part on whatever proves it.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use milepost_tests::contract::root;
use syn::visit::{self, Visit};

/// The parts of the server, and the parts each of them may name.
const ARROWS: [(&str, &[&str]); 17] = [
    ("domain", &[]),
    ("store", &["domain"]),
    ("store::sqlite", &["domain", "store"]),
    ("engine", &["domain", "store"]),
    ("stream", &["domain", "store"]),
    ("api", &["domain", "engine", "http::fault", "http::live", "metrics", "store", "stream"]),
    ("metrics", &["domain", "engine", "store", "stream"]),
    ("embedded", &["domain", "engine"]),
    ("bulk", &["domain", "embedded", "engine", "store", "stream"]),
    ("webhooks", &["domain", "embedded", "engine", "store", "stream"]),
    ("countdown", &["domain", "embedded", "engine"]),
    ("traces", &["domain", "store", "stream"]),
    ("config", &["http"]),
    ("http", &["http::fault", "http::live"]),
    ("http::fault", &[]),
    ("http::live", &[]),
    (
        "app",
        &[
            "api",
            "bulk",
            "config",
            "countdown",
            "domain",
            "engine",
            "http",
            "http::fault",
            "http::live",
            "metrics",
            "store",
            "store::sqlite",
            "stream",
            "traces",
            "webhooks",
        ],
    ),
];

/// Modules that are parts of their own.
const APART: [(&str, &str); 3] = [("http", "fault"), ("http", "live"), ("store", "sqlite")];

/// Crates that some parts have no business with.
const FOREIGN: [(&str, &[&str]); 3] = [
    ("domain", &["hyper", "poem", "poem_openapi", "rusqlite", "tokio"]),
    ("engine", &["hyper", "poem", "poem_openapi", "rusqlite"]),
    ("stream", &["hyper", "poem", "poem_openapi", "rusqlite"]),
];

#[test]
fn parts_use_only_the_parts_below_them() {
    let mut wrong = Vec::new();
    for file in sources(&root().join("server/src")) {
        let module = module_of(&file);
        let Some(part) = part_of(&module) else { continue };
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == part) else {
            wrong.push(format!("{part} has no line in ARROWS"));
            continue;
        };
        for used in parts_named(&read(&file), &module) {
            if used != part && !allowed.contains(&used.as_str()) {
                wrong.push(format!("{}: {part} uses {used}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_rules_know_neither_http_nor_sql() {
    let mut wrong = Vec::new();
    for file in sources(&root().join("server/src")) {
        let Some(part) = part_of(&module_of(&file)) else { continue };
        let Some((_, banned)) = FOREIGN.iter().find(|(name, _)| *name == part) else { continue };
        let found = roots_named(&read(&file));
        let found = found.iter().filter(|name| banned.contains(&name.as_str()));
        wrong.extend(found.map(|name| format!("{}: {part} uses {name}", file.display())));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_part_is_found_however_it_is_named() {
    let module = ["stream", "subscription"].map(str::to_owned);
    let used = |text: &str| {
        let parts = parts_named(&syn::parse_file(text).expect("Rust parses"), &module);
        parts.into_iter().collect::<Vec<_>>()
    };
    assert_eq!(used("use crate::{domain::Task, engine};"), ["domain", "engine"]);
    assert_eq!(used("fn f(x: crate::api::Api) { crate::http::serve(x) }"), ["api", "http"]);
    assert_eq!(
        used("use super::super::store::{self, sqlite::Sqlite};"),
        ["store", "store::sqlite"]
    );
    let nested = "mod inner { use super::super::hub; use super::super::super::app; }";
    assert_eq!(used(nested), ["app", "stream"]);
    assert!(used("#[cfg(test)] mod tests { use crate::app; }").is_empty());
    assert!(used("//! crate::api\n/// crate::engine\nfn f() { std::fs::read(x) }").is_empty());
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the source is there") {
        let path = entry.expect("a folder lists").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") && !is_test(&path) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn read(file: &Path) -> syn::File {
    let text = fs::read_to_string(file).expect("the source can be read");
    syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// The module that a file is: `store/sqlite/mod.rs` is `store::sqlite`.
fn module_of(file: &Path) -> Vec<String> {
    let source = root().join("server/src");
    let inside = file.strip_prefix(&source).unwrap_or(file).with_extension("");
    let mut module: Vec<String> =
        inside.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if module.last().is_some_and(|last| last == "mod" || last == "lib" || last == "main") {
        module.pop();
    }
    module
}

/// The part a module belongs to; the roots, `lib` and `main`, belong to none.
fn part_of(module: &[String]) -> Option<String> {
    let part = module.first()?;
    let apart = |second: &&String| APART.contains(&(part.as_str(), second.as_str()));
    Some(match module.get(1).filter(apart) {
        Some(second) => format!("{part}::{second}"),
        None => part.clone(),
    })
}

/// Whether a file holds tests only.
fn is_test(file: &Path) -> bool {
    let inside = file.strip_prefix(root()).unwrap_or(file).with_extension("");
    inside.iter().any(|part| part == "tests" || part.to_string_lossy().ends_with("_tests"))
}

/// Every part of the server that a file names.
fn parts_named(file: &syn::File, module: &[String]) -> BTreeSet<String> {
    let mut paths = Paths { module: module.to_vec(), found: Vec::new() };
    paths.visit_file(file);
    let known = |part: &String| ARROWS.iter().any(|(name, _)| name == part);
    paths.found.iter().filter_map(|path| part_of(path)).filter(known).collect()
}

/// The first names of all paths in a file.
fn roots_named(file: &syn::File) -> BTreeSet<String> {
    struct Roots(BTreeSet<String>);
    impl<'ast> Visit<'ast> for Roots {
        fn visit_path(&mut self, path: &'ast syn::Path) {
            self.0.extend(path.segments.first().map(|segment| segment.ident.to_string()));
            visit::visit_path(self, path);
        }
        fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
            let mut paths = Vec::new();
            flatten(&item.tree, Vec::new(), &mut paths);
            self.0.extend(paths.into_iter().filter_map(|path| path.into_iter().next()));
        }
    }
    let mut roots = Roots(BTreeSet::new());
    roots.visit_file(file);
    roots.0
}

/// `#[cfg(test)]`
fn is_for_tests(attribute: &syn::Attribute) -> bool {
    let argument = attribute.parse_args::<syn::Ident>();
    attribute.path().is_ident("cfg") && argument.is_ok_and(|name| name == "test")
}

/// Collects paths into this crate, each from its root.
struct Paths {
    module: Vec<String>,
    found: Vec<Vec<String>>,
}

impl Paths {
    fn add(&mut self, path: &[String]) {
        let (mut base, mut rest) = match path.first().map(String::as_str) {
            Some("crate") => (Vec::new(), &path[1..]),
            Some("self" | "super") => (self.module.clone(), path),
            _ => return,
        };
        while let Some(step) = rest.first().filter(|step| *step == "self" || *step == "super") {
            if step == "super" {
                base.pop();
            }
            rest = &rest[1..];
        }
        base.extend(rest.iter().cloned());
        self.found.push(base);
    }
}

impl<'ast> Visit<'ast> for Paths {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        if module.attrs.iter().any(is_for_tests) {
            return;
        }
        self.module.push(module.ident.to_string());
        visit::visit_item_mod(self, module);
        self.module.pop();
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let mut paths = Vec::new();
        flatten(&item.tree, Vec::new(), &mut paths);
        paths.iter().for_each(|path| self.add(path));
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Vec<String> =
            path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.add(&names);
        visit::visit_path(self, path);
    }
}

/// The single paths of a `use` with its groups.
fn flatten(tree: &syn::UseTree, before: Vec<String>, paths: &mut Vec<Vec<String>>) {
    let with = |name: &syn::Ident| [before.clone(), vec![name.to_string()]].concat();
    match tree {
        syn::UseTree::Path(path) => flatten(&path.tree, with(&path.ident), paths),
        // `self` at the end of a group is the group itself.
        syn::UseTree::Name(name) if name.ident == "self" => paths.push(before),
        syn::UseTree::Name(name) => paths.push(with(&name.ident)),
        syn::UseTree::Rename(name) => paths.push(with(&name.ident)),
        syn::UseTree::Glob(_) => paths.push(before),
        syn::UseTree::Group(group) => {
            group.items.iter().for_each(|tree| flatten(tree, before.clone(), paths));
        }
    }
}
