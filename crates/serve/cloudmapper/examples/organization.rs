//! An organization's account-data, as large as asked for: `cargo run -p isobar-cloudmapper --example
//! organization -- ACCOUNTS FOLDER`. To try reports of hundreds of accounts; the same every day.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

const TEAMS: [&str; 8] =
    ["orders", "billing", "search", "catalog", "shipping", "identity", "reports", "media"];
const STAGES: [&str; 3] = ["prod", "test", "dev"];
const SERVICES: [(&str, &str); 9] = [
    ("Amazon S3", "s3"),
    ("Amazon EC2", "ec2"),
    ("Amazon SQS", "sqs"),
    ("AWS Lambda", "lambda"),
    ("Amazon DynamoDB", "dynamodb"),
    ("AWS Key Management Service", "kms"),
    ("AWS Security Token Service", "sts"),
    ("Amazon RDS", "rds"),
    ("Amazon CloudWatch Logs", "logs"),
];

fn main() {
    let accounts: usize = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(500);
    let folder = std::env::args().nth(2).expect("a folder to write into");
    let root = Path::new(&folder);
    fs::create_dir_all(root).expect("writes");
    let mut entries = Vec::new();
    for at in 0..accounts {
        let name = format!("{}-{}-{at:03}", TEAMS[at % TEAMS.len()], STAGES[at % STAGES.len()]);
        let recording = isobar_testkit::account(&account(&name, at));
        isobar_recording::tree::export(&recording, root).expect("an empty folder");
        entries.push(json!({"id": format!("{:012}", 100_000_000_000_u64 + at as u64), "name": name}));
    }
    let config = json!({"accounts": entries, "cidrs": {}});
    fs::write(root.join("config.json"), config.to_string()).expect("writes");
    println!("{accounts} accounts in {folder}");
}

/// Numbers that look random and are the same every day (splitmix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % most.max(1) as u64) as usize
    }
}

/// An account in testkit's words: a network, instances, buckets, people and what they used.
fn account(name: &str, at: usize) -> String {
    let mut dice = Dice(at as u64);
    let mut text = format!("account {name}\nregion us-east-1\nvpc main 10.{}.0.0/16\n", at % 250);
    let mut call = |text: &mut String, call: &str, answer: Value| {
        writeln!(text, "call {call} {answer}").expect("a string");
    };
    text.push_str("subnet front vpc=main zone=a tier=public\nsubnet back vpc=main zone=b tier=private\n");
    text.push_str("sg web vpc=main in=443:0.0.0.0/0\nsg app vpc=main in=8080:sg-web\nsg old vpc=main in=22:9.9.0.0/16\n");
    for number in 0..3 + dice.below(8) {
        let (subnet, group) = if number % 3 == 0 { ("front", "web") } else { ("back", "app") };
        writeln!(
            text,
            "instance node-{number} subnet={subnet} sg={group} type=m7g.large env={}",
            STAGES[at % 3]
        )
        .expect("a string");
    }
    for number in 0..2 + dice.below(10) {
        writeln!(text, "bucket {name}-data-{number}").expect("a string");
    }
    let images: Vec<Value> = (0..dice.below(4))
        .map(|n| json!({"ImageId": format!("ami-{at}-{n}"), "Public": dice.below(3) == 0}))
        .collect();
    call(&mut text, "ec2 DescribeImages", json!({"Images": images}));
    call(
        &mut text,
        "iam GetAccountSummary",
        json!({"SummaryMap": {"AccountMFAEnabled": dice.below(2), "AccountAccessKeysPresent": dice.below(2)}}),
    );
    people(&mut text, &mut dice, &mut call);
    text
}

fn people(text: &mut String, dice: &mut Dice, call: &mut impl FnMut(&mut String, &str, Value)) {
    let own = |kind: &str, name: &str| format!("arn:aws:iam::111122223333:{kind}/{name}");
    let statement = |actions: Value| json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]});
    let user = |n: usize| {
        let name = format!("user-{n}");
        json!({"Arn": own("user", &name), "UserName": name, "Path": "/", "GroupList": ["developers"],
            "AttachedManagedPolicies": [{"PolicyName": "ReadOnlyAccess", "PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}], "UserPolicyList": []})
    };
    let mut role = |n: usize| {
        let name = format!("role-{n}");
        let actions = [
            json!(["s3:*", "sqs:SendMessage"]),
            json!("ec2:Describe*"),
            json!("*"),
            json!(["dynamodb:GetItem", "kms:Decrypt"]),
        ];
        let inline = statement(actions[dice.below(actions.len())].clone());
        json!({"Arn": own("role", &name), "RoleName": name, "Path": "/",
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}]},
            "AttachedManagedPolicies": [], "RolePolicyList": [{"PolicyName": "inline", "PolicyDocument": inline}], "InstanceProfileList": []})
    };
    let users: Vec<Value> = (0..20).map(user).collect();
    let roles: Vec<Value> = (0..40).map(&mut role).collect();
    let read_only = json!({"Arn": "arn:aws:iam::aws:policy/ReadOnlyAccess", "PolicyName": "ReadOnlyAccess", "AttachmentCount": 20,
        "PolicyVersionList": [{"IsDefaultVersion": true, "Document": statement(json!(["s3:Get*", "s3:List*", "ec2:Describe*", "logs:Get*"]))}]});
    for (arn, at) in users.iter().chain(&roles).map(|p| &p["Arn"]).zip(0..) {
        let arn = arn.as_str().unwrap_or_default();
        let used: Vec<Value> = SERVICES
            .iter()
            .map(|(name, namespace)| match dice.below(4) {
                0 => json!({"ServiceName": name, "ServiceNamespace": namespace, "LastAuthenticated": "2026-11-01T00:00:00+00:00"}),
                1 => json!({"ServiceName": name, "ServiceNamespace": namespace, "LastAuthenticated": "2025-01-01T00:00:00+00:00"}),
                _ => json!({"ServiceName": name, "ServiceNamespace": namespace}),
            })
            .collect();
        let used = if dice.below(3) == 0 { Vec::new() } else { used };
        call(
            text,
            &format!("iam GenerateServiceLastAccessedDetails Arn={arn}"),
            json!({"JobId": format!("job-{at}")}),
        );
        let job = json!({"JobStatus": "COMPLETED", "JobCompletionDate": "2026-11-16T09:00:00+00:00", "ServicesLastAccessed": used});
        call(text, &format!("iam GetServiceLastAccessedDetails JobId=job-{at}"), job);
    }
    let group = json!({"GroupName": "developers", "Arn": own("group", "developers"), "Path": "/", "AttachedManagedPolicies": [],
        "GroupPolicyList": [{"PolicyName": "work", "PolicyDocument": statement(json!("lambda:*"))}]});
    call(
        text,
        "iam GetAccountAuthorizationDetails",
        json!({"UserDetailList": users, "RoleDetailList": roles, "GroupDetailList": [group], "Policies": [read_only]}),
    );
}
