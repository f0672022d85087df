//! `IAM_UNEXPECTED_S3_EXFIL_PRINCIPAL`: a service's role that lists all buckets and reads all objects.

use isobar_iam::HolderKind;
use serde_json::json;

use super::outsiders;
use crate::{AccountView, Findings, Privileges, Rule};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("unexpected_s3_exfil_principal.md"), check);

/// Services whose work is to read all buckets.
const READERS: [&str; 3] = ["config.", "trustedadvisor.", "macie."];

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    let (all, strict) = (account.authorization(), account.is_strict());
    let lists = Privileges::with(all, "s3:ListAllMyBuckets", strict);
    let reads = Privileges::with(all, "s3:GetObject", strict);
    for role in all.of(HolderKind::Role) {
        let mut services = outsiders(role, strict);
        // CloudMapper looked at the first service only.
        if strict {
            services.truncate(1);
        }
        services.retain(|service| !READERS.iter().any(|reader| service.starts_with(reader)));
        if !services.is_empty()
            && lists.holds(all, role)
            && reads.holds(all, role)
            && !account.privileges().holds(all, role)
        {
            findings.add_with(
                Some(role.arn.clone()),
                format!("{} may assume it", services.join(", ")),
                json!({"comment": "A service may assume a role that lists all buckets and reads all objects",
                       "Principal": services}),
            );
        }
    }
}
