//! `REQUEST_SMUGGLING`: an application load balancer that keeps invalid header fields.

use crate::{AccountView, Findings, Rule, list, text};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("request_smuggling.md"), check);

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    for (call, answer) in account.responses("elbv2", "DescribeLoadBalancerAttributes") {
        let arn = call.parameters.get("LoadBalancerArn").map_or("", text);
        let keeps = list(&answer["Attributes"]).iter().any(|attribute| {
            attribute["Key"] == "routing.http.drop_invalid_header_fields.enabled"
                && attribute["Value"] == "false"
        });
        if keeps {
            findings.add(arn, "");
        }
    }
}
