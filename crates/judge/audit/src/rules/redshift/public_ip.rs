//! `REDSHIFT_PUBLIC_IP`: a cluster that is publicly accessible.

use crate::{AccountView, Findings, Rule, text};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("public_ip.md"), check);

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    for cluster in account.items("redshift", "DescribeClusters", "Clusters") {
        if cluster["PubliclyAccessible"] == true {
            findings.add(text(&cluster["ClusterIdentifier"]), "");
        }
    }
}
