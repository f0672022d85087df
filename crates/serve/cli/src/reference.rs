//! The generated documents, and the test that they are current.
//!
//! In: the command line's declarations and the catalog. Out: `docs/cli.md`, `docs/services.md`,
//! `docs/policy-minimal.json`, `docs/policy-custom.json`. `cargo xtask bless docs_` rewrites them.

use std::path::Path;

use clap::{Command, CommandFactory};
use isobar_catalog::spec::Catalog;

use crate::arguments::Cli;
use crate::command::policy::{self, Kind};
use crate::command::services;

/// Compares a document with what it should be; rewrites it where that is wanted.
fn check(name: &str, expected: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../docs").join(name);
    if std::env::var_os("ISOBAR_BLESS").is_some_and(|value| value == "1") {
        std::fs::write(&path, expected).expect("docs/ can be written");
        return;
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == expected, "docs/{name} is stale; `cargo xtask bless docs_` writes it anew");
}

#[test]
fn docs_cli() {
    check("cli.md", &cli());
}

#[test]
fn docs_services() {
    check("services.md", &services::markdown(Catalog::embedded()));
}

#[test]
fn docs_policies() {
    check("policy-minimal.json", &format!("{}\n", policy::text(Kind::Minimal)));
    check("policy-custom.json", &format!("{}\n", policy::text(Kind::Custom)));
}

fn cli() -> String {
    let mut page = String::from(
        "# The command line\n\nGenerated from the program's own help; `cargo xtask bless docs_` writes it anew.\n",
    );
    let mut root = hide_values(Cli::command().term_width(100));
    root.build();
    section(&mut root, &mut page);
    page
}

/// What a variable holds on the machine that writes the document is nobody's business.
fn hide_values(command: Command) -> Command {
    command.mut_args(|argument| argument.hide_env_values(true)).mut_subcommands(hide_values)
}

fn section(command: &mut Command, page: &mut String) {
    let name = command.get_bin_name().unwrap_or("isobar").to_owned();
    let help = command.clone().term_width(100).render_long_help().to_string();
    let help: Vec<&str> = help.lines().map(str::trim_end).collect();
    page.push_str(&format!("\n## `{name}`\n\n```text\n{}\n```\n", help.join("\n").trim_end()));
    let subcommands: Vec<String> = command
        .get_subcommands()
        .filter(|sub| sub.get_name() != "help")
        .map(|sub| sub.get_name().to_owned())
        .collect();
    for sub in subcommands {
        if let Some(sub) = command.find_subcommand_mut(&sub) {
            section(sub, page);
        }
    }
}
