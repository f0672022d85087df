//! Every command, option and mended fault on small accounts: a text or files in, what is printed out.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use isobar_model::Timestamp;
use serde_json::Value;

use crate::{Context, Output, Workplace, parse, run};

mod written;

/// The account of most cases: a public web server, a private one, a database port, an unused group.
const SHOP: &str = r#"
account shop
region us-east-1
vpc main 10.0.0.0/16
subnet front vpc=main zone=a tier=public
subnet back vpc=main zone=b tier=private
call ec2 DescribeAvailabilityZones {"AvailabilityZones": [{"ZoneName": "us-east-1a"}, {"ZoneName": "us-east-1b"}]}
sg web vpc=main in=443:0.0.0.0/0
sg app vpc=main in=8080:sg-web
sg idle vpc=main in=22:198.51.100.7/32
call ec2 DescribeInstances {"Reservations": [{"Instances": [{"InstanceId": "i-web", "State": {"Name": "running"}, "VpcId": "vpc-main", "SubnetId": "subnet-front", "InstanceType": "t3.micro", "ImageId": "ami-1", "PublicIpAddress": "54.1.2.3", "SecurityGroups": [{"GroupId": "sg-web"}], "NetworkInterfaces": [{"SubnetId": "subnet-front", "PrivateIpAddresses": [{"PrivateIpAddress": "10.0.0.5", "Association": {"PublicIp": "54.1.2.3"}}]}], "Tags": [{"Key": "Name", "Value": "web"}, {"Key": "env", "Value": "prod"}]}, {"InstanceId": "i-app", "State": {"Name": "running"}, "VpcId": "vpc-main", "SubnetId": "subnet-back", "InstanceType": "m5.large", "ImageId": "ami-2", "SecurityGroups": [{"GroupId": "sg-app"}], "NetworkInterfaces": [{"SubnetId": "subnet-back", "PrivateIpAddresses": [{"PrivateIpAddress": "10.0.1.5"}]}]}, {"InstanceId": "i-off", "State": {"Name": "stopped"}, "VpcId": "vpc-main", "SubnetId": "subnet-back"}]}]}
"#;

/// Roles and a user that are, almost are, or only look like administrators.
const PEOPLE: &str = r#"
account people
region us-east-1
call iam GetAccountAuthorizationDetails {"Policies": [{"Arn": "arn:aws:iam::111122223333:policy/fence", "PolicyName": "fence", "PolicyVersionList": [{"IsDefaultVersion": true, "Document": {"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}}]}], "GroupDetailList": [], "UserDetailList": [{"Arn": "arn:aws:iam::111122223333:user/ann", "UserName": "ann", "UserPolicyList": [{"PolicyName": "p", "PolicyDocument": {"Statement": [{"Effect": "Allow", "Action": "iam:CreateAccessKey", "Resource": ["*"]}]}}]}], "RoleDetailList": [{"Arn": "arn:aws:iam::111122223333:role/saml", "RoleName": "saml", "AssumeRolePolicyDocument": {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRoleWithSAML", "Principal": {"Federated": "arn:aws:iam::111122223333:saml-provider/own-idp"}}]}, "RolePolicyList": [{"PolicyName": "p", "PolicyDocument": {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}}]}, {"Arn": "arn:aws:iam::111122223333:role/twice", "RoleName": "twice", "AssumeRolePolicyDocument": {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "464622532012"}}, {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "arn:aws:iam::444455556666:root"}}]}, "RolePolicyList": [{"PolicyName": "p", "PolicyDocument": {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}}]}, {"Arn": "arn:aws:iam::111122223333:role/fenced", "RoleName": "fenced", "PermissionsBoundary": {"PermissionsBoundaryArn": "arn:aws:iam::111122223333:policy/fence"}, "AssumeRolePolicyDocument": {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}}]}, "RolePolicyList": [{"PolicyName": "p", "PolicyDocument": {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}}]}]}
"#;

/// A folder of its own with the account and a config file, gone when the test is.
struct Place(PathBuf);

