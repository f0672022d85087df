//! `IAM_UNEXPECTED_FORMAT`: every action on some resources; trust that is not plainly trust.

use isobar_iam::{AdminQuestion, Effect, HolderKind, Policy, Statement, admin};
use serde_json::json;

use super::policies;
use crate::resource_policy::outline;
use crate::{AccountView, Findings, Rule};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("unexpected_format.md"), check);

const ASSUMING: [&str; 3] = ["sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"];
const BESIDE: [&str; 3] = ["sts:TagSession", "sts:SetSourceIdentity", "sts:SetContext"];

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    let (all, strict) = (account.authorization(), account.is_strict());
    let question = AdminQuestion::default();
    for found in policies(all) {
        // CloudMapper reads on only until it knows that the policy makes an administrator.
        if strict && !admin::compatible(found.policy, &question).unexpected_format {
            continue;
        }
        for statement in found.policy.allows() {
            let Some(wide) = statement.actions.iter().find(|a| matches!(a.as_str(), "*" | "*:*" | "iam:*"))
            else {
                continue;
            };
            // `["*"]` says the same as `"*"`; CloudMapper found it odd.
            if !statement.covers_all_resources() || (strict && !statement.resource_is_text) {
                let on = match statement.resources.join(", ") {
                    some if !some.is_empty() => format!("on {some} only"),
                    _ => format!("on all but {}", statement.not_resources.join(", ")),
                };
                let words = found.say(&format!("allows {wide} {on}"));
                let details = json!({"statement": outline(statement)});
                findings.add_with(Some(found.resource.to_owned()), words, details);
            }
        }
    }
    for role in all.of(HolderKind::Role) {
        for (words, statement) in role.trust.iter().flat_map(|trust| oddities(trust, strict)) {
            let details = json!({"statement": statement.map(outline)});
            findings.add_with(Some(role.arn.clone()), words, details);
        }
    }
}

fn oddities(trust: &Policy, strict: bool) -> Vec<(String, Option<&Statement>)> {
    let mut odd = Vec::new();
    for statement in &trust.statements {
        if statement.effect == Effect::Deny {
            odd.push(("its trust policy holds a Deny".to_owned(), Some(statement)));
        } else if !is_usual(statement, strict) {
            let actions = match &statement.not_actions[..] {
                [] => statement.actions.join(", "),
                not => format!("all but {}", not.join(", ")),
            };
            odd.push((format!("its trust policy allows {actions}"), Some(statement)));
        }
    }
    if trust.unreadable > 0 {
        let plural = if trust.unreadable == 1 { "" } else { "s" };
        let words =
            format!("its trust policy holds {} statement{plural} that cannot be read", trust.unreadable);
        odd.push((words, None));
    }
    odd
}

fn is_usual(statement: &Statement, strict: bool) -> bool {
    let known = |action: &String, list: &[&str]| list.iter().any(|k| action.eq_ignore_ascii_case(k));
    if strict {
        return statement.action_is_text && statement.actions.iter().all(|a| known(a, &ASSUMING));
    }
    statement.not_actions.is_empty()
        && !statement.actions.is_empty()
        && statement.actions.iter().all(|a| known(a, &ASSUMING) || known(a, &BESIDE))
}
