//! The lines of a large region between groups instead of between their members: few enough to draw,
//! and saying the same.
//!
//! In: the region's [`Lines`]. Out: entries of type `group` that name their members, and lines between
//! those, VPCs and ranges. Ranges outside get their entries from whoever writes the file.

use std::collections::{BTreeMap, BTreeSet};

use isobar_network::{Peer, Reach};
use serde_json::{Value, json};

use super::links::{Lines, external, vpc_of};

impl Lines<'_> {
    /// The entries of groups, and the lines, which name the group that allows them.
    pub(crate) fn grouped(&self, account: &str, with_data: bool) -> (Vec<Value>, Vec<Value>) {
        let (region, network) = (self.region, &self.network);
        let place = |vpc: &str| format!("arn:aws::{}:{account}:vpc/{vpc}", region.region);
        let group_id =
            |at: usize| format!("{}/security-group/{}", place(vpc_of(network, at)), network.groups()[at].id);
        let members = |list: &[usize]| -> Vec<&String> { list.iter().map(|&m| &self.ids[m]).collect() };
        let mut groups: BTreeMap<String, Value> = BTreeMap::new();
        let mut lines: BTreeMap<(String, String, &'static str), BTreeSet<&str>> = BTreeMap::new();
        let mut entry = |id: &str, name: &str, local: &str, parent: String, of: &[usize], about: Value| {
            groups.entry(id.to_owned()).or_insert_with(|| {
                json!({"data": {"id": id, "name": name, "type": "group", "local_id": local, "parent": parent,
                    "members": members(of), "node_data": about}})
            });
        };
        let mut worn = |at: usize| {
            let group = &network.groups()[at];
            let about = if with_data { region.groups[at].clone() } else { json!({}) };
            let id = group_id(at);
            entry(&id, &group.name, &group.id, place(vpc_of(network, at)), network.wearers(at), about);
            id
        };
        let mut sources: Vec<String> = Vec::with_capacity(self.links.len());
        for link in &self.links {
            sources.push(match &link.from {
                Peer::Group(from) => worn(*from),
                Peer::Vpc(vpc) => place(vpc),
                Peer::Inside(range) => format!("{}/range/{range}", place(vpc_of(network, link.group))),
                Peer::Range(range) => external(range, &self.named).range.to_string(),
            });
            worn(link.group);
        }
        for (link, from) in self.links.iter().zip(sources) {
            match &link.from {
                Peer::Inside(range) => {
                    let text = range.to_string();
                    let parent = place(vpc_of(network, link.group));
                    entry(&from, &text, &text, parent, network.sources(link), json!(text));
                }
                Peer::Range(_) if !self.is_shown(link) || network.reached(link).next().is_none() => continue,
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
        for gateway in region.leaves.iter().filter(|l| l.gateway) {
            let peers = region.peerings.iter().filter_map(|(a, b)| match &gateway.vpc {
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
        (groups.into_values().collect(), lines.collect())
    }
}
