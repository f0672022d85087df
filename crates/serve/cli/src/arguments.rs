//! The command line, declared once: parser, help, completions and `docs/cli.md` come from here.
//!
//! In: the process's arguments and `ISOBAR_…` variables. Out: [`Cli`]. What a subcommand does is in
//! its own file under `command/`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::command::{
    account, cloudmapper, completions, demo, key, layout, mcp, policy, recording, scan, serve, services,
    snapshot,
};
use crate::console::Format;
use crate::logging::LogFormat;

/// Reads an AWS account and draws it
#[derive(Debug, Parser)]
#[command(name = "isobar", version, after_help = crate::exit::HELP, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every subcommand takes.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// Configuration file; isobar.toml in the working folder where there is one
    #[arg(long, global = true, value_name = "FILE", env = "ISOBAR_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    /// Where isobar keeps its database and recordings [default: ~/.local/share/isobar]
    #[arg(long, global = true, value_name = "DIR", env = "ISOBAR_DATA_DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// How results are printed [default: table]
    #[arg(long, global = true, value_enum, value_name = "FORMAT", env = "ISOBAR_OUTPUT")]
    pub(crate) output: Option<Format>,
    /// What is logged to stderr, such as `info` or `warn,isobar_aws=debug`
    #[arg(long, global = true, value_name = "FILTER", env = "ISOBAR_LOG")]
    pub(crate) log: Option<String>,
    /// How log lines look [default: text]
    #[arg(long, global = true, value_enum, value_name = "FORMAT", env = "ISOBAR_LOG_FORMAT")]
    pub(crate) log_format: Option<LogFormat>,
    /// A folder of fonts for scripts that isobar brings none for, besides Latin, Greek, Cyrillic,
    /// Hangul and Arabic
    #[arg(long, global = true, value_name = "DIR", env = "ISOBAR_FONT_DIR")]
    pub(crate) font_dir: Option<PathBuf>,
    /// Regions that are newer than this release, such as `us-mars-1`; can be repeated
    #[arg(
        long = "extra-region",
        global = true,
        value_name = "REGION",
        env = "ISOBAR_EXTRA_REGIONS",
        value_delimiter = ','
    )]
    pub(crate) extra_regions: Vec<String>,
    /// Show no progress
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
}

/// What isobar can be told to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Demo(demo::Arguments),
    Serve(serve::Arguments),
    Mcp(mcp::Arguments),
    Snapshot(Box<snapshot::Arguments>),
    Scan(scan::Arguments),
    #[command(subcommand)]
    Recording(recording::Command),
    #[command(subcommand)]
    Account(account::Command),
    #[command(subcommand)]
    Key(key::Command),
    Services(services::Arguments),
    Policy(policy::Arguments),
    Layout(layout::Arguments),
    Cloudmapper(cloudmapper::Arguments),
    Completions(completions::Arguments),
}

impl Command {
    /// What is logged where nobody said: servers tell what they do, commands only what goes wrong.
    pub(crate) fn default_log(&self) -> &'static str {
        match self {
            // Where credentials were looked for in vain is told by our own error, and characters that no
            // face has are seen as boxes: usvg would say each one of them.
            Self::Serve(_) => "info,aws_config=error,usvg=error",
            _ => "warn,aws_config=error,usvg=error",
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_declarations_hold_together() {
        super::Cli::command().debug_assert();
    }

    /// Two arguments of one name are one value to clap, whatever their types: reading the other one
    /// would end the program.
    #[test]
    fn no_command_names_an_argument_like_a_global_one() {
        fn check(command: &clap::Command, global: &[String], path: &str) {
            for inner in command.get_subcommands() {
                let path = format!("{path} {}", inner.get_name());
                for argument in inner.get_arguments() {
                    let id = argument.get_id().as_str();
                    assert!(!global.iter().any(|name| name == id), "{path}: {id}");
                }
                check(inner, global, &path);
            }
        }
        let command = super::Cli::command();
        let global: Vec<String> = command.get_arguments().map(|a| a.get_id().to_string()).collect();
        assert!(global.len() > 5);
        check(&command, &global, "isobar");
    }
}
