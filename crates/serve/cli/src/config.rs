//! Where settings come from: a TOML file, `ISOBAR_…` in the environment, flags; later ones win.
//!
//! In: the file and the global flags (clap has already joined flags and environment). Out:
//! [`Settings`]. What a setting does is left to whoever uses it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use isobar_model::{AwsAccountId, Region};
use serde::Deserialize;

use crate::arguments::Global;
use crate::console::Format;
use crate::logging::LogFormat;

/// Looked for in the working folder when no file is named.
const DEFAULT_FILE: &str = "isobar.toml";

/// The configuration file. Unknown keys are errors, so that a misspelt one is noticed.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// Where isobar keeps its database and recordings.
    pub(crate) data_dir: Option<PathBuf>,
    /// How results are printed.
    pub(crate) output: Option<Format>,
    /// What is logged.
    pub(crate) log: Option<String>,
    /// How log lines look.
    pub(crate) log_format: Option<LogFormat>,
    /// Faces for further scripts.
    pub(crate) font_dir: Option<PathBuf>,
    /// Regions newer than this release.
    #[serde(default)]
    pub(crate) extra_regions: Vec<String>,
    /// What `serve` does.
    #[serde(default)]
    pub(crate) server: Server,
}

/// `[server]`.
#[derive(Debug, Default, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Server {
    /// Address and port to listen on.
    pub(crate) listen: Option<String>,
    /// Origins whose pages may call the API.
    #[serde(default)]
    pub(crate) cors_origins: Vec<String>,
    /// Host names under which the page is served, besides loopback.
    #[serde(default)]
    pub(crate) hosts: Vec<String>,
    /// Seconds a snapshot request is held before it is answered 202.
    pub(crate) hold: Option<u64>,
    /// Seconds for which a scan is used again.
    pub(crate) reuse: Option<u64>,
    /// Requests that a key may make in `rate_window` seconds; 0 for no limit.
    pub(crate) rate_requests: Option<u32>,
    /// The window, in seconds.
    pub(crate) rate_window: Option<u64>,
    /// The AWS account that users' roles trust; isobar's own.
    pub(crate) aws_account_id: Option<String>,
    /// PEM file of the certificate chain.
    pub(crate) tls_cert: Option<PathBuf>,
    /// PEM file of the private key.
    pub(crate) tls_key: Option<PathBuf>,
    /// With which rights programs on this machine may use the tools without a key.
    pub(crate) tools_open_on_loopback: Option<String>,
}

impl Server {
    /// The AWS account that roles trust, where somebody said.
    pub(crate) fn aws_account_id(&self) -> Result<Option<AwsAccountId>> {
        let text = self.aws_account_id.as_deref();
        text.map(AwsAccountId::parse)
            .transpose()
            .context("aws_account_id (ISOBAR_AWS_ACCOUNT_ID) is twelve digits")
    }
}

/// What all subcommands share, defaults filled in.
#[derive(Debug)]
pub(crate) struct Settings {
    /// Where isobar keeps its database and recordings.
    pub(crate) data_dir: PathBuf,
    /// How results are printed.
    pub(crate) output: Format,
    /// What is logged, where it was said.
    pub(crate) log: Option<String>,
    /// How log lines look.
    pub(crate) log_format: LogFormat,
    /// Whether progress is kept quiet.
    pub(crate) quiet: bool,
    /// Where faces for further scripts lie.
    pub(crate) font_dir: Option<PathBuf>,
    /// Regions to accept besides those this release knows.
    pub(crate) extra_regions: Vec<Region>,
    /// What the file says of the server.
    pub(crate) server: Server,
}

