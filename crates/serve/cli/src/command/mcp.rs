//! `isobar mcp`: the product for agents, over stdin and stdout or over HTTP.

use anyhow::{Result, anyhow};
use clap::Args;
use isobar_app::{App, Config, Rights};
use isobar_http::ServeConfig;
use isobar_mcp::{Caller, Limits, Tools};
use isobar_model::Secret;

use super::serve::{address, stop};
use crate::config::Settings;
use crate::console::warn;
use crate::exit::Outcome;

/// Serve agents: the Model Context Protocol on stdin and stdout
///
/// An agent that starts isobar works with your rights on the linked accounts; --read-only takes away
/// scanning and changing. With --http it is served over HTTP instead, to whoever shows an API key:
/// one made by `isobar key create`, or ISOBAR_API_KEY of the environment. `isobar serve` serves agents
/// too, at /mcp.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Work on the embedded demo account: no AWS, nothing kept
    #[arg(long)]
    demo: bool,
    /// Only read what is known; no scans, no changes
    #[arg(long, conflicts_with = "http")]
    read_only: bool,
    /// Serve over HTTP at this address instead, below /mcp
    #[arg(long, value_name = "ADDRESS", num_args = 0..=1, require_equals = true, default_missing_value = "127.0.0.1:8889")]
    http: Option<String>,
    #[command(flatten)]
    open: OpenArguments,
}

/// Who may use the tools without a key.
#[derive(Debug, Default, Args)]
pub(crate) struct OpenArguments {
    /// Let programs on this machine use /api/tools and /mcp without a key: `read-only`, or `read-write`
    /// to collect and configure as well. For clients that cannot send one
    #[arg(
        long,
        value_name = "RIGHTS",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "read-only",
        value_parser = ["read-only", "read-write"],
        env = "ISOBAR_TOOLS_OPEN_ON_LOOPBACK"
    )]
    tools_open_on_loopback: Option<String>,
}

impl OpenArguments {
    /// The rights, the flag's before the file's.
    pub(super) fn rights(&self, file: Option<&str>) -> Result<Option<Rights>> {
        let words = self.tools_open_on_loopback.as_deref().or(file);
        let rights = words.map(Rights::parse).transpose();
        rights.map_err(|error| anyhow!("tools_open_on_loopback: {error}"))
    }
}

/// Serves until the client goes, or SIGINT or SIGTERM.
pub(crate) async fn run(arguments: Arguments, settings: Settings) -> Result<Outcome> {
    let mut config = Config::new(&settings.data_dir);
    config.aws = isobar_app::Settings::from_env();
    config.aws_account_id = settings.server.aws_account_id()?;
    config.extra_regions.clone_from(&settings.extra_regions);
    if arguments.http.is_some() {
        config.seed_key = std::env::var("ISOBAR_API_KEY").ok().filter(|key| !key.is_empty()).map(Secret::new);
    }
    let app = match arguments.demo {
        true => {
            let seeded = config.seed_key.is_some();
            let (app, key) = App::demo(config).await?;
            if arguments.http.is_some() && !seeded {
                warn(&format!("API key  {}", key.reveal()));
            }
            app
        }
        false => App::open(config).await?,
    };
    if let Some(listen) = &arguments.http {
        let http = ServeConfig {
            listen: address(listen)?,
            hosts: settings.server.hosts.clone(),
            tools_open: arguments.open.rights(settings.server.tools_open_on_loopback.as_deref())?,
            ..ServeConfig::default()
        };
        let (address, serving) = isobar_http::serve(app, http).await?;
        warn(&format!("isobar serves agents on http://{address}/mcp"));
        serving.run(stop()).await?;
        return Ok(Outcome::Done);
    }
    let mut scope = app.operator().await?;
    if arguments.read_only {
        scope.rights = Rights::Read;
    }
    let tools = Tools::new(app.clone(), Limits::default(), None);
    let caller = Caller { scope, from: "stdio".to_owned() };
    let ended = tokio::select! {
        ended = isobar_mcp::stdio(tools, caller) => ended,
        () = stop() => Ok(()),
    };
    app.close().await;
    ended.map_err(|reason| anyhow!("the connection to the agent broke: {reason}"))?;
    Ok(Outcome::Done)
}
