//! How long an audit takes: `cargo run --release -p isobar-audit --example bench [roles] [instances]`.
//!
//! Generates an account with that many roles and instances, and groups, buckets, queues, snapshots
//! and users to match, audits it three times and prints the best time beside what was found.

use std::collections::BTreeMap;
use std::time::Instant;

use isobar_audit::{Options, examine, rules};
use isobar_model::{Partition, Region, Timestamp};
use isobar_recording::recording::Builder;
use isobar_recording::{Call, Recording};
use serde_json::{Value, json};

fn main() {
    let mut arguments = std::env::args().skip(1).map(|a| a.parse::<usize>().expect("a number"));
    let roles = arguments.next().unwrap_or(2_000);
    let instances = arguments.next().unwrap_or(5_000);
    let recording = account(roles, instances);
    let mut best = f64::MAX;
    let mut found = Default::default();
    for _ in 0..3 {
        let start = Instant::now();
        found = examine(&recording, rules::ALL, Options::default());
        best = best.min(start.elapsed().as_secs_f64());
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in &found.findings {
        *counts.entry(&finding.rule).or_default() += 1;
    }
    println!("{roles} roles, {instances} instances: {:.0} ms", best * 1000.0);
    println!("the same read from CloudMapper's files first: {:.0} ms", from_files(&recording) * 1000.0);
    println!("{} findings of {} kinds, {} gaps", found.findings.len(), counts.len(), found.gaps.len());
    for (rule, count) in counts {
        println!("{count:>7} {rule}");
    }
    let mut each: Vec<(f64, &str)> = Vec::new();
    for rule in rules::ALL {
        let start = Instant::now();
        let _ = examine(&recording, &[rule], Options::default());
        each.push((start.elapsed().as_secs_f64() * 1000.0, rule.id()));
    }
    each.sort_by(|a, b| b.0.total_cmp(&a.0));
    println!("the slowest by themselves:");
    for (millis, rule) in each.iter().take(6) {
        println!("{millis:>7.1} ms {rule}");
    }
}

/// Seconds for reading the account's tree of files and auditing it: what the command does.
fn from_files(recording: &Recording) -> f64 {
    let folder = std::env::temp_dir().join(format!("isobar-audit-bench-{}", std::process::id()));
    let account = isobar_recording::tree::export(recording, &folder).expect("a temporary folder takes files");
    let start = Instant::now();
    let read = isobar_recording::tree::import_folder(&account, None).expect("what was written reads back");
    examine(&read, rules::ALL, Options::default());
    let seconds = start.elapsed().as_secs_f64();
    let _ = std::fs::remove_dir_all(&folder);
    seconds
}

/// Numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides.max(1)
    }
}

fn account(roles: usize, instances: usize) -> Recording {
    let now = Timestamp::parse("2026-06-01T00:00:00Z").expect("a time");
    let mut builder = Builder::resume(Recording::new(uuid::Uuid::nil(), Partition::Aws, now));
    let region = Region::parse("us-east-1").expect("a region");
    let manifest = builder.manifest_mut();
    manifest.regions = vec![Region::global(), region.clone()];
    manifest.aws_account = isobar_model::AwsAccountId::parse("123456789012").ok();
    let mut dice = Dice(7);
    let mut put =
        |service: &str, operation: &str, global: bool, item: Option<(&str, String)>, answer: Value| {
            let place = if global { Region::global() } else { region.clone() };
            let call = Call::new(service, operation, place);
            let call = match item {
                Some((name, value)) => call.with(name, value),
                None => call,
            };
            builder.response(call, answer, now);
        };
    put("iam", "GetAccountAuthorizationDetails", true, None, iam(roles, &mut dice));
    put("iam", "GetCredentialReport", true, None, credentials(roles / 4));
    put("ec2", "DescribeInstances", false, None, json!({"Reservations": machines(instances, &mut dice)}));
    put(
        "ec2",
        "DescribeSecurityGroups",
        false,
        None,
        json!({"SecurityGroups": groups(instances / 5, &mut dice)}),
    );
    let snapshots: Vec<Value> = (0..instances)
        .map(|n| json!({"SnapshotId": format!("snap-{n}"), "OwnerId": "123456789012"}))
        .collect();
    put("ec2", "DescribeSnapshots", false, None, json!({"Snapshots": snapshots}));
    for n in 0..instances {
        let permissions = if n % 100 == 0 { json!([{"Group": "all"}]) } else { json!([]) };
        let item = Some(("SnapshotId", format!("snap-{n}")));
        let answer = json!({"SnapshotId": format!("snap-{n}"), "CreateVolumePermissions": permissions});
        put("ec2", "DescribeSnapshotAttribute", false, item, answer);
    }
    for n in 0..instances / 5 {
        let principal = if n % 50 == 0 { json!("*") } else { json!({"AWS": "123456789012"}) };
        let policy = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": principal,
            "Action": "s3:GetObject", "Resource": format!("arn:aws:s3:::bucket-{n}/*")}]});
        put(
            "s3",
            "GetBucketPolicy",
            true,
            Some(("Bucket", format!("bucket-{n}"))),
            json!({"Policy": policy.to_string()}),
        );
        let item = Some(("QueueUrl", format!("https://sqs.us-east-1.amazonaws.com/123456789012/queue-{n}")));
        put("sqs", "GetQueueAttributes", false, item, json!({"Attributes": {"Policy": policy.to_string()}}));
    }
    builder.finish(Some(now))
}

