//! `IAM_CUSTOM_POLICY_ALLOWS_ADMIN`: own managed policies and inline ones that make administrators.

use crate::privilege::is_first_access;
use crate::{AccountView, Findings, Rule};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("custom_policy_allows_admin.md"), check);

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    if account.authorization_document().is_none() {
        findings.add_account_gap("users, roles and policies were not read; no check of theirs saw any");
    }
    let (all, privileges) = (account.authorization(), account.privileges());
    for managed in all.managed_order.iter().filter_map(|arn| all.managed.get(arn)) {
        if !managed.is_aws_managed()
            && let Some(reason) = privileges.managed(&managed.arn)
        {
            findings.add(&managed.arn, reason);
        }
    }
    for holder in all.holders.iter().filter(|holder| !is_first_access(holder)) {
        for inline in &holder.inline {
            if let Some(reason) = privileges.policy(&inline.policy) {
                findings.add(&holder.arn, format!("{}: {reason}", inline.name));
            }
        }
    }
}
