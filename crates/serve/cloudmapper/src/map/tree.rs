//! The containers of the map: account, regions, VPCs, zones, subnets, with their leaves.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use isobar_model::Region;
use isobar_recording::Recording;
use serde_json::{Value, json};

use super::leaf::{self, array, text};
use super::{Leaf, MapOptions};
use crate::AccountEntry;

/// A VPC on the map.
#[derive(Debug)]
pub(crate) struct Vpc {
    /// Its id.
    pub id: String,
    /// Its name and range.
    pub name: String,
    /// What AWS said of it.
    pub data: Value,
    /// Its address ranges.
    pub ranges: Vec<String>,
    /// Positions in [`RegionMap::leaves`].
    pub leaves: Vec<usize>,
}

/// A region on the map.
#[derive(Debug)]
pub(crate) struct RegionMap {
    /// Its name.
    pub region: Region,
    /// What AWS said of it.
    pub data: Value,
    /// Its VPCs in AWS's order.
    pub vpcs: Vec<Vpc>,
    /// Subnets by id.
    pub subnets: BTreeMap<String, Value>,
    /// Zones in order, as AWS describes them.
    pub zones: Vec<Value>,
    /// Everything in its VPCs.
    pub leaves: Vec<Leaf>,
    /// Active peerings within the account and region.
    pub peerings: Vec<(String, String)>,
    /// The security groups as AWS describes them.
    pub groups: Vec<Value>,
}

/// The map of an account.
#[derive(Debug)]
pub(crate) struct NetworkMap {
    /// Whose.
    pub account: AccountEntry,
    /// Its regions in the order of the account's list.
    pub regions: Vec<RegionMap>,
}

impl NetworkMap {
    /// Reads the map out of what was collected.
    pub(crate) fn read(recording: &Recording, account: &AccountEntry, options: &MapOptions) -> Self {
        let regions = recording.manifest().regions.iter().filter(|r| !r.is_global());
        let regions = regions
            .filter(|r| options.chosen(&options.regions, r.as_str()))
            .map(|r| RegionMap::read(recording, r, account, options))
            .collect();
        Self { account: account.clone(), regions }
    }

    /// The containers and leaves of a region as the file lists them; nothing for a region without
    /// leaves. The account's own entry is not among them.
    pub(crate) fn entries(&self, region: &RegionMap, options: &MapOptions, with_data: bool) -> Vec<Value> {
        let account = format!("arn:aws:::{}:", self.account.id);
        let region_id = format!("arn:aws::{}:{}:", region.region, self.account.id);
        let data = |value: &Value| if with_data { value.clone() } else { json!({}) };
        let node = |id: &str, name: &str, kind: &str, local: &str, parent: &str, value: Value| json!({"data": {"id": id, "name": name, "type": kind, "local_id": local, "parent": parent, "node_data": value}});
        let mut entries = Vec::new();
        for vpc in region.vpcs.iter().filter(|v| !v.leaves.is_empty()) {
            let vpc_id = format!("{region_id}vpc/{}", vpc.id);
            entries.push(node(&vpc_id, &vpc.name, "vpc", &vpc.id, &region_id, data(&vpc.data)));
            let inside = region.by_subnet(vpc);
            for zone in &region.zones {
                let zone_name = text(&zone["ZoneName"]);
                let zone_id = format!("{vpc_id}/az/{zone_name}");
                let subnets: Vec<&String> = region.subnets_of(vpc, &zone_name, &inside);
                if subnets.is_empty() {
                    continue;
                }
                if options.azs {
                    entries.push(node(&zone_id, &zone_name, "az", &zone_name, &vpc_id, data(zone)));
                }
                let parent = if options.azs { &zone_id } else { &vpc_id };
                for subnet in subnets {
                    let value = &region.subnets[subnet];
                    let id = format!("{vpc_id}/subnet/{subnet}");
                    let name = format!("{} ({})", leaf::name(value, subnet), text(&value["CidrBlock"]));
                    entries.push(node(&id, &name, "subnet", subnet, parent, data(value)));
                    for leaf in inside[subnet.as_str()].iter().map(|&at| &region.leaves[at]) {
                        entries.push(leaf::entry(leaf, &copy_id(leaf, Some(subnet)), &id, with_data));
                    }
                }
            }
            for leaf in vpc.leaves.iter().map(|&at| &region.leaves[at]).filter(|l| l.subnets.is_empty()) {
                entries.push(leaf::entry(leaf, &leaf.id, &vpc_id, with_data));
            }
        }
        if !entries.is_empty() {
            let name = region.region.as_str();
            entries.insert(0, node(&region_id, name, "region", name, &account, data(&region.data)));
        }
        entries
    }
}

