//! `isobar demo`: the embedded demo account, served on loopback. No AWS, no network, nothing kept.

use anyhow::Result;
use clap::Args;
use isobar_app::{App, Config};

use super::serve::{LISTEN, bind, serve};
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
}

/// Serves until SIGINT or SIGTERM.
pub(crate) async fn run(arguments: Arguments, settings: Settings) -> Result<Outcome> {
    let listener = match &arguments.listen {
        Some(listen) => bind(listen)?,
        None => bind(LISTEN).or_else(|_| bind("127.0.0.1:0"))?,
    };
    let address = listener.local_addr()?;
    let (app, key) = App::demo(Config::new(&settings.data_dir)).await?;
    let scope = app.operator().await?;
    let account = app.accounts(&scope).await?.into_iter().next();
    console::line(&format!("page     http://{address}/"))?;
    console::line(&format!("API key  {}", key.reveal()))?;
    if let Some(account) = account {
        let region = account.region.as_str();
        console::line(&format!(
            "try      curl -H 'Authorization: Bearer {}' http://{address}/aws/account/{}/{region}/svg -o demo.svg",
            key.reveal(),
            account.id
        ))?;
    }
    warn("stop with Ctrl-C");
    serve(app, listener, isobar_http::Config::default(), None).await?;
    Ok(Outcome::Done)
}
