//! `USER_HAS_UNUSED_ACCESS_KEY`: an active key without a date of use, one finding a key.

use serde_json::json;

use super::users;
use crate::{AccountView, Findings, Rule};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("user_has_unused_access_key.md"), check);

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    for user in users(account) {
        for key in [1, 2] {
            let active = user.is(&format!("access_key_{key}_active"));
            if active && user.days_since(&format!("access_key_{key}_last_used_date")).is_none() {
                let age = user.days_since(&format!("access_key_{key}_last_rotated"));
                let made = age.map(|days| format!(", made {days} days before")).unwrap_or_default();
                findings.add_with(
                    Some(user.user().to_owned()),
                    format!("key {key}{made}"),
                    json!({"Unused key": key, "Number of days since key was rotated": age}),
                );
            }
        }
    }
}