/// The id of a leaf's copy in a subnet.
pub(super) fn copy_id(leaf: &Leaf, subnet: Option<&str>) -> String {
    match subnet {
        Some(subnet) if leaf.id_has_subnet => format!("{}.{subnet}", leaf.id),
        _ => leaf.id.clone(),
    }
}

impl RegionMap {
    fn read(recording: &Recording, region: &Region, account: &AccountEntry, options: &MapOptions) -> Self {
        let items = |operation: &str, list: &'static str| -> Vec<&Value> {
            recording.responses("ec2", operation, region).flat_map(|(_, a)| array(&a[list])).collect()
        };
        let leaves = leaf::leaves(recording, region, &account.id, options);
        let mut by_vpc: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, leaf) in leaves.iter().enumerate() {
            by_vpc.entry(&leaf.vpc).or_default().push(at);
        }
        let mut vpcs = Vec::new();
        for vpc in items("DescribeVpcs", "Vpcs") {
            let id = text(&vpc["VpcId"]);
            let plain = leaf::name(vpc, &id);
            if !options.chosen(&options.vpc_ids, &id) || !options.chosen(&options.vpc_names, &plain) {
                continue;
            }
            let mut ranges: Vec<String> = vec![text(&vpc["CidrBlock"])];
            if !options.strict_compat {
                let more = array(&vpc["CidrBlockAssociationSet"]).iter().map(|a| text(&a["CidrBlock"]));
                let v6 = array(&vpc["Ipv6CidrBlockAssociationSet"]).iter().map(|a| text(&a["Ipv6CidrBlock"]));
                ranges.extend(more.chain(v6));
            }
            ranges.sort();
            ranges.dedup();
            let members = by_vpc.get(id.as_str()).cloned().unwrap_or_default();
            let name = format!("{plain} ({})", text(&vpc["CidrBlock"]));
            vpcs.push(Vpc { id, name, data: vpc.clone(), ranges, leaves: members });
        }
        let here: BTreeSet<String> = vpcs.iter().map(|v| v.id.clone()).collect();
        let peerings = items("DescribeVpcPeeringConnections", "VpcPeeringConnections")
            .into_iter()
            .filter(|p| p["Status"]["Code"].is_null() || p["Status"]["Code"] == "active")
            .map(|p| (text(&p["AccepterVpcInfo"]["VpcId"]), text(&p["RequesterVpcInfo"]["VpcId"])))
            .filter(|(a, b)| here.contains(a) && here.contains(b))
            .collect();
        let subnets =
            items("DescribeSubnets", "Subnets").into_iter().map(|s| (text(&s["SubnetId"]), s.clone()));
        Self {
            region: region.clone(),
            data: json!({"RegionName": region.as_str()}),
            vpcs,
            subnets: subnets.collect(),
            zones: items("DescribeAvailabilityZones", "AvailabilityZones").into_iter().cloned().collect(),
            leaves,
            peerings,
            groups: items("DescribeSecurityGroups", "SecurityGroups").into_iter().cloned().collect(),
        }
    }

    /// The leaves of a VPC by subnet, in the VPC's order; one in several subnets stands in each.
    fn by_subnet(&self, vpc: &Vpc) -> BTreeMap<&str, Vec<usize>> {
        let mut inside: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for &at in &vpc.leaves {
            for subnet in self.leaves[at].subnets.iter().collect::<BTreeSet<_>>() {
                inside.entry(subnet).or_default().push(at);
            }
        }
        inside
    }

    /// The subnets of a VPC in a zone that hold leaves.
    fn subnets_of(&self, vpc: &Vpc, zone: &str, inside: &BTreeMap<&str, Vec<usize>>) -> Vec<&String> {
        let here = |s: &Value| s["VpcId"] == vpc.id.as_str() && s["AvailabilityZone"] == zone;
        let used = inside.keys().filter_map(|id| self.subnets.get_key_value(*id));
        used.filter(|(_, s)| here(s)).map(|(id, _)| id).collect()
    }
}
