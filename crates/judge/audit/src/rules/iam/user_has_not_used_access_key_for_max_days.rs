//! `USER_HAS_NOT_USED_ACCESS_KEY_FOR_MAX_DAYS`: an active key last used more than 90 days ago.

use serde_json::json;

use super::{MAX_DAYS, users};
use crate::{AccountView, Findings, Rule};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("user_has_not_used_access_key_for_max_days.md"), check);

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    for user in users(account) {
        for key in [1, 2].into_iter().filter(|key| user.is(&format!("access_key_{key}_active"))) {
            let unused = user.days_since(&format!("access_key_{key}_last_used_date"));
            if let Some(days) = unused.filter(|days| *days > MAX_DAYS) {
                let age = user.days_since(&format!("access_key_{key}_last_rotated"));
                findings.add_with(
                    Some(user.user().to_owned()),
                    format!("key {key}, {days} days before"),
                    json!({format!("Days since key {key} used:"): days,
                           "Number of days since key was rotated": age}),
                );
            }
        }
    }
}
