//! Accounts of a few lines, and the graph expected of them.

use isobar_catalog::Catalog;
use isobar_model::{AwsAccountId, Partition, Region, Timestamp};
use isobar_recording::recording::Builder;
use isobar_recording::{Call, Outcome, Recording};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{Graph, build, dump};

fn when() -> Timestamp {
    Timestamp::parse("2026-11-22T01:00:00Z").unwrap()
}

/// A recording from `{"eu-west-1/ec2/DescribeVpcs?Name=value": answer}`; an answer that is a text
/// is an error code.
pub(crate) fn recording(account: &str, answers: &Value) -> Recording {
    let mut builder = Builder::resume(Recording::new(Uuid::nil(), Partition::Aws, when()));
    builder.manifest_mut().aws_account = AwsAccountId::parse(account).ok();
    for (key, answer) in answers.as_object().unwrap() {
        let (name, parameters) = key.split_once('?').unwrap_or((key, ""));
        let mut parts = name.split('/');
        let region = Region::parse(parts.next().unwrap()).unwrap();
        let mut call = Call::new(parts.next().unwrap(), parts.next().unwrap(), region);
        for pair in parameters.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap();
            call = call.with(name, value);
        }
        match answer {
            Value::String(code) if code == "AccessDenied" => {
                let outcome = Outcome::Denied { code: code.clone(), message: String::new() };
                builder.outcome(call, outcome, when());
            }
            Value::String(code) => {
                let outcome = Outcome::Failed { code: code.clone(), message: String::new() };
                builder.outcome(call, outcome, when());
            }
            answer => builder.response(call, answer.clone(), when()),
        }
    }
    builder.finish(Some(when()))
}

pub(crate) fn graph(answers: Value) -> Graph {
    build(Catalog::embedded(), &[&recording("123456789012", &answers)])
}

fn check(answers: Value, expected: &str) {
    let graph = graph(answers);
    let indent = expected
        .lines()
        .find(|line| !line.trim().is_empty())
        .map_or(0, |line| line.len() - line.trim_start().len());
    let expected: String = expected
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| format!("{}\n", line.get(indent..).unwrap_or_default()))
        .collect();
    let got = dump(&graph);
    assert_eq!(got, expected, "\n{got}");
}

