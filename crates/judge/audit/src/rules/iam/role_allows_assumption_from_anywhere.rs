//! `IAM_ROLE_ALLOWS_ASSUMPTION_FROM_ANYWHERE`: a trust policy that lets anyone in.

use isobar_iam::HolderKind;
use serde_json::json;

use crate::resource_policy::open_words;
use crate::{AccountView, Findings, Rule};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("role_allows_assumption_from_anywhere.md"), check);

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    for role in account.authorization().of(HolderKind::Role) {
        if let Some(words) = role.trust.as_ref().and_then(open_words) {
            let details = json!({"statement": role.trust_document});
            findings.add_with(Some(role.arn.clone()), words, details);
        }
    }
}
