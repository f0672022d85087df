//! `S3_ACCESS_BLOCK_ALL_ACCESS_TYPES`: one of the account's four settings is off.

use crate::{AccountView, Findings, Rule};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("access_block_all_access_types.md"), check);

const SETTINGS: [&str; 4] =
    ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"];

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    let Some(answer) = account.response("s3control", "GetPublicAccessBlock") else { return };
    let block = &answer["PublicAccessBlockConfiguration"];
    let off: Vec<&str> = SETTINGS.into_iter().filter(|name| block[*name] != true).collect();
    if !off.is_empty() {
        let verb = if off.len() == 1 { "is" } else { "are" };
        findings.add_with(None, format!("{} {verb} off", off.join(", ")), answer.clone());
    }
}
