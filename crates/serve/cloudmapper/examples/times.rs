//! How long the commands take on generated accounts: `cargo run --release -p isobar-cloudmapper
//! --example times -- INSTANCES ROLES`. The account comes from a small generator with a fixed seed, so
//! that numbers of two days can be compared. Each command runs in this process, after another; the
//! peak of memory is that of all so far.

use std::fs;
use std::path::Path;
use std::time::Instant;

use isobar_cloudmapper::{Context, Workplace, parse, run};
use serde_json::{Value, json};

fn main() {
    let number = |at: usize, or: usize| std::env::args().nth(at).and_then(|t| t.parse().ok()).unwrap_or(or);
    let (instances, roles) = (number(1, 1000), number(2, 500));
    let root = std::env::temp_dir().join(format!("isobar-times-{instances}-{roles}"));
    let _ = fs::remove_dir_all(&root);
    write_account(&root, instances, roles);
    println!("{instances} instances, {roles} roles in {}", root.display());
    for arguments in [
        "prepare",
        "public --accounts big",
        "find_admins --accounts big",
        "audit --accounts big",
        "find_unused --accounts big",
        "stats --accounts big --no_output_image",
        "report --accounts big",
        "iam_report --accounts big",
        "weboftrust --accounts big",
        "prepare --full",
    ] {
        if arguments == "prepare --full" && instances > 1000 {
            continue;
        }
        let began = Instant::now();
        let words: Vec<&str> = arguments.split(' ').collect();
        let output = match parse(&words) {
            Ok(command) => {
                run(&command, Context::new(Workplace::open(&root), isobar_model::Timestamp::now()))
            }
            Err(output) => output,
        };
        let size = fs::metadata(root.join("web/data.json")).map_or(0, |m| m.len());
        println!(
            "{arguments:<42} {:>6.2} s  code {}  stdout {:>8} bytes  data.json {:>6.1} MB  peak {:>5} MB",
            began.elapsed().as_secs_f64(),
            output.code,
            output.stdout.len(),
            size as f64 / 1e6,
            peak_megabytes()
        );
    }
    let _ = fs::remove_dir_all(&root);
}

/// The most memory this process held; 0 where the system does not say.
fn peak_megabytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    line.and_then(|l| l.trim().split(' ').next()?.parse::<u64>().ok()).unwrap_or(0) / 1024
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

