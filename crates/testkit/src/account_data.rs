//! Account data as CloudMapper collects it, of any size: for measuring what its commands cost.
//!
//! In: how many instances and roles. Out: files, as values; writing them is left to the caller. Security
//! groups refer to each other as in real accounts: each admits itself, two others and a private range,
//! every tenth the world.

use serde_json::{Value, json};

use crate::dice::Dice;

/// The files of an account named `big`, by path below CloudMapper's folder; `config.json` among them.
/// One region with one VPC, six subnets in three zones, a group for every twenty instances, fifty
/// managed policies. The same numbers always give the same files.
pub fn account_data(instances: usize, roles: usize) -> Vec<(String, Value)> {
    let mut dice = Dice(7);
    let config = json!({"accounts": [{"id": "111122223333", "name": "big", "default": true}], "cidrs": {}});
    let mut files = vec![
        ("config.json".to_owned(), config),
        (
            "account-data/big/describe-regions.json".to_owned(),
            json!({"Regions": [{"RegionName": "us-east-1"}]}),
        ),
    ];
    let mut put =
        |name: &str, value: Value| files.push((format!("account-data/big/us-east-1/{name}"), value));
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
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_numbers_give_the_same_account() {
        let files = account_data(40, 10);
        assert_eq!(files, account_data(40, 10));
        let count = |name: &str, list: &str| {
            let file = files.iter().find(|(path, _)| path.ends_with(name)).expect("a file");
            file.1[list].as_array().map_or(0, Vec::len)
        };
        assert_eq!(count("ec2-describe-instances.json", "Reservations"), 40);
        assert_eq!(count("iam-get-account-authorization-details.json", "RoleDetailList"), 10);
        assert_eq!(count("ec2-describe-security-groups.json", "SecurityGroups"), 5);
    }
}
