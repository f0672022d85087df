//! `CLOUDTRAIL_NOT_MULTIREGION`: trails, but none for all regions.

use serde_json::json;

use super::trails;
use crate::{AccountView, Findings, Rule, text};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("not_multiregion.md"), check);

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    let (trails, _) = trails(account);
    if !trails.is_empty() && !trails.iter().any(|trail| trail["IsMultiRegionTrail"] == true) {
        let names: Vec<&str> = trails.iter().map(|trail| text(&trail["Name"])).collect();
        findings.add_with(None, names.join(", "), json!({"trails": names}));
    }
}
