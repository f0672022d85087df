//! `USER_HAS_NEVER_LOGGED_IN`: the credential report has a password and no use of it.

use serde_json::json;

use super::users;
use crate::{AccountView, Findings, Rule};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("user_has_never_logged_in.md"), check);

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    for user in users(account) {
        if user.is("password_enabled") && user.days_since("password_last_used").is_none() {
            let age = user.days_since("user_creation_time");
            findings.add_with(
                Some(user.user().to_owned()),
                age.map(|days| format!("created {days} days before")).unwrap_or_default(),
                json!({"Number of days since user was created": age}),
            );
        }
    }
}
