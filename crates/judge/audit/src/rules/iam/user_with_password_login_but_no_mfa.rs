//! `USER_WITH_PASSWORD_LOGIN_BUT_NO_MFA`: the credential report has a password and no device.

use serde_json::json;

use super::users;
use crate::{AccountView, Findings, Rule};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("user_with_password_login_but_no_mfa.md"), check);

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    if account.credential_report().is_none() {
        findings.add_account_gap("the credential report was not read; no check of it saw any user");
    }
    for user in users(account) {
        if user.is("password_enabled") && user.field("mfa_active") == "false" {
            let details =
                json!({"Number of days since user was created": user.days_since("user_creation_time")});
            findings.add_with(Some(user.user().to_owned()), String::new(), details);
        }
    }
}
