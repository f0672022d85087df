//! `isobar completions`: a completion script for a shell.

use anyhow::Result;
use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::console;
use crate::exit::Outcome;

/// Print a completion script for a shell
///
/// For bash: `isobar completions bash > ~/.local/share/bash-completion/completions/isobar`
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Prints the script.
pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut crate::arguments::Cli::command(), "isobar", &mut script);
    console::bytes(&script)?;
    Ok(Outcome::Done)
}
