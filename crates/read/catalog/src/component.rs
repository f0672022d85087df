//! The words for component types: Cloudcraft's, and ours where it has none.
//!
//! A blueprint's `type`, `exclude` and `type=` in filters speak these words. Cloudcraft's are its
//! published ones, so that its clients go on working; ours are lower case without hyphens like
//! them, and once published stay.

/// Cloudcraft's types that an AWS scan yields.
pub const CLOUDCRAFT: &[&str] = &[
    "apigateway",
    "asg",
    "cloudfront",
    "customergateway",
    "docdb",
    "dxconnection",
    "dynamodb",
    "ebs",
    "ec2",
    "ecr",
    "ecscluster",
    "ecsservice",
    "ecstask",
    "efs",
    "ekscluster",
    "ekspod",
    "eksworkload",
    "elasticache",
    "elb",
    "es",
    "eventbus",
    "fsx",
    "glaciervault",
    "internetgateway",
    "keyspaces",
    "kinesisstream",
    "lambda",
    "natgateway",
    "neptune",
    "networkacl",
    "r53",
    "rds",
    "redshift",
    "region",
    "s3",
    "ses",
    "sg",
    "sns",
    "snssubscriptions",
    "snstopic",
    "sqs",
    "subnet",
    "timestream",
    "transitgateway",
    "vpc",
    "vpcendpoint",
    "vpngateway",
    "waf",
    "zone",
];

/// Ours, each with what it means.
pub const OWN: &[(&str, &str)] = &[
    ("account", "an AWS account, the plate around its regions"),
    ("certificate", "a certificate of Certificate Manager"),
    ("dbsubnetgroup", "the subnets an RDS database may stand in"),
    ("egressonlyinternetgateway", "an egress-only internet gateway"),
    ("eip", "an elastic IP address"),
    ("eksnodegroup", "a managed node group of an EKS cluster"),
    ("elasticachegroup", "an ElastiCache replication group"),
    ("eni", "a network interface"),
    ("eventrule", "an EventBridge rule"),
    ("eventsourcemapping", "what feeds a queue, stream or table to a function"),
    ("iamgroup", "an IAM group"),
    ("iampolicy", "a managed policy"),
    ("iamrole", "an IAM role"),
    ("iamuser", "an IAM user"),
    ("instanceprofile", "what hands a role to an instance"),
    ("internet", "the internet"),
    ("kms", "a KMS key"),
    ("kmsalias", "a name of a KMS key"),
    ("listener", "a port of a load balancer"),
    ("listenerrule", "a rule of such a port"),
    ("mounttarget", "an EFS file system's address in a subnet"),
    ("rdscluster", "an Aurora or Multi-AZ database cluster"),
    ("routetable", "a route table"),
    ("secret", "a secret's name in Secrets Manager"),
    ("stepfunction", "a state machine of Step Functions"),
    ("targetgroup", "a target group of a load balancer"),
    ("transitgatewayattachment", "a VPC's attachment to a transit gateway"),
    ("vpcpeering", "a peering connection"),
    ("vpnconnection", "a site-to-site VPN connection"),
];

/// Whether some resource or container bears that type.
pub fn is_known(word: &str) -> bool {
    CLOUDCRAFT.binary_search(&word).is_ok() || OWN.binary_search_by(|(own, _)| own.cmp(&word)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Catalog;

    #[test]
    fn the_tables_are_sorted_and_apart() {
        assert!(CLOUDCRAFT.is_sorted() && OWN.is_sorted());
        assert!(OWN.iter().all(|(word, _)| !CLOUDCRAFT.contains(word)));
    }

    #[test]
    fn every_word_of_the_catalog_is_in_a_table_and_ours_are_all_used() {
        let used = Catalog::embedded().components();
        for word in &used {
            assert!(is_known(word), "{word}");
        }
        let made = ["account", "internet"];
        for (word, _) in OWN {
            assert!(used.contains(word) || made.contains(word), "{word} is never used");
        }
    }
}
