//! `S3_PUBLIC_ACL`: grants to AllUsers or AuthenticatedUsers, one finding each.

use serde_json::json;

use crate::{AccountView, Findings, Rule};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("public_acl.md"), check);

const EVERYONE: [&str; 2] = ["AllUsers", "AuthenticatedUsers"];

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    for (call, acl) in account.responses("s3", "GetBucketAcl") {
        let bucket = call.parameters.get("Bucket").and_then(|b| b.as_str()).unwrap_or_default();
        for grant in acl["Grants"].as_array().into_iter().flatten() {
            let group =
                grant["Grantee"]["URI"].as_str().unwrap_or_default().rsplit('/').next().unwrap_or_default();
            if EVERYONE.contains(&group) {
                let permission = grant["Permission"].as_str().unwrap_or("do something");
                findings.add_with(
                    Some(bucket.to_owned()),
                    format!("{group} may {permission}"),
                    json!({"grant": grant}),
                );
            }
        }
    }
}
