//! `IAM_MANAGED_POLICY_UNINTENTIONALLY_ALLOWING_ADMIN`: AWS's own, administrator, and not by name.

use crate::{AccountView, Findings, Rule};

/// The rule.
pub(crate) static RULE: Rule =
    Rule::new(include_str!("managed_policy_unintentionally_allowing_admin.md"), check);

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    let (all, privileges) = (account.authorization(), account.privileges());
    for managed in all.managed_order.iter().filter_map(|arn| all.managed.get(arn)) {
        let says_so = ["AdministratorAccess", "IAMFullAccess"].iter().any(|n| managed.name.starts_with(n));
        if managed.is_aws_managed()
            && !says_so
            && let Some(reason) = privileges.managed(&managed.arn)
        {
            findings.add(&managed.arn, reason);
        }
    }
}