fn iam(roles: usize, dice: &mut Dice) -> Value {
    let services = ["ec2", "s3", "sqs", "sns", "dynamodb", "logs", "kms", "lambda", "iam"];
    let verbs = ["Get", "List", "Describe", "Put", "Create", "Delete", "Update", "Tag"];
    let statement = |count: usize, dice: &mut Dice| {
        let actions: Vec<String> = (0..count)
            .map(|_| format!("{}:{}Thing{}", services[dice.roll(9)], verbs[dice.roll(8)], dice.roll(90)))
            .collect();
        json!({"Effect": "Allow", "Action": actions, "Resource": "*"})
    };
    let managed: Vec<Value> = (0..roles / 2)
        .map(|n| {
            let document =
                json!({"Version": "2012-10-17", "Statement": [statement(25, dice), statement(10, dice)]});
            json!({"Arn": format!("arn:aws:iam::123456789012:policy/p{n}"), "PolicyName": format!("p{n}"),
                   "PolicyVersionList": [{"IsDefaultVersion": true, "Document": document}]})
        })
        .collect();
    let details: Vec<Value> = (0..roles)
        .map(|n| {
            let mut inline = json!({"Version": "2012-10-17", "Statement": [statement(12, dice)]});
            if n % 40 == 0 {
                inline["Statement"][0] = json!({"Effect": "Allow", "Action": "*", "Resource": "*"});
            } else if n % 40 == 1 {
                inline["Statement"][0] = json!({"Effect": "Allow", "Action": "s3:*", "Resource": "*"});
            }
            let attached: Vec<Value> = (0..3)
                .map(|_| json!({"PolicyArn": format!("arn:aws:iam::123456789012:policy/p{}", dice.roll(roles / 2))}))
                .collect();
            json!({"RoleName": format!("r{n}"), "Arn": format!("arn:aws:iam::123456789012:role/r{n}"),
                   "AttachedManagedPolicies": attached,
                   "RolePolicyList": [{"PolicyName": "inline", "PolicyDocument": inline}],
                   "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [
                       {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}}]}})
        })
        .collect();
    let users: Vec<Value> = (0..roles / 4)
        .map(|n| {
            json!({"UserName": format!("u{n}"), "Arn": format!("arn:aws:iam::123456789012:user/u{n}"),
                   "GroupList": [format!("g{}", n % 50)], "UserPolicyList": [], "AttachedManagedPolicies": []})
        })
        .collect();
    let groups: Vec<Value> = (0..50)
        .map(|n| {
            json!({"GroupName": format!("g{n}"), "Arn": format!("arn:aws:iam::123456789012:group/g{n}"),
                   "AttachedManagedPolicies": [{"PolicyArn": format!("arn:aws:iam::123456789012:policy/p{n}")}]})
        })
        .collect();
    json!({"RoleDetailList": details, "UserDetailList": users, "GroupDetailList": groups, "Policies": managed})
}

fn credentials(users: usize) -> Value {
    let mut content = String::from(
        "user,arn,user_creation_time,password_enabled,password_last_used,mfa_active,access_key_1_active,\
         access_key_1_last_rotated,access_key_1_last_used_date,access_key_2_active,access_key_2_last_rotated,\
         access_key_2_last_used_date",
    );
    for n in 0..users {
        let mfa = n % 3 == 0;
        content.push_str(&format!(
            "\nu{n},arn:aws:iam::123456789012:user/u{n},2025-01-01T00:00:00+00:00,true,2026-01-01T00:00:00+00:00,{mfa},\
             true,2025-01-01T00:00:00+00:00,N/A,false,N/A,N/A"
        ));
    }
    json!({"Content": content, "GeneratedTime": "2026-06-01T00:00:00+00:00", "ReportFormat": "text/csv"})
}

fn machines(count: usize, dice: &mut Dice) -> Vec<Value> {
    let tokens = ["optional", "required"];
    (0..count)
        .map(|n| {
            json!({"Instances": [{"InstanceId": format!("i-{n:08x}"), "VpcId": format!("vpc-{}", n % 20),
                "State": {"Name": "running"}, "LaunchTime": format!("202{}-03-01T00:00:00+00:00", 4 + dice.roll(3)),
                "SourceDestCheck": dice.roll(20) != 0, "Tags": [{"Key": "Name", "Value": format!("web-{n}")}],
                "MetadataOptions": {"HttpEndpoint": "enabled", "HttpTokens": tokens[dice.roll(2)]}}]})
        })
        .collect()
}

fn groups(count: usize, dice: &mut Dice) -> Vec<Value> {
    (0..count)
        .map(|n| {
            let rules: Vec<Value> = (0..6)
                .map(|port| {
                    let ranges: Vec<Value> = (0..8)
                        .map(|_| json!({"CidrIp": format!("{}.{}.0.0/{}", 1 + dice.roll(200), dice.roll(256), 16 + dice.roll(17))}))
                        .collect();
                    json!({"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": ranges})
                })
                .collect();
            json!({"GroupId": format!("sg-{n:08x}"), "GroupName": format!("g{n}"), "VpcId": format!("vpc-{}", n % 20), "IpPermissions": rules})
        })
        .collect()
}
