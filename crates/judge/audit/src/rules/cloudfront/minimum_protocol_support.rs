//! `CLOUDFRONT_MINIMUM_PROTOCOL_SUPPORT`: an enabled distribution that takes SSLv3.

use serde_json::json;

use crate::{AccountView, Findings, Rule, list, text};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("minimum_protocol_support.md"), check);

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    for (_, answer) in account.responses("cloudfront", "ListDistributions") {
        for distribution in list(&answer["DistributionList"]["Items"]) {
            let version = &distribution["ViewerCertificate"]["MinimumProtocolVersion"];
            if distribution["Enabled"] == true && version == "SSLv3" {
                findings.add_with(
                    Some(text(&distribution["DomainName"]).to_owned()),
                    "accepts SSLv3".to_owned(),
                    json!({"Minimum protocol version": version}),
                );
            }
        }
    }
}
