//! `IAM_NAME_DOES_NOT_INDICATE_ADMIN`: a group's managed policy makes administrators, its ARN is silent.

use isobar_iam::HolderKind;

use crate::{AccountView, Findings, Rule};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("name_does_not_indicate_admin.md"), check);

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    let (all, privileges) = (account.authorization(), account.privileges());
    for group in all.of(HolderKind::Group) {
        if group.arn.to_ascii_lowercase().contains("admin") {
            continue;
        }
        for arn in &group.attached {
            if let Some(reason) = privileges.managed(arn) {
                let name = arn.rsplit('/').next().unwrap_or_default();
                findings.add(&group.arn, format!("{name} {reason}"));
            }
        }
    }
}
