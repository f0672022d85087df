//! What each file must have and must not have.
//!
//! In: the files that git knows or would add. Out: problems, file by file. The content of service
//! files is left to the catalog's own tests.

use std::path::Path;

use anyhow::{Context, Result};

use super::manifest::Member;
use crate::command::{command, output};

/// The largest file that needs no reason, in bytes.
const LARGE: u64 = 300_000;

/// Larger files, by prefix, and why they are here.
const ALLOWED_LARGE: &[(&str, &str)] = &[
    ("crates/read/aws/models/", "the compact models of all AWS services"),
    ("crates/draw/scene/fonts/", "the embedded faces"),
    ("crates/draw/scene/assets/", "the embedded faces"),
    ("crates/serve/app/demo/", "the recording behind `isobar demo`"),
    ("tests/goldens/", "expected drawings, read in diffs"),
    ("tests/recordings/", "recorded accounts"),
    ("docs/gallery/", "contact sheets"),
    ("docs/images/", "pictures of the README"),
];

/// Words that betray the machine on which a file was written. Spelt in halves so that this file
/// does not contain them.
const FORBIDDEN: &[(&str, &str)] = &[
    ("/wo", "rk/main"),
    ("/wo", "rk/shared"),
    ("/wo", "rk/.library"),
    ("/ro", "ot/.c"),
    ("/tmp/bash", "_jobs"),
    ("style", ".md"),
    ("stack", ".md"),
    ("FIX", "ME"),
    ("XX", "X:"),
];

/// Files that git tracks, and those it would add, in order.
pub(crate) fn tracked(root: &Path) -> Result<Vec<String>> {
    let arguments = ["ls-files", "--cached", "--others", "--exclude-standard"];
    let mut files: Vec<String> = output(command(root, "git", &arguments))
        .context("listing files needs git and a clone")?
        .lines()
        .map(str::to_owned)
        .filter(|file| root.join(file).is_file())
        .collect();
    files.sort();
    files.dedup();
    Ok(files)
}

/// What is wrong with one file.
pub(super) fn check(root: &Path, file: &str) -> Vec<String> {
    let path = root.join(file);
    let Ok(bytes) = std::fs::read(&path) else { return Vec::new() };
    let mut problems = Vec::new();
    let size = bytes.len() as u64;
    if size > LARGE && !ALLOWED_LARGE.iter().any(|(prefix, _)| file.starts_with(prefix)) {
        problems
            .push(format!("{file}: {} kB is large; name the reason in xtask/src/tidy/files.rs", size / 1000));
    }
    if let Ok(text) = std::str::from_utf8(&bytes) {
        problems.extend(text_problems(file, text));
    }
    problems
}

fn text_problems(file: &str, text: &str) -> Vec<String> {
    let mut problems = Vec::new();
    for (head, tail) in FORBIDDEN {
        let word = format!("{head}{tail}");
        if let Some(at) = text.find(&word) {
            let line = text[..at].matches('\n').count() + 1;
            problems.push(format!("{file}:{line}: `{word}` does not belong into the repository"));
        }
    }
    if file.ends_with(".rs") {
        problems.extend(rust_problems(file, text));
    }
    problems
}

fn rust_problems(file: &str, text: &str) -> Vec<String> {
    let mut problems = Vec::new();
    if !text.trim_start().starts_with("//!") {
        problems.push(format!(
            "{file}: open it with `//!`: what comes in, what goes out, what is left to others"
        ));
    }
    let product = file.starts_with("crates/") && !file.starts_with("crates/testkit/");
    if product {
        // Tests stand at the foot of their file and may start what they test.
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for word in ["process::Command", "todo!(", "unimplemented!("] {
            if code.contains(word) {
                problems.push(format!("{file}: `{word}` has no place in the product"));
            }
        }
    }
    for (number, line) in text.lines().enumerate() {
        if line.trim() == "#[ignore]" {
            problems.push(format!("{file}:{}: say why: #[ignore = \"...\"]", number + 1));
        }
    }
    problems
}

/// Crates that the map does not name, in the order of the workspace.
pub(super) fn architecture(root: &Path, crates: &[Member]) -> Result<Vec<String>> {
    let map = std::fs::read_to_string(root.join("ARCHITECTURE.md")).context("reading ARCHITECTURE.md")?;
    Ok(crates
        .iter()
        .filter(|member| !map.contains(&format!("`{}`", member.folder)))
        .map(|member| format!("ARCHITECTURE.md: say what `{}` owns and what it does not know", member.folder))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_text(file: &str, text: &str, expected: &[&str]) {
        let found = text_problems(file, text);
        let right = found.len() == expected.len() && found.iter().zip(expected).all(|(f, e)| f.contains(e));
        assert!(right, "{file}: {found:?} should be {expected:?}");
    }

    #[test]
    fn file_rules() {
        check_text("crates/a/src/lib.rs", "//! Head.\nfn a() {}\n", &[]);
        check_text("crates/a/src/lib.rs", "fn a() {}\n", &["open it with"]);
        check_text("crates/a/src/lib.rs", "//! Head.\nuse std::process::Command;\n", &["process::Command"]);
        check_text("tests/tests/a.rs", "//! Head.\nuse std::process::Command;\n", &[]);
        check_text("crates/a/src/lib.rs", "//! Head.\n#[cfg(test)]\nuse std::process::Command;\n", &[]);
        check_text("crates/a/src/lib.rs", "//! Head.\n    #[ignore]\n", &[":2: say why"]);
        let path = format!("{}{}", "/wo", "rk/main/x");
        check_text("README.md", &format!("a\nsee {path}\n"), &["README.md:2"]);
    }
}
