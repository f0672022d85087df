//! `PASSWORD_POLICY_NOT_SET`: the account has no password policy.

use super::password_policy;
use crate::{AccountView, Findings, Rule};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("password_policy_not_set.md"), check);

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    match password_policy(account) {
        Ok(Some(_)) => {}
        Ok(None) => findings.add_account(""),
        Err(why) => findings.add_account_gap(why),
    }
}