#[test]
fn a_vpc_with_three_tiers() {
    check(
        json!({
            "eu-west-1/ec2/DescribeVpcs": {"Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16", "Tags": [{"Key": "Name", "Value": "shop"}]}]},
            "eu-west-1/ec2/DescribeSubnets": {"Subnets": [
                {"SubnetId": "subnet-a", "VpcId": "vpc-1", "AvailabilityZone": "eu-west-1a"},
                {"SubnetId": "subnet-b", "VpcId": "vpc-1", "AvailabilityZone": "eu-west-1a"},
                {"SubnetId": "subnet-c", "VpcId": "vpc-1", "AvailabilityZone": "eu-west-1b"},
                {"SubnetId": "subnet-d", "VpcId": "vpc-1", "AvailabilityZone": "eu-west-1b"},
            ]},
            "eu-west-1/ec2/DescribeRouteTables": {"RouteTables": [
                {"RouteTableId": "rtb-main", "VpcId": "vpc-1", "Associations": [{"Main": true}], "Routes": [
                    {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local"},
                    {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-gone", "State": "blackhole"},
                ]},
                {"RouteTableId": "rtb-public", "VpcId": "vpc-1", "Associations": [{"SubnetId": "subnet-a"}], "Routes": [
                    {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1", "State": "active"},
                ]},
                {"RouteTableId": "rtb-private", "VpcId": "vpc-1", "Associations": [{"SubnetId": "subnet-b"}], "Routes": [
                    {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1", "State": "active"},
                ]},
                {"RouteTableId": "rtb-six", "VpcId": "vpc-1", "Associations": [{"SubnetId": "subnet-c"}], "Routes": [
                    {"DestinationIpv6CidrBlock": "::/0", "GatewayId": "igw-1", "State": "active"},
                ]},
            ]},
            "eu-west-1/ec2/DescribeInternetGateways": {"InternetGateways": [
                {"InternetGatewayId": "igw-1", "Attachments": [{"VpcId": "vpc-1", "State": "available"}]},
                {"InternetGatewayId": "igw-2", "Attachments": []},
            ]},
            "eu-west-1/ec2/DescribeNatGateways": {"NatGateways": [
                {"NatGatewayId": "nat-1", "VpcId": "vpc-1", "SubnetId": "subnet-a", "State": "available", "ConnectivityType": "public"},
                {"NatGatewayId": "nat-0", "VpcId": "vpc-1", "SubnetId": "subnet-a", "State": "deleted"},
            ]},
            "eu-west-1/ec2/DescribeInstances": {"Reservations": [{"Instances": [
                {"InstanceId": "i-1", "VpcId": "vpc-1", "SubnetId": "subnet-a", "InstanceType": "t3.micro", "State": {"Name": "running"}, "PublicIpAddress": "1.2.3.4"},
                {"InstanceId": "i-2", "VpcId": "vpc-1", "SubnetId": "subnet-d", "State": {"Name": "running"}, "PublicIpAddress": "1.2.3.5"},
                {"InstanceId": "i-3", "State": {"Name": "terminated"}},
            ]}]},
        }),
        r#"
        isobar:account 123456789012
          isobar:region eu-west-1
            ec2:internet-gateway igw-2 [undrawn]
            ec2:vpc vpc-1 "shop"
              ec2:internet-gateway igw-1 [border]
              ec2:route-table rtb-main [undrawn]
              ec2:route-table rtb-private [undrawn]
              ec2:route-table rtb-public [undrawn]
              ec2:route-table rtb-six [undrawn]
              isobar:zone eu-west-1a
                ec2:subnet subnet-a [public]
                  ec2:instance i-1
                  ec2:nat-gateway nat-1
                ec2:subnet subnet-b [private]
              isobar:zone eu-west-1b
                ec2:subnet subnet-c [public]
                ec2:subnet subnet-d [isolated]
                  ec2:instance i-2
        isobar:internet internet "Internet"
        igw-1 attached-to vpc-1
        nat-1 routes-to igw-1
        rtb-private routes-to nat-1 "0.0.0.0/0"
        rtb-public routes-to igw-1 "0.0.0.0/0"
        rtb-six routes-to igw-1 "::/0"
        subnet-a uses-table rtb-public
        subnet-b uses-table rtb-private
        subnet-c uses-table rtb-six
        subnet-d uses-table rtb-main
        igw-1 enters i-1
        internet enters igw-1
        "#,
    );
}

#[test]
fn a_load_balancer_feeds_its_targets_on_its_ports() {
    let lb = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/web/1";
    let tg = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/2";
    let listener = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/web/1/3";
    check(
        json!({
            "eu-west-1/elbv2/DescribeLoadBalancers": {"LoadBalancers": [{"LoadBalancerArn": lb, "LoadBalancerName": "web", "Scheme": "internet-facing"}]},
            "eu-west-1/elbv2/DescribeTargetGroups": {"TargetGroups": [{"TargetGroupArn": tg, "TargetGroupName": "tg", "LoadBalancerArns": [lb]}]},
            (format!("eu-west-1/elbv2/DescribeListeners?LoadBalancerArn={lb}")): {"Listeners": [
                {"ListenerArn": listener, "LoadBalancerArn": lb, "Port": 443, "DefaultActions": [{"TargetGroupArn": tg}]},
                {"ListenerArn": format!("{listener}0"), "LoadBalancerArn": lb, "Port": 80, "DefaultActions": [{"TargetGroupArn": tg}]},
            ]},
            (format!("eu-west-1/elbv2/DescribeTargetHealth?TargetGroupArn={tg}")): {"TargetHealthDescriptions": [{"Target": {"Id": "i-1"}}, {"Target": {"Id": "i-gone"}}]},
            "eu-west-1/ec2/DescribeInstances": {"Reservations": [{"Instances": [{"InstanceId": "i-1", "State": {"Name": "running"}}]}]},
        }),
        r#"
        isobar:account 123456789012
          isobar:region eu-west-1
            ec2:instance i-1
            elbv2:listener 3 [undrawn]
            elbv2:listener 30 [undrawn]
            elbv2:load-balancer web
            elbv2:target-group tg [undrawn]
        isobar:internet internet "Internet"
        3 targets tg
        30 targets tg
        web targets tg ":80 :443"
        tg targets i-1
        web contains 3
        web contains 30
        internet enters web
        "#,
    );
}

#[test]
fn a_database_stands_in_the_subnet_of_its_zone_or_spans_all() {
    let subnets = json!([{"SubnetIdentifier": "subnet-a"}, {"SubnetIdentifier": "subnet-b"}]);
    let db = |id: &str, multi: bool| {
        json!({
            "DBInstanceIdentifier": id, "Engine": "postgres", "MultiAZ": multi, "AvailabilityZone": "eu-west-1b",
            "DBSubnetGroup": {"VpcId": "vpc-1", "Subnets": subnets},
        })
    };
    check(
        json!({
            "eu-west-1/ec2/DescribeVpcs": {"Vpcs": [{"VpcId": "vpc-1"}]},
            "eu-west-1/ec2/DescribeSubnets": {"Subnets": [
                {"SubnetId": "subnet-a", "VpcId": "vpc-1", "AvailabilityZone": "eu-west-1a", "MapPublicIpOnLaunch": true},
                {"SubnetId": "subnet-b", "VpcId": "vpc-1", "AvailabilityZone": "eu-west-1b"},
            ]},
            "eu-west-1/rds/DescribeDBInstances": {"DBInstances": [db("single", false), db("double", true)]},
            "eu-west-1/lambda/ListFunctions": {"Functions": [
                {"FunctionName": "lone", "FunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:lone", "VpcConfig": {"VpcId": "", "SubnetIds": []}},
                {"FunctionName": "wide", "FunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:wide", "VpcConfig": {"VpcId": "vpc-1", "SubnetIds": ["subnet-b", "subnet-a"]}},
            ]},
        }),
        r#"
        isobar:account 123456789012
          isobar:region eu-west-1
            ec2:vpc vpc-1
              isobar:zone eu-west-1a
                ec2:subnet subnet-a [public]
              isobar:zone eu-west-1b
                ec2:subnet subnet-b
                  rds:db-instance single
              lambda:function wide [spans subnet-a subnet-b]
              rds:db-instance double [spans subnet-a subnet-b]
            lambda:function lone
        "#,
    );
}

#[test]
fn events_flow_through_mappings_and_subscriptions() {
    let arn = |service: &str, rest: &str| format!("arn:aws:{service}:eu-west-1:123456789012:{rest}");
    let (jobs, dead, topic) = (arn("sqs", "jobs"), arn("sqs", "dead"), arn("sns", "orders"));
    let work = arn("lambda", "function:work");
    check(
        json!({
            "eu-west-1/sqs/GetQueueAttributes?QueueUrl=https://jobs": {"Attributes": {"QueueArn": jobs, "RedrivePolicy": json!({"deadLetterTargetArn": dead}).to_string()}},
            "eu-west-1/sqs/GetQueueAttributes?QueueUrl=https://dead": {"Attributes": {"QueueArn": dead, "RedrivePolicy": "{broken"}},
            "eu-west-1/sqs/ListQueueTags?QueueUrl=https://jobs": {"Tags": {"Name": "Work to do"}},
            "eu-west-1/sns/ListTopics": {"Topics": [{"TopicArn": topic}]},
            "eu-west-1/sns/ListSubscriptions": {"Subscriptions": [
                {"SubscriptionArn": format!("{topic}:1"), "TopicArn": topic, "Protocol": "sqs", "Endpoint": jobs},
                {"SubscriptionArn": "PendingConfirmation", "TopicArn": topic, "Protocol": "email", "Endpoint": "ada@example.com"},
            ]},
            "eu-west-1/lambda/ListFunctions": {"Functions": [{"FunctionName": "work", "FunctionArn": work, "Role": "arn:aws:iam::123456789012:role/work"}]},
            "eu-west-1/lambda/ListEventSourceMappings": {"EventSourceMappings": [{"UUID": "m1", "EventSourceArn": jobs, "FunctionArn": format!("{work}:live")}]},
            "global/iam/GetAccountAuthorizationDetails": {"RoleDetailList": [{"RoleName": "work", "Arn": "arn:aws:iam::123456789012:role/work",
                "AssumeRolePolicyDocument": {"Statement": {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}},
                "RolePolicyList": [{"PolicyName": "p", "PolicyDocument": {"Statement": [
                    {"Effect": "Allow", "Action": ["sqs:ReceiveMessage"], "Resource": jobs},
                    {"Effect": "Allow", "Action": "dynamodb:*", "Resource": [arn("dynamodb", "table/orders"), arn("dynamodb", "table/orders/index/*")]},
                    {"Effect": "Allow", "Action": "sns:Publish", "Resource": "*"},
                    {"Effect": "Deny", "Action": "sns:Publish", "Resource": topic},
                ]}}]}]},
            "eu-west-1/dynamodb/DescribeTable?TableName=orders": {"Table": {"TableName": "orders", "TableArn": arn("dynamodb", "table/orders")}},
        }),
        r#"
        isobar:account 123456789012
          isobar:region eu-west-1
            dynamodb:table orders
            lambda:event-source-mapping m1 [undrawn]
            lambda:function work
            sns:topic orders
            sns:subscription 1 "sqs subscription" [undrawn]
            sqs:queue dead
            sqs:queue jobs "Work to do"
          isobar:region global
            iam:role work [undrawn]
        m1 invokes work
        jobs invokes m1
        orders subscribes 1
        1 subscribes jobs
        work writes orders
        work runs-as work
        jobs dead-letters-to dead
        "#,
    );
}

#[test]
fn an_application_connects_to_the_database_whose_group_lets_it_in() {
    let rule = |from: u64, to: u64, group: &str| json!({"IpProtocol": "tcp", "FromPort": from, "ToPort": to, "UserIdGroupPairs": [{"GroupId": group}]});
    check(
        json!({
            "eu-west-1/ec2/DescribeSecurityGroups": {"SecurityGroups": [
                {"GroupId": "sg-app", "IpPermissions": []},
                {"GroupId": "sg-other", "IpPermissions": []},
                {"GroupId": "sg-data", "IpPermissions": [rule(5000, 6000, "sg-app"), rule(6379, 6379, "sg-other"), rule(0, 65535, "sg-data")]},
            ]},
            "eu-west-1/ec2/DescribeInstances": {"Reservations": [{"Instances": [
                {"InstanceId": "i-app", "State": {"Name": "running"}, "SecurityGroups": [{"GroupId": "sg-app"}]},
                {"InstanceId": "i-other", "State": {"Name": "running"}, "SecurityGroups": [{"GroupId": "sg-other"}]},
            ]}]},
            "eu-west-1/rds/DescribeDBInstances": {"DBInstances": [
                {"DBInstanceIdentifier": "ledger", "Engine": "postgres", "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-data"}]},
                {"DBInstanceIdentifier": "copy", "Engine": "postgres", "ReadReplicaSourceDBInstanceIdentifier": "ledger", "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-data"}]},
            ]},
        }),
        r#"
        isobar:account 123456789012
          isobar:region eu-west-1
            ec2:instance i-app
            ec2:instance i-other
            ec2:security-group sg-app [undrawn]
            ec2:security-group sg-data [undrawn]
            ec2:security-group sg-other [undrawn]
            rds:db-instance copy
            rds:db-instance ledger
        ledger replicates copy
        i-app guarded-by sg-app
        i-other guarded-by sg-other
        copy guarded-by sg-data
        ledger guarded-by sg-data
        sg-data allows-from sg-app ":5000"
        sg-data allows-from sg-other ":6379"
        i-app connects-to ledger ":5432"
        "#,
    );
}

