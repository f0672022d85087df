//! `ACCESSANALYZER_OFF`: Access Analyzer answered, and no analyzer is active.

use crate::{AccountView, Findings, Rule, list};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("off.md"), check);

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    let Some(answer) = account.response("accessanalyzer", "ListAnalyzers") else { return };
    if !list(&answer["analyzers"]).iter().any(|analyzer| analyzer["status"] == "ACTIVE") {
        findings.add_account("");
    }
}
