//! `IAM_NOTACTION_ALLOW`: Allow with NotAction on everything, IAM not excepted.

use isobar_iam::{Effect, Statement};
use serde_json::json;

use super::policies;
use crate::resource_policy::outline;
use crate::{AccountView, Findings, Rule};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("notaction_allow.md"), check);

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    for found in policies(account.authorization()) {
        let statement = found.policy.statements.iter().find(|s| is_open(s, account.is_strict()));
        if let Some(statement) = statement {
            let words = format!("allows all but {}", statement.not_actions.join(", "));
            let details = json!({"Statement": outline(statement)});
            findings.add_with(Some(found.resource.to_owned()), found.say(&words), details);
        }
    }
}

fn is_open(statement: &Statement, strict: bool) -> bool {
    statement.effect == Effect::Allow
        && !statement.not_actions.is_empty()
        && !statement.not_actions.iter().any(|a| a.eq_ignore_ascii_case("iam:*") || a == "*")
        && statement.covers_all_resources()
        && (statement.resource_is_text || !strict)
        && !statement.is_conditional()
}
