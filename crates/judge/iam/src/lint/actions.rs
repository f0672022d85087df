//! The few actions that the lint knows by name.
//!
//! In: an action as a policy writes it. Out: what kind of thing it works on, or that it is gone. These
//! are facts that do not grow old: what is retired stays so, and AWS does not move an action from
//! objects to buckets. All other actions are known by their service alone.

/// S3's actions that work on objects; the most usual ones, sorted, as in each table here.
pub(super) const OF_OBJECTS: [&str; 9] = [
    "s3:AbortMultipartUpload",
    "s3:DeleteObject",
    "s3:DeleteObjectVersion",
    "s3:GetObject",
    "s3:GetObjectAcl",
    "s3:GetObjectVersion",
    "s3:PutObject",
    "s3:PutObjectAcl",
    "s3:RestoreObject",
];
/// S3's actions that work on buckets.
pub(super) const OF_BUCKETS: [&str; 7] = [
    "s3:DeleteBucket",
    "s3:GetBucketLocation",
    "s3:GetBucketPolicy",
    "s3:ListBucket",
    "s3:ListBucketMultipartUploads",
    "s3:ListBucketVersions",
    "s3:PutBucketPolicy",
];

/// Actions of the account as a whole, which know no resource: naming one leaves them without effect.
/// Source: Service Authorization Reference; the most usual ones.
pub(super) const OF_THE_ACCOUNT: [&str; 22] = [
    "cloudwatch:PutMetricData",
    "ec2:DescribeImages",
    "ec2:DescribeInstances",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSnapshots",
    "ec2:DescribeSubnets",
    "ec2:DescribeVolumes",
    "ec2:DescribeVpcs",
    "ecr:GetAuthorizationToken",
    "iam:GenerateCredentialReport",
    "iam:GetAccountAuthorizationDetails",
    "iam:GetAccountPasswordPolicy",
    "iam:GetAccountSummary",
    "iam:GetCredentialReport",
    "iam:ListAccountAliases",
    "iam:ListVirtualMFADevices",
    "kms:CreateKey",
    "kms:ListKeys",
    "s3:ListAllMyBuckets",
    "secretsmanager:ListSecrets",
    "sts:GetCallerIdentity",
    "xray:PutTraceSegments",
];

/// Other services' actions that cannot be had without a resource: what AWS's own policies for servers,
/// containers and functions grant, and what people write most.
/// Source: Service Authorization Reference, resource types marked as required.
pub(super) const OF_ONE_THING: [&str; 33] = [
    "ds:CreateComputer",
    "dynamodb:BatchGetItem",
    "dynamodb:BatchWriteItem",
    "dynamodb:DeleteItem",
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "dynamodb:Query",
    "dynamodb:Scan",
    "dynamodb:UpdateItem",
    "ec2:StartInstances",
    "ec2:StopInstances",
    "ec2:TerminateInstances",
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:GetDownloadUrlForLayer",
    "iam:PassRole",
    "kinesis:GetRecords",
    "kinesis:PutRecord",
    "kinesis:PutRecords",
    "kms:Decrypt",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "lambda:InvokeFunction",
    "logs:CreateLogGroup",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "secretsmanager:GetSecretValue",
    "sns:Publish",
    "sqs:SendMessage",
    "ssm:GetParameter",
    "ssm:GetParameters",
    "states:StartExecution",
    "sts:AssumeRole",
];

/// Actions that AWS took back, each with what became of it; a name that ends with `:` is all of a service.
/// Sources: AWS Billing, "Using fine-grained AWS Billing actions"; IAM's preview of SMS MFA ended in 2019.
const RETIRED: [(&str, &str); 5] = [
    ("aws-portal:", "fine-grained billing actions took its place in 2023"),
    ("iam:FinalizeSmsMfaRegistration", "SMS as a second factor never left its preview"),
    ("iam:RequestSmsMfaRegistration", "SMS as a second factor never left its preview"),
    ("purchase-orders:ModifyPurchaseOrders", "finer actions took its place in 2023"),
    ("purchase-orders:ViewPurchaseOrders", "finer actions took its place in 2023"),
];

/// What became of an action that AWS took back.
pub(super) fn retired(action: &str) -> Option<&'static str> {
    let is = |known: &str| match known.strip_suffix(':') {
        Some(service) => action.split_once(':').is_some_and(|(s, _)| s.eq_ignore_ascii_case(service)),
        None => action.eq_ignore_ascii_case(known),
    };
    RETIRED.iter().find(|(known, _)| is(known)).map(|(_, became)| *became)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted_and_apart() {
        let tables = [&OF_OBJECTS[..], &OF_BUCKETS[..], &OF_THE_ACCOUNT[..], &OF_ONE_THING[..]];
        assert!(tables.iter().all(|table| table.is_sorted()));
        let mut all: Vec<&str> = tables.concat();
        all.sort_unstable();
        let many = all.len();
        all.dedup();
        assert_eq!(all.len(), many, "an action works on one kind of thing");
        assert!(RETIRED.is_sorted() && all.iter().all(|action| retired(action).is_none()));
    }
}
