//! The lines of the map: address ranges outside, and who may reach whom.

use std::collections::{BTreeMap, BTreeSet};

use isobar_network::{Cidr, Link, Member, Network, Peer, SecurityGroup};
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
}

/// The lines of a region, told one source after another: [`Lines::each`] holds no more than one
/// source's lines at a time, so that a map of millions of lines needs no memory for them.
pub(crate) struct Lines<'r> {
    pub(super) region: &'r RegionMap,
    pub(super) network: Network,
    /// The members' ids.
    pub(super) ids: Vec<String>,
    pub(super) links: Vec<Link>,
    pub(super) named: Vec<External>,
    strict: bool,
}

/// What lines start at.
#[derive(Default)]
struct Source {
    /// Positions of the links that start there.
    links: Vec<usize>,
    /// VPCs whose gateway endpoints it reaches.
    gateways: BTreeSet<usize>,
}

impl<'r> Lines<'r> {
    /// Indexes a region's network.
    pub(crate) fn new(region: &'r RegionMap, options: &MapOptions, config: &Config) -> Self {
        let (network, ids) = region.network();
        let links = network.links(options.internal_edges);
        Self { region, network, ids, links, named: named_ranges(config), strict: options.strict_compat }
    }

    /// The region's security groups as AWS describes them.
    pub(crate) fn groups(&self) -> &[Value] {
        &self.region.groups
    }

    /// How many lines the region has, before lines between the same two are joined.
    pub(crate) fn count(&self) -> usize {
        let count = |link: &Link| match &link.from {
            Peer::Range(_) => self.network.reached(link).count(),
            _ => self.network.sources(link).len().saturating_mul(self.network.wearers(link.group).len()),
        };
        self.links.iter().map(count).fold(0, usize::saturating_add)
    }

    /// Whether a link is one of the map's: CloudMapper saw no IPv6 from outside.
    pub(super) fn is_shown(&self, link: &Link) -> bool {
        !(self.strict && matches!(&link.from, Peer::Range(range) if range.is_v6()))
    }

    /// The ranges outside that have a line.
    pub(crate) fn externals(&self) -> BTreeSet<External> {
        let ranges =
            self.links.iter().filter(|link| self.is_shown(link)).filter_map(|link| match &link.from {
                Peer::Range(range) if self.network.reached(link).next().is_some() => Some(range),
                _ => None,
            });
        ranges.map(|range| external(range, &self.named)).collect()
    }

    /// Tells every line once, sorted by source and target: both ids, and the groups that allow it by
    /// their positions in the region's list; none of them means a gateway endpoint.
    pub(crate) fn each<E>(
        &self,
        mut tell: impl FnMut(&str, &str, &[usize]) -> Result<(), E>,
    ) -> Result<(), E> {
        let gateways: Vec<&Leaf> = self.region.leaves.iter().filter(|leaf| leaf.gateway).collect();
        let mut targets: Vec<&str> =
            self.ids.iter().chain(gateways.iter().map(|g| &g.id)).map(String::as_str).collect();
        targets.sort_unstable();
        targets.dedup();
        let rank = |id: &str| targets.binary_search(&id).unwrap_or_default();
        let ranks: Vec<usize> = self.ids.iter().map(|id| rank(id)).collect();
        let mut line: Vec<(usize, usize)> = Vec::new();
        let mut groups: Vec<usize> = Vec::new();
        for (id, source) in self.sources(&gateways) {
            line.clear();
            for &at in &source.links {
                let link = &self.links[at];
                line.extend(self.network.reached(link).map(|member| (ranks[member], link.group)));
            }
            // A gateway endpoint wears no group: after all positions, and taken off again below.
            line.extend(source.gateways.iter().map(|&at| (rank(&gateways[at].id), usize::MAX)));
            line.sort_unstable();
            line.dedup();
            for of_target in line.chunk_by(|a, b| a.0 == b.0) {
                let target = targets[of_target[0].0];
                if target == id {
                    continue;
                }
                groups.clear();
                groups.extend(of_target.iter().map(|(_, group)| *group).filter(|&group| group != usize::MAX));
                tell(&id, target, &groups)?;
            }
        }
        Ok(())
    }

    /// Where lines start, by id.
    fn sources(&self, gateways: &[&Leaf]) -> BTreeMap<String, Source> {
        let mut sources: BTreeMap<String, Source> = BTreeMap::new();
        let mut of_member: Vec<Vec<usize>> = vec![Vec::new(); self.ids.len()];
        for (at, link) in self.links.iter().enumerate().filter(|(_, link)| self.is_shown(link)) {
            match &link.from {
                Peer::Range(range) => {
                    let id = external(range, &self.named).range.to_string();
                    sources.entry(id).or_default().links.push(at);
                }
                _ => self.network.sources(link).iter().for_each(|&member| of_member[member].push(at)),
            }
        }
        let mut reached: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
        for (at, gateway) in gateways.iter().enumerate() {
            reached.entry(&gateway.vpc).or_default().insert(at);
            for (one, other) in &self.region.peerings {
                for (near, far) in [(one, other), (other, one)] {
                    if near == &gateway.vpc {
                        reached.entry(far).or_default().insert(at);
                    }
                }
            }
        }
        let starting = self.network.members().iter().enumerate().filter(|(_, member)| member.starts);
        for (at, member) in starting {
            let source = sources.entry(self.ids[at].clone()).or_default();
            source.gateways.extend(reached.get(member.vpc.as_str()).into_iter().flatten());
            source.links.append(&mut of_member[at]);
        }
        sources
    }
}

pub(super) fn vpc_of(network: &Network, group: usize) -> &str {
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
