//! `FOREIGN_HOSTED_ZONE`: a VPC's private zone belongs to another account.

use crate::{AccountView, Findings, Rule, list, text};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("foreign_hosted_zone.md"), check);

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    let own = account.aws_account();
    for (call, answer) in account.responses("route53", "ListHostedZonesByVPC") {
        let parameter = |name: &str| call.parameters.get(name).map_or("", text);
        for zone in list(&answer["HostedZoneSummaries"]) {
            let owner = text(&zone["Owner"]["OwningAccount"]);
            if !owner.is_empty() && !own.is_empty() && owner != own {
                let words = format!(
                    "{} of account {owner} answers in {} ({})",
                    text(&zone["Name"]),
                    parameter("VPCId"),
                    parameter("VPCRegion")
                );
                findings.add_with(Some(text(&zone["HostedZoneId"]).to_owned()), words, zone.clone());
            }
        }
    }
}
