//! File names and the calls they stand for.
//!
//! `elbv2-describe-target-groups/arn%3Aaws…` is `elbv2:DescribeTargetGroups` with
//! `LoadBalancerArn`. Facts from CloudMapper's list of calls and from botocore's spelling.

use std::collections::BTreeMap;

use isobar_model::Partition;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::{Call, Manifest, Outcome};

/// The regions of the account, the one answer above the regions' folders.
pub(super) const REGIONS: &str = "describe-regions.json";

/// Services asked once per account; CloudMapper keeps them under the partition's home region.
const GLOBAL: &[&str] = &[
    "account",
    "budgets",
    "ce",
    "cloudfront",
    "globalaccelerator",
    "iam",
    "networkmanager",
    "organizations",
    "route53",
    "route53domains",
    "s3",
    "s3control",
    "shield",
    "sts",
    "support",
    "waf",
];

/// boto3's service names that hold a dash themselves.
const DASHED: &[&str] = &[
    "application-autoscaling",
    "bedrock-agent",
    "cloudhsmv2",
    "cognito-identity",
    "cognito-idp",
    "datapipeline",
    "directory-service",
    "ecr-public",
    "emr-serverless",
    "kinesis-video",
    "lex-models",
    "migration-hub",
    "network-firewall",
    "opensearch-serverless",
    "payment-cryptography",
    "resource-explorer-2",
    "resource-groups",
    "route53-recovery-control-config",
    "service-quotas",
    "sso-admin",
    "timestream-write",
    "vpc-lattice",
    "waf-regional",
];

/// Words that AWS writes in capitals, per service.
const CAPITALS: &[(&str, &[&str])] = &[
    ("docdb", &["db"]),
    ("elb", &["ssl"]),
    ("elbv2", &["ssl"]),
    ("guardduty", &["ip"]),
    ("iam", &["saml", "mfa", "ssh", "id"]),
    ("neptune", &["db"]),
    ("organizations", &["aws"]),
    ("rds", &["db"]),
    ("route53", &["vpc", "dnssec"]),
    ("sns", &["sms"]),
    ("waf", &["acl", "ip"]),
    ("waf-regional", &["acl", "ip"]),
    ("wafv2", &["acl", "ip"]),
];

/// What names the item of a per-item folder, and what else the call takes.
pub(super) struct Shape {
    /// The parameter that the file's name fills.
    pub(super) parameter: &'static str,
    /// It takes a list.
    pub(super) list: bool,
}

/// Folders with one file per item: service, operation, parameter, whether it takes a list.
const ITEMS: &[(&str, &str, &str, bool)] = &[
    ("cloudformation", "DescribeStackResources", "StackName", false),
    ("cloudformation", "GetTemplate", "StackName", false),
    ("cloudsearch", "DescribeServiceAccessPolicies", "DomainName", false),
    ("cloudtrail", "GetEventSelectors", "TrailName", false),
    ("dynamodb", "DescribeTable", "TableName", false),
    ("ec2", "DescribeSnapshotAttribute", "SnapshotId", false),
    ("ecr", "GetRepositoryPolicy", "repositoryName", false),
    ("ecs", "ListTasks", "cluster", false),
    ("eks", "DescribeCluster", "name", false),
    ("elb", "DescribeLoadBalancerAttributes", "LoadBalancerName", false),
    ("elb", "DescribeTags", "LoadBalancerNames", true),
    ("elbv2", "DescribeLoadBalancerAttributes", "LoadBalancerArn", false),
    ("elbv2", "DescribeTags", "ResourceArns", true),
    ("elbv2", "DescribeTargetGroups", "LoadBalancerArn", false),
    ("elbv2", "DescribeTargetHealth", "TargetGroupArn", false),
    ("es", "DescribeElasticsearchDomain", "DomainName", false),
    ("firehose", "DescribeDeliveryStream", "DeliveryStreamName", false),
    ("glacier", "GetVaultAccessPolicy", "vaultName", false),
    ("guardduty", "GetDetector", "DetectorId", false),
    ("iam", "GenerateServiceLastAccessedDetails", "Arn", false),
    ("iam", "GetOpenIDConnectProvider", "OpenIDConnectProviderArn", false),
    ("iam", "GetRole", "RoleName", false),
    ("iam", "GetSAMLProvider", "SAMLProviderArn", false),
    ("iam", "GetServiceLastAccessedDetails", "JobId", false),
    ("iam", "GetUser", "UserName", false),
    ("kms", "GetKeyPolicy", "KeyId", false),
    ("kms", "GetKeyRotationStatus", "KeyId", false),
    ("kms", "ListGrants", "KeyId", false),
    ("kms", "ListKeyPolicies", "KeyId", false),
    ("lambda", "GetPolicy", "FunctionName", false),
    ("lambda", "ListLayerVersions", "LayerName", false),
    ("rds", "DescribeDBSnapshotAttributes", "DBSnapshotIdentifier", false),
    ("rds", "ListTagsForResource", "ResourceName", false),
    ("route53", "ListResourceRecordSets", "HostedZoneId", false),
    ("s3", "GetBucketAcl", "Bucket", false),
    ("s3", "GetBucketEncryption", "Bucket", false),
    ("s3", "GetBucketLocation", "Bucket", false),
    ("s3", "GetBucketLogging", "Bucket", false),
    ("s3", "GetBucketPolicy", "Bucket", false),
    ("s3control", "GetPublicAccessBlock", "AccountId", false),
    ("secretsmanager", "GetResourcePolicy", "SecretId", false),
    ("sns", "GetTopicAttributes", "TopicArn", false),
    ("sqs", "GetQueueAttributes", "QueueUrl", false),
];

