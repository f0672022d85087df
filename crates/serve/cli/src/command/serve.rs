//! `isobar serve`: the API and the page over the data directory, until a signal says stop.

use std::net::{SocketAddr, ToSocketAddrs};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;
use isobar_app::{App, Config};
use isobar_model::{AwsAccountId, Secret};

use crate::config::Settings;
use crate::console::warn;
use crate::exit::Outcome;

/// Where isobar listens unless told otherwise: nobody but this machine.
pub(super) const LISTEN: &str = "127.0.0.1:8888";

/// Serve the API and the page
///
/// Listens on loopback unless told otherwise. Keys are made by `isobar key create`;
/// ISOBAR_API_KEY in the environment is accepted as a read-write key, for containers.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Address and port [default: 127.0.0.1:8888]
    #[arg(long, value_name = "ADDRESS", env = "ISOBAR_LISTEN")]
    listen: Option<String>,
    /// An origin whose pages may call the API; can be repeated
    #[arg(long = "cors-origin", value_name = "ORIGIN", env = "ISOBAR_CORS_ORIGINS", value_delimiter = ',')]
    cors_origins: Vec<String>,
    /// Seconds until a snapshot request is answered 202 [default: 75]
    #[arg(long, value_name = "SECONDS", env = "ISOBAR_HOLD")]
    hold: Option<u64>,
    /// Seconds for which a finished scan is used again [default: 60]
    #[arg(long, value_name = "SECONDS", env = "ISOBAR_REUSE")]
    reuse: Option<u64>,
    /// Requests a key may make in a window; 0 for no limit [default: 20]
    #[arg(long, value_name = "N", env = "ISOBAR_RATE_REQUESTS")]
    rate_requests: Option<u32>,
    /// The window's length in seconds [default: 10]
    #[arg(long, value_name = "SECONDS", env = "ISOBAR_RATE_WINDOW")]
    rate_window: Option<u64>,
    /// The AWS account that users' roles trust; asked from STS where none is given
    #[arg(long, value_name = "DIGITS", env = "ISOBAR_AWS_ACCOUNT_ID")]
    aws_account_id: Option<String>,
    /// The profile whose credentials assume the roles
    #[arg(long, value_name = "NAME", env = "AWS_PROFILE")]
    profile: Option<String>,
    /// PEM file of the certificate chain; serves https
    #[arg(long, value_name = "FILE", env = "ISOBAR_TLS_CERT", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// PEM file of the private key
    #[arg(long, value_name = "FILE", env = "ISOBAR_TLS_KEY", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
}

/// Serves until SIGINT or SIGTERM.
pub(crate) async fn run(arguments: Arguments, settings: Settings) -> Result<Outcome> {
    let file = settings.server;
    let mut config = Config::new(&settings.data_dir);
    config.aws = isobar_app::Settings::from_env();
    config.profile = arguments.profile;
    config.aws_account_id = match &arguments.aws_account_id {
        Some(digits) => {
            Some(AwsAccountId::parse(digits).context("--aws-account-id (ISOBAR_AWS_ACCOUNT_ID)")?)
        }
        None => file.aws_account_id()?,
    };
    // Never a flag: arguments are visible to every user of the machine.
    config.seed_key = std::env::var("ISOBAR_API_KEY").ok().filter(|key| !key.is_empty()).map(Secret::new);
    if let Some(seconds) = arguments.reuse.or(file.reuse) {
        config.fresh_for = Duration::from_secs(seconds);
    }
    config.take_up_jobs = true;

    let mut http = isobar_http::Config::default();
    if let Some(seconds) = arguments.hold.or(file.hold) {
        http.hold = Duration::from_secs(seconds);
    }
    if let Some(requests) = arguments.rate_requests.or(file.rate_requests) {
        http.rate_requests = requests;
    }
    if let Some(seconds) = arguments.rate_window.or(file.rate_window) {
        http.rate_window = Duration::from_secs(seconds);
    }
    http.cors_origins =
        if arguments.cors_origins.is_empty() { file.cors_origins } else { arguments.cors_origins };
    let tls = arguments.tls_cert.or(file.tls_cert).zip(arguments.tls_key.or(file.tls_key));

    let listen = arguments.listen.or(file.listen).unwrap_or_else(|| LISTEN.to_owned());
    let listener = bind(&listen)?;
    let address = listener.local_addr()?;
    let scheme = if tls.is_some() { "https" } else { "http" };
    if !address.ip().is_loopback() && tls.is_none() {
        warn(
            "warning: listening beyond this machine without TLS; keys travel in clear unless a proxy adds it",
        );
    }
    let app = App::open(config).await?;
    warn(&format!("isobar listens on {scheme}://{address}/"));
    serve(app, listener, http, tls).await?;
    Ok(Outcome::Done)
}

/// Binds an address given as text.
pub(super) fn bind(listen: &str) -> Result<std::net::TcpListener> {
    let addresses: Vec<SocketAddr> = listen
        .to_socket_addrs()
        .with_context(|| format!("{listen:?} is no address; write 127.0.0.1:8888 or [::1]:8888"))?
        .collect();
    let listener = std::net::TcpListener::bind(&addresses[..]);
    let listener = listener
        .with_context(|| format!("cannot listen on {listen}; is another server there? See --listen"))?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// Serves until a signal says stop, then lets running requests end.
pub(super) async fn serve(
    app: App,
    listener: std::net::TcpListener,
    config: isobar_http::Config,
    tls: Option<(PathBuf, PathBuf)>,
) -> Result<()> {
    isobar_http::serve(app.clone(), listener, config, tls, stop()).await?;
    app.close().await;
    Ok(())
}

/// Ends when the process is asked to stop.
async fn stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            },
            Err(_) => drop(interrupt.await),
        }
    }
    #[cfg(not(unix))]
    drop(interrupt.await);
}