#[test]
fn names_lead_to_what_they_point_at() {
    check(
        json!({
            "global/route53/ListHostedZones": {"HostedZones": [{"Id": "/hostedzone/Z1", "Name": "example.com.", "ResourceRecordSetCount": 3}]},
            "global/route53/ListResourceRecordSets?HostedZoneId=/hostedzone/Z1": {"ResourceRecordSets": [
                {"Name": "www.example.com.", "Type": "A", "AliasTarget": {"DNSName": "D1.cloudfront.net."}},
                {"Name": "host.example.com.", "Type": "A", "ResourceRecords": [{"Value": "203.0.113.10"}]},
                {"Name": "mail.example.com.", "Type": "MX", "ResourceRecords": [{"Value": "10 203.0.113.10"}]},
                {"Name": "inside.example.com.", "Type": "A", "ResourceRecords": [{"Value": "10.0.0.10"}]},
            ]},
            "global/cloudfront/ListDistributions": {"DistributionList": {"Items": [
                {"Id": "E1", "ARN": "arn:aws:cloudfront::123456789012:distribution/E1", "DomainName": "d1.cloudfront.net", "Origins": {"Items": [{"DomainName": "photos.s3.amazonaws.com"}, {"DomainName": "elsewhere.example"}]}},
            ]}},
            "global/s3/ListBuckets": {"Buckets": [{"Name": "photos"}, {"Name": "old"}, {"Name": "secret"}]},
            "global/s3/GetBucketLocation?Bucket=photos": {"LocationConstraint": null},
            "global/s3/GetBucketLocation?Bucket=old": {"LocationConstraint": "EU"},
            "global/s3/GetBucketLocation?Bucket=secret": "AccessDenied",
            "eu-west-1/ec2/DescribeInstances": {"Reservations": [{"Instances": [{"InstanceId": "i-1", "State": {"Name": "running"}, "PublicIpAddress": "203.0.113.10", "PrivateIpAddress": "10.0.0.10"}]}]},
        }),
        r#"
        isobar:account 123456789012
          isobar:region eu-west-1
            ec2:instance i-1
            s3:bucket old
          isobar:region global
            cloudfront:distribution E1 "d1.cloudfront.net"
            route53:hosted-zone Z1 "example.com"
            s3:bucket secret
          isobar:region us-east-1
            s3:bucket photos
        isobar:internet internet "Internet"
        E1 origin-of photos
        Z1 alias-of E1 "www.example.com"
        Z1 alias-of i-1 "host.example.com"
        internet enters E1
        gap: s3:GetBucketLocation was denied.
        "#,
    );
}

