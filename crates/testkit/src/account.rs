//! An account in ten lines.
//!
//! In: a text, a line a thing. Out: a [`Recording`] with the answers AWS would have given. Only
//! what the catalog reads of common things is written; anything else goes in with `call`. What
//! graph, findings or drawings make of it is left to them.
//!
//! ```text
//! region eu-west-1
//! vpc shop 10.0.0.0/16 env=prod
//! subnet front vpc=shop zone=a tier=public
//! subnet app vpc=shop zone=a tier=private
//! sg web vpc=shop in=443:0.0.0.0/0 in=8080:sg-edge
//! instance web-1 subnet=app sg=web type=t3.small env=prod
//! lb front subnets=front targets=web-1 port=443
//! bucket photos
//! role worker trusts=lambda.amazonaws.com
//! function resize role=worker
//! call sqs GetQueueAttributes QueueUrl=https://q/1 {"Attributes": {}}
//! denied kms ListKeys
//! ```
//!
//! Ids come from names: `vpc-shop`, `subnet-app`, `sg-web`, `i-web-1`. What is no known property
//! (`env=prod`) is a tag. Properties may not hold spaces; `%20` stands for one.

use std::collections::BTreeMap;

use isobar_model::{AwsAccountId, Region, Timestamp};
use isobar_recording::{Builder, Call, Manifest, Outcome, Recording};
use serde_json::{Map, Value, json};

/// The account every text speaks of.
pub const ACCOUNT: &str = "111122223333";

/// Reads an account's text. Panics with the line that it cannot read: it serves tests.
#[track_caller]
pub fn account(text: &str) -> Recording {
    let mut writer = Writer::default();
    for line in text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')) {
        writer.line(&Line::read(line));
    }
    writer.finish()
}

/// A line: noun, name, properties.
struct Line<'a> {
    text: &'a str,
    noun: &'a str,
    name: String,
    pairs: Vec<(&'a str, String)>,
    rest: Vec<&'a str>,
}

impl<'a> Line<'a> {
    fn read(text: &'a str) -> Self {
        let mut words = text.split_whitespace();
        let (noun, name) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
        let (mut pairs, mut rest) = (Vec::new(), Vec::new());
        for word in words {
            match word.split_once('=') {
                Some((key, value)) => pairs.push((key, value.replace("%20", " "))),
                None => rest.push(word),
            }
        }
        Self { text, noun, name: name.replace("%20", " "), pairs, rest }
    }
    fn get(&self, key: &str) -> Option<&str> {
        self.pairs.iter().find(|(k, _)| *k == key).map(|(_, v)| v.as_str())
    }
    fn or<'b>(&'b self, key: &str, default: &'b str) -> &'b str {
        self.get(key).unwrap_or(default)
    }
    fn list(&self, key: &str) -> Vec<&str> {
        self.get(key).map(|v| v.split(',').collect()).unwrap_or_default()
    }
    /// Tags: every pair whose key is no property of the noun.
    fn tags(&self, properties: &[&str]) -> Value {
        let own = self.pairs.iter().filter(|(k, _)| !properties.contains(k));
        let name = (!self.name.is_empty()).then(|| json!({"Key": "Name", "Value": self.name}));
        name.into_iter().chain(own.map(|(k, v)| json!({"Key": k, "Value": v}))).collect()
    }
}

#[derive(Default)]
struct Writer {
    region: Option<Region>,
    name: Option<String>,
    answers: BTreeMap<String, (Call, Value)>,
    gaps: Vec<(Call, Outcome)>,
    subnet_vpc: BTreeMap<String, String>,
    count: u32,
}

impl Writer {
    fn region(&self) -> Region {
        self.region.clone().unwrap_or_else(|| Region::parse("eu-west-1").expect("a region"))
    }
    fn call(&self, service: &str, operation: &str) -> Call {
        let global = matches!(service, "iam" | "s3" | "cloudfront" | "route53");
        Call::new(service, operation, if global { Region::global() } else { self.region() })
    }
    /// Appends an item to a list of an answer, making the answer when it is the first.
    fn push(&mut self, call: Call, list: &str, item: Value) {
        let answer = &mut self.answers.entry(call.key()).or_insert_with(|| (call, json!({}))).1;
        let items = answer.as_object_mut().expect("an object").entry(list).or_insert_with(|| json!([]));
        items.as_array_mut().expect("a list").push(item);
    }
    fn set(&mut self, call: Call, answer: Value) {
        self.answers.insert(call.key(), (call, answer));
    }
    fn arn(&self, service: &str, resource: &str) -> String {
        format!("arn:aws:{service}:{}:{ACCOUNT}:{resource}", self.region())
    }

