//! `IAM_UNEXPECTED_ADMIN_PRINCIPAL`: an administrator's role that not only AWS principals may assume.

use isobar_iam::HolderKind;
use serde_json::json;

use super::outsiders;
use crate::{AccountView, Findings, Rule};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("unexpected_admin_principal.md"), check);

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    let (all, privileges) = (account.authorization(), account.privileges());
    for role in all.of(HolderKind::Role) {
        let services = outsiders(role, account.is_strict());
        if !services.is_empty() && privileges.holds(all, role) {
            findings.add_with(
                Some(role.arn.clone()),
                format!("{} may assume it", services.join(", ")),
                json!({"comment": "Unexpected principal in the trust policy of an administrator",
                       "Principal": services}),
            );
        }
    }
}
