//! `SG_CIDR_UNNEEDED`: a range nobody on the internet can send from.

use serde_json::json;

use super::{external_ranges, special_use};
use crate::{AccountView, Findings, Rule};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("cidr_unneeded.md"), check);

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    for group in account.security_groups() {
        for range in external_ranges(&group, account.is_strict()) {
            if let Some(what) = special_use(range) {
                findings.add_with(
                    Some(group.id.clone()),
                    format!("{range} is {what}"),
                    json!({"cidr": range.to_string()}),
                );
            }
        }
    }
}