    fn line(&mut self, line: &Line<'_>) {
        match line.noun {
            "account" => self.name = Some(line.name.clone()),
            "region" => self.region = Some(Region::parse(&line.name).expect("a region")),
            "vpc" => self.vpc(line),
            "subnet" => self.subnet(line),
            "sg" => self.security_group(line),
            "instance" => self.instance(line),
            "lb" => self.balancer(line),
            "db" => self.database(line),
            "bucket" => self.bucket(line),
            "role" | "user" => self.principal(line),
            "function" => self.function(line),
            "queue" | "topic" | "table" => self.regional(line),
            "call" | "denied" | "failed" => self.plain(line),
            _ => panic!("testkit knows no `{}`: {}", line.noun, line.text),
        }
    }

    fn vpc(&mut self, line: &Line<'_>) {
        let id = format!("vpc-{}", line.name);
        let cidr = line.rest.first().copied().unwrap_or("10.0.0.0/16");
        let call = self.call("ec2", "DescribeVpcs");
        self.push(
            call,
            "Vpcs",
            json!({"VpcId": id, "CidrBlock": cidr, "State": "available",
            "IsDefault": false, "OwnerId": ACCOUNT, "Tags": line.tags(&[])}),
        );
        let call = self.call("ec2", "DescribeInternetGateways");
        self.push(
            call,
            "InternetGateways",
            json!({"InternetGatewayId": format!("igw-{}", line.name),
            "OwnerId": ACCOUNT, "Attachments": [{"State": "available", "VpcId": id}], "Tags": []}),
        );
    }

    fn subnet(&mut self, line: &Line<'_>) {
        let (id, vpc) = (format!("subnet-{}", line.name), format!("vpc-{}", line.or("vpc", "main")));
        self.count += 1;
        let zone = format!("{}{}", self.region(), line.or("zone", "a"));
        let call = self.call("ec2", "DescribeSubnets");
        let item = json!({"SubnetId": id, "SubnetArn": self.arn("ec2", &format!("subnet/{id}")), "VpcId": vpc,
            "AvailabilityZone": zone, "CidrBlock": format!("10.0.{}.0/24", self.count), "State": "available",
            "OwnerId": ACCOUNT, "Tags": line.tags(&["vpc", "zone", "tier"])});
        self.push(call, "Subnets", item);
        let way_out = match line.or("tier", "private") {
            "public" => vec![
                json!({"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": format!("igw-{}", line.or("vpc", "main")), "State": "active"}),
            ],
            "private" => vec![
                json!({"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": format!("nat-{}", line.or("vpc", "main")), "State": "active"}),
            ],
            "isolated" => vec![],
            tier => panic!("testkit knows no tier `{tier}`: {}", line.text),
        };
        let local = json!({"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active"});
        let routes: Vec<Value> = std::iter::once(local).chain(way_out).collect();
        let table = format!("rtb-{}", line.name);
        let call = self.call("ec2", "DescribeRouteTables");
        let item = json!({"RouteTableId": table, "VpcId": vpc, "OwnerId": ACCOUNT, "Routes": routes, "Tags": [],
            "Associations": [{"Main": false, "RouteTableId": table, "SubnetId": id, "RouteTableAssociationId": format!("rtbassoc-{}", line.name)}]});
        self.push(call, "RouteTables", item);
        self.subnet_vpc.insert(line.name.clone(), vpc);
    }

