//! The `isobar` binary: arguments and a terminal in, one call of the product each, an exit code out.
//!
//! One file per subcommand under `command/`. SQL, AWS protocols and drawing are unknown here; what
//! the product can do is `isobar_app`'s.

mod arguments;
mod command;
mod config;
mod console;
mod drawing;
mod exit;
mod fonts;
mod identity;
mod logging;
mod progress;
#[cfg(test)]
mod reference;
mod whole;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let arguments = command::cloudmapper::called_so(std::env::args_os().collect());
    let cli = arguments::Cli::parse_from(arguments);
    let outcome = run(cli);
    exit::report(outcome)
}

fn run(cli: arguments::Cli) -> anyhow::Result<exit::Outcome> {
    let config = config::load(cli.global.config.as_deref())?;
    let settings = config::Settings::merge(cli.global, config)?;
    logging::start(&settings, cli.command.default_log())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(command::run(cli.command, settings))
}