/// Parameters that CloudMapper always passes, which its file names leave out.
pub(super) fn fixed(service: &str, operation: &str) -> Map<String, Value> {
    let value = match (service, operation) {
        ("ec2", "DescribeImages") => json!({"Owners": ["self"]}),
        ("ec2", "DescribeSnapshots") => json!({"OwnerIds": ["self"]}),
        ("ec2", "DescribeSnapshotAttribute") => json!({"Attribute": "createVolumePermission"}),
        // CloudMapper knows one event bus, and never asks for tags of tasks.
        ("ecs", "DescribeTasks") => json!({"include": ["TAGS"]}),
        ("events", "ListRules") => json!({"EventBusName": "default"}),
        ("glacier", _) => json!({"accountId": "-"}),
        ("kms", "GetKeyPolicy") => json!({"PolicyName": "default"}),
        ("sqs", "GetQueueAttributes") => json!({"AttributeNames": ["All"]}),
        _ => json!({}),
    };
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// The parameter that a per-item file's name fills.
pub(super) fn item_of(service: &str, operation: &str) -> Option<Shape> {
    ITEMS
        .iter()
        .find(|(s, o, ..)| (*s, *o) == (service, operation))
        .map(|&(_, _, parameter, list)| Shape { parameter, list })
}

pub(super) fn is_global(service: &str) -> bool {
    GLOBAL.contains(&service)
}

/// `ec2-describe-db-instances` in two: the service and the operation in AWS's spelling.
pub(super) fn split(name: &str) -> Option<(String, String)> {
    let service = DASHED
        .iter()
        .copied()
        .filter(|dashed| name.strip_prefix(dashed).is_some_and(|rest| rest.starts_with('-')))
        .max_by_key(|dashed| dashed.len())
        .or_else(|| name.split_once('-').map(|(service, _)| service))?;
    let request = name.get(service.len() + 1..)?;
    let sound = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if service.is_empty() || request.is_empty() || !name.chars().all(sound) {
        return None;
    }
    // The demo account that CloudMapper ships has this name misspelt.
    let service = if service == "accessanalzyer" { "accessanalyzer" } else { service };
    Some((service.to_owned(), operation_of(service, request)))
}

/// `describe-db-instances` as `DescribeDBInstances`.
fn operation_of(service: &str, request: &str) -> String {
    let capitals = CAPITALS.iter().find(|(s, _)| *s == service).map_or(&[][..], |(_, words)| words);
    request
        .split('-')
        .map(|word| {
            let singular = word.strip_suffix('s').unwrap_or(word);
            if capitals.contains(&word) {
                return word.to_ascii_uppercase();
            }
            if capitals.contains(&singular) {
                return singular.to_ascii_uppercase() + "s";
            }
            let mut letters = word.chars();
            letters
                .next()
                .map_or(String::new(), |first| first.to_ascii_uppercase().to_string() + letters.as_str())
        })
        .collect()
}

/// `DescribeDBInstances` as `describe-db-instances`.
pub(super) fn request_of(operation: &str) -> String {
    let letters: Vec<char> = operation.chars().collect();
    let mut request = String::new();
    for (at, &letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).map(|b| letters[b]);
        // The s of a plural belongs to the capitals before it: WebACLs.
        let plural =
            letters.get(at + 1) == Some(&'s') && letters.get(at + 2).is_none_or(|c| c.is_uppercase());
        let next_is_small = letters.get(at + 1).is_some_and(|c| c.is_lowercase()) && !plural;
        let begins = letter.is_uppercase()
            && before.is_some_and(|b| {
                b.is_lowercase() || b.is_ascii_digit() || (b.is_uppercase() && next_is_small)
            });
        if begins {
            request.push('-');
        }
        request.push(letter.to_ascii_lowercase());
    }
    request
}