    fn security_group(&mut self, line: &Line<'_>) {
        let rules: Vec<Value> = line
            .pairs
            .iter()
            .filter(|(key, _)| *key == "in")
            .map(|(_, rule)| {
                let (port, source) =
                    rule.split_once(':').unwrap_or_else(|| panic!("in=PORT:SOURCE: {}", line.text));
                let port: u16 = port.parse().unwrap_or_else(|_| panic!("a port: {}", line.text));
                let (ranges, groups) = match source.strip_prefix("sg-") {
                    Some(_) => (json!([]), json!([{"GroupId": source, "UserId": ACCOUNT}])),
                    None => (json!([{"CidrIp": source}]), json!([])),
                };
                json!({"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": ranges, "UserIdGroupPairs": groups,
                    "Ipv6Ranges": [], "PrefixListIds": []})
            })
            .collect();
        let call = self.call("ec2", "DescribeSecurityGroups");
        let item = json!({"GroupId": format!("sg-{}", line.name), "GroupName": line.name, "Description": line.name,
            "VpcId": format!("vpc-{}", line.or("vpc", "main")), "OwnerId": ACCOUNT, "IpPermissions": rules, "IpPermissionsEgress": [],
            "Tags": line.tags(&["vpc", "in"])});
        self.push(call, "SecurityGroups", item);
    }

    fn instance(&mut self, line: &Line<'_>) {
        let subnet = line.or("subnet", "main").to_owned();
        let vpc = self.subnet_vpc.get(&subnet).cloned().unwrap_or_else(|| "vpc-main".into());
        let groups: Vec<Value> = line
            .list("sg")
            .into_iter()
            .map(|g| json!({"GroupId": format!("sg-{g}"), "GroupName": g}))
            .collect();
        let instance = json!({"InstanceId": format!("i-{}", line.name), "InstanceType": line.or("type", "t3.micro"),
            "State": {"Code": 16, "Name": line.or("state", "running")}, "SubnetId": format!("subnet-{subnet}"), "VpcId": vpc,
            "PublicIpAddress": line.get("ip"), "SecurityGroups": groups, "PlatformDetails": "Linux/UNIX",
            "Placement": {"AvailabilityZone": format!("{}{}", self.region(), line.or("zone", "a"))},
            "Tags": line.tags(&["subnet", "sg", "type", "state", "ip", "zone"])});
        let call = self.call("ec2", "DescribeInstances");
        let item =
            json!({"ReservationId": format!("r-{}", line.name), "OwnerId": ACCOUNT, "Instances": [instance]});
        self.push(call, "Reservations", item);
    }

    fn balancer(&mut self, line: &Line<'_>) {
        let arn = self.arn("elasticloadbalancing", &format!("loadbalancer/app/{}/1", line.name));
        let group = self.arn("elasticloadbalancing", &format!("targetgroup/{}/1", line.name));
        let subnets = line.list("subnets");
        let vpc = subnets.first().and_then(|s| self.subnet_vpc.get(*s)).cloned();
        let zones: Vec<Value> = subnets
            .iter()
            .map(|s| json!({"ZoneName": format!("{}a", self.region()), "SubnetId": format!("subnet-{s}")}))
            .collect();
        let call = self.call("elbv2", "DescribeLoadBalancers");
        let item = json!({"LoadBalancerArn": arn, "LoadBalancerName": line.name, "Type": line.or("type", "application"),
            "Scheme": line.or("scheme", "internet-facing"), "DNSName": format!("{}.elb.amazonaws.com", line.name), "VpcId": vpc,
            "State": {"Code": "active"}, "AvailabilityZones": zones,
            "SecurityGroups": line.list("sg").iter().map(|g| format!("sg-{g}")).collect::<Vec<_>>()});
        self.push(call, "LoadBalancers", item);
        let call = self.call("elbv2", "DescribeTargetGroups");
        self.push(call, "TargetGroups", json!({"TargetGroupArn": group, "TargetGroupName": line.name, "LoadBalancerArns": [arn], "VpcId": vpc, "TargetType": "instance"}));
        let call = self.call("elbv2", "DescribeListeners").with("LoadBalancerArn", arn.as_str());
        let port: u16 = line.or("port", "443").parse().expect("a port");
        self.push(call, "Listeners", json!({"ListenerArn": format!("{arn}/listener"), "LoadBalancerArn": arn, "Port": port, "Protocol": "HTTPS",
            "DefaultActions": [{"Type": "forward", "TargetGroupArn": group}]}));
        for target in line.list("targets") {
            let call = self.call("elbv2", "DescribeTargetHealth").with("TargetGroupArn", group.as_str());
            self.push(call, "TargetHealthDescriptions", json!({"Target": {"Id": format!("i-{target}"), "Port": 80}, "TargetHealth": {"State": "healthy"}}));
        }
    }

