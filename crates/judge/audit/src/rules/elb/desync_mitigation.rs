//! `ELBV1_DESYNC_MITIGATION`: a classic load balancer's mode is not `strictest`.

use crate::{AccountView, Findings, Rule, list, text};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("desync_mitigation.md"), check);

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    for (call, answer) in account.responses("elb", "DescribeLoadBalancerAttributes") {
        let name = call.parameters.get("LoadBalancerName").map_or("", text);
        for attribute in list(&answer["LoadBalancerAttributes"]["AdditionalAttributes"]) {
            let mode = text(&attribute["Value"]);
            if attribute["Key"] == "elb.http.desyncmitigationmode" && mode != "strictest" {
                findings.add(name, format!("the mode is {mode}"));
            }
        }
    }
}
