//! `isobar serve`: the API and the page over the data directory, until a signal says stop.

use std::net::{SocketAddr, ToSocketAddrs};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;
use isobar_app::{App, Config};
use isobar_http::{Rate, ServeConfig, Tls};
use isobar_model::{AwsAccountId, Secret};

use crate::config::{self, Settings};
use crate::console::warn;
use crate::exit::Outcome;

/// Where isobar listens unless told otherwise: nobody but this machine.
pub(super) const LISTEN: &str = "127.0.0.1:8888";

/// Serve the API and the page
///
/// Listens on loopback unless told otherwise. Keys are made by `isobar key create`;
/// ISOBAR_API_KEY in the environment is accepted as a read-write key, for containers.
#[derive(Debug, Default, Args)]
pub(crate) struct Arguments {
    /// Address and port [default: 127.0.0.1:8888]
    #[arg(long, value_name = "ADDRESS", env = "ISOBAR_LISTEN")]
    listen: Option<String>,
    /// An origin whose pages may call the API; can be repeated
    #[arg(long = "cors-origin", value_name = "ORIGIN", env = "ISOBAR_CORS_ORIGINS", value_delimiter = ',')]
    cors_origins: Vec<String>,
    /// A host name under which the page is served, besides loopback; can be repeated
    #[arg(long = "host", value_name = "NAME", env = "ISOBAR_HOSTS", value_delimiter = ',')]
    hosts: Vec<String>,
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
    #[command(flatten)]
    open: super::mcp::OpenArguments,
}

/// Serves until SIGINT or SIGTERM.
pub(crate) async fn run(arguments: Arguments, settings: Settings) -> Result<Outcome> {
    let file = settings.server.clone();
    let http = http_config(&arguments, &file)?;
    let mut config = Config::new(&settings.data_dir);
    config.aws = isobar_app::Settings::from_env();
    config.profile = arguments.profile;
    config.extra_regions = settings.extra_regions.clone();
    config.fonts = crate::fonts::load(settings.font_dir.as_deref())?;
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

    let (beyond, scheme) =
        (!http.listen.ip().is_loopback(), if http.tls.is_some() { "https" } else { "http" });
    if beyond && http.tls.is_none() {
        warn(
            "warning: listening beyond this machine without TLS; keys travel in clear unless a proxy adds it",
        );
    }
    let app = App::open(config).await?;
    let (address, serving) = isobar_http::serve(app, http).await?;
    warn(&format!("isobar listens on {scheme}://{address}/"));
    serving.run(stop()).await?;
    Ok(Outcome::Done)
}

/// Flags and environment over the file over the server's own defaults.
fn http_config(arguments: &Arguments, file: &config::Server) -> Result<ServeConfig> {
    let mut http = ServeConfig {
        listen: address(arguments.listen.as_deref().or(file.listen.as_deref()).unwrap_or(LISTEN))?,
        origins: either(&arguments.cors_origins, &file.cors_origins),
        hosts: either(&arguments.hosts, &file.hosts),
        ..ServeConfig::default()
    };
    if let Some(seconds) = arguments.hold.or(file.hold) {
        http.hold = Duration::from_secs(seconds);
        http.longest_hold = http.longest_hold.max(http.hold);
    }
    let usual = http.rate.unwrap_or(Rate { requests: 20, per: Duration::from_secs(10) });
    let requests = arguments.rate_requests.or(file.rate_requests).unwrap_or(usual.requests);
    let per = arguments.rate_window.or(file.rate_window).map_or(usual.per, Duration::from_secs);
    http.rate = (requests > 0 && !per.is_zero()).then_some(Rate { requests, per });
    http.tools_open = arguments.open.rights(file.tools_open_on_loopback.as_deref())?;
    let certificates = arguments.tls_cert.clone().or(file.tls_cert.clone());
    let key = arguments.tls_key.clone().or(file.tls_key.clone());
    http.tls = match (certificates, key) {
        (Some(certificates), Some(key)) => Some(Tls { certificates, key }),
        (None, None) => None,
        _ => bail!("TLS needs both halves: tls_cert and tls_key"),
    };
    Ok(http)
}

fn either(flags: &[String], file: &[String]) -> Vec<String> {
    if flags.is_empty() { file.to_vec() } else { flags.to_vec() }
}

/// Reads an address; a host name is looked up.
pub(super) fn address(listen: &str) -> Result<SocketAddr> {
    let wrong = || format!("{listen:?} is no address; write 127.0.0.1:8888 or [::1]:8888");
    listen.to_socket_addrs().with_context(wrong)?.next().with_context(wrong)
}

/// Ends when the process is asked to stop.
pub(super) async fn stop() {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_win_over_the_file_and_the_file_over_defaults() {
        let file = config::Server {
            listen: Some("127.0.0.1:1".into()),
            hold: Some(25),
            rate_requests: Some(0),
            ..Default::default()
        };
        let arguments = Arguments { listen: Some("[::1]:2".into()), ..Default::default() };
        let http = http_config(&arguments, &file).expect("good values");
        assert_eq!((http.listen.to_string().as_str(), http.hold.as_secs(), http.rate), ("[::1]:2", 25, None));
        let plain = http_config(&Arguments::default(), &config::Server::default()).expect("defaults");
        assert_eq!((plain.listen.to_string().as_str(), plain.hold.as_secs()), (LISTEN, 75));
        assert_eq!(plain.rate.map(|rate| rate.requests), Some(20));
        let half = config::Server { tls_cert: Some("a.pem".into()), ..Default::default() };
        assert!(http_config(&Arguments::default(), &half).is_err());
    }
}
