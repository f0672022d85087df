//! From arguments to a command, and from a command to its output.

use std::ffi::OsString;

use clap::{CommandFactory, Parser};

use crate::command::Command;
use crate::{Context, Output};

/// CloudMapper's command line. Long options may be shortened as argparse allows.
#[derive(Debug, Parser)]
#[command(name = "cloudmapper", infer_long_args = true, disable_help_subcommand = true, version)]
struct CommandLine {
    #[command(subcommand)]
    command: Option<Command>,
}

/// Reads arguments, the program's name left out.
///
/// # Errors
/// The output to print and end with instead: help (0), usage (2), or no such command (255).
pub fn parse<I>(arguments: I) -> Result<Command, Output>
where
    I: IntoIterator,
    I::Item: Into<OsString>,
{
    let arguments: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
    let known = arguments.first().is_none_or(|word| {
        word.to_string_lossy().starts_with('-')
            || CommandLine::command().get_subcommands().any(|c| c.get_name() == word.to_string_lossy())
    });
    if arguments.is_empty() || !known {
        return Err(overview());
    }
    let argv = std::iter::once(OsString::from("cloudmapper")).chain(arguments);
    match CommandLine::try_parse_from(argv) {
        Ok(CommandLine { command: Some(command) }) => Ok(command),
        Ok(CommandLine { command: None }) => Err(overview()),
        Err(error) => {
            let text = error.render().to_string();
            let mut output = Output { code: error.exit_code(), ..Output::default() };
            if error.use_stderr() {
                output.stderr = text
            } else {
                output.stdout = text
            }
            Err(output)
        }
    }
}

/// Runs a command to its end. What went wrong is a line on stderr and the exit code.
pub fn run(command: &Command, mut context: Context) -> Output {
    if let Err(error) = command.run(&mut context) {
        let mut causes = error.to_string();
        let mut cause = std::error::Error::source(&error);
        while let Some(next) = cause {
            let text = next.to_string();
            if !causes.contains(&text) {
                causes.push_str(&format!(": {text}"));
            }
            cause = next.source();
        }
        context.output.note(format!("ERROR: {causes}"));
        context.output.code = error.code();
    }
    context.output
}

/// What CloudMapper prints without a command, and its exit code for that.
fn overview() -> Output {
    let mut output = Output { code: 255, ..Output::default() };
    let commands = CommandLine::command();
    let names: Vec<&str> = commands.get_subcommands().map(clap::Command::get_name).collect();
    output.line(format!("CloudMapper, as isobar {} speaks it", env!("CARGO_PKG_VERSION")));
    output.line(format!("usage: cloudmapper [{}] [...]", names.join("|")));
    for command in commands.get_subcommands() {
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        output.line(format!("  {}: {about}", command.get_name()));
    }
    output
}
