//! The workshop: everything a developer or a build machine asks of this repository.
//!
//! In: a subcommand. Out: commands run, files written, problems named. It is the only place besides
//! the tests that starts other programs; the product itself never does.

mod bench;
mod bless;
mod command;
mod models;
mod new_service;
mod node;
mod peers;
mod python;
mod sheet;
mod test;
mod tidy;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The workshop of isobar", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Everything that must hold before a change lands; installs what the tests need
    Test(test::Arguments),
    /// The rules of the house: dependency arrows, file heads, ARCHITECTURE.md, sizes
    Tidy,
    /// Install the Python packages (and Node, where missing) that the tests use, and nothing else
    Setup {
        /// Use only what is already installed
        #[arg(long)]
        offline: bool,
    },
    /// Derive the AWS models anew from the pinned botocore
    Models {
        /// Only compare the committed ones with a fresh extraction
        #[arg(long)]
        check: bool,
    },
    /// Write the skeleton of a service file with its example
    NewService(new_service::Arguments),
    /// Measure the release build and write docs/performance.md
    Bench(bench::Arguments),
    /// Measure our layout beside Graphviz and ELK and write a section of docs/performance.md
    Peers(peers::Arguments),
    /// Draw the contact sheets of docs/gallery
    Gallery,
    /// Rewrite goldens and generated documents, then write target/bless.html with before and after
    Bless(bless::Arguments),
}

fn main() -> ExitCode {
    let root = root();
    let result = match Arguments::parse().command {
        Task::Test(arguments) => test::run(&root, &arguments),
        Task::Tidy => tidy::run(&root),
        Task::Setup { offline } => {
            python::ready(&root, offline).and_then(|python| node::ready(&root, &python, offline))
        }
        Task::Models { check } => models::run(check),
        Task::NewService(arguments) => new_service::run(&root, &arguments),
        Task::Bench(arguments) => bench::execute(&root, &arguments),
        Task::Peers(arguments) => peers::execute(&root, &arguments),
        Task::Gallery => sheet::write(&root),
        Task::Bless(arguments) => bless::run(&root, &arguments),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The folder of the workspace's Cargo.toml.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the workspace").to_owned()
}
