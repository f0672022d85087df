//! `LIGHTSAIL_IN_USE`: any instance, any load balancer.

use serde_json::json;

use crate::{AccountView, Findings, Rule};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("in_use.md"), check);

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    for (operation, list, what) in
        [("GetInstances", "instances", "instance"), ("GetLoadBalancers", "loadBalancers", "load balancer")]
    {
        let count = account.items("lightsail", operation, list).count();
        if count > 0 {
            let plural = if count == 1 { "" } else { "s" };
            let details = json!({format!("{what} count"): count});
            findings.add_with(None, format!("{count} {what}{plural}"), details);
        }
    }
}
