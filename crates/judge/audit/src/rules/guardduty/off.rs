//! `GUARDDUTY_OFF`: GuardDuty answered, and no detector is enabled.

use crate::{AccountView, Findings, Rule, list};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("off.md"), check);

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    let Some(answer) = account.response("guardduty", "ListDetectors") else { return };
    let detectors = || list(&answer["DetectorIds"]).iter().filter_map(|id| id.as_str());
    let status = |id: &str| account.response_for("guardduty", "GetDetector", "DetectorId", id);
    if detectors().any(|id| status(id).is_some_and(|d| d["Status"] == "ENABLED")) {
        return;
    }
    match detectors().find(|id| status(id).is_none()) {
        Some(id) => findings.add_gap(id, "the detector's status was not read"),
        None => findings.add_account(""),
    }
}
