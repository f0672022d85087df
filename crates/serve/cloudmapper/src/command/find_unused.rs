//! `find_unused`: what is paid for or kept open and used by nothing.

use std::collections::BTreeSet;

use clap::Args;
use isobar_model::Region;
use isobar_recording::Recording;
use serde_json::{Map, Value, json};

use super::Accounts;
use crate::answers::{items, list, regions, text};
use crate::context::indented;
use crate::map::{MapOptions, NetworkMap};
use crate::{AccountEntry, Context, Error};

/// Find resources that nothing uses.
#[derive(Debug, Args)]
pub struct FindUnused {
    #[command(flatten)]
    accounts: Accounts,
    /// Answer exactly as CloudMapper 2.10 did: default groups and groups that others refer to are unused
    #[arg(long)]
    strict_compat: bool,
}

impl FindUnused {
    pub(super) fn run(&self, context: &mut Context) -> Result<(), Error> {
        let (_, accounts) = self.accounts.read(context)?;
        let all = context.each(&accounts, |account, recording| {
            let found: Vec<Value> = regions(recording)
                .map(|region| json!({"region": region, "unused_resources": self.unused(recording, region, account)}))
                .collect();
            json!({"account": {"id": account.id, "name": account.name}, "regions": found})
        });
        let all = all.into_iter().collect::<Result<Vec<Value>, Error>>()?;
        context.output.line(indented(&Value::Array(all), b"  "));
        Ok(())
    }

    fn unused(&self, recording: &Recording, region: &Region, account: &AccountEntry) -> Map<String, Value> {
        let mut unused = Map::new();
        for (key, found) in [
            ("security_groups", self.groups(recording, region, account)),
            ("volumes", available(recording, region, "DescribeVolumes", "/Volumes", "State", "VolumeId")),
            ("elastic_ips", addresses(recording, region)),
            (
                "network_interfaces",
                available(
                    recording,
                    region,
                    "DescribeNetworkInterfaces",
                    "/NetworkInterfaces",
                    "Status",
                    "NetworkInterfaceId",
                ),
            ),
            ("elastic_load_balancers", balancers(recording, region)),
        ] {
            if !found.is_empty() {
                unused.insert(key.to_owned(), Value::Array(found));
            }
        }
        unused
    }

    /// Groups on no network interface and on nothing of the map.
    fn groups(&self, recording: &Recording, region: &Region, account: &AccountEntry) -> Vec<Value> {
        let mut used: BTreeSet<String> = BTreeSet::new();
        let interfaces = items(recording, region, "ec2", "DescribeNetworkInterfaces", "/NetworkInterfaces");
        used.extend(interfaces.flat_map(|i| list(&i["Groups"])).map(|g| text(&g["GroupId"]).to_owned()));
        let options = MapOptions { regions: vec![region.to_string()], ..MapOptions::default() };
        let map = NetworkMap::read(recording, account, &options);
        used.extend(map.regions.iter().flat_map(|r| &r.leaves).flat_map(|leaf| leaf.groups.iter().cloned()));
        let all: Vec<&Value> =
            items(recording, region, "ec2", "DescribeSecurityGroups", "/SecurityGroups").collect();
        if !self.strict_compat {
            // A group that another one's rule refers to cannot be deleted, and a default group never can.
            for group in &all {
                let own = text(&group["GroupId"]);
                let rules = list(&group["IpPermissions"]).iter().chain(list(&group["IpPermissionsEgress"]));
                let referred = rules.flat_map(|r| list(&r["UserIdGroupPairs"])).map(|p| text(&p["GroupId"]));
                used.extend(referred.filter(|id| *id != own).map(str::to_owned));
                if group["GroupName"] == "default" {
                    used.insert(own.to_owned());
                }
            }
        }
        all.into_iter()
            .filter(|group| !used.contains(text(&group["GroupId"])))
            .map(|g| json!({"id": g["GroupId"], "name": g["GroupName"], "description": g["Description"]}))
            .collect()
    }
}

fn available(
    recording: &Recording,
    region: &Region,
    operation: &str,
    pointer: &'static str,
    state: &str,
    id: &str,
) -> Vec<Value> {
    items(recording, region, "ec2", operation, pointer)
        .filter(|item| item[state] == "available")
        .map(|item| json!({"id": item[id]}))
        .collect()
}

fn addresses(recording: &Recording, region: &Region) -> Vec<Value> {
    items(recording, region, "ec2", "DescribeAddresses", "/Addresses")
        .filter(|a| a["AssociationId"].is_null())
        .map(|a| {
            let id = a["AllocationId"].as_str().unwrap_or("Un-allocated IP");
            json!({"id": id, "ip": a["PublicIp"]})
        })
        .collect()
}

fn balancers(recording: &Recording, region: &Region) -> Vec<Value> {
    let mut unused = Vec::new();
    for balancer in items(recording, region, "elb", "DescribeLoadBalancers", "/LoadBalancerDescriptions") {
        if list(&balancer["Instances"]).is_empty() {
            unused.push(json!({"LoadBalancerName": balancer["LoadBalancerName"], "Type": "classic"}));
        }
    }
    // Groups with at least one registered target, whatever its health.
    let registered: BTreeSet<&str> = recording
        .responses("elbv2", "DescribeTargetHealth", region)
        .filter(|(_, a)| !list(&a["TargetHealthDescriptions"]).is_empty())
        .filter_map(|(call, _)| call.parameters.get("TargetGroupArn")?.as_str())
        .collect();
    let mut busy: BTreeSet<&str> = BTreeSet::new();
    for group in items(recording, region, "elbv2", "DescribeTargetGroups", "/TargetGroups") {
        if registered.contains(text(&group["TargetGroupArn"])) {
            busy.extend(list(&group["LoadBalancerArns"]).iter().map(text));
        }
    }
    for balancer in items(recording, region, "elbv2", "DescribeLoadBalancers", "/LoadBalancers") {
        if !busy.contains(text(&balancer["LoadBalancerArn"])) {
            unused.push(json!({"LoadBalancerName": balancer["LoadBalancerName"], "Type": balancer["Type"]}));
        }
    }
    unused
}
