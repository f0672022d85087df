//! `IAM_NOTACTION_ALLOW`: Allow with NotAction on everything, IAM not excepted.

use isobar_iam::{AdminQuestion, Effect, Statement, admin};
use serde_json::json;

use super::policies;
use crate::resource_policy::outline;
use crate::{AccountView, Findings, Rule};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("notaction_allow.md"), check);

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    let question = AdminQuestion::default();
    for found in policies(account.authorization()) {
        // CloudMapper reads on only until it knows that the policy makes an administrator.
        if account.is_strict() && !admin::compatible(found.policy, &question).not_action_allow {
            continue;
        }
        if let Some(statement) = found.policy.statements.iter().find(|s| is_open(s)) {
            let words = format!("allows all but {}", statement.not_actions.join(", "));
            let details = json!({"Statement": outline(statement)});
            findings.add_with(Some(found.resource.to_owned()), found.say(&words), details);
        }
    }
}

fn is_open(statement: &Statement) -> bool {
    statement.effect == Effect::Allow
        && !statement.not_actions.is_empty()
        && !statement.not_actions.iter().any(|a| a.eq_ignore_ascii_case("iam:*") || a == "*")
        && statement.covers_all_resources()
        && !statement.is_conditional()
}
