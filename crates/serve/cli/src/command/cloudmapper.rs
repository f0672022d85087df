//! `isobar cloudmapper`: CloudMapper's own commands, as they were typed there.
//!
//! In: the words after `cloudmapper`, or all words where the program itself is called so. Out: what
//! the command says on both streams, and CloudMapper's exit codes. What a command means is
//! `isobar_cloudmapper`'s.

use std::ffi::OsString;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use clap::Args;
use isobar_cloudmapper::command::Command;
use isobar_cloudmapper::{Context, Output, Reach, Workplace, parse, run_reaching};
use isobar_model::{Partition, Region, Timestamp};

use crate::config::Settings;
use crate::console;
use crate::exit::Outcome;
use crate::progress::Progress;

/// Run one of CloudMapper's commands in this folder: collect, prepare, audit, public, ...
///
/// They take CloudMapper's options, read its config.json and account-data, print what it prints and
/// end with its exit codes. The same happens when the program is called as `cloudmapper`.
#[derive(Debug, Args)]
#[command(disable_help_flag = true)]
pub(crate) struct Arguments {
    /// The command and its options; without any, the commands are listed
    #[arg(value_name = "COMMAND AND OPTIONS", trailing_var_arg = true, allow_hyphen_values = true)]
    words: Vec<OsString>,
}

/// The arguments of a program called `cloudmapper` as those of `isobar cloudmapper`.
pub(crate) fn called_so(mut arguments: Vec<OsString>) -> Vec<OsString> {
    let name = arguments.first().and_then(|name| Path::new(name).file_stem());
    if name.is_some_and(|name| name == "cloudmapper") {
        arguments[0] = "isobar".into();
        arguments.insert(1, "cloudmapper".into());
    }
    arguments
}

/// Runs the command.
pub(crate) async fn run(arguments: Arguments, settings: &Settings) -> Result<Outcome> {
    let output = match parse(arguments.words) {
        Ok(Command::Webserver(webserver)) => {
            let folder = std::env::current_dir().context("finding the working folder")?;
            return super::webserver::run(&webserver, folder).await;
        }
        Ok(command) => {
            let folder = std::env::current_dir().context("finding the working folder")?;
            let context = Context::new(Workplace::open(folder), Timestamp::now());
            let progress =
                Arc::new(Progress::new("collecting", settings.quiet || !console::stderr_is_terminal()));
            let teller = progress.clone();
            let reach = Reach {
                settings: isobar_app::Settings::from_env(),
                // The operator's own command line is the one place where a profile may start a process.
                process_allowed: true,
                home: home(&std::env::var("AWS_REGION").unwrap_or_default()),
                progress: Some(Arc::new(move |event| teller.event(event))),
            };
            let output = run_reaching(&command, context, &reach).await;
            progress.end();
            output
        }
        Err(output) => output,
    };
    print(&output)?;
    Ok(Outcome::Code(u8::try_from(output.code).unwrap_or(u8::MAX)))
}

fn print(output: &Output) -> Result<()> {
    // A reader of stderr that has gone is no error.
    let _ = std::io::stderr().lock().write_all(output.stderr.as_bytes());
    console::bytes(output.stdout.as_bytes())
}

/// The region of global services, told by the environment as CloudMapper tells it.
fn home(region: &str) -> Region {
    let partition = Region::parse(region).map_or(Partition::Aws, |region| region.partition());
    partition.home_region()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_programs_name_is_a_command() {
        let words = |text: &str| text.split(' ').map(OsString::from).collect::<Vec<_>>();
        for (given, expected) in [
            ("isobar scan", "isobar scan"),
            ("/usr/bin/cloudmapper public --account a", "isobar cloudmapper public --account a"),
            ("cloudmapper", "isobar cloudmapper"),
            ("cloudmapper2 x", "cloudmapper2 x"),
        ] {
            assert_eq!(called_so(words(given)), words(expected));
        }
    }

    #[test]
    fn the_home_is_the_partitions() {
        for (region, expected) in [
            ("", "us-east-1"),
            ("eu-west-1", "us-east-1"),
            ("us-gov-east-1", "us-gov-west-1"),
            ("cn-northwest-1", "cn-north-1"),
        ] {
            assert_eq!(home(region).as_str(), expected);
        }
    }
}
