//! The IAM policies a user attaches to the role that isobar assumes.
//!
//! In: the catalog's calls. Out: the policy documents: [`minimal`] with every single action that a
//! scan makes, [`custom`] with wildcards where these reach metadata only. Both are sorted, so that a
//! difference between two versions shows what was added. What else a role may hold is its owner's.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{Catalog, Purpose};

/// What a scan calls beside the catalog: who it is, and which regions the account has enabled.
pub const EXTRAS: [&str; 2] = ["ec2:DescribeRegions", "sts:GetCallerIdentity"];

/// API Gateway knows one action for all that is read; the paths keep it off API keys.
const API_PATHS: [&str; 4] = ["/apis", "/apis/*", "/restapis", "/restapis/*"];

/// Services whose `Get*` tells of configuration alone. Elsewhere it hands out what a diagram must
/// never need: code (`lambda:GetFunction`), values (`secretsmanager:GetSecretValue`), items and
/// records (`dynamodb:GetItem`, `kinesis:GetRecords`), objects (`s3:GetObject`).
const GET_IS_HARMLESS: [&str; 3] = ["cloudfront", "iam", "route53"];

/// Services whose actions stay single throughout: `s3:List*` tells the names of objects.
const SINGLE: [&str; 2] = ["s3", "sqs"];

/// Every single action that a scan needs, and no other.
pub fn minimal(catalog: &Catalog) -> Value {
    document(actions(catalog))
}

/// Every single action that collecting for a purpose needs, and no other. That for
/// [`Purpose::Everything`] is longer than IAM lets a managed policy be; it is for people to split.
pub fn minimal_for(catalog: &Catalog, purpose: Purpose) -> Value {
    document(actions_for(catalog, purpose))
}

/// The same in fewer words, open to later versions of isobar.
pub fn custom(catalog: &Catalog) -> Value {
    document(actions(catalog).iter().map(|action| loosened(action)).collect())
}

/// Every action of a scan for diagrams, sorted.
pub fn actions(catalog: &Catalog) -> BTreeSet<String> {
    actions_for(catalog, Purpose::Diagram)
}

/// Every action of a scan for a purpose, sorted.
pub fn actions_for(catalog: &Catalog, purpose: Purpose) -> BTreeSet<String> {
    let calls = catalog.services_for(purpose).flat_map(|service| service.calls_for(purpose));
    calls.flat_map(|call| call.iam.iter().cloned()).chain(EXTRAS.map(str::to_owned)).collect()
}

fn loosened(action: &str) -> String {
    let Some((service, verb)) = action.split_once(':') else { return action.to_owned() };
    if SINGLE.contains(&service) {
        return action.to_owned();
    }
    let harmless: &[&str] =
        if GET_IS_HARMLESS.contains(&service) { &["Describe", "List", "Get"] } else { &["Describe", "List"] };
    match harmless.iter().find(|prefix| verb.starts_with(**prefix)) {
        Some(prefix) => format!("{service}:{prefix}*"),
        None => action.to_owned(),
    }
}

fn document(actions: BTreeSet<String>) -> Value {
    let (apis, rest): (Vec<String>, Vec<String>) =
        actions.into_iter().partition(|action| action.starts_with("apigateway:"));
    let paths: Vec<String> = API_PATHS.iter().map(|path| format!("arn:aws:apigateway:*::{path}")).collect();
    json!({
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": apis, "Resource": paths},
            {"Effect": "Allow", "Action": rest, "Resource": "*"},
        ],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(policy: &Value, wanted: &[&str], unwanted: &[&str]) {
        let text = policy.to_string();
        for action in wanted {
            assert!(text.contains(&format!("\"{action}\"")), "{action} is missing");
        }
        for action in unwanted {
            assert!(!text.contains(&format!("\"{action}\"")), "{action} is too much");
        }
    }

    const NEVER: [&str; 11] = [
        "lambda:GetFunction",
        "lambda:Get*",
        "cassandra:Select",
        "s3:List*",
        "s3:Get*",
        "s3:GetObject",
        "s3:ListBucket",
        "secretsmanager:GetSecretValue",
        "secretsmanager:Get*",
        "kinesis:Get*",
        "dynamodb:Get*",
    ];

    #[test]
    fn minimal_names_single_actions() {
        let policy = minimal(Catalog::embedded());
        check(
            &policy,
            &[
                "ec2:DescribeInstances",
                "s3:ListAllMyBuckets",
                "s3:GetEncryptionConfiguration",
                "apigateway:GET",
                "elasticloadbalancing:DescribeTargetHealth",
                "es:DescribeDomains",
                "sts:GetCallerIdentity",
            ],
            &NEVER,
        );
        let actions = policy["Statement"][1]["Action"].as_array().unwrap();
        assert!(actions.iter().all(|action| !action.as_str().unwrap().contains('*')));
        assert!(actions.is_sorted_by_key(|action| action.as_str().unwrap().to_owned()));
        // IAM's limit for a managed policy.
        assert!(policy.to_string().len() < 6144, "{}", policy.to_string().len());
    }

    #[test]
    fn diagrams_do_not_pay_for_audits() {
        let catalog = Catalog::embedded();
        let audits = ["iam:GenerateCredentialReport", "s3:GetAccountPublicAccessBlock", "kms:GetKeyPolicy"];
        check(&minimal(catalog), &[], &audits);
        check(&minimal_for(catalog, Purpose::Everything), &audits, &NEVER);
        assert!(actions(catalog).is_subset(&actions_for(catalog, Purpose::Everything)));
    }

    #[test]
    fn custom_is_shorter_and_never_reaches_content() {
        let catalog = Catalog::embedded();
        let policy = custom(catalog);
        check(
            &policy,
            &["ec2:Describe*", "iam:Get*", "lambda:List*", "lambda:GetPolicy", "s3:GetBucketPolicy"],
            &NEVER,
        );
        assert!(policy.to_string().len() < minimal(catalog).to_string().len());
    }
}
