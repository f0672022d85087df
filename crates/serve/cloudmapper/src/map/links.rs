//! The lines of the map: address ranges outside, and who may reach whom.

use std::collections::{BTreeMap, BTreeSet};

use isobar_network::{Cidr, Member, Network, Peer, SecurityGroup};
use serde_json::{Value, json};

use super::tree::copy_id;
use super::{Leaf, MapOptions, NetworkMap, RegionMap};
use crate::Config;

/// An address range outside, named or not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct External {
    /// The range.
    pub range: Cidr,
    /// Its name in the configuration, or the range itself.
    pub name: String,
}

/// Lines between entries of the file: source and target ids, and the groups that allow them, by
/// position in the region's list. Nothing in the list means a gateway endpoint.
pub(crate) type Edges = BTreeMap<(String, String), BTreeSet<usize>>;

impl RegionMap {
    /// The network of the region's leaves, one member for each copy in a subnet, and their ids.
    pub(crate) fn network(&self) -> (Network, Vec<String>) {
        let mut ids = Vec::new();
        let mut members = Vec::new();
        for leaf in self.vpcs.iter().flat_map(|v| &v.leaves).map(|&at| &self.leaves[at]) {
            for id in copy_ids(leaf) {
                ids.push(id);
                members.push(Member {
                    vpc: leaf.vpc.clone(),
                    groups: leaf.groups.clone(),
                    addresses: leaf.addresses.clone(),
                    public: leaf.public,
                    starts: leaf.starts,
                });
            }
        }
        let ranges = self
            .vpcs
            .iter()
            .map(|v| (v.id.clone(), v.ranges.iter().filter_map(|r| Cidr::parse(r)).collect()))
            .collect();
        let groups = self.groups.iter().map(SecurityGroup::read).collect();
        (Network::new(members, groups, ranges, &self.peerings), ids)
    }

    /// The leaves in the order of the network's members, with the positions of their copies there.
    pub(crate) fn copies(&self) -> impl Iterator<Item = (&Leaf, std::ops::Range<usize>)> {
        let mut next = 0;
        self.vpcs.iter().flat_map(|v| &v.leaves).map(move |&at| {
            let leaf = &self.leaves[at];
            let first = next;
            next += copy_ids(leaf).len();
            (leaf, first..next)
        })
    }

    /// Every line of the region, and the ranges outside that have one.
    pub(crate) fn edges(&self, options: &MapOptions, config: &Config) -> (Edges, BTreeSet<External>) {
        let (network, ids) = self.network();
        let mut edges = Edges::new();
        let mut externals = BTreeSet::new();
        let named = named_ranges(config);
        for link in network.links(options.internal_edges) {
            match &link.from {
                Peer::Range(range) if range.is_v6() && options.strict_compat => {}
                Peer::Range(range) => {
                    let external = external(range, &named);
                    for member in network.reached(&link) {
                        externals.insert(external.clone());
                        let ends = (external.range.to_string(), ids[member].clone());
                        edges.entry(ends).or_default().insert(link.group);
                    }
                }
                _ => {
                    for (from, to) in network.pairs(&link) {
                        if ids[from] != ids[to] {
                            edges.entry((ids[from].clone(), ids[to].clone())).or_default().insert(link.group);
                        }
                    }
                }
            }
        }
        self.gateway_edges(&mut edges);
        (edges, externals)
    }

    /// Every leaf of a VPC and its peers that can start traffic reaches the VPC's gateway endpoints.
    fn gateway_edges(&self, edges: &mut Edges) {
        let (network, ids) = self.network();
        for gateway in self.leaves.iter().filter(|l| l.gateway) {
            for (member, id) in network.members().iter().zip(&ids).filter(|(m, _)| m.starts) {
                let peered = self.peerings.iter().any(|(a, b)| {
                    (a == &gateway.vpc && b == &member.vpc) || (b == &gateway.vpc && a == &member.vpc)
                });
                if member.vpc == gateway.vpc || peered {
                    edges.entry((id.clone(), gateway.id.clone())).or_default();
                }
            }
        }
    }
}

/// The ids of a leaf's entries: one a subnet, or one in all.
fn copy_ids(leaf: &Leaf) -> BTreeSet<String> {
    let mut copies: BTreeSet<String> =
        leaf.subnets.iter().map(|subnet| copy_id(leaf, Some(subnet))).collect();
    if copies.is_empty() {
        copies.insert(leaf.id.clone());
    }
    copies
}

/// The configuration's named ranges, the smallest first.
fn named_ranges(config: &Config) -> Vec<External> {
    let mut named: Vec<External> = config
        .cidrs()
        .into_iter()
        .filter_map(|(cidr, name)| Some(External { range: Cidr::parse(&cidr)?, name }))
        .collect();
    named.sort_by_key(|e| (e.range.size(), e.range));
    named
}

/// A range under its own name, or the smallest named range that holds it.
pub(super) fn external(range: &Cidr, named: &[External]) -> External {
    let holder =
        named.iter().find(|n| n.range == *range).or_else(|| named.iter().find(|n| n.range.contains(range)));
    match holder {
        Some(holder) => holder.clone(),
        None if range.to_string() == "0.0.0.0/0" => External { range: *range, name: "Public".to_owned() },
        None => External { range: *range, name: range.to_string() },
    }
}

/// The entries of the ranges outside.
pub(crate) fn external_entry(external: &External) -> Value {
    let range = external.range.to_string();
    let kind = if external.range.is_everything() { "cloud" } else { "ip" };
    json!({"data": {"id": range, "name": external.name, "type": kind, "local_id": range, "node_data": range}})
}

impl NetworkMap {
    /// All lines of the account, region by region.
    pub(crate) fn edges(&self, options: &MapOptions, config: &Config) -> Vec<(Edges, BTreeSet<External>)> {
        self.regions.iter().map(|region| region.edges(options, config)).collect()
    }
}
