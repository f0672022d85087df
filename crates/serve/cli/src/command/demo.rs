//! `isobar demo`: the embedded demo account, served on loopback. No AWS, no network, nothing kept.

use std::net::SocketAddr;

use anyhow::Result;
use clap::Args;
use isobar_app::{App, Config};
use isobar_http::{ServeConfig, ServeError};

use super::serve::{LISTEN, address, stop};
use crate::config::Settings;
use crate::console::{self, warn};
use crate::exit::Outcome;

/// Serve the demo account on this machine: no AWS, no network
///
/// The account is a recording inside the program. Nothing is written to disk; keys and changes are
/// gone when it stops.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Address and port [default: 127.0.0.1:8888, or any free port when that is taken]
    #[arg(long, value_name = "ADDRESS", env = "ISOBAR_LISTEN")]
    listen: Option<String>,
    #[command(flatten)]
    open: super::mcp::OpenArguments,
}

/// Serves until SIGINT or SIGTERM.
pub(crate) async fn run(arguments: Arguments, settings: Settings) -> Result<Outcome> {
    let mut config = Config::new(&settings.data_dir);
    config.fonts = crate::fonts::load(settings.font_dir.as_deref())?;
    let (app, key) = App::demo(config).await?;
    let wanted = address(arguments.listen.as_deref().unwrap_or(LISTEN))?;
    let tools_open = arguments.open.rights(None)?;
    let at = |listen| ServeConfig { listen, tools_open, ..ServeConfig::default() };
    let served = match isobar_http::serve(app.clone(), at(wanted)).await {
        Err(ServeError::Listen { .. }) if arguments.listen.is_none() => {
            isobar_http::serve(app.clone(), at(SocketAddr::from(([127, 0, 0, 1], 0)))).await
        }
        served => served,
    };
    let (address, serving) = served?;

    let scope = app.operator().await?;
    console::line(&format!("page     {}", serving.login_link(&key)))?;
    console::line(&format!("API key  {}", key.reveal()))?;
    if let Some(account) = app.accounts(&scope).await?.into_iter().next() {
        let regions = app.freshness(&scope, account.id).await?;
        let regions = regions.into_iter().filter(|fresh| !fresh.region.is_global());
        // The region that holds most shows most.
        let region = regions.max_by_key(|fresh| fresh.calls).map_or(account.region, |fresh| fresh.region);
        let drawing = format!("http://{address}/aws/account/{}/{region}/svg", account.id);
        let header = format!("Authorization: Bearer {}", key.reveal());
        console::line(&format!("try      curl -H '{header}' {drawing} -o demo.svg"))?;
    }
    warn("the link signs one browser in, once; stop with Ctrl-C");
    serving.run(stop()).await?;
    Ok(Outcome::Done)
}