#[test]
fn what_is_missing_or_strange_becomes_a_note() {
    check(
        json!({
            "eu-west-1/ec2/DescribeVpcs": {"Vpcs": [{"CidrBlock": "10.0.0.0/16"}, null, "vpc", {"VpcId": ["x"]}, {"VpcId": "vpc-1", "Tags": "none"}]},
            "eu-west-1/ec2/DescribeSubnets": {"Subnets": [{"SubnetId": "subnet-x", "VpcId": "vpc-unknown", "AvailabilityZone": "eu-west-1a"}]},
            "eu-west-1/ec2/DescribeRouteTables": {"RouteTables": {"not": "a list"}},
            "eu-west-1/ec2/DescribeInstances": {"Reservations": [{"Instances": [{"InstanceId": "i-1", "SubnetId": "subnet-x", "VpcId": "vpc-unknown"}]}, {}, []]},
            "eu-west-1/ec2/DescribeVolumes": "AccessDenied",
            "eu-west-1/sqs/ListQueues": "Timeout",
            "eu-west-1/lambda/GetPolicy?FunctionName=a": "AccessDenied",
            "eu-west-1/lambda/GetPolicy?FunctionName=b": "AccessDenied",
            "eu-west-1/rds/DescribeDBInstances": [],
            "eu-west-1/iam/GetAccountAuthorizationDetails": {"RoleDetailList": [{"RoleName": "r", "Arn": "arn:aws:iam::123456789012:role/r", "AssumeRolePolicyDocument": "%7Bnot"}]},
        }),
        r#"
        isobar:account 123456789012
          isobar:region eu-west-1
            ec2:subnet subnet-x
              ec2:instance i-1
            ec2:vpc vpc-1
          isobar:region global
            iam:role r [undrawn]
        note: ec2:DescribeVpcs in eu-west-1: 3 of its items could not be identified and were left out.
        gap: ec2:DescribeVolumes was denied in eu-west-1.
        gap: lambda:GetPolicy was denied for 2 resources in eu-west-1.
        gap: sqs:ListQueues failed (Timeout) in eu-west-1.
        "#,
    );
}