    fn database(&mut self, line: &Line<'_>) {
        let subnets: Vec<Value> =
            line.list("subnets").iter().map(|s| json!({"SubnetIdentifier": format!("subnet-{s}")})).collect();
        let vpc = line.list("subnets").first().and_then(|s| self.subnet_vpc.get(*s)).cloned();
        let item = json!({"DBInstanceIdentifier": line.name, "DBInstanceArn": self.arn("rds", &format!("db:{}", line.name)),
            "DBInstanceClass": line.or("type", "db.t3.small"), "Engine": line.or("engine", "postgres"), "EngineVersion": "16.4",
            "DBInstanceStatus": "available", "PubliclyAccessible": line.or("public", "no") == "yes",
            "StorageEncrypted": line.or("encrypted", "yes") == "yes", "MultiAZ": false,
            "AvailabilityZone": format!("{}a", self.region()),
            "DBSubnetGroup": {"DBSubnetGroupName": line.name, "VpcId": vpc, "Subnets": subnets},
            "VpcSecurityGroups": line.list("sg").iter().map(|g| json!({"VpcSecurityGroupId": format!("sg-{g}"), "Status": "active"})).collect::<Vec<_>>(),
            "TagList": line.tags(&["subnets", "type", "engine", "public", "encrypted", "sg"])});
        let call = self.call("rds", "DescribeDBInstances");
        self.push(call, "DBInstances", item);
    }

    fn bucket(&mut self, line: &Line<'_>) {
        let call = self.call("s3", "ListBuckets");
        self.push(call, "Buckets", json!({"Name": line.name, "CreationDate": "2024-01-01T00:00:00+00:00"}));
        let call = self.call("s3", "GetBucketLocation").with("Bucket", line.name.as_str());
        self.set(call, json!({"LocationConstraint": self.region().as_str()}));
        if !line.pairs.is_empty() {
            let call = self.call("s3", "GetBucketTagging").with("Bucket", line.name.as_str());
            let tags: Vec<Value> = line.pairs.iter().map(|(k, v)| json!({"Key": k, "Value": v})).collect();
            self.set(call, json!({"TagSet": tags}));
        }
    }

