//! Policies written into resources: is anyone let in, and to do what.

use isobar_iam::{Policy, Statement, public};
use serde_json::{Value, json};

use crate::Findings;

/// Adds a finding about a resource whose policy, a JSON text, lets anyone in; the policy is in the
/// details as AWS wrote it.
pub(crate) fn add_if_public(findings: &mut Findings, resource: &str, document: &Value) {
    let policy = Policy::read(document);
    if let Some(words) = open_words(&policy) {
        findings.add_with(Some(resource.to_owned()), words, document.clone());
    }
    if policy.unreadable > 0 {
        findings.add_gap(resource, "its policy cannot be read in full");
    }
}

/// What a policy allows to anyone: `anyone may sqs:SendMessage`.
pub(crate) fn open_words(policy: &Policy) -> Option<String> {
    let mut actions: Vec<String> = Vec::new();
    let mut any = false;
    for statement in public::open_statements(policy) {
        any = true;
        actions.extend(statement.actions.iter().cloned());
        if !statement.not_actions.is_empty() {
            actions.push(format!("everything but {}", statement.not_actions.join(", ")));
        }
    }
    actions.sort();
    actions.dedup();
    let shown = actions.iter().take(3).cloned().collect::<Vec<_>>().join(", ");
    any.then(|| match actions.len() {
        0..=3 => format!("anyone may {shown}"),
        more => format!("anyone may {shown} and {} more", more - 3),
    })
}

/// A statement in short, for details.
pub(crate) fn outline(statement: &Statement) -> Value {
    json!({
        "Sid": statement.sid,
        "Action": statement.actions,
        "NotAction": statement.not_actions,
        "Resource": statement.resources,
        "NotResource": statement.not_resources,
        "Conditions": statement.conditions.len(),
    })
}
