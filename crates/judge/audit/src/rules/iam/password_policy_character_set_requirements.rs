//! `PASSWORD_POLICY_CHARACTER_SET_REQUIREMENTS`: one of the four kinds of characters is not asked for.

use serde_json::json;

use super::password_policy;
use crate::{AccountView, Findings, Rule};

/// The rule.
pub(crate) static RULE: Rule =
    Rule::new(include_str!("password_policy_character_set_requirements.md"), check);

const KINDS: [&str; 4] =
    ["RequireNumbers", "RequireSymbols", "RequireLowercaseCharacters", "RequireUppercaseCharacters"];

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    let Ok(Some(policy)) = password_policy(account) else { return };
    let lacking: Vec<&str> = KINDS.into_iter().filter(|kind| policy[*kind] != true).collect();
    if !lacking.is_empty() {
        let words = format!("lacks {}", lacking.join(", "));
        findings.add_with(None, words, json!({"Policy lacks": lacking}));
    }
}