impl Settings {
    /// Flags and environment over the file over defaults.
    pub(crate) fn merge(global: Global, config: Config) -> Result<Self> {
        Ok(Self {
            data_dir: match global.data_dir.or(config.data_dir) {
                Some(folder) => folder,
                None => default_data_dir()?,
            },
            output: global.output.or(config.output).unwrap_or_default(),
            log: global.log.or(config.log),
            log_format: global.log_format.or(config.log_format).unwrap_or_default(),
            quiet: global.quiet,
            font_dir: global.font_dir.or(config.font_dir),
            extra_regions: extra_regions(if global.extra_regions.is_empty() {
                &config.extra_regions
            } else {
                &global.extra_regions
            })?,
            server: config.server,
        })
    }
}

/// Reads the file that is named, or `isobar.toml` where there is one.
pub(crate) fn load(named: Option<&Path>) -> Result<Config> {
    let path = named.unwrap_or(Path::new(DEFAULT_FILE));
    match std::fs::read_to_string(path) {
        Ok(text) => {
            parse(&text).with_context(|| format!("reading the configuration file {}", path.display()))
        }
        Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => {
            Ok(Config::default())
        }
        Err(error) => {
            Err(error).with_context(|| format!("reading the configuration file {}", path.display()))
        }
    }
}

fn parse(text: &str) -> Result<Config> {
    Ok(toml::from_str(text)?)
}

fn extra_regions(names: &[String]) -> Result<Vec<Region>> {
    let names = names.iter().map(|name| name.trim()).filter(|name| !name.is_empty());
    names.map(Region::parse).collect::<Result<_, _>>().context("extra_regions (--extra-region)")
}

/// `$XDG_DATA_HOME/isobar`, else `~/.local/share/isobar`.
fn default_data_dir() -> Result<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    match (set("XDG_DATA_HOME"), set("HOME")) {
        (Some(data), _) => Ok(data.join("isobar")),
        (None, Some(home)) => Ok(home.join(".local/share/isobar")),
        (None, None) => bail!("there is no home folder here; say --data-dir DIR or set ISOBAR_DATA_DIR"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<Config, &str>) {
        match (parse(text), expected) {
            (Ok(found), Ok(expected)) => assert_eq!(found, expected),
            (Err(error), Err(words)) => assert!(format!("{error:#}").contains(words), "{error:#}"),
            (found, expected) => panic!("{text}: {found:?} should be {expected:?}"),
        }
    }

    #[test]
    fn files_say_what_they_mean_or_are_refused() {
        check("", Ok(Config::default()));
        let server = Server { listen: Some("[::1]:80".into()), hold: Some(25), ..Server::default() };
        check(
            "output = \"json\"\n[server]\nlisten = \"[::1]:80\"\nhold = 25\n",
            Ok(Config { output: Some(Format::Json), server, ..Config::default() }),
        );
        check("outptu = \"json\"", Err("unknown field `outptu`"));
        check("output = \"xml\"", Err("unknown variant `xml`"));
    }

    #[test]
    fn flags_win_over_the_file() {
        let global = Global { output: Some(Format::Table), data_dir: Some("a".into()), ..Global::default() };
        let config = Config { output: Some(Format::Json), log: Some("debug".into()), ..Config::default() };
        let settings = Settings::merge(global, config).expect("complete");
        assert_eq!(settings.output, Format::Table);
        assert_eq!(settings.log.as_deref(), Some("debug"));
        assert_eq!(settings.data_dir, PathBuf::from("a"));
    }

    #[test]
    fn regions_newer_than_the_release_have_a_region_s_form() {
        let merge = |flag: &[&str], file: &[&str]| {
            let texts = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
            let global =
                Global { extra_regions: texts(flag), data_dir: Some("a".into()), ..Global::default() };
            Settings::merge(global, Config { extra_regions: texts(file), ..Config::default() })
        };
        let names =
            |settings: Settings| settings.extra_regions.iter().map(Region::to_string).collect::<Vec<_>>();
        assert_eq!(names(merge(&[], &["us-mars-1"]).expect("good")), ["us-mars-1"]);
        assert_eq!(names(merge(&["us-moon-1"], &["us-mars-1"]).expect("good")), ["us-moon-1"]);
        assert!(merge(&["mars"], &[]).is_err());
    }
}