impl Place {
    fn with(text: &str) -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let root = std::env::temp_dir().join(format!("isobar-cloudmapper-{}-{number}", std::process::id()));
        let _ = std::fs::remove_dir_all(&root);
        std::fs::create_dir_all(&root).unwrap();
        let name = text.lines().find_map(|l| l.strip_prefix("account ")).unwrap();
        let recording = isobar_testkit::account(text);
        isobar_recording::tree::export(&recording, &root).unwrap();
        let config = format!(
            r#"{{"accounts": [{{"id": "111122223333", "name": "{name}", "default": true}}], "cidrs": {{"198.51.0.0/16": {{"name": "office"}}}}}}"#
        );
        std::fs::write(root.join("config.json"), config).unwrap();
        Self(root)
    }

    fn run(&self, line: &str) -> Output {
        let now = Timestamp::parse("2026-11-22T04:00:00Z").unwrap();
        match parse(line.split_whitespace()) {
            Ok(command) => run(&command, Context::new(Workplace::open(&self.0), now)),
            Err(output) => output,
        }
    }

    fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.0.join(path)).unwrap_or_default()
    }

    /// The entries of web/data.json in short: nodes as `type local-id`, edges as `source > target`.
    fn map(&self) -> Vec<String> {
        let all: Value = serde_json::from_str(&self.read("web/data.json")).unwrap();
        let word = |entry: &Value, key: &str| entry["data"][key].as_str().unwrap_or_default().to_owned();
        let short = |id: String| id.rsplit('/').next().unwrap_or_default().to_owned();
        let line = |e: &Value| match word(e, "type").as_str() {
            "edge" => format!("{} > {}", short(word(e, "source")), short(word(e, "target"))),
            kind if e["data"]["local_id"].is_string() => format!("{kind} {}", word(e, "local_id")),
            kind => format!("{kind} {}", word(e, "id")),
        };
        all.as_array().unwrap().iter().map(line).collect()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Runs a command line on an account; the lines it prints and the exit code must be these.
#[track_caller]
fn check(account: &str, line: &str, code: i32, expected: &[&str]) {
    let output = Place::with(account).run(line);
    let lines: Vec<&str> = output.stdout.lines().collect();
    assert_eq!((lines, output.code), (expected.to_vec(), code), "{line}\n{}", output.stderr);
}

/// The same for the map that `prepare` writes, its containers left out.
#[track_caller]
fn check_map(account: &str, line: &str, expected: &[&str]) {
    let place = Place::with(account);
    let output = place.run(line);
    assert_eq!(output.code, 0, "{line}: {}", output.stderr);
    let containers = ["account", "region", "vpc", "az", "subnet"];
    let shown: Vec<String> =
        place.map().into_iter().filter(|l| !containers.contains(&l.split(' ').next().unwrap())).collect();
    assert_eq!(shown, expected, "{line}");
}

#[test]
fn prepare_and_its_options() {
    let all = ["ec2 i-web", "ec2 i-app", "cloud 0.0.0.0/0", "i-web > i-app", "0 > i-web"];
    for same in [
        "prepare",
        "prepare --account shop",
        "prepare --regions us-east-1",
        "prepare --vpc-ids vpc-main",
        "prepare --vpc-names main",
        "prepare --no-azs",
        "prepare --no-azs --azs",
        "prepare --full",
        "prepare --strict-compat",
        "prepare --no-node-data",
        "prepare --no-collapse-asgs",
        "prepare --no-read-replicas",
        "prepare --inter-rds-edges",
    ] {
        let place = Place::with(SHOP);
        assert_eq!(place.run(same).code, 0, "{same}");
        let mut shown: Vec<String> = place
            .map()
            .into_iter()
            .filter(|l| l.starts_with("ec2") || l.starts_with("cloud") || l.contains('>'))
            .collect();
        let mut expected: Vec<String> = all.map(str::to_owned).to_vec();
        shown.sort();
        expected.sort();
        assert_eq!(shown, expected, "{same}");
    }
    check_map(
        SHOP,
        "prepare --no-internal-edges",
        &["ec2 i-web", "ec2 i-app", "cloud 0.0.0.0/0", "0 > i-web"],
    );
    check_map(SHOP, "prepare --tags env=prod", &["ec2 i-web", "cloud 0.0.0.0/0", "0 > i-web"]);
    check_map(
        SHOP,
        "prepare --tags env=prod,Name=x --tags Name=web",
        &["ec2 i-web", "cloud 0.0.0.0/0", "0 > i-web"],
    );
    check_map(SHOP, "prepare --regions eu-west-1", &[]);
    check_map(SHOP, "prepare --vpc-ids vpc-mai", &[]);
    check_map(
        SHOP,
        "prepare --collapse-by-tag env",
        &[
            "grouped_ec2 grouped_ec2_prod",
            "ec2 i-app",
            "cloud 0.0.0.0/0",
            "0 > grouped_ec2_prod",
            "grouped_ec2_prod > i-app",
        ],
    );
    check(SHOP, "prepare --tags env", 255, &[]);
    check(SHOP, "prepare --account nobody", 1, &[]);
    check(
        SHOP,
        "prepare",
        0,
        &[
            "Building data for account shop (111122223333)",
            "- 2 nodes built in region us-east-1",
            "- 1 external CIDRs built",
            "- 2 connections built",
        ],
    );
}

#[test]
fn edges_name_groups_and_full_repeats_them() {
    let place = Place::with(SHOP);
    place.run("prepare");
    assert!(
        place.read("web/data.json").contains("\"node_data\": [\n                \"sg-app\"\n            ]")
    );
    place.run("prepare --full");
    assert!(
        place
            .read("web/data.json")
            .contains("\"node_data\": [\n                {\n                    \"Description\"")
    );
}

#[test]
fn public_shows_what_everyone_reaches() {
    for (line, expected) in [
        ("public --accounts shop", vec![("54.1.2.3", "443")]),
        ("public --account all", vec![("54.1.2.3", "443")]),
        ("public --accounts shop --strict-compat", vec![("54.1.2.3", "443")]),
    ] {
        let output = Place::with(SHOP).run(line);
        let found: Vec<Value> = serde_json::from_str(&output.stdout).unwrap();
        let short: Vec<(&str, &str)> =
            found.iter().map(|n| (n["hostname"].as_str().unwrap(), n["ports"].as_str().unwrap())).collect();
        assert_eq!(short, expected, "{line}");
    }
    // The mended fault: two halves are everyone, and so is ::/0.
    for (ranges, found) in [("0.0.0.0/1,128.0.0.0/1", 1), ("::/0", 1), ("0.0.0.0/1", 0)] {
        let (v4, v6): (Vec<&str>, Vec<&str>) = ranges.split(',').partition(|r| !r.contains(':'));
        let v4: Vec<Value> = v4.iter().map(|r| serde_json::json!({"CidrIp": r})).collect();
        let v6: Vec<Value> = v6.iter().map(|r| serde_json::json!({"CidrIpv6": r})).collect();
        let groups = serde_json::json!({"SecurityGroups": [{"GroupId": "sg-web", "GroupName": "web", "VpcId": "vpc-main",
            "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": v4, "Ipv6Ranges": v6}]}]});
        let text = SHOP.lines().filter(|l| !l.starts_with("sg ")).collect::<Vec<_>>().join("\n");
        let place = Place::with(&format!("{text}\ncall ec2 DescribeSecurityGroups {groups}\n"));
        let listed: Vec<Value> = serde_json::from_str(&place.run("public --accounts shop").stdout).unwrap();
        assert_eq!(listed.len(), found, "{ranges}");
        let old: Vec<Value> =
            serde_json::from_str(&place.run("public --accounts shop --strict-compat").stdout).unwrap();
        assert_eq!(old.len(), 0, "{ranges}, as CloudMapper");
    }
}

