//! Every operation is called by an API test: `tests/api/**/<operation_id>.rs` holds its tests, and
//! a request in it goes to the operation's own method and path.

use std::{fs, path::Path};

use milepost_tests::contract::{
    self,
    operations::{Operation, operations, snake_case},
};
use syn::visit::{self, Visit};

/// Operations without an API test, and why. The list may only shrink.
const EXCEPTIONS: [(&str, &str); 0] = [];

#[test]
fn every_operation_is_called_by_an_api_test_of_its_name() {
    let spec = contract::published().unwrap_or_else(|error| panic!("{error}"));
    let mut missing = Vec::new();
    for operation in operations(&spec) {
        let covered = is_called(&operation);
        let excused = EXCEPTIONS.iter().any(|(id, _)| *id == operation.id);
        match (covered, excused) {
            (Err(reason), false) => missing.push(format!("{}: {reason}", operation.id)),
            (Ok(()), true) => {
                missing.push(format!("{} is covered: drop the exception", operation.id))
            }
            _ => {}
        }
    }
    for (id, _) in EXCEPTIONS {
        if !operations(&spec).iter().any(|operation| operation.id == id) {
            missing.push(format!("{id} is no operation: drop the exception"));
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn a_file_without_the_call_does_not_count() {
    let spec = contract::published().unwrap_or_else(|error| panic!("{error}"));
    let operation = operations(&spec).into_iter().find(|operation| operation.id == "cancelTask");
    let operation = operation.expect("cancelTask is an operation");
    let calls = |text: &str| calls(&syn::parse_file(text).expect("Rust parses"), &operation);
    assert!(calls(r#"fn t() { s.post(&format!("/api/v1/tasks/{id}/cancel")); }"#));
    assert!(calls(r#"const PATH: &str = "/api/v1/tasks/a/cancel?x=1"; fn t() { s.post(PATH); }"#));
    assert!(!calls(r#"fn t() { s.get(&format!("/api/v1/tasks/{id}/cancel")); }"#));
    assert!(!calls(r#"fn t() { s.post("/api/v1/tasks/a/retry"); }"#));
    assert!(!calls(r#"// s.post("/api/v1/tasks/a/cancel")"#));
}

fn is_called(operation: &Operation<'_>) -> Result<(), String> {
    let name = format!("{}.rs", snake_case(operation.id));
    let folder = contract::root().join("tests/api");
    let Some(file) = find(&folder, &name) else {
        return Err(format!("there is no {name} in tests/api"));
    };
    let text = fs::read_to_string(&file).map_err(|error| error.to_string())?;
    let parsed = syn::parse_file(&text).map_err(|error| format!("{name}: {error}"))?;
    match calls(&parsed, operation) {
        true => Ok(()),
        false => Err(format!("{name} never calls {} {}", operation.method, operation.path)),
    }
}

fn find(folder: &Path, name: &str) -> Option<std::path::PathBuf> {
    let entries = fs::read_dir(folder).ok()?.filter_map(|entry| Some(entry.ok()?.path()));
    let mut folders = Vec::new();
    for path in entries {
        if path.is_dir() {
            folders.push(path);
        } else if path.file_name().is_some_and(|found| found == name) {
            return Some(path);
        }
    }
    folders.iter().find_map(|folder| find(folder, name))
}

/// Whether a file uses the operation's method, and writes its path down.
fn calls(file: &syn::File, operation: &Operation<'_>) -> bool {
    let mut seen = Seen::default();
    seen.visit_file(file);
    let method = operation.method.to_lowercase();
    // `watch` opens a stream, which is a GET.
    let method_used = seen.methods.iter().any(|used| {
        *used == method || *used == snake_case(operation.id) || (method == "get" && used == "watch")
    });
    method_used && seen.texts.iter().any(|text| is_of(operation.path, text))
        || seen.methods.contains(&snake_case(operation.id))
}

/// Whether a path as a test writes it, `{id}` and all, is one of the template's.
fn is_of(template: &str, text: &str) -> bool {
    let path = text.split('?').next().unwrap_or_default();
    let (expected, found): (Vec<_>, Vec<_>) =
        (template.split('/').collect(), path.split('/').collect());
    expected.len() == found.len()
        && expected.iter().zip(&found).all(|(expected, found)| {
            expected == found || (expected.starts_with('{') && !found.is_empty())
        })
}

#[derive(Default)]
struct Seen {
    methods: Vec<String>,
    texts: Vec<String>,
}

impl<'ast> Visit<'ast> for Seen {
    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        self.methods.push(call.method.to_string());
        visit::visit_expr_method_call(self, call);
    }

    fn visit_lit_str(&mut self, text: &'ast syn::LitStr) {
        self.texts.push(text.value());
    }

    // The arguments of `format!` are tokens to the parser.
    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        self.tokens(mac.tokens.clone());
    }
}

impl Seen {
    fn tokens(&mut self, tokens: proc_macro2::TokenStream) {
        let mut last_was_dot = false;
        for token in tokens {
            match token {
                proc_macro2::TokenTree::Group(group) => self.tokens(group.stream()),
                proc_macro2::TokenTree::Literal(literal) => {
                    if let Ok(text) = syn::parse_str::<syn::LitStr>(&literal.to_string()) {
                        self.texts.push(text.value());
                    }
                    last_was_dot = false;
                }
                proc_macro2::TokenTree::Ident(name) => {
                    if last_was_dot {
                        self.methods.push(name.to_string());
                    }
                    last_was_dot = false;
                }
                proc_macro2::TokenTree::Punct(mark) => last_was_dot = mark.as_char() == '.',
            }
        }
    }
}