#[test]
fn several_accounts_share_one_graph() {
    let vpc = |id: &str| json!({"Vpcs": [{"VpcId": id, "CidrBlock": "10.0.0.0/16"}]});
    let one = recording(
        "111111111111",
        &json!({
            "eu-west-1/ec2/DescribeVpcs": vpc("vpc-1"),
            "eu-west-1/ec2/DescribeVpcPeeringConnections": {"VpcPeeringConnections": [{
                "VpcPeeringConnectionId": "pcx-1", "Status": {"Code": "active"},
                "RequesterVpcInfo": {"VpcId": "vpc-1", "OwnerId": "111111111111", "Region": "eu-west-1"},
                "AccepterVpcInfo": {"VpcId": "vpc-2", "OwnerId": "222222222222", "Region": "us-east-1"},
            }]},
        }),
    );
    let two = recording("222222222222", &json!({"us-east-1/ec2/DescribeVpcs": vpc("vpc-2")}));
    let catalog = Catalog::embedded();
    let text = dump(&build(catalog, &[&one, &two]));
    assert_eq!(text, dump(&build(catalog, &[&two, &one])), "the order of recordings means nothing");
    assert_eq!(
        text,
        "isobar:account 111111111111\n  isobar:region eu-west-1\n    ec2:vpc vpc-1\n      \
         ec2:vpc-peering-connection pcx-1 [border]\nisobar:account 222222222222\n  isobar:region us-east-1\n    \
         ec2:vpc vpc-2\npcx-1 peers vpc-2\n"
    );
}