#[test]
fn admins() {
    check(
        PEOPLE,
        "find_admins --accounts people",
        0,
        &["people\trole\tsaml", "people\trole\ttwice", "people\tuser\tann"],
    );
    let old = ["people\trole\ttwice", "people\trole\ttwice", "people\trole\tfenced"];
    check(PEOPLE, "find_admins --accounts people --strict-compat", 0, &old);
    check(
        PEOPLE,
        "find_admins --accounts people --privs s3:PutObject",
        0,
        &["people\trole\tsaml", "people\trole\ttwice", "people\trole\tfenced"],
    );
    check(
        PEOPLE,
        "find_admins --account people --json --include_restricted",
        0,
        &[
            r#"{"account": "people", "name": "saml", "type": "role"}"#,
            r#"{"account": "people", "name": "twice", "type": "role"}"#,
            r#"{"account": "people", "name": "ann", "type": "user"}"#,
        ],
    );
    check(SHOP, "find_admins --accounts shop", 1, &[]);
}

#[test]
fn usage_and_exit_codes() {
    check(SHOP, "prepare --nonsense", 2, &[]);
    check(SHOP, "public", 2, &[]);
    check(SHOP, "public --accounts nobody", 1, &[]);
    check(SHOP, "public --accounts shop --config none.json", 1, &[]);
    check(SHOP, "webserver --config config.json", 2, &[]);
    for nothing in ["", "fly"] {
        let output = Place::with(SHOP).run(nothing);
        assert_eq!(output.code, 255, "{nothing}");
        assert!(output.stdout.contains("\n  prepare: "), "{nothing}");
    }
}

