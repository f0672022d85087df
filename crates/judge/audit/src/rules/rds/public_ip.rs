//! `RDS_PUBLIC_IP`: a database instance that is publicly accessible.

use crate::{AccountView, Findings, Rule, text};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("public_ip.md"), check);

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    for instance in account.items("rds", "DescribeDBInstances", "DBInstances") {
        if instance["PubliclyAccessible"] == true {
            findings.add(text(&instance["DBInstanceIdentifier"]), "");
        }
    }
}
