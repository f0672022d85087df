//! `USER_HAS_TWO_ACCESS_KEYS`: both keys of a user are active.

use serde_json::json;

use super::users;
use crate::{AccountView, Findings, Rule};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("user_has_two_access_keys.md"), check);

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    for user in users(account) {
        if user.is("access_key_1_active") && user.is("access_key_2_active") {
            let details = json!({
                "Number of days since key1 was rotated": user.days_since("access_key_1_last_rotated"),
                "Number of days since key2 was rotated": user.days_since("access_key_2_last_rotated"),
            });
            findings.add_with(Some(user.user().to_owned()), String::new(), details);
        }
    }
}
