//! `EC2_IMDSV2_NOT_ENFORCED`: metadata service on, tokens optional, instance not terminated.

use serde_json::json;

use super::{is_gone, name_of};
use crate::{AccountView, Findings, Rule, text};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("imdsv2_not_enforced.md"), check);

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    for instance in account.instances().filter(|i| !is_gone(i)) {
        let options = &instance["MetadataOptions"];
        if options["HttpEndpoint"] == "enabled" && options["HttpTokens"] == "optional" {
            let id = text(&instance["InstanceId"]);
            findings.add_with(
                Some(id.to_owned()),
                String::new(),
                json!({"Instance ID": id, "Name": name_of(instance), "Tags": instance["Tags"],
                       "MetadataOptions": options, "SSH Key Found": instance["KeyName"]}),
            );
        }
    }
}
