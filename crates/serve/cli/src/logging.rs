//! Logs, on stderr, as text or JSON.
//!
//! In: a filter (`info`, `warn,isobar_aws=debug`) and a format. Out: a subscriber for the whole
//! process. What is logged is left to those who know it.

use anyhow::{Context, Result};
use clap::ValueEnum;
use serde::Deserialize;
use tracing_subscriber::EnvFilter;

use crate::config::Settings;

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// Lines for people
    #[default]
    Text,
    /// One JSON object a line
    Json,
}

/// Starts logging. `default` is the filter where neither file, environment nor flag sets one.
pub(crate) fn start(settings: &Settings, default: &str) -> Result<()> {
    // The rasteriser complains of outlines without an inside, such as a blank's; nobody can act on that.
    let quiet = format!("{default},tiny_skia=error");
    let wanted = settings.log.as_deref().unwrap_or(&quiet);
    let filter = EnvFilter::try_new(wanted)
        .with_context(|| format!("`{wanted}` is no log filter; write `info` or `warn,isobar_aws=debug`"))?;
    let builder =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(false);
    match settings.log_format {
        LogFormat::Text => builder.init(),
        LogFormat::Json => builder.json().init(),
    }
    Ok(())
}
