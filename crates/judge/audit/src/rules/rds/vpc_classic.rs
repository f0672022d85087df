//! `RDS_VPC_CLASSIC`: a database instance whose subnet group names no VPC.

use crate::{AccountView, Findings, Rule, text};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("vpc_classic.md"), check);

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    for instance in account.items("rds", "DescribeDBInstances", "DBInstances") {
        if text(&instance["DBSubnetGroup"]["VpcId"]).is_empty() {
            findings.add(text(&instance["DBInstanceIdentifier"]), "");
        }
    }
}
