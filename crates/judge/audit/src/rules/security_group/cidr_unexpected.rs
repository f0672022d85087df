//! `SG_CIDR_UNEXPECTED`: begins at the first address, but is not all of them.

use serde_json::json;

use super::{begins_at_zero, external_ranges, special_use};
use crate::{AccountView, Findings, Rule};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("cidr_unexpected.md"), check);

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    for group in account.security_groups() {
        for range in external_ranges(&group, account.is_strict()) {
            if special_use(range).is_none() && begins_at_zero(range) {
                let range = range.to_string();
                findings.add_with(Some(group.id.clone()), range.clone(), json!({"cidr": range}));
            }
        }
    }
}
