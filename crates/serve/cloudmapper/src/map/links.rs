//! The lines of the map: address ranges outside, and who may reach whom.

use std::collections::{BTreeMap, BTreeSet};

use isobar_network::{Cidr, Member, Network, Peer, Reach, SecurityGroup};
use serde_json::{Value, json};

use super::tree::copy_id;
use super::{Leaf, MapOptions, RegionMap};
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
        self.gateway_edges(&network, &ids, &mut edges);
        (edges, externals)
    }

    /// How many lines the region has, before lines between the same two are joined.
    pub(crate) fn line_count(&self, options: &MapOptions) -> usize {
        let (network, _) = self.network();
        let count = |link: &isobar_network::Link| match &link.from {
            Peer::Range(_) => network.reached(link).count(),
            _ => network.sources(link).len().saturating_mul(network.wearers(link.group).len()),
        };
        network.links(options.internal_edges).iter().map(count).fold(0, usize::saturating_add)
    }

    /// The region's lines between groups: entries of type `group` that name their members, then
    /// lines between those, VPCs and ranges outside; and the ranges that have one.
    pub(crate) fn group_lines(
        &self,
        options: &MapOptions,
        config: &Config,
        account: &str,
        with_data: bool,
    ) -> (Vec<Value>, Vec<Value>, BTreeSet<External>) {
        let (network, ids) = self.network();
        let named = named_ranges(config);
        let place = |vpc: &str| format!("arn:aws::{}:{account}:vpc/{vpc}", self.region);
        let group_id =
            |at: usize| format!("{}/security-group/{}", place(vpc_of(&network, at)), network.groups()[at].id);
        let members = |list: &[usize]| -> Vec<&String> { list.iter().map(|&m| &ids[m]).collect() };
        let mut groups: BTreeMap<String, Value> = BTreeMap::new();
        let mut lines: BTreeMap<(String, String, &'static str), BTreeSet<&str>> = BTreeMap::new();
        let mut externals = BTreeSet::new();
        let mut entry = |id: &str, name: &str, local: &str, parent: String, of: &[usize], about: Value| {
            groups.entry(id.to_owned()).or_insert_with(|| {
                json!({"data": {"id": id, "name": name, "type": "group", "local_id": local, "parent": parent,
                    "members": members(of), "node_data": about}})
            });
        };
        let mut worn = |at: usize| {
            let group = &network.groups()[at];
            let about = if with_data { self.groups[at].clone() } else { json!({}) };
            let id = group_id(at);
            entry(&id, &group.name, &group.id, place(vpc_of(&network, at)), network.wearers(at), about);
            id
        };
        let all = network.links(options.internal_edges);
        let mut sources: Vec<String> = Vec::with_capacity(all.len());
        for link in &all {
            sources.push(match &link.from {
                Peer::Group(from) => worn(*from),
                Peer::Vpc(vpc) => place(vpc),
                Peer::Inside(range) => format!("{}/range/{range}", place(vpc_of(&network, link.group))),
                Peer::Range(range) => external(range, &named).range.to_string(),
            });
            worn(link.group);
        }
        for (link, from) in all.iter().zip(sources) {
            match &link.from {
                Peer::Inside(range) => {
                    let text = range.to_string();
                    let parent = place(vpc_of(&network, link.group));
                    entry(&from, &text, &text, parent, network.sources(link), json!(text));
                }
                Peer::Range(range) if range.is_v6() && options.strict_compat => continue,
                Peer::Range(range) => {
                    if network.reached(link).next().is_none() {
                        continue;
                    }
                    externals.insert(external(range, &named));
                }
                _ => {}
            }
            let reach = match link.reach {
                Reach::All => "all",
                Reach::Public => "public",
                Reach::Private => "private",
            };
            let ends = (from, group_id(link.group), reach);
            lines.entry(ends).or_default().insert(&network.groups()[link.group].id);
        }
        for gateway in self.leaves.iter().filter(|l| l.gateway) {
            let peers = self.peerings.iter().filter_map(|(a, b)| match &gateway.vpc {
                vpc if vpc == a => Some(b),
                vpc if vpc == b => Some(a),
                _ => None,
            });
            for vpc in std::iter::once(&gateway.vpc).chain(peers) {
                lines.entry((place(vpc), gateway.id.clone(), "all")).or_default();
            }
        }
        let lines = lines.into_iter().map(|((from, to, reach), why)| {
            json!({"data": {"source": from, "target": to, "type": "edge", "reach": reach, "node_data": why}})
        });
        (groups.into_values().collect(), lines.collect(), externals)
    }

    /// Every leaf of a VPC and its peers that can start traffic reaches the VPC's gateway endpoints.
    fn gateway_edges(&self, network: &Network, ids: &[String], edges: &mut Edges) {
        for gateway in self.leaves.iter().filter(|l| l.gateway) {
            for (member, id) in network.members().iter().zip(ids).filter(|(m, _)| m.starts) {
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

fn vpc_of(network: &Network, group: usize) -> &str {
    network.groups()[group].vpc.as_deref().unwrap_or_default()
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
