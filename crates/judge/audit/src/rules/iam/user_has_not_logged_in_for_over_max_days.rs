//! `USER_HAS_NOT_LOGGED_IN_FOR_OVER_MAX_DAYS`: a password last used more than 90 days ago.

use serde_json::json;

use super::{MAX_DAYS, users};
use crate::{AccountView, Findings, Rule};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("user_has_not_logged_in_for_over_max_days.md"), check);

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    for user in users(account).filter(|user| user.is("password_enabled")) {
        if let Some(days) = user.days_since("password_last_used").filter(|days| *days > MAX_DAYS) {
            findings.add_with(
                Some(user.user().to_owned()),
                format!("{days} days before"),
                json!({"Number of days since user was created": user.days_since("user_creation_time"),
                       "Number of days since last login": days}),
            );
        }
    }
}
