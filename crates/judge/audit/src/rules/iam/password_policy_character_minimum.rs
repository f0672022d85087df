//! `PASSWORD_POLICY_CHARACTER_MINIMUM`: fewer than twelve characters suffice.

use serde_json::json;

use super::password_policy;
use crate::{AccountView, Findings, Rule};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("password_policy_character_minimum.md"), check);

const ENOUGH: u64 = 12;

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    let Ok(Some(policy)) = password_policy(account) else { return };
    let length = policy["MinimumPasswordLength"].as_u64().unwrap_or(0);
    if length < ENOUGH {
        let details = json!({"MinimumPasswordLength": length});
        findings.add_with(None, format!("{length} characters suffice"), details);
    }
}
