//! What the operator can set.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use isobar_aws::{Identity, Settings};
use isobar_model::{AwsAccountId, Region, Secret};
use isobar_scene::Fonts;

/// What the operator can set. The defaults are those the documentation names.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where database and recordings lie.
    pub data_dir: PathBuf,
    /// How AWS is reached.
    pub aws: Settings,
    /// The profile of the base identity that assumes the accounts' roles; the ambient one where none.
    pub profile: Option<String>,
    /// The base identity itself, in place of the ambient one.
    pub base: Option<Identity>,
    /// The AWS account that roles should trust; asked from STS where none.
    pub aws_account_id: Option<AwsAccountId>,
    /// A read-write key to accept (`ISOBAR_API_KEY`).
    pub seed_key: Option<Secret>,
    /// A finished scan is reused this long, counted from its end.
    pub fresh_for: Duration,
    /// A result promised by a 202 is kept this long.
    pub promise_for: Duration,
    /// The longest a scan may take.
    pub scan_limit: Duration,
    /// How many scans run at a time; further ones queue.
    pub scans_at_once: usize,
    /// How many AWS calls one scan makes at a time.
    pub calls_at_once: usize,
    /// How many drawings are made at a time.
    pub draws_at_once: usize,
    /// Memory for finished drawings, in bytes.
    pub render_cache: u64,
    /// Regions to accept besides those this release knows.
    pub extra_regions: Vec<Region>,
    /// The faces of drawings.
    pub fonts: Arc<Fonts>,
    /// Whether scans of a dead process are taken up at open; for servers, not for single commands.
    pub take_up_jobs: bool,
}

impl Config {
    /// The defaults over a data directory.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Self {
            data_dir: data_dir.into(),
            aws: Settings::default(),
            profile: None,
            base: None,
            aws_account_id: None,
            seed_key: None,
            fresh_for: Duration::from_secs(60),
            promise_for: Duration::from_secs(15 * 60),
            scan_limit: Duration::from_secs(15 * 60),
            scans_at_once: 4,
            calls_at_once: 16,
            draws_at_once: cores.max(1),
            render_cache: 64 << 20,
            extra_regions: Vec::new(),
            fonts: Fonts::embedded(),
            take_up_jobs: false,
        }
    }
}
