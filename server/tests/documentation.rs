//! What is written about the binary is what the binary has.

use std::process::Command;

#[test]
fn every_setting_is_documented_with_its_variable() {
    let help = Command::new(env!("CARGO_BIN_EXE_milepost-server"))
        .args(["serve", "--help"])
        .output()
        .expect("the binary runs");
    let help = String::from_utf8(help.stdout).expect("help is text");
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/settings.md");
    let page = std::fs::read_to_string(page).expect("the page of settings");
    let flags: Vec<&str> = help
        .split_whitespace()
        // A flag may stand in a sentence.
        .map(|word| word.trim_end_matches([':', ',', '.']))
        .filter(|word| word.starts_with("--") && *word != "--help" && *word != "--version")
        .collect();
    assert!(flags.contains(&"--listen"), "the help lists flags: {help}");
    for flag in flags {
        assert!(page.contains(&format!("`{flag}`")), "{flag} is not in docs/settings.md");
    }
    for variable in help.split("[env: ").skip(1).filter_map(|rest| rest.split('=').next()) {
        assert!(page.contains(variable), "{variable} is not in docs/settings.md");
    }
}
