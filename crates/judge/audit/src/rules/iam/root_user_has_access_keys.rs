//! `ROOT_USER_HAS_ACCESS_KEYS`: the account's summary counts keys of the root user.

use serde_json::json;

use crate::{AccountView, Findings, Rule};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("root_user_has_access_keys.md"), check);

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    let Some(answer) = account.response("iam", "GetAccountSummary") else { return };
    let keys = answer["SummaryMap"]["AccountAccessKeysPresent"].as_i64().unwrap_or(0);
    if keys != 0 {
        findings.add_with(None, String::new(), json!({"Number of access keys": keys}));
    }
}
