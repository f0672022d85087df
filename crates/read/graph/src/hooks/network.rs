//! Subnet tiers and the way out, from route tables.
//!
//! A subnet without a table of its own uses its VPC's main one. A default route, of IPv4 or IPv6,
//! to an internet gateway makes it public; any other live default route private; none isolated.

use std::collections::HashMap;

use serde_json::Value;

use crate::build::Build;
use crate::graph::Index;
use crate::kind::{RelationKind, Tier};

pub(super) fn run(build: &mut Build<'_>) {
    let tables = build.of_kind("ec2:route-table");
    let mut own: HashMap<Index, Index> = HashMap::new();
    let mut main: HashMap<Index, Index> = HashMap::new();
    for &table in &tables {
        let fields = build.resource(table).attributes.clone();
        for association in fields["Associations"].as_array().into_iter().flatten() {
            if association["AssociationState"]["State"].as_str().is_some_and(|s| s.starts_with("disassociat"))
            {
                continue;
            }
            if let Some(id) = association["SubnetId"].as_str() {
                if let Some(subnet) = build.find_near(build.resource(table), "ec2:subnet", id) {
                    own.insert(subnet, table);
                }
            } else if association["Main"].as_bool() == Some(true)
                && let Some(vpc) = build.vpc_of(table)
            {
                main.insert(vpc, table);
            }
        }
    }
    let mut gateway_of: HashMap<Index, Index> = HashMap::new();
    for subnet in build.of_kind("ec2:subnet") {
        let vpc = build.vpc_of(subnet);
        let table = own.get(&subnet).or_else(|| main.get(&vpc?)).copied();
        let tier = match table {
            Some(table) => {
                build.relate(RelationKind::UsesTable, subnet, table, None);
                let way = way_out(&build.resource(table).attributes);
                if let Way::Gateway(id) = &way
                    && let Some(gateway) = build.find_near(build.resource(table), "ec2:internet-gateway", id)
                {
                    gateway_of.insert(subnet, gateway);
                }
                Some(way.tier())
            }
            // Without route tables only this flag hints at the tier.
            None => (build.resource(subnet).attributes["MapPublicIpOnLaunch"] == Value::Bool(true))
                .then_some(Tier::Public),
        };
        build.resource_mut(subnet).tier = tier;
    }
    for nat in build.of_kind("ec2:nat-gateway") {
        let resource = build.resource(nat);
        let private = resource.attributes["ConnectivityType"].as_str() == Some("private");
        let gateway = resource.parent.and_then(|subnet| gateway_of.get(&subnet)).copied();
        if let (false, Some(gateway)) = (private, gateway) {
            build.relate(RelationKind::RoutesTo, nat, gateway, None);
        }
    }
}

enum Way {
    Gateway(String),
    Other,
    None,
}

impl Way {
    fn tier(&self) -> Tier {
        match self {
            Self::Gateway(_) => Tier::Public,
            Self::Other => Tier::Private,
            Self::None => Tier::Isolated,
        }
    }
}

// Where a table's default routes lead; an internet gateway outweighs the rest, since one is enough.
fn way_out(table: &Value) -> Way {
    let mut way = Way::None;
    for route in table["Routes"].as_array().into_iter().flatten() {
        let default = route["DestinationCidrBlock"].as_str() == Some("0.0.0.0/0")
            || route["DestinationIpv6CidrBlock"].as_str() == Some("::/0");
        if !default || route["State"].as_str() == Some("blackhole") {
            continue;
        }
        let gateway = route["GatewayId"].as_str().or_else(|| route["CarrierGatewayId"].as_str());
        match gateway {
            Some(id) if id.starts_with("igw-") || id.starts_with("cagw-") => {
                return Way::Gateway(id.to_owned());
            }
            Some("local") => {}
            _ => way = Way::Other,
        }
    }
    way
}
