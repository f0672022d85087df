//! Runs rules over an account, region by region. One failing rule never hides another.

use std::cell::OnceCell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use isobar_model::Region;
use isobar_recording::Recording;
use serde_json::json;

use crate::{AccountView, Finding, Findings, Rule};

/// The id under which a rule's own failure is reported, CloudMapper's word for it.
pub const EXCEPTION: &str = "EXCEPTION";

/// All findings of `rules` in an account: first those of the account, then region by region in the
/// order of the manifest; within a region in the order of the rules, then of the data.
pub fn audit(recording: &Recording, rules: &[&Rule]) -> Vec<Finding> {
    let authorization = OnceCell::new();
    let global = Region::global();
    let regions = recording.manifest().regions.iter().filter(|r| !r.is_global());
    let mut findings = Findings::default();
    for region in std::iter::once(&global).chain(regions) {
        let account = AccountView::new(recording, region.clone(), &authorization);
        for rule in rules.iter().filter(|r| r.document().global == region.is_global()) {
            findings.begin(rule.id(), region);
            let before = findings.len();
            let run = catch_unwind(AssertUnwindSafe(|| rule.check(&account, &mut findings)));
            if run.is_err() {
                findings.truncate(before);
                findings.begin(EXCEPTION, region);
                let words = format!("the check {} failed on this account's data", rule.id());
                findings.add_with(None, words, json!({"rule": rule.id()}));
            }
        }
    }
    findings.into_vec()
}