fn write_account(root: &Path, instances: usize, roles: usize) {
    let mut dice = Dice(7);
    let region = root.join("account-data/big/us-east-1");
    let put = |name: &str, value: Value| {
        let file = region.join(name);
        fs::create_dir_all(file.parent().expect("a folder")).expect("writes");
        fs::write(file, serde_json::to_string_pretty(&value).expect("JSON")).expect("writes");
    };
    fs::create_dir_all(&region).expect("writes");
    let config = json!({"accounts": [{"id": "111122223333", "name": "big", "default": true}], "cidrs": {}});
    fs::write(root.join("config.json"), config.to_string()).expect("writes");
    let regions = json!({"Regions": [{"RegionName": "us-east-1"}]});
    fs::write(root.join("account-data/big/describe-regions.json"), regions.to_string()).expect("writes");
    let (groups, subnets) = ((instances / 20).max(5), 6);
    put(
        "ec2-describe-vpcs.json",
        json!({"Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/8", "Tags": []}]}),
    );
    let zone = |at: usize| ["us-east-1a", "us-east-1b", "us-east-1c"][at % 3];
    put(
        "ec2-describe-availability-zones.json",
        json!({"AvailabilityZones": (0..3).map(|at| json!({"ZoneName": zone(at)})).collect::<Vec<_>>()}),
    );
    put(
        "ec2-describe-subnets.json",
        json!({"Subnets": (0..subnets).map(|at| json!({"SubnetId": format!("subnet-{at}"), "VpcId": "vpc-1",
            "AvailabilityZone": zone(at), "CidrBlock": format!("10.{at}.0.0/16"), "Tags": []})).collect::<Vec<_>>()}),
    );
    let all_groups: Vec<Value> = (0..groups)
        .map(|at| {
            // Each group admits itself, two others, a private range, and every tenth the world.
            let pairs: Vec<Value> = [at, dice.below(groups), dice.below(groups)]
                .iter()
                .map(|g| json!({"GroupId": format!("sg-{g}"), "UserId": "111122223333"}))
                .collect();
            let mut rules = vec![
                json!({"IpProtocol": "tcp", "FromPort": 8080, "ToPort": 8080, "UserIdGroupPairs": pairs, "IpRanges": []}),
                json!({"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "UserIdGroupPairs": [],
                    "IpRanges": [{"CidrIp": format!("10.{}.0.0/16", dice.below(subnets)), "Description": "jump hosts"}]}),
            ];
            if at % 10 == 0 {
                rules.push(json!({"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "UserIdGroupPairs": [],
                    "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}));
            }
            json!({"GroupId": format!("sg-{at}"), "GroupName": format!("group-{at}"), "VpcId": "vpc-1",
                "Description": "generated", "OwnerId": "111122223333", "IpPermissions": rules, "IpPermissionsEgress": []})
        })
        .collect();
    put("ec2-describe-security-groups.json", json!({"SecurityGroups": all_groups}));
    let reservations: Vec<Value> = (0..instances)
        .map(|at| {
            let env = if at % 2 == 0 { "prod" } else { "test" };
            let subnet = dice.below(subnets);
            let address = format!("10.{subnet}.{}.{}", at / 250 % 250, at % 250 + 1);
            let public = (dice.below(10) == 0).then(|| format!("52.{}.{}.{}", at / 62500 + 1, at / 250 % 250, at % 250 + 1));
            let association = public.as_ref().map(|ip| json!({"PublicIp": ip}));
            let worn: Vec<Value> = (0..2)
                .map(|_| {
                    let group = dice.below(groups);
                    json!({"GroupId": format!("sg-{group}"), "GroupName": format!("group-{group}")})
                })
                .collect();
            let mut interface = json!({"NetworkInterfaceId": format!("eni-{at}"), "SubnetId": format!("subnet-{subnet}"),
                "VpcId": "vpc-1", "PrivateIpAddresses": [{"PrivateIpAddress": address, "Primary": true}], "Groups": worn});
            if let Some(association) = association {
                interface["PrivateIpAddresses"][0]["Association"] = association;
            }
            let mut instance = json!({"InstanceId": format!("i-{at:017x}"), "State": {"Name": "running", "Code": 16},
                "InstanceType": "m5.large", "ImageId": "ami-0abc", "VpcId": "vpc-1", "SubnetId": format!("subnet-{subnet}"),
                "LaunchTime": "2026-01-02T03:04:05+00:00", "PrivateIpAddress": address, "SecurityGroups": worn,
                "NetworkInterfaces": [interface], "MetadataOptions": {"HttpEndpoint": "enabled", "HttpTokens": "optional"},
                "Tags": [{"Key": "Name", "Value": format!("node-{at}")}, {"Key": "env", "Value": env}]});
            if let Some(ip) = public {
                instance["PublicIpAddress"] = json!(ip);
            }
            json!({"ReservationId": format!("r-{at}"), "Instances": [instance]})
        })
        .collect();
    put("ec2-describe-instances.json", json!({"Reservations": reservations}));
    let role_list: Vec<Value> = (0..roles)
        .map(|at| {
            let action = ["s3:Get*", "ec2:Describe*", "sqs:SendMessage", "iam:*", "dynamodb:*"][dice.below(5)];
            json!({"Arn": format!("arn:aws:iam::111122223333:role/role-{at}"), "RoleName": format!("role-{at}"), "Path": "/",
                "RoleId": format!("AROA{at}"), "CreateDate": "2020-01-01T00:00:00+00:00", "InstanceProfileList": [], "Tags": [],
                "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
                    "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}}]},
                "AttachedManagedPolicies": [{"PolicyName": "P", "PolicyArn": format!("arn:aws:iam::111122223333:policy/p-{}", at % 50)}],
                "RolePolicyList": [{"PolicyName": "inline", "PolicyDocument": {"Version": "2012-10-17", "Statement": [
                    {"Effect": "Allow", "Action": [action, "logs:PutLogEvents"], "Resource": "*"}]}}]})
        })
        .collect();
    let policies: Vec<Value> = (0..50)
        .map(|at| {
            json!({"Arn": format!("arn:aws:iam::111122223333:policy/p-{at}"), "PolicyName": format!("p-{at}"),
                "AttachmentCount": roles / 50, "DefaultVersionId": "v1", "PolicyVersionList": [{"VersionId": "v1",
                "IsDefaultVersion": true, "Document": {"Version": "2012-10-17", "Statement": [
                    {"Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": "arn:aws:s3:::b/*"}]}}]})
        })
        .collect();
    put(
        "iam-get-account-authorization-details.json",
        json!({"RoleDetailList": role_list, "UserDetailList": [], "GroupDetailList": [], "Policies": policies}),
    );
}
