//! `S3_ACCESS_BLOCK_OFF`: the account has no Block Public Access configuration.

use crate::{AccountView, Answer, Findings, Rule};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("access_block_off.md"), check);

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    match account.asked("s3control", "GetPublicAccessBlock") {
        Answer::Response(_) => {}
        Answer::Nothing => findings.add_account(""),
        Answer::Unknown(why) => findings.add_account_gap(why),
    }
}
