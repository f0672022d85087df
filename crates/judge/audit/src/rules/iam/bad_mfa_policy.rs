//! `IAM_BAD_MFA_POLICY`: statements of AWS's old examples, known by their Sid, with their holes.

use isobar_iam::Statement;
use serde_json::json;

use crate::resource_policy::outline;
use crate::{AccountView, Findings, Rule};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("bad_mfa_policy.md"), check);

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    let all = account.authorization();
    for managed in all.managed_order.iter().filter_map(|arn| all.managed.get(arn)) {
        if let Some((statement, words)) = managed.policy.statements.iter().find_map(|s| Some((s, hole(s)?))) {
            findings.add_with(Some(managed.arn.clone()), words, json!({"statement": outline(statement)}));
        }
    }
}

fn hole(statement: &Statement) -> Option<String> {
    let sid = statement.sid.as_deref()?;
    let names = |list: &[String], action: &str| list.iter().any(|a| a.eq_ignore_ascii_case(action));
    match sid {
        "AllowIndividualUserToManageTheirOwnMFA" | "AllowIndividualUserToViewAndManageTheirOwnMFA" => {
            let action = "iam:DeactivateMFADevice";
            names(&statement.actions, action).then(|| format!("{sid} grants {action}"))
        }
        "BlockAnyAccessOtherThanAboveUnlessSignedInWithMFA" => {
            names(&statement.not_actions, "iam:*").then(|| format!("{sid} leaves iam:* out"))
        }
        _ => None,
    }
}
