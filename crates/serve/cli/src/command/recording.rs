//! `isobar recording`: recordings as files: bring CloudMapper's in, send them out, look inside.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use isobar_recording::{Outcome as CallOutcome, Recording};
use serde_json::{Value, json};

use crate::config::Settings;
use crate::console::{self, Format, Table, warn};
use crate::exit::Outcome;

/// Import, export and look into recordings
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Import(Import),
    Export(Export),
    Show(Show),
}

/// Make a recording out of CloudMapper's account-data folder
#[derive(Debug, Args)]
pub(crate) struct Import {
    /// The account's folder, account-data/NAME
    folder: PathBuf,
    /// The recording to write
    #[arg(long = "out", short, value_name = "FILE")]
    out: PathBuf,
}

/// Write a recording as CloudMapper's account-data folder
#[derive(Debug, Args)]
pub(crate) struct Export {
    /// The recording
    recording: PathBuf,
    /// The folder to make
    #[arg(long = "out", short, value_name = "DIR")]
    out: PathBuf,
}

/// Show what a recording holds and what is missing from it
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The recording
    recording: PathBuf,
}

/// Runs the subcommand.
pub(crate) fn run(command: Command, settings: &Settings) -> Result<Outcome> {
    match command {
        Command::Import(import) => {
            let recording = open(&import.folder)?;
            crate::whole::write(&import.out, &recording.to_bundle())
                .with_context(|| format!("writing {}", import.out.display()))?;
            warn(&format!("{}: {} calls", import.out.display(), recording.manifest().entries.len()));
        }
        Command::Export(export) => {
            let recording = open(&export.recording)?;
            isobar_recording::tree::export(&recording, &export.out)
                .with_context(|| format!("writing {}", export.out.display()))?;
            warn(&format!("{}: {} calls", export.out.display(), recording.manifest().entries.len()));
        }
        Command::Show(show) => {
            let recording = open(&show.recording)?;
            match settings.output {
                Format::Json => console::json(&as_json(&recording))?,
                Format::Table => print(&recording)?,
            }
        }
    }
    Ok(Outcome::Done)
}

/// Opens any kind of recording.
pub(crate) fn open(path: &Path) -> Result<Recording> {
    isobar_recording::open(path).with_context(|| format!("reading the recording {}", path.display()))
}

/// One word for what came of a call.
fn word(outcome: &CallOutcome) -> &'static str {
    match outcome {
        CallOutcome::Response { .. } => "answered",
        CallOutcome::Denied { .. } => "denied",
        CallOutcome::Absent { .. } => "absent",
        CallOutcome::Failed { .. } => "failed",
        CallOutcome::Skipped { .. } => "skipped",
    }
}

const WORDS: [&str; 5] = ["answered", "absent", "denied", "failed", "skipped"];

/// (region, service) -> how many calls came to what.
fn counts(recording: &Recording) -> BTreeMap<(String, String), [usize; 5]> {
    let mut counts: BTreeMap<_, [usize; 5]> = BTreeMap::new();
    for entry in &recording.manifest().entries {
        let key = (entry.call.region.to_string(), entry.call.service.clone());
        let at = WORDS.iter().position(|w| *w == word(&entry.outcome)).unwrap_or(0);
        counts.entry(key).or_default()[at] += 1;
    }
    counts
}

fn print(recording: &Recording) -> Result<()> {
    let manifest = recording.manifest();
    let account = manifest.aws_account.as_ref().map_or("unknown", |id| id.as_str());
    let name = manifest.account_name.as_deref().unwrap_or_default();
    console::line(&console::clean(format!("account  {account}  {name}").trim_end()))?;
    let ended = manifest.ended.map_or("never".to_owned(), |at| at.to_string());
    console::line(&format!("read     {} to {ended}", manifest.started))?;
    console::line(if recording.is_partial() { "state    partial\n" } else { "state    complete\n" })?;
    let mut table = Table::new(["REGION", "SERVICE", "ANSWERED", "ABSENT", "DENIED", "FAILED", "SKIPPED"]);
    for ((region, service), n) in counts(recording) {
        let n = n.map(|n| if n == 0 { String::new() } else { n.to_string() });
        table.row([&region, &service, &n[0], &n[1], &n[2], &n[3], &n[4]]);
    }
    table.print()?;
    let mut gaps = Table::new(["REGION", "SERVICE", "OPERATION", "CODE", "MESSAGE"]);
    let mut any = false;
    for entry in recording.gaps() {
        if let CallOutcome::Denied { code, message } | CallOutcome::Failed { code, message } = &entry.outcome
        {
            let call = &entry.call;
            gaps.row([call.region.as_str(), &call.service, &call.operation, code, message]);
            any = true;
        }
    }
    if any {
        console::line("\nWhat is missing:\n")?;
        gaps.print()?;
    }
    Ok(())
}

fn as_json(recording: &Recording) -> Value {
    let manifest = recording.manifest();
    let services: Vec<Value> = counts(recording)
        .into_iter()
        .map(|((region, service), n)| {
            let mut value = json!({"region": region, "service": service});
            for (word, n) in WORDS.iter().zip(n) {
                value[*word] = n.into();
            }
            value
        })
        .collect();
    let gaps: Vec<Value> =
        recording.gaps().map(|entry| serde_json::to_value(entry).unwrap_or_default()).collect();
    json!({
        "scan": manifest.scan.to_string(),
        "awsAccount": manifest.aws_account.as_ref().map(|id| id.as_str()),
        "accountName": manifest.account_name,
        "partition": manifest.partition.as_str(),
        "regions": manifest.regions.iter().map(|region| region.as_str()).collect::<Vec<_>>(),
        "startedAt": manifest.started.to_string(),
        "endedAt": manifest.ended.map(|at| at.to_string()),
        "partial": recording.is_partial(),
        "calls": services, "gaps": gaps,
    })
}
