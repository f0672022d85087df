//! What the report needs of one account, read in one go, so that of hundreds of accounts only this much
//! is kept.

use std::collections::BTreeMap;

use isobar_iam::{Authorization, HolderKind};
use isobar_model::Region;
use isobar_recording::Recording;
use serde_json::Value;

use crate::answers::{regions, text};
use crate::command::audit::Audited;
use crate::command::public::public_nodes;
use crate::command::stats::{ROWS, counts};
use crate::{AccountEntry, Config, advisor};

/// A user or role and whether it is used.
pub(super) struct Usage {
    pub(super) kind: HolderKind,
    pub(super) name: String,
    pub(super) active: bool,
}

/// One account.
pub(super) struct Review {
    pub(super) account: AccountEntry,
    /// The day it was read.
    pub(super) collected: String,
    /// How many there are of each chosen kind.
    pub(super) counts: Vec<usize>,
    /// What each region holds, regions without anything left out.
    pub(super) regions: BTreeMap<String, BTreeMap<&'static str, usize>>,
    pub(super) usage: Vec<Usage>,
    /// ARNs of users and roles of whose use nothing is known.
    pub(super) unknown: Vec<String>,
    pub(super) public: Vec<Value>,
    pub(super) warnings: Vec<String>,
    pub(super) audited: Audited,
    /// What could not be judged, in words.
    pub(super) gaps: Vec<String>,
}

/// Reviews an account. `max_age` is in days, `all` counts more kinds of resources.
pub(super) fn review(
    account: &AccountEntry,
    recording: &Recording,
    config: &Config,
    max_age: i64,
    all: bool,
) -> Review {
    let (public, warnings) = public_nodes(recording, account, config, false);
    let audited = Audited::of(recording, false);
    let (usage, unknown) = usage(recording, max_age);
    Review {
        account: account.clone(),
        collected: collected(recording),
        counts: counts(recording, all),
        regions: used_regions(recording),
        usage,
        unknown,
        public,
        warnings,
        gaps: audited.gap_notes(),
        audited,
    }
}

/// Users and roles and whether they are used, and those of which nothing is known.
fn usage(recording: &Recording, max_age: i64) -> (Vec<Usage>, Vec<String>) {
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    let answer = recording.responses("iam", "GetAccountAuthorizationDetails", &Region::global()).next();
    let Some((_, answer)) = answer else { return (known, unknown) };
    let advice = advisor::read(recording);
    for holder in Authorization::read(answer).holders {
        match advice.get(&holder.arn) {
            _ if holder.kind == HolderKind::Group => {}
            Some(advice) => {
                let active = advice.used(max_age) > 0;
                known.push(Usage { kind: holder.kind, active, name: holder.name });
            }
            None => unknown.push(holder.arn),
        }
    }
    (known, unknown)
}

/// The day of the credential report, else of the scan.
fn collected(recording: &Recording) -> String {
    let report = recording.responses("iam", "GetCredentialReport", &Region::global()).next();
    let generated = report.map(|(_, answer)| text(&answer["GeneratedTime"])).filter(|t| !t.is_empty());
    match generated {
        Some(time) => time.chars().take(10).collect(),
        None => recording.manifest().started.to_string().chars().take(10).collect(),
    }
}

fn used_regions(recording: &Recording) -> BTreeMap<String, BTreeMap<&'static str, usize>> {
    let mut used: BTreeMap<String, BTreeMap<&'static str, usize>> = BTreeMap::new();
    for region in regions(recording) {
        for row in ROWS.iter().filter(|row| !row.verbose) {
            let count = row.count(recording, region);
            if count > 0 {
                used.entry(region.to_string()).or_default().insert(row.name, count);
            }
        }
    }
    used
}
