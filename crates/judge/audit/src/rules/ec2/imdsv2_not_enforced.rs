//! `EC2_IMDSV2_NOT_ENFORCED`: metadata service on, tokens optional, instance not terminated.

use crate::{AccountView, Findings, Rule};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("imdsv2_not_enforced.md"), check);

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    for instance in account.instances() {
        let options = &instance["MetadataOptions"];
        let gone = instance["State"]["Name"] == "terminated";
        if !gone && options["HttpEndpoint"] == "enabled" && options["HttpTokens"] == "optional" {
            findings.add(instance["InstanceId"].as_str().unwrap_or_default(), "");
        }
    }
}
