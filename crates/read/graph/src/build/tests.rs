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