#[test]
fn blueprint_fields_are_cloudcrafts() {
    fn fields(answers: Value, kind: &str) -> Value {
        let graph = graph(answers);
        let (_, resource) = graph.of_kind(kind).next().expect("a resource");
        Value::Object(
            resource.blueprint.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
        )
    }
    let instance = |platform: &str| {
        let answer = json!({"Reservations": [{"Instances": [{"InstanceId": "i-1", "InstanceType": "t3a.xlarge", "PlatformDetails": platform}]}]});
        fields(json!({"eu-west-1/ec2/DescribeInstances": answer}), "ec2:instance")
    };
    for (platform, expected) in [
        ("Linux/UNIX", "linux"),
        ("Windows", "mswin"),
        ("Windows with SQL Server Standard", "mswinSQL"),
        ("Windows with SQL Server Enterprise", "mswinSQLEnterprise"),
        ("Windows BYOL", "mswin"),
        ("Red Hat Enterprise Linux", "rhel"),
        ("SUSE Linux", "sles"),
        ("Linux with SQL Server Web", "linuxSQLWeb"),
        ("", "linux"),
    ] {
        let expected = json!({"platform": expected, "instanceType": "t3a", "instanceSize": "xlarge"});
        assert_eq!(instance(platform), expected, "{platform}");
    }
    let answer = json!({"DBInstances": [{"DBInstanceIdentifier": "d", "Engine": "sqlserver-se", "DBInstanceClass": "db.m5.2xlarge", "MultiAZ": true}]});
    assert_eq!(
        fields(json!({"eu-west-1/rds/DescribeDBInstances": answer}), "rds:db-instance"),
        json!({"role": "primary", "engine": "sqlserver-se", "instanceType": "m5", "instanceSize": "2xlarge", "multiAZ": true})
    );
    let answer = json!({"tasks": [{"taskArn": "arn:aws:ecs:eu-west-1:1:task/c/t", "launchType": "FARGATE", "cpu": "256", "memory": "512"}]});
    assert_eq!(
        fields(json!({"eu-west-1/ecs/DescribeTasks?cluster=c": answer}), "ecs:task"),
        json!({"launchType": "fargate", "cpu": 256, "memoryGB": 0.5})
    );
}

#[test]
fn ten_thousand_resources_build_quickly() {
    let instances: Vec<Value> = (0..10_000)
        .map(|n| {
            json!({
                "InstanceId": format!("i-{n:05}"), "InstanceType": "m5.large", "VpcId": "vpc-1", "SubnetId": "subnet-1",
                "State": {"Name": "running"}, "SecurityGroups": [{"GroupId": "sg-1", "GroupName": "web"}],
                "PrivateIpAddress": format!("10.0.{}.{}", n / 250, n % 250), "Tags": [{"Key": "Name", "Value": format!("web-{n}")}],
                "BlockDeviceMappings": [{"DeviceName": "/dev/sda1", "Ebs": {"VolumeId": "vol-1", "Status": "attached"}}],
            })
        })
        .collect();
    let recording = recording(
        "123456789012",
        &json!({
            "eu-west-1/ec2/DescribeVpcs": {"Vpcs": [{"VpcId": "vpc-1"}]},
            "eu-west-1/ec2/DescribeSubnets": {"Subnets": [{"SubnetId": "subnet-1", "VpcId": "vpc-1", "AvailabilityZone": "eu-west-1a"}]},
            "eu-west-1/ec2/DescribeSecurityGroups": {"SecurityGroups": [{"GroupId": "sg-1", "VpcId": "vpc-1"}]},
            "eu-west-1/ec2/DescribeInstances": {"Reservations": [{"Instances": instances}]},
        }),
    );
    let started = std::time::Instant::now();
    let graph = build(Catalog::embedded(), &[&recording]);
    let took = started.elapsed();
    assert_eq!(graph.of_kind("ec2:instance").count(), 10_000);
    // An unoptimised build on a busy machine; what this catches is a step that became quadratic.
    assert!(took.as_secs() < 20, "{took:?}");
}
