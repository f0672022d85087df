//! `IAM_KNOWN_BAD_POLICY`: attached policies of AWS's that have a better successor.

use isobar_iam::authorization::is_aws_managed;
use serde_json::json;

use crate::{AccountView, Findings, Rule};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("known_bad_policy.md"), check);

/// The policy's name and what to use instead. Source: AWS's notices of deprecation.
const BAD: [(&str, &str); 5] = [
    ("AWSLambdaFullAccess", "AWSLambda_FullAccess"),
    ("AWSLambdaReadOnlyAccess", "AWSLambda_ReadOnlyAccess"),
    ("AmazonEC2RoleforSSM", "AmazonSSMManagedInstanceCore"),
    ("AmazonEC2SpotFleetRole", "AmazonEC2SpotFleetTaggingRole"),
    ("AmazonMachineLearningRoleforRedshiftDataSource", "AmazonMachineLearningRoleforRedshiftDataSourceV3"),
];

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    for holder in &account.authorization().holders {
        for arn in holder.attached.iter().filter(|arn| is_aws_managed(arn)) {
            let name = arn.rsplit('/').next().unwrap_or_default();
            if let Some((_, instead)) = BAD.iter().find(|(bad, _)| *bad == name) {
                let comment = format!("Use {instead} instead and add what is then missing");
                findings.add_with(
                    Some(holder.arn.clone()),
                    format!("{name}; use {instead}"),
                    json!({"comment": comment, "policy": arn}),
                );
            }
        }
    }
}
