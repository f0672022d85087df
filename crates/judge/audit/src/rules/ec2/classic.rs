//! `EC2_CLASSIC`: an instance without a VPC.

use super::is_gone;
use crate::{AccountView, Findings, Rule, text};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("classic.md"), check);

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    for instance in account.instances().filter(|i| !is_gone(i)) {
        if !text(&instance["VpcId"]).contains("vpc") {
            findings.add(text(&instance["InstanceId"]), "");
        }
    }
}
