//! What the tools take, as types; their JSON Schemas are what an agent reads.

use schemars::JsonSchema;
use serde::Deserialize;

/// One account.
#[derive(Debug, Default, Deserialize, JsonSchema)]
pub(crate) struct OneAccount {
    /// The account: its name, its id, or its twelve digits. May be left out where there is only one.
    #[serde(default)]
    pub(crate) account: Option<String>,
}

/// What to scan.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct Scan {
    /// The account: its name, its id, or its twelve digits. May be left out where there is only one.
    #[serde(default)]
    pub(crate) account: Option<String>,
    /// Regions such as eu-west-1; the account's own where none is named. Global services are always read.
    #[serde(default)]
    pub(crate) regions: Vec<String>,
}

/// A picture's kind.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema, PartialEq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum PictureFormat {
    /// A picture to look at.
    #[default]
    Png,
    /// The same as text: vectors.
    Svg,
    /// The placed diagram as data.
    Json,
}

/// What to draw.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct Snapshot {
    /// The account: its name, its id, or its twelve digits. May be left out where there is only one.
    #[serde(default)]
    pub(crate) account: Option<String>,
    /// The region to draw; the account's fullest where none is named.
    #[serde(default)]
    pub(crate) region: Option<String>,
    /// png, svg or json.
    #[serde(default)]
    pub(crate) format: PictureFormat,
    /// Only what this filter selects, such as `env=prod AND type=ec2`.
    #[serde(default)]
    pub(crate) filter: Option<String>,
    /// Component types to leave out, such as `sg`.
    #[serde(default)]
    pub(crate) exclude: Vec<String>,
    /// isometric or 2d.
    #[serde(default)]
    pub(crate) projection: Option<String>,
    /// light or dark.
    #[serde(default)]
    pub(crate) theme: Option<String>,
    /// Width in pixels, 1 to 4000; 1400 where not given.
    #[serde(default)]
    pub(crate) width: Option<u32>,
}

/// What to look for.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct Search {
    /// The account: its name, its id, or its twelve digits. May be left out where there is only one.
    #[serde(default)]
    pub(crate) account: Option<String>,
    /// The filter language of drawings: `type=rds`, `env=prod OR env=test`, `name=web*`, a bare word for
    /// any text. Empty for everything.
    #[serde(default)]
    pub(crate) filter: String,
    /// Only in this region; `global` for what belongs to none.
    #[serde(default)]
    pub(crate) region: Option<String>,
    /// How many to skip, to read on.
    #[serde(default)]
    pub(crate) offset: usize,
    /// How many at most, up to 500; 100 where not given.
    #[serde(default)]
    pub(crate) limit: Option<usize>,
    /// Also what AWS said of each.
    #[serde(default)]
    pub(crate) details: bool,
}

/// Which findings.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct FindingsOf {
    /// The account: its name, its id, or its twelve digits. May be left out where there is only one.
    #[serde(default)]
    pub(crate) account: Option<String>,
    /// Only this bad or worse: info, low, medium, high or critical.
    #[serde(default)]
    pub(crate) minimum_severity: Option<String>,
    /// How many to skip, to read on.
    #[serde(default)]
    pub(crate) offset: usize,
    /// How many at most, up to 500; 100 where not given.
    #[serde(default)]
    pub(crate) limit: Option<usize>,
}

/// A command of CloudMapper.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct CloudMapper {
    /// The command: audit, stats, public, find_admins, prepare, report and so on.
    pub(crate) action: String,
    /// The account or accounts, comma separated, or `all`.
    #[serde(default)]
    pub(crate) account: String,
    /// Further arguments in one text, as on a command line.
    #[serde(default)]
    pub(crate) additional_args: String,
}
