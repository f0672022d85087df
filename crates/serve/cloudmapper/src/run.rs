//! From arguments to a command, and from a command to its output.

use std::ffi::OsString;

use clap::parser::ValueSource;
use clap::{ArgMatches, CommandFactory, Parser};

use crate::arguments::{escaped, usage};
use crate::command::Command;
use crate::command::collect::Reach;
use crate::{Context, Output, Workplace};

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

/// Options that reach beyond the folder, the accounts or this machine: not for callers from elsewhere.
const REACHING_OUT: [&str; 2] = ["profile", "public"];
/// Options whose value is a file.
const FILES: [&str; 9] = [
    "asn",
    "city",
    "config",
    "config_file",
    "output",
    "output_file",
    "output_image",
    "stats_config",
    "config_override",
];

/// The same for a caller from elsewhere: options that reach beyond `place` are refused.
///
/// # Errors
/// As [`parse`], and exit code 2 for a refused option.
pub fn parse_confined(arguments: &[String], place: &Workplace) -> Result<Command, Output> {
    let command = parse(arguments)?;
    let argv = std::iter::once("cloudmapper").chain(arguments.iter().map(String::as_str));
    if let Ok(matches) = CommandLine::command().try_get_matches_from(argv) {
        confine(&matches, place)?;
    }
    Ok(command)
}

fn confine(matches: &ArgMatches, place: &Workplace) -> Result<(), Output> {
    for id in matches.ids() {
        let name = id.as_str();
        if matches.value_source(name) != Some(ValueSource::CommandLine) {
            continue;
        }
        let option = name.replace('_', "-");
        if REACHING_OUT.contains(&name) {
            let why = "it reaches beyond what the operator opened";
            return Err(usage(&format!("argument --{option} is not allowed here: {why}")));
        }
        if FILES.contains(&name) {
            for value in matches.get_raw(name).into_iter().flatten() {
                let value = value.to_string_lossy();
                if place.path(&value).is_err() {
                    return Err(usage(&format!(
                        "argument --{option}: `{}` lies outside the folder of this server",
                        escaped(&value)
                    )));
                }
            }
        }
    }
    match matches.subcommand() {
        Some((_, inner)) => confine(inner, place),
        None => Ok(()),
    }
}

/// Runs a command to its end. What went wrong is a line on stderr and the exit code.
pub fn run(command: &Command, mut context: Context) -> Output {
    let result = command.run(&mut context);
    ended(context, result)
}

/// The same for callers who lay a way to AWS, so that what asks AWS runs, too.
pub async fn run_reaching(command: &Command, mut context: Context, reach: &Reach) -> Output {
    match command {
        Command::Collect(collect) => {
            let result = collect.collect(&mut context, reach).await;
            ended(context, result)
        }
        Command::Configure(configure) if configure.asks_aws() => {
            let result = configure.run_reaching(&mut context, reach).await;
            ended(context, result)
        }
        other => run(other, context),
    }
}

fn ended(mut context: Context, result: Result<(), crate::Error>) -> Output {
    if let Err(error) = result {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn check(arguments: &[&str], code: i32, words: &str) {
        let arguments: Vec<String> = arguments.iter().map(|a| (*a).to_owned()).collect();
        let place = Workplace::confined("/srv/isobar");
        match parse_confined(&arguments, &place) {
            Ok(_) => assert_eq!(code, 0, "{arguments:?}"),
            Err(output) => {
                assert_eq!(output.code, code, "{arguments:?}: {}", output.stderr);
                assert!(output.stderr.contains(words), "{arguments:?}: {}", output.stderr);
            }
        }
    }

    #[test]
    fn callers_from_elsewhere_stay_inside() {
        check(&["public", "--account=demo"], 0, "");
        check(&["public", "--account=demo", "--config=conf/other.json"], 0, "");
        check(&["public", "--account=demo", "--config=/etc/passwd"], 2, "outside");
        check(&["public", "--account=demo", "--conf", "../config.json"], 2, "outside");
        check(&["configure", "add-account", "--name=a", "--id=1", "--config-file=../../x"], 2, "outside");
        check(&["public", "--account=demo", "--nonsense"], 2, "unexpected argument");
        check(&["../../bin/sh"], 255, "");
        check(&["--version"], 0, "");
    }
}