#[test]
fn unused_resources() {
    let names = |line: &str| {
        let output = Place::with(SHOP).run(line);
        let all: Value = serde_json::from_str(&output.stdout).unwrap();
        let groups = all[0]["regions"][0]["unused_resources"]["security_groups"].clone();
        groups
            .as_array()
            .into_iter()
            .flatten()
            .map(|g| g["id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(names("find_unused --accounts shop"), ["sg-idle"]);
    assert_eq!(names("find_unused --accounts shop --strict-compat"), ["sg-idle"]);
}

#[test]
fn counts_and_their_picture() {
    let place = Place::with(SHOP);
    let output = place.run("stats --accounts shop --no_output_image");
    let lines: Vec<&str> = output.stdout.lines().collect();
    assert_eq!(
        (lines.len(), lines[0], lines[2]),
        (20, "                    \tshop", "EC2 instances       \t2       ")
    );
    assert_eq!(place.run("stats --accounts shop --stats_all --no_output").stdout.lines().count(), 40);
    assert!(!place.0.join("resource_stats.png").exists());
    assert!(place.run("stats --accounts shop").stderr.contains("resource_stats.png"));
    assert!(std::fs::read(place.0.join("resource_stats.png")).unwrap().starts_with(b"\x89PNG"));
    place.run("stats --accounts shop --output_image a.svg");
    assert!(place.read("a.svg").contains("EC2 instances"));
}

#[test]
fn images_and_addresses() {
    let head = "Account Name\tRegion Name\tInstance Id\tInstance Name\tAMI ID\tIs Public\tAMI Description\tAMI Owner";
    let web = "shop\tus-east-1\ti-web\tweb\tami-1\tunknown_image\t\t";
    check(
        SHOP,
        "amis --accounts shop",
        0,
        &[head, web, "shop\tus-east-1\ti-app\t\tami-2\tunknown_image\t\t"],
    );
    check(SHOP, "amis --accounts shop --instance_filter Tags.env=prod", 0, &[head, web]);
    check(SHOP, "amis --accounts shop --instance_filter env", 255, &[]);
    let trusted =
        "198.51.100.7/32   \t                    \t                                                  \t";
    let unneeded = "WARNING: Unneeded CIDR 198.51.100.7/32 (test network) in shop us-east-1 sg-idle";
    check(SHOP, "sg_ips --accounts shop", 0, &[unneeded]);
    let real = SHOP.replace("198.51.100.7/32", "8.8.8.8/32");
    check(
        &real,
        "sg_ips --accounts shop",
        0,
        &[&trusted.replace("198.51.100.7/32   ", "8.8.8.8/32        ")],
    );
    check(&real, "sg_ips --accounts shop --city none.mmdb", 1, &[]);
}

#[test]
fn trust() {
    let place = Place::with(PEOPLE);
    let output = place.run("weboftrust --accounts people");
    assert_eq!(output.stdout, "Unknown account: 444455556666\n- 3 connections built\n");
    assert_eq!(
        place.map(),
        [
            "weboftrust_account 111122223333",
            "unknown_account 444455556666",
            "Datadog 464622532012",
            "saml_provider arn:aws:iam::111122223333:saml-provider/own-idp",
            "444455556666 > 111122223333",
            "464622532012 > 111122223333",
            "own-idp > 111122223333",
        ]
    );
    assert_eq!(place.run("weboftrust --accounts people --network_only").stdout, "- 0 connections built\n");
    assert_eq!(place.run("weboftrust --accounts people --admin_only").code, 0);
    assert_eq!(place.run("weboftrust --accounts people --admin_only --network_only").code, 255);
    check(SHOP, "weboftrust --accounts shop", 0, &["INFO: Skipping account shop", "- 0 connections built"]);
}

#[test]
fn reports_say_what_is_there_and_run_nothing() {
    let hostile = SHOP.replace(r#""Value": "web"}"#, r#""Value": "</script><img/src=x>"}"#);
    for account in [SHOP, &hostile] {
        let place = Place::with(account);
        let output = place.run("report --accounts shop --minimum_severity HIGH");
        assert_eq!(output.code, 0, "{}", output.stderr);
        assert!(output.stdout.ends_with("Report written to web/account-data/report.html\n"));
        let html = place.read("web/account-data/report.html");
        assert!(html.contains("54.1.2.3") && !html.contains("<img") && html.matches("<script").count() == 1);
    }
    let place = Place::with(PEOPLE);
    assert_eq!(place.run("report --accounts people --output json --output-file r.html").code, 0);
    let report: Value = serde_json::from_str(&place.read("r.json")).unwrap();
    assert_eq!(report["accounts"][0]["name"], "people");
    assert_eq!(place.run("iam_report --accounts people --graph --max-age 30").code, 0);
    assert!(place.read("web/account-data/iam_report.html").contains("Who is connected with what"));
    assert_eq!(place.run("iam_report --accounts people --output json").code, 0);
    let report: Value = serde_json::from_str(&place.read("web/account-data/iam_report.json")).unwrap();
    assert_eq!(report["roles"].as_array().unwrap().len(), 3);
    // Policies of one name stay apart, each with its owner.
    assert_eq!(report["policies"].as_array().unwrap().len(), 5);
    assert!(place.read("web/account-data/data.json").contains("arn:aws:iam::111122223333:role/saml#p"));
}

#[test]
fn configuration() {
    let place = Place::with(SHOP);
    for (line, code) in [
        ("configure add-account --name other --id 444455556666 --default true", 0),
        ("configure add-cidr --cidr 203.0.113.0/24 --name lab", 0),
        ("configure add-cidr --cidr nonsense --name lab", 1),
        ("configure remove-account --name shop --id 1", 0),
        ("configure remove-cidr --name office", 0),
    ] {
        assert_eq!(place.run(line).code, code, "{line}");
    }
    let config: Value = serde_json::from_str(&place.read("config.json")).unwrap();
    assert_eq!(config["accounts"].as_array().unwrap().len(), 2, "both must agree to remove");
    assert_eq!(config["cidrs"].as_object().unwrap().keys().collect::<Vec<_>>(), ["203.0.113.0/24"]);
    assert_eq!(place.run("configure add-account --name new --id 1 --config-file fresh.json").code, 0);
    assert!(place.read("fresh.json").contains("\"name\": \"new\""));
}

#[test]
fn many_lines_become_lines_between_groups() {
    let instance = |at: usize| {
        serde_json::json!({"InstanceId": format!("i-{at}"), "State": {"Name": "running"}, "VpcId": "vpc-main",
            "SubnetId": "subnet-front", "SecurityGroups": [{"GroupId": "sg-mesh"}],
            "NetworkInterfaces": [{"SubnetId": "subnet-front", "PrivateIpAddresses": [{"PrivateIpAddress": format!("10.0.0.{at}")}]}]})
    };
    let answer =
        serde_json::json!({"Reservations": [{"Instances": (1..=60).map(instance).collect::<Vec<_>>()}]});
    let kept = SHOP.lines().filter(|l| !l.starts_with("sg ") && !l.contains("DescribeInstances"));
    let text = kept.chain(["sg mesh vpc=main in=443:sg-mesh"]).collect::<Vec<_>>().join("\n");
    let place = Place::with(&format!("{text}\ncall ec2 DescribeInstances {answer}\n"));
    place.run("prepare");
    let lines: Vec<String> =
        place.map().into_iter().filter(|l| l.starts_with("group") || l.contains('>')).collect();
    assert_eq!(lines, ["group sg-mesh", "sg-mesh > sg-mesh"]);
    place.run("prepare --full");
    assert_eq!(place.map().iter().filter(|l| l.contains('>')).count(), 60 * 59);
    assert!(Path::new(&place.0).join("web/data.json").exists());
}
