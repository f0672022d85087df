//! `cargo xtask test`: everything that must hold before a change lands.
//!
//! In: a clone, from nothing. Out: success, and the test runner's own summary as the last lines.
//! Each step prints the command it runs, so that any of them can be repeated by hand.

use std::path::Path;

use anyhow::Result;

use crate::command::{self, cargo, works};
use crate::{bench, node, python, sheet, tidy};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Also the slow campaigns: many more random cases, measurements of the release build, and the
    /// demo's pictures as a contact sheet
    #[arg(long)]
    full: bool,
    /// Touch no network: use what an earlier run installed
    #[arg(long)]
    offline: bool,
}

pub(crate) fn run(root: &Path, arguments: &Arguments) -> Result<()> {
    let network: &[&str] = if arguments.offline { &["--offline", "--locked"] } else { &["--locked"] };
    let with = |words: &[&'static str]| [words, network].concat();

    // Cheap things first: whoever forgot to format learns it in a second.
    if works(cargo(root, &["fmt", "--version"])) {
        command::run(cargo(root, &["fmt", "--all", "--check"]))?;
    } else {
        println!("skipped: rustfmt is not installed (rustup component add rustfmt)");
    }
    tidy::run(root)?;
    if works(cargo(root, &["deny", "--version"])) {
        command::run(cargo(root, &["deny", "--offline", "check", "bans", "licenses", "sources"]))?;
    } else {
        println!(
            "skipped: cargo-deny is not installed (cargo install cargo-deny); licences, bans and sources unchecked"
        );
    }
    let python = python::ready(root, arguments.offline)?;
    node::ready(root, &python, arguments.offline)?;

    // One feature set and one profile for all that follows, so that dependencies are built once.
    command::run(cargo(root, &with(&["build", "--workspace", "--lib", "--bins", "--tests"])))?;

    let nextest = works(cargo(root, &["nextest", "--version"]));
    let mut tests = if nextest {
        cargo(root, &with(&["nextest", "run", "--workspace", "--lib", "--bins", "--tests"]))
    } else {
        println!("cargo-nextest is not installed; using cargo test");
        cargo(root, &with(&["test", "--workspace", "--lib", "--bins", "--tests", "--no-fail-fast"]))
    };
    tests.env("ISOBAR_VENV", &python.folder);
    // A change is judged by the same cases wherever it is tested; the campaign looks for new ones.
    if arguments.full {
        tests.env("ISOBAR_FULL", "1").env("PROPTEST_CASES", "2048");
    } else {
        tests.env("PROPTEST_RNG_SEED", "20261126");
    }

    // Clippy before the tests, so that the runner's summary stays the last thing printed.
    if works(cargo(root, &["clippy", "--version"])) {
        let mut clippy = cargo(root, &with(&["clippy", "--workspace", "--all-targets"]));
        clippy.args(["--", "-D", "warnings"]);
        command::run(clippy)?;
    } else {
        println!("skipped: clippy is not installed (rustup component add clippy)");
    }
    command::run(cargo(root, &with(&["test", "--doc", "--workspace", "--quiet"])))?;
    if arguments.full {
        sheet::write(root)?;
        bench::execute(root, &bench::Arguments { print: true })?;
    }
    command::run(tests)
}