/// Python's `quote_plus` keeps these besides letters and digits.
const QUOTED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'_').remove(b'.').remove(b'-').remove(b'~').remove(b' ');
/// The longest file name that common file systems take.
const LONGEST: usize = 255;

/// A value as a file name, as Python's `quote_plus` writes it; names that are too long are cut and
/// get a mark of the whole.
pub(super) fn quote(value: &str) -> String {
    let quoted = utf8_percent_encode(value, QUOTED).to_string().replace(' ', "+");
    match quoted.as_str() {
        "" => "%".to_owned(),
        "." => "%2E".to_owned(),
        ".." => "%2E%2E".to_owned(),
        _ if quoted.len() <= LONGEST => quoted,
        _ => format!("{}~{}", &quoted[..200], mark(value)),
    }
}

/// A file name as the value it stands for.
pub(super) fn unquote(name: &str) -> String {
    if name == "%" {
        return String::new();
    }
    percent_decode_str(&name.replace('+', " ")).decode_utf8_lossy().into_owned()
}

fn mark(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(12).map(|byte| format!("{byte:02x}")).collect()
}

/// Where each answer of a manifest stands, relative to the account's folder. The same manifest
/// always gives the same paths; no two calls share one. `zones` has the names of hosted zones by
/// id: CloudMapper names their files so.
pub(super) fn paths<'m>(
    manifest: &'m Manifest,
    zones: &BTreeMap<String, String>,
) -> BTreeMap<String, &'m Call> {
    let mut paths = BTreeMap::new();
    for entry in manifest.entries.iter().filter(|e| matches!(e.outcome, Outcome::Response { .. })) {
        let call = &entry.call;
        let mut path = path_of(call, manifest.partition, zones);
        if paths.contains_key(&path) {
            path = beside(&path, call);
        }
        paths.insert(path, call);
    }
    paths
}

/// The path of a call whose own is another's.
pub(super) fn beside(path: &str, call: &Call) -> String {
    format!("{}~{}", path.strip_suffix(".json").unwrap_or(path), mark(&call.key()))
}

/// Names of hosted zones by id. Of zones that share a name only the first is known by it, as in
/// CloudMapper's files; the others go by their ids.
pub(super) fn zones<'v>(lists: impl Iterator<Item = &'v Value>) -> BTreeMap<String, String> {
    let mut by_name: BTreeMap<String, String> = BTreeMap::new();
    for zone in lists.flat_map(|list| list["HostedZones"].as_array().map(Vec::as_slice).unwrap_or_default()) {
        if let (Some(id), Some(name)) = (zone["Id"].as_str(), zone["Name"].as_str()) {
            by_name.entry(name.to_owned()).or_insert_with(|| id.to_owned());
        }
    }
    by_name.into_iter().map(|(name, id)| (id, name)).collect()
}

