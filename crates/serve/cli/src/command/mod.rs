//! The subcommands, one file each, and what several of them need.

pub(crate) mod account;
pub(crate) mod cloudmapper;
pub(crate) mod completions;
pub(crate) mod demo;
pub(crate) mod key;
pub(crate) mod layout;
pub(crate) mod mcp;
pub(crate) mod policy;
pub(crate) mod recording;
pub(crate) mod scan;
pub(crate) mod serve;
pub(crate) mod services;
pub(crate) mod snapshot;
pub(crate) mod webserver;

use anyhow::Result;
use isobar_app::{App, Scope};

use crate::arguments::Command;
use crate::config::Settings;
use crate::console::warn;
use crate::exit::Outcome;

/// Runs the subcommand.
pub(crate) async fn run(command: Command, settings: Settings) -> Result<Outcome> {
    match command {
        Command::Demo(arguments) => demo::run(arguments, settings).await,
        Command::Serve(arguments) => serve::run(arguments, settings).await,
        Command::Mcp(arguments) => mcp::run(arguments, settings).await,
        Command::Snapshot(arguments) => snapshot::run(&arguments, &settings).await,
        Command::Scan(arguments) => scan::run(&arguments, &settings).await,
        Command::Recording(command) => recording::run(command, &settings),
        Command::Account(command) => account::run(command, &settings).await,
        Command::Key(command) => key::run(command, &settings).await,
        Command::Services(arguments) => services::run(&arguments, &settings),
        Command::Policy(arguments) => policy::run(&arguments),
        Command::Layout(arguments) => layout::run(&arguments),
        Command::Cloudmapper(arguments) => cloudmapper::run(arguments, &settings).await,
        Command::Completions(arguments) => completions::run(&arguments),
    }
}

/// The product over the data directory, and the scope of whoever holds it.
async fn open(settings: &Settings) -> Result<(App, Scope)> {
    let mut config = isobar_app::Config::new(&settings.data_dir);
    config.aws = isobar_app::Settings::from_env();
    config.aws_account_id = settings.server.aws_account_id()?;
    config.extra_regions = settings.extra_regions.clone();
    config.fonts = crate::fonts::load(settings.font_dir.as_deref())?;
    let app = App::open(config).await?;
    let scope = app.operator().await?;
    Ok((app, scope))
}

/// Tells which calls brought nothing, so that nobody takes a partial picture for a whole one.
fn tell_gaps(recordings: &[&isobar_app::Recording]) -> bool {
    let gaps: Vec<_> = recordings.iter().flat_map(|recording| recording.gaps()).collect();
    if gaps.is_empty() {
        return recordings.iter().any(|recording| recording.is_partial());
    }
    warn(&format!("partial: {} call(s) were denied or failed, so something may be missing:", gaps.len()));
    const SHOWN: usize = 8;
    for entry in gaps.iter().take(SHOWN) {
        let call = &entry.call;
        let (code, message) = match &entry.outcome {
            isobar_recording::Outcome::Denied { code, message } => (code, message),
            isobar_recording::Outcome::Failed { code, message } => (code, message),
            _ => continue,
        };
        let line = format!("  {} {} in {}: {code}: {message}", call.service, call.operation, call.region);
        warn(&crate::console::clean(&line));
    }
    if gaps.len() > SHOWN {
        warn(&format!("  and {} more; `isobar recording show` lists all", gaps.len() - SHOWN));
    }
    true
}
