//! `CLOUDTRAIL_OFF`: no trail in any region.

use super::trails;
use crate::{AccountView, Findings, Rule};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("off.md"), check);

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    match trails(account) {
        (trails, None) if trails.is_empty() => findings.add_account(""),
        (trails, Some(why)) if trails.is_empty() => findings.add_account_gap(why),
        _ => {}
    }
}