/// `us-east-1/sqs-list-queues.json`, `us-east-1/sqs-get-queue-attributes/https%3A…`.
pub(super) fn path_of(call: &Call, partition: Partition, zones: &BTreeMap<String, String>) -> String {
    let home = partition.home_region();
    let region = if call.region.is_global() { home.clone() } else { call.region.clone() };
    if (call.service.as_str(), call.operation.as_str()) == ("ec2", "DescribeRegions") && region == home {
        return REGIONS.to_owned();
    }
    let name = format!("{region}/{}-{}", call.service, request_of(&call.operation));
    let fixed = fixed(&call.service, &call.operation);
    let own: Vec<(&String, &Value)> = {
        let mut own: Vec<_> = call.parameters.iter().filter(|(k, v)| fixed.get(*k) != Some(*v)).collect();
        own.sort_by_key(|(name, _)| *name);
        own
    };
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(items) if items.len() == 1 => items[0].as_str().map(str::to_owned),
        _ => None,
    };
    let quoted: Option<Vec<String>> = own
        .iter()
        .map(|(key, value)| {
            let value = text(value)?;
            let is_zone = call.service == "route53" && key.as_str() == "HostedZoneId";
            Some(quote(zones.get(&value).filter(|_| is_zone).unwrap_or(&value)))
        })
        .collect();
    let keys: Vec<&str> = own.iter().map(|(key, _)| key.as_str()).collect();
    match (quoted.as_deref(), &keys[..]) {
        (_, []) => format!("{name}.json"),
        (Some([item]), _) => format!("{name}/{item}"),
        (Some([cluster, task]), ["cluster", "tasks"]) => format!("{name}/{cluster}/{task}"),
        (Some([vpc, region]), ["VPCId", "VPCRegion"]) => format!("{name}/{region}/{vpc}"),
        _ => format!("{name}/~{}", mark(&call.key())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_both_ways() {
        for (name, service, operation) in [
            ("ec2-describe-vpcs", "ec2", "DescribeVpcs"),
            ("ec2-describe-vpc-endpoints", "ec2", "DescribeVpcEndpoints"),
            ("rds-describe-db-instances", "rds", "DescribeDBInstances"),
            ("iam-list-saml-providers", "iam", "ListSAMLProviders"),
            ("iam-get-open-id-connect-provider", "iam", "GetOpenIDConnectProvider"),
            ("iam-list-mfa-devices", "iam", "ListMFADevices"),
            ("route53-list-hosted-zones-by-vpc", "route53", "ListHostedZonesByVPC"),
            ("wafv2-list-web-acls", "wafv2", "ListWebACLs"),
            ("apigateway-get-rest-apis", "apigateway", "GetRestApis"),
            ("s3-list-buckets", "s3", "ListBuckets"),
            ("sso-admin-list-instances", "sso-admin", "ListInstances"),
            ("ecr-get-repository-policy", "ecr", "GetRepositoryPolicy"),
        ] {
            assert_eq!(split(name), Some((service.to_owned(), operation.to_owned())), "{name}");
            assert_eq!(format!("{service}-{}", request_of(operation)), name);
        }
        for bad in ["", "ec2", "ec2-", "-x", "Ec2-describe-x", "ec2_describe"] {
            assert_eq!(split(bad), None, "{bad}");
        }
        let (service, _) = split("accessanalzyer-list-analyzers").unwrap();
        assert_eq!(service, "accessanalyzer");
    }

    #[test]
    fn names_are_quoted_like_python_does() {
        for (value, name) in [
            ("https://queue.amazonaws.com/1/demo", "https%3A%2F%2Fqueue.amazonaws.com%2F1%2Fdemo"),
            ("a b+c@d~e_f-g.h", "a+b%2Bc%40d~e_f-g.h"),
            ("한", "%ED%95%9C"),
            ("..", "%2E%2E"),
            (".", "%2E"),
            ("", "%"),
        ] {
            assert_eq!(quote(value), name);
            assert_eq!(unquote(name), value);
        }
        let long = "x".repeat(300);
        assert_eq!(quote(&long).len(), 200 + 1 + 24);
        assert_ne!(quote(&long), quote(&"x".repeat(301)));
    }

    #[test]
    fn the_table_is_sorted_and_spelt_right() {
        assert!(ITEMS.is_sorted());
        for (service, operation, ..) in ITEMS {
            let name = format!("{service}-{}", request_of(operation));
            assert_eq!(split(&name), Some(((*service).to_owned(), (*operation).to_owned())), "{name}");
        }
    }
}
