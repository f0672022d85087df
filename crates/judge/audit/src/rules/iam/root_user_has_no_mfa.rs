//! `ROOT_USER_HAS_NO_MFA`: the account's summary knows no device of the root user.

use crate::{AccountView, Findings, Rule};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("root_user_has_no_mfa.md"), check);

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    match account.response("iam", "GetAccountSummary") {
        Some(answer) if answer["SummaryMap"]["AccountMFAEnabled"] == 1 => {}
        // CloudMapper took a missing summary for a missing device.
        None if !account.is_strict() => findings.add_account_gap("the account's summary was not read"),
        _ => findings.add_account(""),
    }
}
