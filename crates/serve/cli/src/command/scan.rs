//! `isobar scan`: read an account once and keep what it answered in a file.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result};
use clap::Args;
use isobar_app::scan::{self, OneShot};
use isobar_app::{Catalog, Recording};
use isobar_catalog::Purpose;
use isobar_model::Region;

use crate::config::Settings;
use crate::console::warn;
use crate::exit::Outcome;
use crate::identity::IdentityArguments;
use crate::progress::Progress;

/// Read an AWS account and write what it answered into a recording
///
/// Only reading calls are made. What AWS denies is noted in the recording and said at the end. A
/// recording draws offline: `isobar snapshot --from-recording FILE`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    identity: IdentityArguments,
    #[command(flatten)]
    asked: AskedArguments,
    /// The recording to write
    #[arg(long = "out", short, value_name = "FILE")]
    out: PathBuf,
    /// Exit with 3 when calls were denied or failed
    #[arg(long)]
    fail_on_partial: bool,
}

/// What is asked, and how fast.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Reading")]
pub(crate) struct AskedArguments {
    /// A region to read; can be repeated [env: AWS_REGION, AWS_DEFAULT_REGION]
    #[arg(long = "region", short, value_name = "REGION", value_delimiter = ',')]
    pub(crate) regions: Vec<String>,
    /// Read only these services, such as `ec2,rds`; all where none is named
    #[arg(long = "service", value_name = "SERVICES", value_delimiter = ',')]
    services: Vec<String>,
    /// Read also what only audits and reports need; more calls, and more rights needed
    #[arg(long)]
    all: bool,
    /// The name that drawings show; the account's alias where none is given
    #[arg(long, value_name = "NAME")]
    account_name: Option<String>,
    /// How many calls are made at a time
    #[arg(long, value_name = "N", default_value_t = 16)]
    concurrency: usize,
}

impl AskedArguments {
    /// The regions named, else the environment's.
    pub(crate) fn regions(&self, settings: &Settings) -> Result<Vec<Region>> {
        let from = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let mut names = self.regions.clone();
        if names.is_empty() {
            names.extend(from("AWS_REGION").or_else(|| from("AWS_DEFAULT_REGION")));
        }
        if names.is_empty() {
            anyhow::bail!("which region? Say --region us-east-1 (it can be repeated) or set AWS_REGION");
        }
        let parsed = names.iter().map(|name| isobar_app::regions::parse(name, &settings.extra_regions));
        parsed
            .collect::<Result<_, _>>()
            .context("see --region, and --extra-region for one newer than this isobar")
    }
}

/// Scans and writes the recording.
pub(crate) async fn run(arguments: &Arguments, settings: &Settings) -> Result<Outcome> {
    let recording = record(&arguments.identity, &arguments.asked, settings).await?;
    let bytes = recording.to_bundle();
    crate::whole::write(&arguments.out, &bytes)
        .with_context(|| format!("writing {}", arguments.out.display()))?;
    let partial = super::tell_gaps(&[&recording]);
    let calls = recording.manifest().entries.len();
    warn(&format!("{}: {calls} calls, {} kB", arguments.out.display(), bytes.len().div_ceil(1000)));
    Ok(if partial && arguments.fail_on_partial { Outcome::Partial } else { Outcome::Done })
}

/// Reads once, telling how far it is.
pub(crate) async fn record(
    identity: &IdentityArguments,
    asked: &AskedArguments,
    settings: &Settings,
) -> Result<Recording> {
    let catalog = Catalog::embedded();
    for service in &asked.services {
        if catalog.service(service).is_none() {
            anyhow::bail!("there is no service {service:?} here; `isobar services` lists them");
        }
    }
    let regions = asked.regions(settings)?;
    let home = regions.iter().find(|region| !region.is_global()).cloned();
    let home = home.unwrap_or_else(|| isobar_model::Partition::Aws.home_region());
    let names: Vec<&str> = regions.iter().map(Region::as_str).collect();
    let progress = Arc::new(Progress::new(&format!("reading {}", names.join(", ")), settings.quiet));
    let teller = Arc::clone(&progress);
    let request = OneShot {
        settings: isobar_app::Settings::from_env(),
        identity: identity.identity(&home)?,
        regions,
        purpose: if asked.all { Purpose::Everything } else { Purpose::Diagram },
        services: asked.services.clone(),
        account_name: asked.account_name.clone(),
        concurrency: asked.concurrency.clamp(1, 256),
        progress: Some(Arc::new(move |event| teller.event(&event))),
    };
    let recording = scan::once(catalog, request).await;
    progress.end();
    Ok(recording?)
}