    fn principal(&mut self, line: &Line<'_>) {
        if line.noun == "user" {
            let call = self.call("iam", "ListUsers");
            self.push(call, "Users", json!({"UserName": line.name, "UserId": format!("AIDA{}", line.name), "Path": "/",
                "Arn": format!("arn:aws:iam::{ACCOUNT}:user/{}", line.name), "CreateDate": "2024-01-01T00:00:00+00:00"}));
            return;
        }
        let who = line.or("trusts", "ec2.amazonaws.com");
        let principal =
            if who.contains("amazonaws.com") { json!({"Service": who}) } else { json!({"AWS": who}) };
        let trust = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}]});
        let call = self.call("iam", "ListRoles");
        self.push(call, "Roles", json!({"RoleName": line.name, "RoleId": format!("AROA{}", line.name), "Path": "/",
            "Arn": format!("arn:aws:iam::{ACCOUNT}:role/{}", line.name), "CreateDate": "2024-01-01T00:00:00+00:00", "AssumeRolePolicyDocument": trust}));
    }

    fn function(&mut self, line: &Line<'_>) {
        let subnets: Vec<String> = line.list("subnets").iter().map(|s| format!("subnet-{s}")).collect();
        let vpc = line.list("subnets").first().and_then(|s| self.subnet_vpc.get(*s)).cloned();
        let item = json!({"FunctionName": line.name, "FunctionArn": self.arn("lambda", &format!("function:{}", line.name)),
            "Runtime": line.or("runtime", "python3.13"), "MemorySize": 128, "Architectures": ["x86_64"],
            "Role": line.get("role").map(|r| format!("arn:aws:iam::{ACCOUNT}:role/{r}")),
            "VpcConfig": {"SubnetIds": subnets, "VpcId": vpc, "SecurityGroupIds": []}});
        let call = self.call("lambda", "ListFunctions");
        self.push(call, "Functions", item);
    }

    fn regional(&mut self, line: &Line<'_>) {
        match line.noun {
            "queue" => {
                let url = format!("https://sqs.{}.amazonaws.com/{ACCOUNT}/{}", self.region(), line.name);
                let call = self.call("sqs", "ListQueues");
                self.push(call, "QueueUrls", json!(url));
                let call = self
                    .call("sqs", "GetQueueAttributes")
                    .with("AttributeNames", json!(["All"]))
                    .with("QueueUrl", url);
                let arn = self.arn("sqs", &line.name);
                self.set(call, json!({"Attributes": {"QueueArn": arn}}));
            }
            "topic" => {
                let call = self.call("sns", "ListTopics");
                let arn = self.arn("sns", &line.name);
                self.push(call, "Topics", json!({"TopicArn": arn}));
            }
            _ => {
                let call = self.call("dynamodb", "ListTables");
                self.push(call, "TableNames", json!(line.name));
                let call = self.call("dynamodb", "DescribeTable").with("TableName", line.name.as_str());
                let arn = self.arn("dynamodb", &format!("table/{}", line.name));
                self.set(
                    call,
                    json!({"Table": {"TableName": line.name, "TableArn": arn, "TableStatus": "ACTIVE"}}),
                );
            }
        }
    }

    /// `call SERVICE OPERATION [Parameter=value]... {json}`, `denied SERVICE OPERATION`, `failed ...`.
    fn plain(&mut self, line: &Line<'_>) {
        let (head, body) = match line.text.find('{') {
            Some(at) => line.text.split_at(at),
            None => (line.text, ""),
        };
        let mut words = head.split_whitespace().skip(1);
        let (service, operation) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
        let mut call = self.call(service, operation);
        for (key, value) in words.filter_map(|word| word.split_once('=')) {
            call = call.with(key, value);
        }
        match line.noun {
            "denied" => self.gaps.push((
                call,
                Outcome::Denied {
                    code: "AccessDenied".into(),
                    message: format!("not authorized to perform {service}:{operation}"),
                },
            )),
            "failed" => self
                .gaps
                .push((call, Outcome::Failed { code: "Timeout".into(), message: "no answer".into() })),
            _ => {
                let answer = serde_json::from_str(body).unwrap_or_else(|e| panic!("{e}: {}", line.text));
                self.set(call, answer);
            }
        }
    }

    fn finish(self) -> Recording {
        let at = Timestamp::parse("2026-11-16T09:30:00Z").expect("a time");
        let mut regions = vec![Region::global(), self.region()];
        regions.extend(self.answers.values().map(|(call, _)| call.region.clone()));
        regions.sort();
        regions.dedup();
        let mut builder = Builder::new(Manifest {
            format: 1,
            scan: Default::default(),
            aws_account: Some(AwsAccountId::parse(ACCOUNT).expect("twelve digits")),
            account_name: self.name,
            partition: isobar_model::Partition::Aws,
            regions,
            started: at,
            ended: None,
            entries: Vec::new(),
        });
        for (_, (call, answer)) in self.answers {
            builder.response(call, answer, at);
        }
        for (call, outcome) in self.gaps {
            builder.outcome(call, outcome, at);
        }
        builder.finish(Some(at))
    }
}

/// A call's parameters out of `name=value` words; for tests that ask a recording directly.
pub fn parameters(pairs: &[(&str, &str)]) -> Map<String, Value> {
    pairs.iter().map(|(k, v)| ((*k).to_owned(), Value::from(*v))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_become_answers() {
        let recording = account(
            "account ottersea
             region us-east-1
             vpc shop 10.0.0.0/16 env=prod
             subnet app vpc=shop zone=b tier=private
             instance web-1 subnet=app sg=web type=t3.small env=prod
             instance web-2 subnet=app
             call sqs ListQueues {\"QueueUrls\": []}
             denied kms ListKeys",
        );
        let region = Region::parse("us-east-1").unwrap();
        let all: Vec<_> = recording.responses("ec2", "DescribeInstances", &region).collect();
        assert_eq!(all.len(), 1);
        let first = &all[0].1["Reservations"][0]["Instances"][0];
        assert_eq!(first["VpcId"], "vpc-shop");
        assert_eq!(
            first["Tags"],
            json!([{"Key": "Name", "Value": "web-1"}, {"Key": "env", "Value": "prod"}])
        );
        assert_eq!(all[0].1["Reservations"].as_array().unwrap().len(), 2);
        assert_eq!(recording.gaps().count(), 1);
        assert!(recording.is_partial());
        assert_eq!(recording.manifest().account_name.as_deref(), Some("ottersea"));
    }

    #[test]
    #[should_panic(expected = "testkit knows no `vpcc`")]
    fn says_what_it_cannot_read() {
        account("vpcc shop");
    }
}
